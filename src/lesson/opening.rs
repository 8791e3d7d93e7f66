//! Lesson files among the files that are opened.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Lesson;
use crate::source::error::OpenError;

/// A lesson that carries a photo and weights is large; one of more than this is not ours.
const MOST_BYTES: u64 = 256 << 20;

/// Whether a file is meant to be a lesson: by its first line.
pub fn is_lesson(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start));
    read.is_ok() && super::looks_like_lesson(&start)
}

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
    super::read(&bytes).map_err(|why| format!("{name} cannot be used as a lesson: {why}"))
}
