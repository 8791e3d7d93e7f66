//! What leaves the window as files, and palettes that come into it.

use std::path::Path;

use crate::support::{Window, drop_files, drop_onto, shows, wait_until, wait_until_idle, window, write_slope};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable as _;
use quantscope::engine::control::Control;
use quantscope::run::photo::reduce;
use quantscope::source::open::{Source, open_path};
use quantscope::spec::Stage;

fn open(folder: &Path) -> Window {
    let mut w = window([1280.0, 800.0], Theme::Light, Vec::new());
    wait_until_idle(&mut w);
    drop_files(&mut w, &[&write_slope(folder)]);
    wait_until(&mut w, "the photo", |w| shows(w, "slope.png"));
    settle(&mut w);
    w
}

fn settle(w: &mut Window) {
    w.run_steps(3);
    wait_until_idle(w);
    w.run_steps(2);
}

fn click(w: &mut Window, label: &str) {
    w.get_all_by_label(label).next().unwrap_or_else(|| panic!("no {label}")).click();
    w.run_steps(4);
}

/// Types the path into the form and presses its button.
fn save_as(w: &mut Window, path: &Path) {
    w.get_by_role_and_label(Role::TextInput, "Path of the file to be saved").focus();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.step();
    w.get_by_role_and_label(Role::TextInput, "Path of the file to be saved").type_text(path.to_str().unwrap());
    w.run_steps(2);
    click(w, "Save");
    settle(w);
}

fn save_from_menu(w: &mut Window, labels: &[&str], path: &Path) -> Vec<u8> {
    click(w, "Save ⏷");
    labels.iter().for_each(|label| click(w, label));
    save_as(w, path);
    assert!(shows(w, &format!("Saved {}", path.display())), "{path:?}");
    std::fs::read(path).unwrap()
}

#[test]
fn the_png_that_is_saved_is_the_pane_byte_for_byte_as_long_as_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let out = folder.path().join("out.png");
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.run_steps(3);
    save_as(&mut w, &out);
    let bytes = std::fs::read(&out).unwrap();
    assert!(shows(&w, &format!("{} bytes", quantscope::figures::count(bytes.len() as u64))));
    assert!(shows(&w, &quantscope::figures::kilobytes(bytes.len() as u64)), "the size on show is the one written");
    let Source::Photo(photo) = open_path(&folder.path().join("slope.png")).unwrap() else { panic!("a photo") };
    let spec = w.state().state().photo.pane_spec(1);
    let report = reduce(&photo.image, spec, Stage::Full, &Control::unwatched()).unwrap();
    let back = image::load_from_memory(&bytes).unwrap().into_rgba8();
    assert!(back.pixels().map(|p| p.0).eq(report.picture.indexed().unwrap().pixels()));
    // A second time it is there, and only a second press replaces it.
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.run_steps(3);
    std::fs::write(&out, b"old").unwrap();
    save_as(&mut w, &out);
    assert!(shows(&w, "A file of that name is there.") && std::fs::read(&out).unwrap() == b"old");
    click(&mut w, "Replace");
    settle(&mut w);
    assert_eq!(std::fs::read(&out).unwrap(), bytes);
}

#[test]
fn gif_palette_sheet_and_figures_are_saved_from_the_menu() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let at = |name: &str| folder.path().join(name);
    let gif = save_from_menu(&mut w, &["GIF…"], &at("a.gif"));
    assert!(gif.starts_with(b"GIF89a"));
    let gpl = save_from_menu(&mut w, &["Palette", "GIMP palette…"], &at("a.gpl"));
    assert_eq!(String::from_utf8(gpl).unwrap().lines().count(), 4 + 16);
    let csv = String::from_utf8(save_from_menu(&mut w, &["Figures", "CSV…"], &at("a.csv"))).unwrap();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let json = save_from_menu(&mut w, &["Figures", "JSON…"], &at("a.json"));
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json[0]["colors"], &json[2]["colors"]), (&256.into(), &4.into()));
    assert!(json[1]["png_bytes"].as_u64().is_some_and(|bytes| bytes > 100));
    let sheet = save_from_menu(&mut w, &["Side-by-side sheet…"], &at("sheet.png"));
    let sheet = image::load_from_memory(&sheet).unwrap().into_rgb8();
    assert!(sheet.width() > 800 && sheet.height() > 300, "{:?}", sheet.dimensions());
    w.key_press(Key::K);
    settle(&mut w);
    w.key_press(Key::L);
    w.run_steps(3);
    click(&mut w, "Save table ⏷");
    click(&mut w, "CSV…");
    save_as(&mut w, &at("kept.csv"));
    let kept = std::fs::read_to_string(at("kept.csv")).unwrap();
    assert!(kept.lines().count() == 2 && kept.contains("slope.png,kmeans"), "{kept}");
}

#[test]
fn what_cannot_be_written_is_said_with_its_path_and_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let (none, under_file) = (folder.path().join("none").join("a.png"), folder.path().join("slope.png").join("a.png"));
    let mut refused = |path: &Path, is_there: bool, cause: &str| {
        w.key_press_modifiers(Modifiers::COMMAND, Key::S);
        w.run_steps(3);
        save_as(&mut w, path);
        if is_there {
            click(&mut w, "Replace");
            settle(&mut w);
        }
        assert!(shows(&w, &format!("Not saved: cannot write {}: {cause}", path.display())), "{path:?} {cause}");
    };
    refused(&none, false, "the folder does not exist");
    refused(&under_file, false, "a part of the path is a file, not a folder");
    let inner = folder.path().join("inner.png");
    std::fs::create_dir(&inner).unwrap();
    refused(&inner, false, "it is a folder");
    #[cfg(target_os = "linux")]
    refused(Path::new("/dev/full"), false, "the disk is full");
    let locked = folder.path().join("locked.png");
    std::fs::write(&locked, b"old").unwrap();
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    refused(&locked, true, "the file is read-only");
    assert_eq!(std::fs::read(&locked).unwrap(), b"old");
}

#[test]
fn a_dropped_palette_becomes_the_panes_own_and_then_locked_colours() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let path = folder.path().join("three.hex");
    std::fs::write(&path, "ff8800\n0044ff\n102030\n").unwrap();
    drop_onto(&mut w, "Picture 16 colours", &[&path]);
    settle(&mut w);
    assert!(shows(&w, "three: its 3 colours are now the palette of pane 2, in place of 16 colours"));
    assert!(shows(&w, "Pane three") && shows(&w, "Swatch #ff8800"));
    click(&mut w, "Palette ⏷");
    click(&mut w, "Lock given colours");
    settle(&mut w);
    assert!(shows(&w, "Pane 16 colours") && shows(&w, "Swatch #ff8800, locked"));
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut w);
    assert!(shows(&w, "Pane three"));
}

#[test]
fn palettes_that_cannot_be_used_are_refused_by_name_and_cause() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let many: String = (0..10_000).map(|i| format!("{:06x}\n", i * 7)).collect();
    for (name, bytes, cause) in [
        ("none.gpl", b"GIMP Palette\n#\n".as_slice(), "holds no colours"),
        ("many.hex", many.as_bytes(), "has 10000 colours; a palette holds at most 256"),
        ("odd.act", b"\xff\0\xfegarbage", "has 10 bytes; an Adobe colour table (.act) has 768 or 772"),
        ("empty.pal", b"", "is empty"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        drop_files(&mut w, &[&path]);
        settle(&mut w);
        assert!(shows(&w, &format!("{name}' {cause}")), "{name}");
        assert!(shows(&w, "Pane 16 colours"), "the pane keeps its palette");
    }
    let one = folder.path().join("one.hex");
    std::fs::write(&one, "336699\n").unwrap();
    drop_onto(&mut w, "Picture 16 colours", &[&one]);
    settle(&mut w);
    assert!(shows(&w, "Pane one") && shows(&w, "Swatch #336699"));
}

#[test]
fn palettes_are_shown_as_grid_strip_and_number_lines() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let width_of_first = |w: &Window| w.get_all_by_label_contains("Swatch #").last().unwrap().rect().width();
    let grid = width_of_first(&w);
    click(&mut w, "Strip");
    assert_ne!(width_of_first(&w), grid);
    click(&mut w, "Lines");
    assert!(shows(&w, "Palette of 16 colours on three number lines") && !shows(&w, "Swatch #"));
    let lines = w.get_by_label("Palette of 16 colours on three number lines").rect();
    // A click on a tick chooses its colour: somewhere on the middle line there is one.
    let chosen = (0..40).any(|i| {
        let at = lines.left_center() + eframe::egui::vec2(16.0 + i as f32 * 6.0, 0.0);
        w.hover_at(at);
        w.step();
        w.drag_at(at);
        w.step();
        w.drop_at(at);
        w.run_steps(3);
        shows(&w, "Merge with…")
    });
    assert!(chosen);
}

#[test]
fn sizes_are_told_raw_against_raw_and_file_against_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    assert!(shows(&w, "colours, of 24 bits") && shows(&w, "bits a pixel, raw") && shows(&w, "24-bit PNG"));
    // 96 × 64 pixels of 3 bytes; 8 bits a pixel and 768 bytes of palette.
    assert!(shows(&w, "18.4 kB") && shows(&w, "6.9 kB, 37.5 %, 2.67 : 1"));
    assert!(shows(&w, "of a 24-bit PNG"));
    // The file that Save writes stands beside the photo's own, which need not be what this program writes of it.
    let (own, out) = (folder.path().join("slope.png"), folder.path().join("out.png"));
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.run_steps(3);
    save_as(&mut w, &out);
    let [own, written] = [own, out].map(|path| std::fs::metadata(path).unwrap().len());
    let change = quantscope::figures::change((written as f64 / own as f64 - 1.0) * 100.0);
    assert!(shows(&w, &format!("{}, {change}", quantscope::figures::kilobytes(written))), "{change}");
}

#[test]
fn an_ending_that_is_not_written_keeps_the_form_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let wrong = folder.path().join("out.jpg");
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.run_steps(3);
    save_as(&mut w, &wrong);
    assert!(shows(&w, "PNG is written as .png; give a name that ends so") && !wrong.exists());
    let right = folder.path().join("out.png");
    save_as(&mut w, &right);
    assert!(shows(&w, &format!("Saved {}", right.display())));
    assert!(std::fs::read(right).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_failed_save_keeps_the_typed_path_with_the_reason_and_is_no_news_once_it_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = open(folder.path());
    let inner = folder.path().join("none");
    w.key_press_modifiers(Modifiers::COMMAND, Key::S);
    w.run_steps(3);
    save_as(&mut w, &inner.join("out.png"));
    assert!(shows(&w, "Not saved: ") && shows(&w, "Path of the file to be saved"));
    assert!(w.state().state().save_form.as_ref().is_some_and(|form| form.path.ends_with("out.png")));
    std::fs::create_dir(&inner).unwrap();
    click(&mut w, "Save");
    settle(&mut w);
    assert!(inner.join("out.png").is_file() && shows(&w, "Saved ") && !shows(&w, "Not saved: "));
}
