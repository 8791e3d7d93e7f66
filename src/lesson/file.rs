//! Lesson files: TOML, so that a teacher can write one in any editor. A fault is named with its line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::LessonError;
use super::layout::Lesson;
use crate::source::error::OpenError;

/// A lesson that carries a photo and weights is large; one of more than this is not ours.
const MOST_BYTES: u64 = 256 << 20;

/// The lesson of a file.
///
/// # Errors
/// The file cannot be read, is too large, or is no lesson; the error names the line where there is one.
pub fn open(path: &Path) -> Result<Lesson, LessonError> {
    let name = path.display().to_string();
    let io = |e| OpenError::io(path, e);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() > MOST_BYTES {
        return Err(LessonError::TooLarge { name, most_megabytes: MOST_BYTES >> 20 });
    }
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(io)?;
    read(&bytes).map_err(|why| LessonError::File { name, why: Box::new(why) })
}

/// The lesson that is the text of a file, checked.
///
/// # Errors
/// Line and cause, without the file's name: "line 12: unknown field `colour`, …".
pub fn read(bytes: &[u8]) -> Result<Lesson, LessonError> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        LessonError::Rule("not UTF-8 text".to_owned()).at(format!("line {line}"))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let lesson: Lesson = toml::from_str(text).map_err(|e| placed(text, &e))?;
    lesson.check()?;
    lesson.check_claims().map_err(|(at, why)| why.at(format!("line {}: claim", line_of(text, at))))?;
    Ok(lesson)
}

fn placed(text: &str, error: &toml::de::Error) -> LessonError {
    let rule = LessonError::Rule(error.message().trim().replace('\n', " "));
    match error.span() {
        Some(span) => rule.at(format!("line {}", line_of(text, span.start))),
        None => rule,
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
pub fn write(lesson: &Lesson) -> Result<String, LessonError> {
    Ok(toml::to_string_pretty(lesson)?)
}
