//! Pictures from elsewhere in the panes: dropped onto one, asked for, closed, taken back.

use std::path::{Path, PathBuf};

use crate::support::{Window, drop_onto, shows, slope_color, wait_until, wait_until_idle, window, write_slope};
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable as _;

/// The slope as someone else cut it to a few colours.
fn write_theirs(folder: &Path, name: &str, (width, height): (u32, u32)) -> PathBuf {
    let path = folder.join(name);
    let cut = |x, y| image::Rgb(slope_color(x, y).map(|v| v & 0xc0));
    image::RgbImage::from_fn(width, height, cut).save(&path).unwrap();
    path
}

/// The photo's tab with the slope and nothing else to work on; the pane of 16 colours is the chosen one.
fn window_with_slope(folder: &Path) -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, vec![write_slope(folder)]);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    w.run_steps(2);
    wait_until_idle(&mut w);
    w
}

fn candidate(w: &Window, pane: usize) -> Option<String> {
    w.state().state().photo.panes[pane].candidate.as_ref().map(|candidate| candidate.0.name.clone())
}

fn undo(w: &mut Window) {
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    w.run_steps(2);
    wait_until_idle(w);
}

#[test]
fn a_picture_dropped_onto_a_pane_is_compared_there_until_it_is_closed_or_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = write_theirs(folder.path(), "theirs.png", (96, 64));
    let mut w = window_with_slope(folder.path());
    drop_onto(&mut w, "Picture 4 colours", &[&theirs]);
    wait_until(&mut w, "the picture", |w| shows(w, "Picture theirs.png"));
    wait_until_idle(&mut w);
    assert_eq!((candidate(&w, 2).as_deref(), w.state().state().photo_pane), (Some("theirs.png"), 2));
    assert!(shows(&w, "slope.png") && shows(&w, "Pane 16 colours"), "the photo and the other panes stay");
    assert!(shows(&w, "the file, PNG") && shows(&w, "Swatch #000000"));
    undo(&mut w);
    assert!(candidate(&w, 2).is_none() && shows(&w, "Pane 4 colours"));
    w.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane theirs.png"));
    w.get_by_label("× theirs.png").click();
    w.run_steps(2);
    wait_until_idle(&mut w);
    assert!(candidate(&w, 2).is_none() && shows(&w, "Pane 4 colours"));
}

#[test]
fn a_picture_of_another_size_or_dropped_elsewhere_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (large, same) =
        (write_theirs(folder.path(), "large.png", (192, 128)), write_theirs(folder.path(), "same.png", (96, 64)));
    let mut w = window_with_slope(folder.path());
    drop_onto(&mut w, "Picture Original", &[&same]);
    wait_until(&mut w, "the picture", |w| shows(w, "same.png"));
    assert!((0..3).all(|pane| candidate(&w, pane).is_none()));
    wait_until_idle(&mut w);
    drop_onto(&mut w, "Picture 16 colours", &[&large]);
    wait_until(&mut w, "the message", |w| shows(w, "Opened, not compared: large.png is 192 × 128"));
    assert!((0..3).all(|pane| candidate(&w, pane).is_none()));
}

#[test]
fn a_picture_that_was_asked_for_and_is_of_another_size_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (large, same) =
        (write_theirs(folder.path(), "large.png", (192, 128)), write_theirs(folder.path(), "same.png", (96, 64)));
    let mut w = window_with_slope(folder.path());
    let mut ask = |path: &Path| {
        w.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
        w.run_steps(3);
        assert!(shows(&w, "Compare with a file…"));
        w.get_by_role(eframe::egui::accesskit::Role::TextInput).focus();
        w.run_steps(2);
        w.get_by_role(eframe::egui::accesskit::Role::TextInput).type_text(&path.display().to_string());
        w.run_steps(2);
        w.get_by_label("Open path").click();
        w.run_steps(2);
        wait_until_idle(&mut w);
        (candidate(&w, 1), shows(&w, "large.png is 192 × 128"), shows(&w, "slope.png"))
    };
    assert_eq!(ask(&large), (None, true, true));
    assert_eq!(ask(&same), (Some("same.png".to_owned()), true, true));
    drop_onto(&mut w, "Picture Original", &[&large]);
    wait_until(&mut w, "the photo", |w| candidate(w, 1).is_none());
    wait_until_idle(&mut w);
    assert!(shows(&w, "Pane 16 colours"), "the comparison was with the other photo");
}
