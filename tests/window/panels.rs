//! What stands around the photo's pictures: panels that hide, menus, messages, and what Escape closes.

use crate::support::{Window, drop_files, shows, wait_until, wait_until_idle, window_with_slope, write_slope};
use eframe::egui::{Event, Key, Rect, ViewportCommand, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

fn picture(w: &Window) -> Rect {
    w.get_by_label("Picture 16 colours").rect()
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    w.run_steps(4);
    wait_until_idle(w);
    w.run_steps(2);
}

#[test]
fn one_key_leaves_the_pictures_alone_and_brings_the_panels_back() {
    let mut w = window_with_slope();
    let before = picture(&w);
    assert!(shows(&w, "Palette of 16 colours") && shows(&w, "Save ⏷"));
    w.key_press(Key::H);
    w.run_steps(3);
    assert!(!shows(&w, "Palette of 16 colours") && !shows(&w, "Save ⏷"));
    assert!(picture(&w).area() > 1.4 * before.area());
    w.key_press(Key::H);
    w.run_steps(3);
    assert_eq!(picture(&w), before);
}

#[test]
fn a_right_click_on_a_pane_chooses_it_and_offers_what_can_be_done_with_it() {
    let mut w = window_with_slope();
    w.get_by_label("Picture 256 colours").click_secondary();
    w.run_steps(4);
    assert_eq!(w.state().state().photo_pane, 0);
    for offered in ["Copy picture", "Copy palette", "Copy as command line", "Keep", "Save PNG…", "Lock #", "Force in #"]
    {
        assert!(shows(&w, offered), "{offered}");
    }
    let force = w.get_all_by_label_contains("Force in #").next().unwrap();
    force.click();
    w.run_steps(4);
    wait_until_idle(&mut w);
    assert!(w.state().state().photo.panes[0].source.locked.is_some());
    assert!(!shows(&w, "Force in #"), "the menu is gone");
}

#[test]
fn escape_closes_an_open_menu_and_stops_no_work() {
    let mut w = window_with_slope();
    w.get_by_label("Palette ⏷").click();
    w.run_steps(3);
    assert!(shows(&w, "Copy as hex"));
    w.key_press(Key::Escape);
    w.run_steps(3);
    assert!(!shows(&w, "Copy as hex") && !shows(&w, "Cancelled"));
}

#[test]
fn the_window_that_opens_files_takes_the_keyboard() {
    let mut w = window_with_slope();
    click(&mut w, "Open…");
    w.input_mut().events.push(Event::Text("/a/b".to_owned()));
    w.run_steps(2);
    assert_eq!(w.state().state().path_field, "/a/b");
    w.key_press(Key::Escape);
    w.run_steps(3);
    assert!(w.query_by_role(Role::TextInput).is_none(), "one key closes it");
}

#[test]
fn messages_beyond_five_are_counted_and_are_dismissed_together() {
    let mut w = window_with_slope();
    let folder = tempfile::tempdir().unwrap();
    let before = picture(&w);
    for i in 0..7 {
        drop_files(&mut w, &[&folder.path().join(format!("gone{i}.png"))]);
    }
    wait_until(&mut w, "the last message", |w| shows(w, "gone6.png"));
    wait_until_idle(&mut w);
    assert!(w.query_all_by_label("Dismiss").count() == 5 && !shows(&w, "gone1.png"));
    assert_eq!(picture(&w), before, "nothing moves for them");
    click(&mut w, "Show 2 earlier");
    assert!(w.query_all_by_label("Dismiss").count() == 7 && shows(&w, "gone0.png"));
    click(&mut w, "Dismiss all");
    assert!(w.query_by_label("Dismiss").is_none());
}

#[test]
fn a_file_that_was_refused_is_no_news_once_it_opens() {
    let mut w = window_with_slope();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later.png");
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the refusal", |w| shows(w, "there is no such file"));
    std::fs::rename(write_slope(folder.path()), &path).unwrap();
    drop_files(&mut w, &[&path]);
    wait_until(&mut w, "the photo", |w| !shows(w, "there is no such file"));
    assert!(shows(&w, "later.png"));
}

#[test]
fn the_window_is_called_after_what_is_open() {
    let mut w = window_with_slope();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("named.png");
    std::fs::rename(write_slope(folder.path()), &path).unwrap();
    drop_files(&mut w, &[&path]);
    let is_title = |command: &ViewportCommand| match command {
        ViewportCommand::Title(title) => title.starts_with("Quantscope – named.png"),
        _ => false,
    };
    wait_until(&mut w, "the title", |w| {
        w.output().viewport_output.values().any(|viewport| viewport.commands.iter().any(is_title))
    });
}
