//! Several photos in one run: which they are, a line for each, and a total.

use std::fmt;
use std::path::{Path, PathBuf};

use super::refusal::Refusal;
use crate::figures;
use crate::source::folder::all_photos_in;
use crate::source::formats::photo_names;

/// The photos of a run.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) photos: Vec<PathBuf>,
    /// Whether there may be several: more than one name, or a folder.
    pub(super) many: bool,
    /// Files in folders that are no photos.
    others: usize,
    /// Folders without a photo, and those that cannot be read.
    pub(super) failures: Vec<String>,
}

impl Batch {
    /// Files as they are named, and the photos in folders.
    pub(super) fn of(inputs: &[PathBuf]) -> Self {
        let mut batch = Self { many: inputs.len() > 1, ..Self::default() };
        for input in inputs {
            if input.is_dir() {
                batch.many = true;
                batch.add_folder(input);
            } else {
                batch.photos.push(input.clone());
            }
        }
        batch
    }

    fn add_folder(&mut self, folder: &Path) {
        match all_photos_in(folder) {
            Ok(found) if found.photos.is_empty() => {
                let why = format!("none of the {} files in it is a photo ({})", found.others, photo_names());
                self.failures.push(Refusal::Input(why).about(folder.display()).message());
            }
            Ok(found) => {
                self.photos.extend(found.photos);
                self.others += found.others;
            }
            Err(error) => self.failures.push(error.to_string()),
        }
    }

    /// What came of all of them, in a line.
    pub(super) fn total(&self, total: &Total, failures: usize) -> String {
        let count = |n: usize, one: &str, many: &str| match n {
            0 => String::new(),
            1 => format!("; 1 {one}"),
            n => format!("; {n} {many}"),
        };
        let kept =
            count(total.kept, "not written, as it would be no smaller", "not written, as they would be no smaller");
        let failed = count(failures, "failed", "failed");
        let others = count(self.others, "other file passed over", "other files passed over");
        let photos = if total.photos == 1 { "photo" } else { "photos" };
        format!("{} {photos}: {}{kept}{failed}{others}\n", total.photos, Bytes(total.before, total.after))
    }
}

/// Sums over photos that were reduced; those that were not written for their size are only counted.
#[derive(Default)]
pub(super) struct Total {
    pub(super) photos: usize,
    pub(super) kept: usize,
    pub(super) before: u64,
    pub(super) after: u64,
}

/// "619000 to 177000 bytes, −71 %".
pub(super) struct Bytes(pub(super) u64, pub(super) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(before, after) = self;
        write!(f, "{before} to {after} bytes")?;
        match before {
            0 => Ok(()),
            _ => write!(f, ", {}", figures::change((*after as f64 / *before as f64 - 1.0) * 100.0)),
        }
    }
}
