//! Several photos in one window: the tray, what belongs to each photo, folders, and files of all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{
    Window, drop_files, nearest_one_by_one, shows, wait_until, wait_until_idle, window, write_slope_named,
};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, PointerButton, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use quantscope::engine::fit::Method;
use quantscope::lesson::{self, Carried};

const NAMES: [&str; 3] = ["one.png", "two.png", "three.png"];

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    settle(w);
}

fn press(w: &mut Window, modifiers: Modifiers, key: Key) {
    w.key_press_modifiers(modifiers, key);
    settle(w);
}

fn choose(w: &mut Window, from: &str, to: &str) {
    w.get_by_value(from).click();
    w.run_steps(2);
    click(w, to);
}

fn write_three(folder: &Path) -> Vec<PathBuf> {
    (0..).zip(NAMES).map(|(i, name)| write_slope_named(folder, name, 40 * i)).collect()
}

fn open(paths: &[PathBuf]) -> Window {
    let mut w = window([1280.0, 800.0], Theme::Dark, Vec::new());
    wait_until_idle(&mut w);
    drop_files(&mut w, &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    settle(&mut w);
    w
}

fn listed(w: &Window) -> Vec<&str> {
    w.state().photos().list().iter().map(|photo| photo.name.as_str()).collect()
}

fn current(w: &Window) -> &str {
    w.state().current_photo().map_or("none", |photo| &photo.name)
}

fn method(w: &Window) -> Method {
    w.state().state().photo.panes[1].method
}

#[test]
fn several_dropped_photos_stay_in_their_order_and_keys_go_through_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(&write_three(folder.path()));
    assert_eq!((listed(&w), current(&w)), (NAMES.to_vec(), "one.png"), "the sample has made room");
    assert!(shows(&w, "Photo 2 of 3: two.png") && shows(&w, "1 of 3"));
    click(&mut w, "Photo 3 of 3: three.png");
    assert_eq!(current(&w), "three.png");
    press(&mut w, Modifiers::COMMAND, Key::ArrowRight);
    assert_eq!(current(&w), "one.png", "behind the last comes the first");
    press(&mut w, Modifiers::COMMAND, Key::ArrowLeft);
    press(&mut w, Modifiers::COMMAND, Key::ArrowLeft);
    assert_eq!(current(&w), "two.png");
    // The same file again is chosen and not added.
    drop_files(&mut w, &[&folder.path().join("one.png")]);
    settle(&mut w);
    assert_eq!((listed(&w), current(&w)), (NAMES.to_vec(), "one.png"));
    // One that has become another picture meanwhile takes its own place.
    write_slope_named(folder.path(), "two.png", 99);
    drop_files(&mut w, &[&folder.path().join("two.png")]);
    settle(&mut w);
    assert_eq!((listed(&w), current(&w)), (NAMES.to_vec(), "two.png"));
}

#[test]
fn photos_are_closed_by_key_button_and_middle_click_and_the_last_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(&write_three(folder.path()));
    w.get_by_label("Photo 1 of 3: one.png").focus();
    w.run_steps(2);
    press(&mut w, Modifiers::NONE, Key::Delete);
    assert_eq!((listed(&w), current(&w)), (vec!["two.png", "three.png"], "two.png"));
    assert!(w.get_by_label("Photo 1 of 2: two.png").accesskit_node().is_focused(), "the keyboard goes on from there");
    let at = w.get_by_label("Photo 2 of 2: three.png").rect().center();
    w.hover_at(at);
    w.step();
    for pressed in [true, false] {
        w.event(eframe::egui::Event::PointerButton {
            pos: at,
            button: PointerButton::Middle,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    settle(&mut w);
    assert_eq!(listed(&w), ["two.png"]);
    assert!(!shows(&w, "Photo 1 of"), "one photo needs no tray");
    drop_files(&mut w, &[&folder.path().join("three.png")]);
    settle(&mut w);
    click(&mut w, "Close three.png");
    assert_eq!((listed(&w), current(&w)), (vec!["two.png"], "two.png"));
}

#[test]
fn settings_are_for_all_photos_or_for_this_one_as_the_tray_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(&write_three(folder.path()));
    nearest_one_by_one(&mut w);
    choose(&mut w, "k-means", "Octree");
    press(&mut w, Modifiers::COMMAND, Key::ArrowRight);
    assert_eq!(method(&w), Method::Octree);
    click(&mut w, "This photo");
    choose(&mut w, "Octree", "Median cut");
    press(&mut w, Modifiers::COMMAND, Key::ArrowRight);
    assert_eq!((current(&w), method(&w)), ("three.png", Method::Octree));
    press(&mut w, Modifiers::COMMAND, Key::ArrowLeft);
    assert_eq!(method(&w), Method::MedianCut);
    // The way back is this photo's.
    press(&mut w, Modifiers::COMMAND, Key::Z);
    assert_eq!(method(&w), Method::Octree);
    press(&mut w, Modifiers::COMMAND, Key::Y);
    click(&mut w, "All photos");
    press(&mut w, Modifiers::COMMAND, Key::ArrowLeft);
    assert_eq!((current(&w), method(&w)), ("one.png", Method::MedianCut));
}

#[test]
fn a_folder_opens_its_photos_and_counts_the_rest_in_one_notice() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("holiday");
    fs::create_dir(&inside).unwrap();
    write_three(&inside);
    (0..50).for_each(|i| fs::write(inside.join(format!("{i}.txt")), b"words").unwrap());
    fs::write(inside.join("zz damaged.png"), b"\x89PNG\r\n\x1a\n broken").unwrap();
    let mut w = open(std::slice::from_ref(&inside));
    assert_eq!((listed(&w), current(&w)), (vec!["one.png", "three.png", "two.png"], "one.png"));
    wait_until(&mut w, "the notice", |w| shows(w, "holiday: 3 photos are opened; 50 other things in it are no photo"));
    assert!(shows(&w, "1 photo cannot be read") && shows(&w, "zz damaged.png"));
    assert_eq!(w.state().state().kept.recent, [inside], "the folder, and not each of its files");
}

fn save_into(w: &mut Window, folder: &Path) {
    let field = |w: &Window| w.get_by_role_and_label(Role::TextInput, "Path of the file to be saved").focus();
    field(w);
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.step();
    w.get_by_role_and_label(Role::TextInput, "Path of the file to be saved").type_text(folder.to_str().unwrap());
    w.run_steps(2);
    click(w, "Save");
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_photo_is_saved_as_its_chosen_pane_and_none_over_another_file_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut w = open(&write_three(folder.path()));
    click(&mut w, "This photo");
    press(&mut w, Modifiers::NONE, Key::Num3);
    click(&mut w, "Save all ⏷");
    click(&mut w, "Every photo as PNG…");
    save_into(&mut w, &out);
    assert_eq!(names_in(&out), ["one-4.png", "three-16.png", "two-16.png"]);
    assert!(shows(&w, "3 of 3 files") && shows(&w, &out.display().to_string()));
    let colours = |name: &str| {
        let pixels = image::open(out.join(name)).unwrap().into_rgb8();
        pixels.pixels().map(|p| p.0).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((colours("one-4.png"), colours("two-16.png")), (4, 16));
    fs::write(out.join("one-4.png"), b"old").unwrap();
    click(&mut w, "Dismiss");
    click(&mut w, "Save all ⏷");
    click(&mut w, "Every photo as PNG…");
    save_into(&mut w, &out);
    assert!(shows(&w, "There already: one-4.png") && fs::read(out.join("one-4.png")).unwrap() == b"old");
    click(&mut w, "Replace");
    assert_eq!(colours("one-4.png"), 4);
}

#[test]
fn every_pane_of_a_photo_is_saved_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut w = open(&write_three(folder.path())[..1]);
    click(&mut w, "Save ⏷");
    click(&mut w, "Each pane as GIF…");
    save_into(&mut w, &out);
    assert_eq!(names_in(&out), ["one-16.gif", "one-256.gif", "one-4.gif"]);
}

#[test]
fn a_lessons_photo_is_in_the_tray_once_however_often_the_lesson_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let photo = write_slope_named(folder.path(), "own.png", 7);
    let mut mine = lesson::builtin::all().next().unwrap().unwrap();
    let bytes = std::sync::Arc::new(fs::read(&photo).unwrap());
    mine.photo = Some(Carried { name: "carried.png".to_owned(), bytes });
    let path = folder.path().join("mine.toml");
    fs::write(&path, lesson::write(&mine).unwrap()).unwrap();
    let mut w = open(&write_three(folder.path())[..1]);
    for _ in 0..2 {
        drop_files(&mut w, &[&path]);
        wait_until(&mut w, "the lesson's photo", |w| current(w) == "carried.png");
        settle(&mut w);
        assert_eq!(listed(&w), ["one.png", "carried.png"]);
        press(&mut w, Modifiers::COMMAND, Key::Num2);
    }
}
