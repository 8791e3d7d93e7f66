//! The files that a sub-command reads and writes.

use std::io::Write;
use std::path::Path;

use super::refusal::Refusal;
use crate::export::{self, destination};

/// Refuses a file that is there already, the input or another, unless it may be replaced.
pub(super) fn check_free(path: &Path, force: bool) -> Result<(), Refusal> {
    match !force && destination::is_taken(path) {
        true => Err(Refusal::input("there is such a file already; --force replaces it").about(path.display())),
        false => Ok(()),
    }
}

/// To a file, whole or not at all, or to standard output.
pub(super) fn deliver(text: &str, to: Option<&Path>) -> Result<(), Refusal> {
    match to {
        Some(path) => Ok(export::write_whole(path, text.as_bytes())?),
        // A reader that has seen enough (`| head`) is no error.
        None => match std::io::stdout().lock().write_all(text.as_bytes()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Refusal::from(e).about("standard output")),
            _ => Ok(()),
        },
    }
}
