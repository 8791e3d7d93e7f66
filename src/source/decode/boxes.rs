//! Boxes of an ISO media file that holds pictures as items: which item is the picture, where its data lie, what is said of
//! it. Sources: ISO/IEC 14496-12, sections 4.2 and 8.11; ISO/IEC 23008-12, sections 6 and 9.3.

/// Kind and content of each box.
pub(super) fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let mut head = Numbers(rest);
        let (short, kind) = (head.take(4)?, head.bytes(4)?);
        let len = match short {
            0 => rest.len(),
            1 => usize::try_from(head.take(8)?).ok()?,
            len => len as usize,
        };
        let content = rest.get(rest.len() - head.0.len()..len)?;
        rest = rest.get(len..)?;
        Some((*kind.first_chunk()?, content))
    })
}

/// Big-endian numbers, one after another.
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl<'a> Numbers<'a> {
    /// A number of so many bytes, at most 8; of none it is 0.
    pub(super) fn take(&mut self, bytes: usize) -> Option<u64> {
        Some(self.bytes(bytes)?.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Version and flags, with which many boxes begin.
    fn version(&mut self) -> Option<(u64, u64)> {
        Some((self.take(1)?, self.take(3)?))
    }
}

/// The items of a file, by the boxes in its `meta` box.
pub(super) struct Items<'a> {
    file: &'a [u8],
    /// Kinds and contents of the boxes.
    meta: Vec<([u8; 4], &'a [u8])>,
}

impl<'a> Items<'a> {
    pub(super) fn of(file: &'a [u8]) -> Option<Self> {
        let (_, meta) = boxes(file).find(|(kind, _)| kind == b"meta")?;
        Some(Self { file, meta: boxes(meta.get(4..)?).collect() })
    }

    fn find(&self, kind: &[u8; 4]) -> Option<&'a [u8]> {
        self.meta.iter().find(|(other, _)| other == kind).map(|(_, content)| *content)
    }

    /// The number of the item that is the picture.
    pub(super) fn primary(&self) -> Option<u64> {
        let mut numbers = Numbers(self.find(b"pitm")?);
        let (version, _) = numbers.version()?;
        numbers.take(if version == 0 { 2 } else { 4 })
    }

    /// What kind of item it is, as in `av01`.
    pub(super) fn kind(&self, item: u64) -> Option<[u8; 4]> {
        let mut numbers = Numbers(self.find(b"iinf")?);
        let (version, _) = numbers.version()?;
        numbers.take(if version == 0 { 2 } else { 4 })?;
        boxes(numbers.0).filter(|(kind, _)| kind == b"infe").find_map(|(_, entry)| {
            let mut numbers = Numbers(entry);
            let (version, _) = numbers.version()?;
            let number = numbers.take(if version < 3 { 2 } else { 4 })?;
            numbers.take(2)?;
            numbers.bytes(4)?.first_chunk().copied().filter(|_| number == item && version >= 2)
        })
    }

    /// The items that refer to this one in such a way.
    pub(super) fn referring(&self, kind: &[u8; 4], to: u64) -> Vec<u64> {
        let referring = || {
            let mut numbers = Numbers(self.find(b"iref")?);
            let (version, _) = numbers.version()?;
            let size = if version == 0 { 2 } else { 4 };
            let named = boxes(numbers.0).filter(|(other, _)| other == kind).filter_map(|(_, content)| {
                let mut numbers = Numbers(content);
                let (from, count) = (numbers.take(size)?, numbers.take(2)?);
                let mut refers = (0..count).map_while(|_| numbers.take(size));
                refers.any(|item| item == to).then_some(from)
            });
            Some(named.collect())
        };
        referring().unwrap_or_default()
    }

    /// Kinds and contents of the properties of an item, in their order.
    pub(super) fn properties(&self, item: u64) -> Vec<([u8; 4], &'a [u8])> {
        let Some(content) = self.find(b"iprp") else { return Vec::new() };
        let within =
            |kind: &[u8; 4]| boxes(content).filter(|(other, _)| other == kind).map(|(_, content)| content).next();
        let all: Vec<_> = boxes(within(b"ipco").unwrap_or_default()).collect();
        let places = || {
            let mut numbers = Numbers(within(b"ipma")?);
            let (version, flags) = numbers.version()?;
            let size = if flags & 1 == 0 { 1 } else { 2 };
            for _ in 0..numbers.take(4)? {
                let number = numbers.take(if version == 0 { 2 } else { 4 })?;
                let count = numbers.take(1)?;
                // The highest bit says whether a reader must know the property.
                let mask = (1 << (8 * size - 1)) - 1;
                let places: Vec<u64> = (0..count).map_while(|_| Some(numbers.take(size)? & mask)).collect();
                if number == item {
                    return Some(places);
                }
            }
            None
        };
        let property = |place: u64| all.get(usize::try_from(place).ok()?.checked_sub(1)?).copied();
        places().unwrap_or_default().into_iter().filter_map(property).collect()
    }

    /// The bytes of an item; `None` where they are not in the file.
    pub(super) fn data(&self, item: u64) -> Option<Vec<u8>> {
        let mut numbers = Numbers(self.find(b"iloc")?);
        let (version, _) = numbers.version()?;
        let sizes = numbers.take(2)?;
        let size = |shift: u32| ((sizes >> shift) & 15).min(8) as usize;
        let (of_offset, of_length, of_base) = (size(12), size(8), size(4));
        let of_index = if version == 0 { 0 } else { size(0) };
        let of_number = if version < 2 { 2 } else { 4 };
        for _ in 0..numbers.take(of_number)? {
            let number = numbers.take(of_number)?;
            let method = if version == 0 { 0 } else { numbers.take(2)? & 15 };
            numbers.take(2)?;
            let base = numbers.take(of_base)?;
            let mut data = Vec::new();
            for _ in 0..numbers.take(2)? {
                numbers.take(of_index)?;
                let (offset, length) = (numbers.take(of_offset)?, numbers.take(of_length)?);
                if number == item {
                    let within = if method == 1 { self.find(b"idat")? } else { self.file };
                    let from = within.get(usize::try_from(base.checked_add(offset)?).ok()?..)?;
                    data.extend(from.get(..usize::try_from(length).ok()?)?);
                }
            }
            if number == item {
                return (method < 2).then_some(data);
            }
        }
        None
    }
}
