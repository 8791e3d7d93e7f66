//! Kept results in the window: flicked through, sorted, compared, gone back to.

use std::path::Path;

use crate::support::{
    Window, drop_files, nearest_one_by_one, shows, wait_until, wait_until_idle, window, write_slope, write_slope_named,
};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::fit::Method;

fn open(folder: &Path) -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    take(&mut w, &write_slope(folder));
    w
}

fn take(w: &mut Window, path: &Path) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    drop_files(w, &[path]);
    wait_until(w, "the photo", |w| shows(w, &name));
    settle(w);
}

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn press(w: &mut Window, key: Key) {
    w.key_press(key);
    settle(w);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    settle(w);
}

fn choose_method(w: &mut Window, from: &str, to: &str) {
    w.get_by_value(from).click();
    w.run_steps(2);
    click(w, to);
}

/// The rows of the shelf from top to bottom, as they are called.
fn rows(w: &Window) -> Vec<String> {
    let rows = w.query_all_by_role(Role::Row).filter_map(|row| {
        let label = row.accesskit_node().label()?;
        label.starts_with("Kept ").then(|| (row.rect().top(), label))
    });
    let mut rows: Vec<(f32, String)> = rows.collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|row| row.1).collect()
}

/// Three results of 16 colours: k-means, median cut, octree; the settings say octree.
fn with_three(folder: &Path) -> Window {
    let mut w = open(folder);
    nearest_one_by_one(&mut w);
    press(&mut w, Key::K);
    choose_method(&mut w, "k-means", "Median cut");
    press(&mut w, Key::K);
    choose_method(&mut w, "Median cut", "Octree");
    press(&mut w, Key::K);
    press(&mut w, Key::L);
    w
}

#[test]
fn kept_results_are_listed_with_their_settings_and_figures_and_flicked_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    let listed = rows(&w);
    assert_eq!(listed[0], "Kept 1: 16 colours, k-means, sRGB, no dither");
    assert_eq!((listed.len(), listed[2].contains("Octree")), (3, true), "{listed:?}");
    assert!(shows(&w, "3, all with their pixels"));
    assert!(!shows(&w, "…, packed"), "sizes are known");
    let settings = w.state().state().photo.clone();
    for (key, number) in [(Key::CloseBracket, 1), (Key::CloseBracket, 2), (Key::OpenBracket, 1), (Key::OpenBracket, 3)]
    {
        press(&mut w, key);
        assert!(shows(&w, &format!("Pane Kept {number}: 16 colours")), "{number}");
    }
    assert_eq!(w.state().state().photo, settings, "looking changes no setting");
    click(&mut w, "Back to the settings");
    assert!(shows(&w, "Pane 16 colours") && !shows(&w, "Pane Kept"));
    // The same again is not kept twice.
    press(&mut w, Key::K);
    assert_eq!(rows(&w).len(), 3);
    assert!(shows(&w, "Already kept as number 3"));
}

#[test]
fn the_shelf_sorts_by_a_column_and_loses_what_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    let start = |rows: &[String]| rows.iter().map(|r| r[..6].to_owned()).collect::<Vec<_>>();
    click(&mut w, "ΔE2000");
    let least = start(&rows(&w));
    click(&mut w, "ΔE2000 ⏶");
    let most = start(&rows(&w));
    assert_eq!(least.iter().rev().cloned().collect::<Vec<_>>(), most);
    assert_eq!(least.len(), 3);
    click(&mut w, "Remove kept 2");
    assert_eq!(rows(&w).len(), 2);
    assert!(rows(&w).iter().all(|r| !r.starts_with("Kept 2")));
}

#[test]
fn two_results_are_compared_split_and_in_turn_and_escape_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    click(&mut w, "Mark A kept 1");
    assert!(!shows(&w, "Pane A:"));
    click(&mut w, "Mark B kept 2");
    assert!(shows(&w, "Pane Original") && shows(&w, "Pane A: kept 1") && shows(&w, "Pane B: kept 2"));
    press(&mut w, Key::D);
    assert!(shows(&w, "Pane A: kept 1, 16 colours  |  B: kept 2, 16 colours"));
    w.key_press(Key::V);
    w.run_steps(3);
    assert!(shows(&w, "Pane Now: A: kept 1") || shows(&w, "Pane Now: B: kept 2"));
    press(&mut w, Key::S);
    press(&mut w, Key::Escape);
    assert!(!shows(&w, "Pane A:") && shows(&w, "Pane 16 colours"));
}

#[test]
fn a_result_gives_its_settings_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    click(&mut w, "Restore kept 2");
    assert_eq!(w.state().state().photo.panes[1].method, Method::MedianCut);
    assert!(shows(&w, "Pane 16 colours") && !shows(&w, "Pane Kept"));
}

#[test]
fn results_of_another_photo_stay_listed_and_come_back_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    let other = write_slope_named(folder.path(), "other.png", 40);
    take(&mut w, &other);
    assert_eq!(rows(&w).len(), 3);
    assert!(shows(&w, "3, all with their pixels") && shows(&w, "of slope.png: k-means"));
    press(&mut w, Key::CloseBracket);
    assert!(!shows(&w, "Pane Kept"));
    take(&mut w, &folder.path().join("slope.png"));
    press(&mut w, Key::CloseBracket);
    assert!(shows(&w, "Pane Kept 1: 16 colours"));
}

#[test]
fn a_kept_recipe_is_applied_to_another_photo_and_a_row_leads_back_to_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    take(&mut w, &write_slope_named(folder.path(), "other.png", 40));
    choose_method(&mut w, "Octree", "k-means");
    click(&mut w, "Restore kept 2");
    assert_eq!(w.state().state().photo.panes[1].method, Method::MedianCut);
    assert!(w.state().current_photo().is_some_and(|photo| photo.name == "other.png"), "this photo stays on show");
    w.get_all_by_label_contains("Kept 1:").next().expect("the first row").click();
    settle(&mut w);
    assert!(w.state().current_photo().is_some_and(|photo| photo.name == "slope.png"));
    assert!(shows(&w, "Pane Kept 1: 16 colours"));
}

#[test]
fn a_row_of_the_shelf_is_saved_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    click(&mut w, "Save kept 2");
    assert!(shows(&w, "Save: PNG"));
    click(&mut w, "Save");
    let written = image::open(folder.path().join("slope-16.png")).expect("beside the photo").into_rgb8();
    assert_eq!(written.dimensions(), (96, 64));
}

#[test]
fn a_kept_result_is_looked_at_and_not_edited() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = with_three(folder.path());
    press(&mut w, Key::CloseBracket);
    press(&mut w, Key::L);
    let before = w.state().state().photo.clone();
    let swatch = w.get_all_by_label_contains("Swatch #").nth(260).unwrap();
    swatch.click();
    settle(&mut w);
    assert!(shows(&w, "Delete"));
    w.get_by_label("Delete").click();
    settle(&mut w);
    assert_eq!(w.state().state().photo, before);
}
