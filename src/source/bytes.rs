//! A file's bytes: mapped, held, or part of the program.

use std::fs::File;
use std::ops::Deref;

use memmap2::Mmap;

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
