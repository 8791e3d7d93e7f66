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

/// Every room of `src/`, from the ground up, and the rooms that its files may import besides their own.
const ROOMS: [(&str, &[&str]); 16] = [
    ("engine", &[]),
    ("figures", &[]),
    ("panics", &[]),
    ("picture", &["engine"]),
    ("jobs", &["engine", "panics"]),
    ("palette", &["engine", "panics", "picture"]),
    ("signal", &["engine", "picture"]),
    ("source", &["engine", "palette", "panics", "picture"]),
    ("spec", &["engine", "palette"]),
    ("language", &["engine", "source"]),
    ("run", &["engine", "figures", "language", "palette", "picture", "source", "spec"]),
    ("export", &["engine", "figures", "palette", "picture", "run", "source", "spec"]),
    ("lesson", &["engine", "export", "language", "picture", "run", "signal", "source", "spec"]),
    ("cli", &["engine", "export", "figures", "palette", "picture", "run", "source", "spec"]),
    (
        "view",
        &[
            "engine", "export", "figures", "jobs", "language", "lesson", "palette", "panics", "picture", "run",
            "signal", "source", "spec",
        ],
    ),
    ("main", &["cli", "panics", "view"]),
];

/// The room of a file; the file that lists them has none.
fn room_of(name: &str) -> Option<&str> {
    let first = name.split('/').next().unwrap_or(name);
    Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|room| *room != "lib")
}

/// The first names after `crate::` or `quantscope::` on the lines of a file's own code.
fn rooms_named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in code_lines(text) {
        for root in ["crate::", "quantscope::"] {
            for rest in line.split(root).skip(1) {
                let of_group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
                let names: Vec<&str> = of_group.map_or_else(|| vec![rest], |group| group.split(',').collect());
                let word = |name: &str| {
                    name.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned)
                };
                found.extend(names.into_iter().filter_map(word).filter(|name| !name.is_empty()));
            }
        }
    }
    found
}

/// The code of a file without the tests at its end, which may ask other rooms for something to test on.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

#[test]
fn every_room_imports_only_what_the_table_of_floors_says() {
    for (name, text) in sources() {
        let Some(room) = room_of(&name) else { continue };
        let row = ROOMS.iter().find(|(known, _)| *known == room);
        let (_, may) = row.unwrap_or_else(|| panic!("{name}: '{room}' is not in the table of rooms"));
        if name.ends_with("tests.rs") || name.contains("/tests/") {
            continue;
        }
        for named in rooms_named(without_tests(&text)) {
            let is_room = ROOMS.iter().any(|(known, _)| *known == named);
            assert!(named == room || !is_room || may.contains(&named.as_str()), "{name} imports {named}");
        }
    }
}

#[test]
fn a_room_imports_only_rooms_below_it() {
    for (at, (room, may)) in ROOMS.iter().enumerate() {
        for named in *may {
            assert!(ROOMS[..at].iter().any(|(below, _)| below == named), "{room} → {named}");
        }
    }
}

#[test]
fn the_engine_has_no_files_and_no_threads_of_its_own() {
    for (name, text) in sources().into_iter().filter(|(name, _)| name.starts_with("engine/")) {
        for line in code_lines(&text) {
            assert!(!line.contains("std::fs") && !line.contains("std::thread"), "{name}: {line}");
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
