//! The walls of the house: a single package cannot have the compiler keep them, so this test does.

use std::collections::{BTreeMap, BTreeSet};
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
    ("spec", &["engine", "palette", "source"]),
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

#[test]
fn every_room_imports_only_what_the_table_of_floors_says() {
    for (name, text) in sources() {
        let Some(room) = room_of(&name) else { continue };
        let row = ROOMS.iter().find(|(known, _)| *known == room);
        let (_, may) = row.unwrap_or_else(|| panic!("{name}: '{room}' is not in the table of rooms"));
        for named in rooms_named(&text) {
            let is_room = ROOMS.iter().any(|(known, _)| *known == named);
            assert!(named == room || !is_room || may.contains(&named.as_str()), "{name} imports {named}");
        }
    }
}

/// The library is compiled once for all tests, which see it as its users do.
#[test]
fn no_code_is_compiled_for_tests_alone() {
    for (name, text) in sources() {
        assert!(code_lines(&text).all(|line| !line.contains("cfg(test)") && !line.contains("#[test]")), "{name}");
    }
}

/// The tabs are given what they show and return commands: the application is the window's own.
#[test]
fn only_the_shell_names_the_application() {
    for (name, text) in sources().into_iter().filter(|(name, _)| !name.starts_with("view/shell/")) {
        assert!(code_lines(&text).all(|line| !line.contains("shell::app")), "{name}");
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

/// The paths that a `use` tree names, from the names before it.
fn flattened(before: &[String], tree: &str, out: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, Some(group.trim_end().strip_suffix('}').unwrap_or(group))),
        None => (tree, None),
    };
    let head = head.split(" as ").next().unwrap_or(head);
    let names = head.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let path: Vec<String> = before.iter().cloned().chain(names).collect();
    let Some(group) = group else {
        out.push(path);
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = &group[start..at];
                if !part.trim().is_empty() {
                    flattened(&path, part, out);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The modules of this crate that a file's own code names, by where they stand.
fn imports(name: &str, text: &str, modules: &BTreeSet<Vec<String>>) -> BTreeSet<Vec<String>> {
    let own = module_of(name);
    let code: String = code_lines(text).map(|line| line.to_owned() + "\n").collect();
    let children: Vec<&str> =
        code.split("mod ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(name, _)| name).collect();
    let mut paths = Vec::new();
    for statement in code.split(';') {
        if let Some((_, tree)) =
            statement.rsplit_once("use ").filter(|(before, _)| !before.ends_with(char::is_alphanumeric))
        {
            flattened(&[], tree, &mut paths);
        }
    }
    let in_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    paths.extend(
        code.split(|c| !in_path(c))
            .filter(|word| word.contains("::") && !word.ends_with("::"))
            .map(|word| word.split("::").map(str::to_owned).collect::<Vec<_>>()),
    );
    let absolute = |path: &Vec<String>| -> Option<Vec<String>> {
        let mut at = own.clone();
        match path.first()?.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                path.iter().take_while(|name| *name == "super").for_each(|_| drop(at.pop()));
            }
            child if children.contains(&child) => at.push(child.to_owned()),
            _ => return None,
        }
        at.extend(path.iter().skip_while(|name| *name == "super").skip(usize::from(path[0] != "super")).cloned());
        (1..=at.len()).rev().map(|n| at[..n].to_vec()).find(|module| modules.contains(module))
    };
    paths.iter().filter_map(absolute).filter(|module| *module != own).collect()
}

/// The path of a file's module: `engine/fit/mod.rs` is `engine::fit`.
fn module_of(name: &str) -> Vec<String> {
    let name = name.strip_suffix(".rs").unwrap_or(name);
    name.strip_suffix("/mod").unwrap_or(name).split('/').map(str::to_owned).collect()
}

/// A file can be read with those that it imports and no others.
#[test]
fn no_two_files_import_each_other_in_a_circle() {
    let files = sources();
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(name, _)| module_of(name)).collect();
    let mut left: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> =
        files.iter().map(|(name, text)| (module_of(name), imports(name, text, &modules))).collect();
    assert!(left.values().map(BTreeSet::len).sum::<usize>() > 500, "imports were not found");
    // Files that import nothing that is left go, one layer after another; what stays are circles and what needs them.
    loop {
        let free: Vec<_> =
            left.iter().filter(|(_, needs)| needs.is_empty()).map(|(module, _)| module.clone()).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module, _| !free.contains(module));
        left.values_mut().for_each(|needs| needs.retain(|module| !free.contains(module)));
    }
    let in_circles = left.iter().map(|(module, needs)| format!("{} → {needs:?}", module.join("::")));
    assert!(left.is_empty(), "{}", in_circles.collect::<Vec<_>>().join("\n"));
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

/// The documents of the repository lead to files and folders that are there.
#[test]
fn the_paths_that_the_documents_name_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rooms: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).chain(["assets", "tests", "benches"]).collect();
    let mut named = 0;
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2).filter(|quoted| !quoted.contains(['*', ' ', '\n'])) {
            let path = quoted.split("::").next().unwrap_or(quoted).split("<name>").next().unwrap_or(quoted);
            if path.split_once('/').is_some_and(|(room, _)| rooms.contains(&room)) {
                named += 1;
                assert!(root.join(path).exists() || root.join("src").join(path).exists(), "{document}: {path}");
            }
        }
    }
    assert!(named > 50, "paths were not found");
}
