use std::path::Path;

use quantscope::view::widgets::bounds::between;

#[test]
fn bounds_that_cross_or_are_no_numbers_do_not_end_the_program() {
    assert_eq!((between(3, 1, 2), between(0, 1, 2), between(2, 1, 3)), (2, 1, 2));
    assert_eq!(between(0.0, -3.904_682_2f32, -3.904_682_4), -3.904_682_2);
    assert_eq!((between(f64::NAN, 1.0, 2.0), between(5.0, 1.0, f64::NAN)), (2.0, 1.0));
}

/// The bounds of a call are constant when they hold nothing but numbers, constants and operators.
fn is_constant(bounds: &str) -> bool {
    let words = bounds.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.filter(|w| !w.is_empty()).all(|w| {
        let name = w.rsplit("::").next().unwrap_or(w);
        let number = w.starts_with(|c: char| c.is_ascii_digit());
        number
            || name.chars().all(|c| !c.is_lowercase())
            || ["len", "i16", "i32", "from", "as", "start", "end"].contains(&name)
    })
}

fn check(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices(".clamp(") {
            let bounds = &text[at + ".clamp(".len()..];
            let mut depth = 1;
            let end = bounds.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let bounds = &bounds[..end.unwrap_or(bounds.len())];
            if !is_constant(bounds) {
                found.push(format!("{}: .clamp({bounds})", path.display()));
            }
        }
    }
}

#[test]
fn no_view_clamps_to_bounds_that_are_computed() {
    let mut found = Vec::new();
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view"), &mut found);
    found.retain(|line| !line.contains("bounds.rs"));
    assert!(found.is_empty(), "between() instead of:\n{}", found.join("\n"));
}
