//! `quantscope demo`, and the line that names it where no window can be opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{failure, success, text};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(p).unwrap())).collect()
}

#[test]
fn the_demo_writes_both_sides_of_the_samples_into_a_folder_that_it_makes() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("a").join("demo");
    let output = success(&["demo", "-o", folder.to_str().unwrap()]);
    let written = files(&folder);
    for name in written.keys() {
        assert!(output.contains(name.as_str()), "{name} in {output}");
    }
    for colors in [256, 16, 4] {
        let file = &written[&format!("parrots-{colors}.png")];
        let reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!(reader.info().palette.as_ref().unwrap().len() / 3, colors);
    }
    assert!(image::load_from_memory(&written["parrots-sheet.png"]).unwrap().width() > 2 * 768);
    let csv = String::from_utf8(written["stories260K-tensors.csv"].clone()).unwrap();
    assert_eq!(csv.lines().count(), 1 + 47 * 3, "a row for each tensor and width");
    let page = String::from_utf8(written["quantscope.html"].clone()).unwrap();
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 4, "the photo and its reductions");
    assert_eq!(page.matches("src=").count(), 4, "nothing from elsewhere");
    assert!(!page.contains("http") && !page.contains("<script") && page.contains("against the file"));
    assert!(page.contains("model.layers.0.self_attn.q_proj.weight"));
    assert_eq!(written.len(), 7);
    // A second time nothing is replaced unasked.
    std::fs::write(folder.join("quantscope.html"), b"mine").unwrap();
    std::fs::remove_file(folder.join("parrots-4.png")).unwrap();
    let why = failure(&["demo", "-o", folder.to_str().unwrap()], 1);
    assert!(why.contains("--force") && why.lines().count() == 1, "{why}");
    assert!(!folder.join("parrots-4.png").exists());
    assert_eq!(std::fs::read(folder.join("quantscope.html")).unwrap(), b"mine");
    success(&["demo", "-o", folder.to_str().unwrap(), "--force"]);
    assert_eq!(files(&folder), written);
}

#[test]
fn a_folder_that_cannot_be_made_is_named_in_one_line() {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let why = failure(&["demo", "-o", file.join("demo").to_str().unwrap()], 1);
    assert!(why.contains("demo") && why.lines().count() == 1, "{why}");
    failure(&["demo"], 2);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_one_line_says_so_and_names_the_way_without_a_window() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_quantscope"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    let out = command.env("HOME", home.path()).output().unwrap();
    let output = text(&out.stderr);
    assert_eq!(out.status.code(), Some(1));
    assert!(output.contains("DISPLAY") && output.contains("quantscope demo -o"), "{output}");
    assert!(output.lines().count() == 1 && !output.contains(".rs"), "no place in anybody's source: {output}");
}

/// A display that is named and not there: the window system's own words come with a place in its source.
#[cfg(target_os = "linux")]
#[test]
fn a_display_that_cannot_be_reached_is_one_line_without_a_place_in_foreign_source() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_quantscope"));
    command.env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").env("DISPLAY", ":7654");
    let out = command.env("HOME", home.path()).output().unwrap();
    let output = text(&out.stderr);
    assert_eq!(out.status.code(), Some(1));
    assert!(
        output.lines().count() == 1 && !output.contains(".rs") && output.contains("quantscope demo -o"),
        "{output}"
    );
}
