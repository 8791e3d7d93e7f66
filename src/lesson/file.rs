//! Lesson files: TOML, so that a teacher can write one in any editor. A fault is named with its line.

use super::layout::Lesson;

/// What a lesson file begins with, comments aside.
const FIRST_KEY: &str = "quantscope_lesson";
/// Read at most this much to tell what a file is.
const PROBED: usize = 4096;

/// Whether the bytes are meant to be a lesson, well made or not.
pub fn looks_like_lesson(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(PROBED)];
    let text = String::from_utf8_lossy(head);
    let first =
        text.trim_start_matches('\u{feff}').lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'));
    first.is_some_and(|line| line.starts_with(FIRST_KEY))
}

/// # Errors
/// Line and cause, without the file's name: "line 12: unknown field `colour`, …".
pub fn read(bytes: &[u8]) -> Result<Lesson, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        format!("line {line}: not UTF-8 text")
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let lesson: Lesson = toml::from_str(text).map_err(|e| told(text, &e))?;
    lesson.check()?;
    lesson.check_claims().map_err(|(at, why)| format!("line {}: claim: {why}", line_of(text, at)))?;
    Ok(lesson)
}

fn told(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim().replace('\n', " ");
    match error.span() {
        Some(span) => format!("line {}: {message}", line_of(text, span.start)),
        None => message,
    }
}

/// From 1; `at` in bytes.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at.min(text.len())).unwrap_or(text).matches('\n').count() + 1
}

/// The lesson as text that [`read`] takes back.
///
/// # Errors
/// Why it cannot be written as TOML; a lesson that was read can.
pub fn write(lesson: &Lesson) -> Result<String, String> {
    toml::to_string_pretty(lesson).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::builtin;

    #[test]
    fn a_lesson_written_and_read_is_the_same() {
        for lesson in builtin::all() {
            let lesson = lesson.unwrap();
            assert_eq!(read(write(&lesson).unwrap().as_bytes()).unwrap(), lesson);
        }
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        let good = builtin::TEXTS[0];
        let bad = good.replacen("[[steps]]", "[[steps]]\ncolour = 3", 1);
        let line = bad.lines().position(|l| l == "colour = 3").unwrap() + 1;
        let why = read(bad.as_bytes()).unwrap_err();
        assert!(why.contains(&format!("line {line}")) && why.contains("colour"), "{why}");
        let why = read(b"quantscope_lesson = 1\ntitle = \"x\nsummary = 3").unwrap_err();
        assert!(why.starts_with("line 2"), "{why}");
        let why = read(b"quantscope_lesson = 1\n\xff").unwrap_err();
        assert!(why.starts_with("line 2"), "{why}");
    }

    #[test]
    fn a_fault_in_a_claim_is_named_with_its_line() {
        let good = builtin::TEXTS[0];
        assert!(good.contains("[[steps.claims]]"));
        let with = |claim: &str| {
            let text = format!("{good}\n[[steps.claims]]\n{claim}\n");
            let line = text.lines().count() - claim.lines().count();
            (read(text.as_bytes()), format!("line {line}"))
        };
        let own = "says = \"both files below are really written\"\n";
        let sound = format!("{own}figure = \"palette.png-bytes\"\nis = \"above\"\nbound = 1");
        assert!(with(&sound).0.is_ok(), "{:?}", with(&sound).0);
        for (from, to, word) in [
            ("really written", "never written", "does not say"),
            ("png-bytes", "png-bites", "palette.png-bytes"),
            ("\nbound = 1", "", "bound"),
            ("above", "about", "within"),
            ("above", "rising", "no bound"),
            ("bound = 1", "bound = 1\nat = [999]", "999"),
            ("bound = 1", "bound = 1\ncolour = 3", "colour"),
            ("above", "larger", "larger"),
        ] {
            let (read, _) = with(&sound.replacen(from, to, 1));
            let why = read.unwrap_err();
            assert!(why.starts_with("line ") && why.contains(word), "{why}");
        }
        let (read, line) = with(&sound.replacen("png-bytes", "png-bites", 1));
        assert!(read.unwrap_err().starts_with(&line));
    }

    #[test]
    fn lessons_are_told_from_other_texts() {
        assert!(looks_like_lesson(b"# mine\n\nquantscope_lesson = 1\n"));
        assert!(looks_like_lesson("\u{feff}quantscope_lesson = 7".as_bytes()));
        for other in [b"".as_slice(), b"[package]\nname = \"x\"", b"\x89PNG", b"JASC-PAL"] {
            assert!(!looks_like_lesson(other));
        }
    }

    #[test]
    fn no_prefix_of_a_lesson_file_is_taken_for_a_panic() {
        let text = builtin::TEXTS[0].as_bytes();
        for end in (0..text.len()).step_by(37) {
            let _ = read(&text[..end]);
        }
    }
}
