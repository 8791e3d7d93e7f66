//! Lesson files: TOML, so that a teacher can write one in any editor. A fault is named with its line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::layout::Lesson;
use crate::source::error::OpenError;

/// A lesson that carries a photo and weights is large; one of more than this is not ours.
const MOST_BYTES: u64 = 256 << 20;

/// The lesson of a file.
///
/// # Errors
/// One line that names the file, the line and the cause.
pub fn open(path: &Path) -> Result<Lesson, String> {
    let name = path.display();
    let io = |e| OpenError::io(path, e).to_string();
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() > MOST_BYTES {
        return Err(format!("{name}: no lesson is larger than {} MB", MOST_BYTES >> 20));
    }
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(io)?;
    read(&bytes).map_err(|why| format!("{name} cannot be used as a lesson: {why}"))
}

/// The lesson that is the text of a file, checked.
///
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
    fn no_prefix_of_a_lesson_file_is_taken_for_a_panic() {
        let text = builtin::TEXTS[0].as_bytes();
        for end in (0..text.len()).step_by(37) {
            let _ = read(&text[..end]);
        }
    }
}
