//! The files that a sub-command reads and writes.

use std::io::Write;
use std::path::Path;

use crate::export::{self, destination};
use crate::source::open::{Source, open_path};

pub(super) fn open(path: &Path) -> Result<Source, String> {
    open_path(path).map_err(|e| e.to_string())
}

/// Refuses a file that is there already, the input or another, unless it may be replaced.
pub(super) fn check_free(path: &Path, force: bool) -> Result<(), String> {
    match !force && destination::is_taken(path) {
        true => Err(format!("{}: there is such a file already; --force replaces it", path.display())),
        false => Ok(()),
    }
}

/// To a file, whole or not at all, or to standard output.
pub(super) fn deliver(text: &str, to: Option<&Path>) -> Result<(), String> {
    match to {
        Some(path) => export::write_whole(path, text.as_bytes()).map_err(|e| e.to_string()),
        // A reader that has seen enough (`| head`) is no error.
        None => match std::io::stdout().lock().write_all(text.as_bytes()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("standard output: {e}")),
            _ => Ok(()),
        },
    }
}
