//! Files that are written into one folder, and how far they are.

use std::path::PathBuf;

use crate::export::batch::{Batch, Outcome};
use crate::figures;
use crate::view::shell::savable::Savable;

/// A batch on its way, with what has become of its files so far.
pub(crate) struct BatchState {
    pub(crate) id: u64,
    pub(crate) what: Savable,
    pub(crate) folder: PathBuf,
    /// What is to be written, until a worker has it.
    pub(crate) batch: Option<Batch>,
    /// How many files it is.
    pub(crate) total: usize,
    written: usize,
    pub(crate) failed: Vec<String>,
    /// Bytes of the photos' own files and of those written, of the photos that have one.
    bytes: (u64, u64),
}

impl BatchState {
    pub(crate) fn new(id: u64, what: Savable, batch: Batch) -> Self {
        let (folder, total) = (batch.folder.clone(), batch.items.len());
        Self { id, what, folder, batch: Some(batch), total, written: 0, failed: Vec::new(), bytes: (0, 0) }
    }

    /// Takes what has come; returns the files that are there already, if that is why nothing is written.
    pub(crate) fn take(&mut self, outcome: Outcome) -> Option<Vec<PathBuf>> {
        match outcome {
            Outcome::Taken(paths) => return Some(paths),
            Outcome::Failed(why) => self.failed.push(why),
            Outcome::Written { source_bytes, bytes } => {
                self.written += 1;
                if source_bytes > 0 {
                    self.bytes.0 += source_bytes;
                    self.bytes.1 += bytes;
                }
            }
        }
        None
    }

    /// "3 of 12 files, 5 210 kB → 1 120 kB, −79 %".
    pub(crate) fn progress_text(&self) -> String {
        format!("{} of {} files{}", self.written, self.total, self.bytes_text())
    }

    fn bytes_text(&self) -> String {
        let (before, after) = self.bytes;
        if before == 0 {
            return String::new();
        }
        let change = figures::change((after as f64 / before as f64 - 1.0) * 100.0);
        format!(", {} → {}, {change}", figures::kilobytes(before), figures::kilobytes(after))
    }

    /// What is said at the end, and whether something went wrong.
    pub(crate) fn report(&self, is_cancelled: bool) -> (String, bool) {
        let cancelled = if is_cancelled { "Cancelled: " } else { "" };
        let folder = self.folder.display();
        let mut text = format!("{cancelled}{} written to {folder}", self.progress_text());
        if !self.failed.is_empty() {
            text += &format!("\nNot written: {}", self.failed.join("\n"));
        }
        (text, !self.failed.is_empty())
    }
}
