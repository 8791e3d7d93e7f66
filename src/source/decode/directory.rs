//! Directories of tags, as TIFF files and EXIF data have them. Source: TIFF 6.0, section 2.

/// Directories that are followed; a chain of them may bite its own tail.
const MOST_DIRECTORIES: usize = 4096;

/// Bytes that begin with a TIFF header.
#[derive(Clone, Copy)]
pub(super) struct Tagged<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

/// One directory.
pub(super) struct Directory<'a> {
    /// Where in the bytes it begins.
    pub at: u32,
    tagged: Tagged<'a>,
    entries: &'a [[u8; 12]],
    next: u32,
}

impl<'a> Tagged<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    /// The directories in the order of their chain.
    pub(super) fn directories(self) -> impl Iterator<Item = Directory<'a>> {
        let first = self.word(4).and_then(|at| self.directory(at));
        std::iter::successors(first, move |d| self.directory(d.next)).take(MOST_DIRECTORIES)
    }

    pub(super) fn directory(self, at: u32) -> Option<Directory<'a>> {
        if at == 0 {
            return None;
        }
        let count = usize::from(self.half(at as usize)?);
        let start = at as usize + 2;
        let end = start + count * 12;
        let entries = self.bytes.get(start..end)?.as_chunks().0;
        Some(Directory { at, tagged: self, entries, next: self.word(end).unwrap_or(0) })
    }

    /// The bytes with another directory as the first.
    pub(super) fn beginning_at(self, directory: &Directory<'_>) -> Vec<u8> {
        let at = if self.big_endian { directory.at.to_be_bytes() } else { directory.at.to_le_bytes() };
        let mut bytes = self.bytes.to_vec();
        bytes.splice(4..8, at);
        bytes
    }

    fn half(self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn word(self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

impl<'a> Directory<'a> {
    /// The first value of a tag that counts: one of 8, 16 or 32 bits.
    pub(super) fn number(&self, tag: u16) -> Option<u32> {
        let (at, len) = self.place(tag)?;
        match len.checked_div(self.count(tag)?)? {
            1 => self.tagged.bytes.get(at).copied().map(u32::from),
            2 => self.tagged.half(at).map(u32::from),
            4 => self.tagged.word(at),
            _ => None,
        }
    }

    /// The bytes of a tag's values.
    pub(super) fn values(&self, tag: u16) -> Option<&'a [u8]> {
        let (at, len) = self.place(tag)?;
        self.tagged.bytes.get(at..at.checked_add(len)?)
    }

    /// Where the values of a tag begin, and how many bytes they are.
    fn place(&self, tag: u16) -> Option<(usize, usize)> {
        const BYTES_OF_TYPES: [usize; 14] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
        let entry = self.entry(tag)?;
        let size = *BYTES_OF_TYPES.get(usize::from(self.tagged.half(entry + 2)?))?;
        let len = size.checked_mul(self.count(tag)?)?;
        Some((if len <= 4 { entry + 8 } else { self.tagged.word(entry + 8)? as usize }, len))
    }

    fn count(&self, tag: u16) -> Option<usize> {
        Some(self.tagged.word(self.entry(tag)? + 4)? as usize)
    }

    /// Where a tag's entry begins.
    fn entry(&self, tag: u16) -> Option<usize> {
        let wanted = if self.tagged.big_endian { tag.to_be_bytes() } else { tag.to_le_bytes() };
        let index = self.entries.iter().position(|e| e.starts_with(&wanted))?;
        Some(self.at as usize + 2 + index * 12)
    }
}
