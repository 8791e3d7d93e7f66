//! Palette files among the files that are opened: which they are, and reading one.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{Cause, OpenError};
use crate::palette::{self, Fixed, MOST_COLORS};

/// The largest palette file that is read, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;

/// Whether a file is a PNG of one row of 2 to 256 pixels: from the first chunk, which is the header.
pub fn is_strip(path: &Path) -> bool {
    let mut start = [0; 24];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    let side = |at: usize| u32::from_be_bytes([start[at], start[at + 1], start[at + 2], start[at + 3]]);
    read.is_ok()
        && start.starts_with(b"\x89PNG\r\n\x1a\n")
        && side(20) == 1
        && (2..=MOST_COLORS as u32).contains(&side(16))
}

/// The palette of a file.
///
/// # Errors
/// The file cannot be read, is too large, or holds no palette.
pub fn open(path: &Path) -> Result<Fixed, OpenError> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(OpenError::new(name, Cause::Directory(None)));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|f| f.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    if read.map_err(|e| OpenError::io(path, e))? as u64 > MOST_BYTES {
        let cause = Cause::TooLarge(format!("it is larger than {} MiB: no palette is", MOST_BYTES >> 20));
        return Err(OpenError::new(name, cause));
    }
    palette::read(&name, &bytes).map(Fixed::new).map_err(|error| OpenError::new(name, error.into()))
}
