//! A file's bytes: mapped, held, or part of the program.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

use super::error::{Cause, OpenError};

/// The content of a file, wherever it lies in memory.
#[derive(Debug)]
pub enum Bytes {
    /// A file that is mapped read-only.
    Mapped(Mmap),
    /// Bytes in memory that came without a file.
    Held(Vec<u8>),
    /// A file that is embedded in the program.
    Static(&'static [u8]),
}

impl Bytes {
    /// Maps a file read-only, so that its pages are read when they are used and can be dropped again.
    ///
    /// # Errors
    /// What the system says when it cannot be mapped.
    pub fn map(file: &File) -> std::io::Result<Self> {
        // SAFETY: the map is private and read-only, and nothing in this program writes to an opened
        // file: exports go to a new file that is renamed into place, which leaves the mapped one as
        // it is. Another program that shortens the file while it is open would make reads past its
        // new end fail; no reader of mapped files can rule that out.
        unsafe { Mmap::map(file) }.map(Bytes::Mapped)
    }

    /// Maps the file of a path, which must have content; `inside` names a file to open where the path is a folder.
    pub(super) fn open(path: &Path, inside: impl FnOnce(&Path) -> Option<String>) -> Result<Self, OpenError> {
        let io = |e| OpenError::io(path, e);
        let refuse = |cause| Err(OpenError::new(path.display().to_string(), cause));
        let info = std::fs::metadata(path).map_err(io)?;
        match info.len() {
            _ if info.is_dir() => refuse(Cause::Directory(inside(path))),
            0 => refuse(Cause::Empty),
            _ => File::open(path).and_then(|file| Self::map(&file)).map_err(io),
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Held(bytes) => bytes,
            Bytes::Static(bytes) => bytes,
        }
    }
}
