//! Undo and redo on the photo's tab, what goes with its photo, and which pane a dropped palette goes to.

use std::path::Path;

use crate::support::{
    Window, drop_onto, nearest_one_by_one, shows, wait_until, wait_until_idle, window_with_slope, write_slope_named,
};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::fit::Method;
use quantscope::view::photo::settings::PhotoSettings;

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn press(w: &mut Window, modifiers: Modifiers, key: Key) {
    w.key_press_modifiers(modifiers, key);
    settle(w);
}

fn undo(w: &mut Window) {
    press(w, Modifiers::COMMAND, Key::Z);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    settle(w);
}

/// Chooses from a list that shows `from`.
fn choose(w: &mut Window, from: &str, to: &str) {
    w.get_by_value(from).click();
    w.run_steps(2);
    click(w, to);
}

fn settings(w: &Window) -> PhotoSettings {
    w.state().state().photo.clone()
}

fn open(w: &mut Window, path: &Path) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    // Onto a reduction it would be compared.
    drop_onto(w, "Picture Original", &[path]);
    wait_until(w, "the photo", |w| shows(w, &name));
    settle(w);
}

fn lock_first_swatch(w: &mut Window) {
    let label = w.get_all_by_label_contains("Swatch #").nth(260).unwrap().accesskit_node().label().unwrap_or_default();
    click(w, &label);
    click(w, "Lock");
    assert!(settings(w).panes[1].source.locked.is_some());
}

#[test]
fn every_setting_is_taken_back_and_made_again_in_its_order() {
    let mut w = window_with_slope();
    let mut states = vec![settings(&w)];
    nearest_one_by_one(&mut w);
    states.push(settings(&w));
    choose(&mut w, "k-means", "Median cut");
    states.push(settings(&w));
    choose(&mut w, "No dither", "Atkinson");
    states.push(settings(&w));
    choose(&mut w, "sRGB", "Oklab");
    states.push(settings(&w));
    choose(&mut w, "No tiles", "8 px tiles");
    states.push(settings(&w));
    choose(&mut w, "8 px tiles", "No tiles");
    states.push(settings(&w));
    lock_first_swatch(&mut w);
    states.push(settings(&w));
    assert!(states.windows(2).all(|two| two[0] != two[1]));
    for before in states.iter().rev().skip(1) {
        undo(&mut w);
        assert_eq!(settings(&w), *before);
    }
    undo(&mut w);
    assert_eq!(settings(&w), states[0], "there is nothing before");
    // Both keys that other programs have for it.
    for (i, after) in states.iter().enumerate().skip(1) {
        let (modifiers, key) =
            if i % 2 == 0 { (Modifiers::COMMAND, Key::Y) } else { (Modifiers::COMMAND | Modifiers::SHIFT, Key::Z) };
        press(&mut w, modifiers, key);
        assert_eq!(settings(&w), *after);
    }
    press(&mut w, Modifiers::COMMAND, Key::Y);
    assert_eq!(settings(&w), states[states.len() - 1]);
}

#[test]
fn a_drag_of_a_number_is_taken_back_as_one() {
    let mut w = window_with_slope();
    let start = settings(&w);
    let at = w
        .get_all_by_role(Role::SpinButton)
        .find(|n| n.accesskit_node().numeric_value() == Some(16.0))
        .expect("the field of 16 colours")
        .rect()
        .center();
    w.hover_at(at);
    w.step();
    w.drag_at(at);
    w.step();
    for step in 1..=8 {
        w.hover_at(at + vec2(6.0 * step as f32, 0.0));
        w.step();
    }
    w.drop_at(at + vec2(48.0, 0.0));
    settle(&mut w);
    let dragged = settings(&w);
    assert!(dragged.panes[1].source.count > 18, "{:?}", dragged.panes);
    undo(&mut w);
    assert_eq!(settings(&w), start);
    press(&mut w, Modifiers::COMMAND, Key::Y);
    assert_eq!(settings(&w), dragged);
}

#[test]
fn locks_and_the_way_back_belong_to_their_photo() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    choose(&mut w, "k-means", "Median cut");
    lock_first_swatch(&mut w);
    let folder = tempfile::tempdir().unwrap();
    open(&mut w, &write_slope_named(folder.path(), "other.png", 40));
    let fresh = settings(&w);
    assert!(fresh.panes.iter().all(|pane| pane.source.locked.is_none()), "a lock was picked from the last photo");
    let kept: Vec<_> = fresh.panes.iter().map(|pane| (pane.method, pane.source.count)).collect();
    assert_eq!(kept, [256, 16, 4].map(|count| (Method::MedianCut, count)), "settings stay");
    undo(&mut w);
    assert_eq!(settings(&w), fresh, "nothing was done to this photo");
    press(&mut w, Modifiers::COMMAND, Key::Y);
    assert_eq!(settings(&w), fresh);
    // What is done to it has a way back of its own.
    choose(&mut w, "Median cut", "Octree");
    undo(&mut w);
    assert_eq!(settings(&w), fresh);
}

#[test]
fn a_palette_chosen_by_its_name_stays_and_an_edit_of_it_goes() {
    let mut w = window_with_slope();
    for label in ["Palette ⏷", "Given colours", "CGA 16  (16)"] {
        w.get_by_label(label).click();
        w.run_steps(4);
    }
    settle(&mut w);
    let given = settings(&w).panes[1].source.given.clone();
    assert!(given.is_some());
    let label = w.get_all_by_label_contains("Swatch #").nth(258).unwrap().accesskit_node().label().unwrap_or_default();
    click(&mut w, &label);
    click(&mut w, "Delete");
    assert_ne!(settings(&w).panes[1].source.given, given);
    let folder = tempfile::tempdir().unwrap();
    open(&mut w, &write_slope_named(folder.path(), "other.png", 40));
    assert_eq!(settings(&w).panes[1].source.given, given);
}

#[test]
fn what_is_removed_from_the_shelf_comes_back_and_no_pane_changes() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    press(&mut w, Modifiers::NONE, Key::K);
    choose(&mut w, "k-means", "Median cut");
    press(&mut w, Modifiers::NONE, Key::K);
    press(&mut w, Modifiers::NONE, Key::L);
    let before = settings(&w);
    click(&mut w, "Remove kept 1");
    assert_eq!(w.state().state().shelf.numbers(), [2]);
    undo(&mut w);
    assert_eq!(settings(&w), before, "the last act changed no setting");
    assert_eq!(w.state().state().shelf.numbers(), [1, 2]);
    press(&mut w, Modifiers::COMMAND, Key::Y);
    assert_eq!((settings(&w), w.state().state().shelf.numbers()), (before.clone(), vec![2]));
    undo(&mut w);
    // Then the keeping of the second, and only then the method.
    undo(&mut w);
    assert_eq!((settings(&w), w.state().state().shelf.numbers()), (before, vec![1]));
    undo(&mut w);
    assert_eq!(settings(&w).panes[1].method, Method::KMeans);
    assert_eq!(w.state().state().shelf.numbers(), [1]);
}

#[test]
fn looking_at_kept_results_is_one_step_back() {
    let mut w = window_with_slope();
    nearest_one_by_one(&mut w);
    press(&mut w, Modifiers::NONE, Key::K);
    choose(&mut w, "k-means", "Median cut");
    press(&mut w, Modifiers::NONE, Key::K);
    let before = settings(&w);
    for _ in 0..3 {
        press(&mut w, Modifiers::NONE, Key::CloseBracket);
    }
    assert!(shows(&w, "Pane Kept"));
    undo(&mut w);
    assert!(!shows(&w, "Pane Kept"));
    assert_eq!(settings(&w), before);
}

fn write_palette(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("three.hex");
    std::fs::write(&path, "ff8800\n0044ff\n102030\n").unwrap();
    path
}

#[test]
fn a_dropped_palette_goes_to_the_pane_under_the_pointer() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_palette(folder.path());
    for (label, pane) in [("Picture 4 colours", 2), ("Picture 256 colours", 0), ("Palette of 4 colours", 2)] {
        let mut w = window_with_slope();
        if label.starts_with("Palette") {
            click(&mut w, "Lines");
        }
        drop_onto(&mut w, label, &[&path]);
        settle(&mut w);
        let given: Vec<usize> = (0..3).filter(|&p| settings(&w).panes[p].source.given.is_some()).collect();
        assert_eq!(given, [pane], "{label}");
        assert!(shows(&w, &format!("now the palette of pane {}", pane + 1)));
        assert_eq!(w.state().state().photo_pane, pane, "it is the chosen one now");
    }
}

#[test]
fn a_palette_dropped_beside_the_panes_asks_which_one_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_palette(folder.path());
    let mut w = window_with_slope();
    drop_onto(&mut w, "Picture Original", &[&path]);
    settle(&mut w);
    assert_eq!(settings(&w), PhotoSettings::default(), "no pane was pointed at");
    click(&mut w, "Give the palette to pane 3, 4 colours");
    assert!(settings(&w).panes[2].source.given.is_some() && settings(&w).panes[1].source.given.is_none());
    undo(&mut w);
    assert_eq!(settings(&w), PhotoSettings::default());
    drop_onto(&mut w, "Picture Original", &[&path]);
    settle(&mut w);
    assert!(shows(&w, "Give the palette to pane 3"));
    press(&mut w, Modifiers::NONE, Key::Escape);
    assert!(!shows(&w, "Give the palette to pane 3"));
    assert_eq!(settings(&w), PhotoSettings::default());
}
