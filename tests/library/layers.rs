//! The walls of the house: a single package cannot have the compiler keep them, so this test does.

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with its path below `src`, with `/` between folders.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 30, "the sources were not found");
    let name = |p: &Path| p.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|p| (name(p), fs::read_to_string(p).unwrap())).collect()
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

#[test]
fn only_the_view_names_egui() {
    for (name, text) in sources() {
        if name.starts_with("view/") || name == "main.rs" {
            continue;
        }
        for line in code_lines(&text) {
            assert!(!line.contains("egui") && !line.contains("eframe"), "{name}: {line}");
        }
    }
}

#[test]
fn the_engine_imports_only_itself() {
    for (name, text) in sources().into_iter().filter(|(name, _)| name.starts_with("engine/")) {
        for line in code_lines(&text).filter(|line| line.contains("crate::")) {
            assert!(line.contains("crate::engine"), "{name}: {line}");
        }
        for line in code_lines(&text) {
            assert!(!line.contains("std::fs") && !line.contains("std::thread"), "{name}: {line}");
        }
    }
}

#[test]
fn what_is_read_and_what_is_run_know_no_window_and_no_command_line() {
    for (name, text) in sources() {
        let below = [
            "engine/",
            "source/",
            "run/",
            "consumer/",
            "lab/",
            "sound/",
            "export/",
            "jobs/",
            "report",
            "picture",
            "spec",
        ];
        if below.iter().any(|folder| name.starts_with(folder)) {
            for line in code_lines(&text) {
                assert!(!line.contains("crate::view") && !line.contains("crate::cli"), "{name}: {line}");
            }
        }
    }
}

#[test]
fn unsafe_stands_only_where_files_are_mapped_or_vectors_chosen_and_says_why() {
    for (name, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.contains("unsafe {") || l.contains("unsafe fn")) {
            assert!(
                ["source/bytes.rs", "engine/simd.rs", "engine/assign/tries.rs", "engine/coding/trellis/path.rs"]
                    .contains(&name.as_str()),
                "{name}: {line}"
            );
            let before = lines[i.saturating_sub(6)..i].join(" ");
            assert!(before.contains("SAFETY:"), "{name}: {line}");
        }
    }
}

/// The names in quotes on the lines of a file that hold `what`, also where one pair of quotes holds several.
fn quoted_on_lines_with<'a>(text: &'a str, what: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = code_lines(text).filter(move |line| line.contains(what));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2)).flat_map(|names| names.split(','))
}

#[test]
fn no_code_is_compiled_for_processor_features_that_its_file_does_not_check() {
    for (name, text) in sources() {
        let checked: Vec<&str> = quoted_on_lines_with(&text, "feature_detected!(").collect();
        for feature in quoted_on_lines_with(&text, "target_feature(") {
            assert!(checked.contains(&feature), "{name} uses {feature} and checks {checked:?}");
        }
    }
    let list = "compiled_for!(\"avx2\"";
    assert!(sources().iter().any(|(_, text)| text.contains(list)), "kernels are compiled for one checked list");
}
