//! GGUF, versions 2 and 3: the header is walked with every length checked against the bytes that are
//! left, the data stays where it is.
//!
//! Layout, all little-endian: "GGUF", u32 version, u64 tensors, u64 metadata entries; each entry a string
//! (u64 length, UTF-8), a u32 type and a value; each tensor a name, a u32 number of dimensions, that many
//! u64 from the innermost, a u32 type and a u64 offset; then the data from the next multiple of
//! `general.alignment` (32). Source: the format's specification in the ggml repository (docs/gguf.md).

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;

use safetensors::Dtype as Stored;

use super::bytes::Bytes;
use super::error::Cause;
use super::format::{Evidence, FileFormat, Opens, has_ending};
use super::model::{Container, Entry, Model};
use super::tensor::{Dtype, Tensor};
use crate::engine::block::{GridKind, Kind};

pub(super) static FORMAT: FileFormat = FileFormat {
    name: "GGUF",
    endings: &["gguf"],
    evidence: |bytes, name| match bytes.starts_with(MAGIC) {
        true => Some(Evidence::Marked),
        false => has_ending(name, "gguf").then_some(Evidence::Named),
    },
    opens: Opens::Model(|name, path, bytes| Ok(Model::parse_gguf(name, path, bytes)?.with_other_parts())),
};

/// The first four bytes of every GGUF.
pub const MAGIC: &[u8; 4] = b"GGUF";
/// Bytes to whose multiples the data are aligned where `general.alignment` says nothing else.
pub const ALIGNMENT: usize = 32;
/// Elements of a list that are shown; more are only counted.
const SHOWN: u64 = 8;
/// Characters of a text that are shown.
const SHOWN_TEXT: usize = 400;
/// Lists may hold lists; no writer nests them deeper than this.
const DEEPEST: u32 = 4;

impl Model {
    pub(super) fn parse_gguf(name: String, path: Option<PathBuf>, bytes: Bytes) -> Result<Self, Cause> {
        let Header { entries, metadata, tensors } = Header::parse(&bytes)?;
        let (file_bytes, container) = (bytes.len() as u64, Container::Gguf { entries });
        Ok(Self { name, path, file_bytes, container, tensors, metadata, files: vec![bytes], ..Self::default() })
    }
}

pub(super) struct Header {
    pub entries: Vec<Entry>,
    pub metadata: BTreeMap<String, String>,
    pub tensors: Vec<Tensor>,
}

impl Header {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Cause> {
        let mut cursor = Cursor { bytes, at: 0 };
        if cursor.take(4)? != MAGIC {
            return Err(malformed("it does not begin with GGUF"));
        }
        match cursor.u32()? {
            2 | 3 => {}
            version if version & 0xffff == 0 && version != 0 => {
                return Err(Cause::Unsupported("a big-endian GGUF cannot be read; convert it to little-endian".into()));
            }
            version => return Err(Cause::Unsupported(format!("GGUF version {version} cannot be read; 2 and 3 can"))),
        }
        let (tensor_count, entry_count) = (cursor.u64()?, cursor.u64()?);
        // A tensor takes at least 24 bytes, an entry 13.
        cursor.room_for(tensor_count, 24, "tensors")?;
        cursor.room_for(entry_count, 13, "metadata entries")?;
        let mut alignment = ALIGNMENT;
        let (mut entries, mut metadata) = (Vec::new(), BTreeMap::new());
        for _ in 0..entry_count {
            let start = cursor.at;
            let key = cursor.string("a metadata key")?.to_owned();
            let kind = cursor.u32()?;
            if key == "general.alignment" {
                alignment = cursor.peek_alignment(kind)?;
            }
            let text = cursor.value(kind, &key, 0)?;
            entries.push(Entry { key: key.clone(), bytes: start..cursor.at });
            if metadata.insert(key.clone(), text).is_some() {
                return Err(malformed(&format!("two metadata entries are called '{key}'")));
            }
        }
        let infos: Vec<Info> = (0..tensor_count).map(|_| cursor.info()).collect::<Result<_, _>>()?;
        let data = cursor.at.checked_next_multiple_of(alignment).ok_or_else(|| malformed("it is cut short"))?;
        let mut names = HashSet::new();
        let mut tensors = Vec::with_capacity(infos.len());
        for info in infos {
            if !names.insert(info.name.clone()) {
                return Err(malformed(&format!("two tensors are called '{}'", info.name)));
            }
            tensors.push(info.place(data, alignment, bytes.len())?);
        }
        tensors.sort_by_key(|t| t.bytes.start);
        Ok(Self { entries, metadata, tensors })
    }
}

/// A tensor as the header describes it.
struct Info {
    name: String,
    /// From the outermost: the order of every other kind of file.
    shape: Vec<usize>,
    kind: u32,
    offset: u64,
}

impl Info {
    fn place(self, data: usize, alignment: usize, file: usize) -> Result<Tensor, Cause> {
        let name = &self.name;
        let broken = |why: &str| malformed(&format!("tensor '{name}' {why}"));
        let values = self.shape.iter().try_fold(1usize, |product, &side| product.checked_mul(side));
        let values = values.ok_or_else(|| broken("is impossibly large"))?;
        let offset = usize::try_from(self.offset).map_err(|_| broken("lies past the end of the file"))?;
        if !offset.is_multiple_of(alignment) {
            return Err(broken(&format!("begins at {offset}, which is no multiple of {alignment}")));
        }
        let dtype = dtype(self.kind);
        let size = match dtype {
            Dtype::Foreign(id, _) => foreign_size(id, values),
            known => match known.block() {
                Some((len, bytes)) => {
                    let row = self.shape.last().copied().unwrap_or(1);
                    if !row.is_multiple_of(len) {
                        let name = known.name();
                        return Err(broken(&format!("has rows of {row}, and {name} has blocks of {len}")));
                    }
                    (values / len).checked_mul(bytes)
                }
                None => values.checked_mul(known.bytes().unwrap_or(0)),
            },
        };
        let size = size.ok_or_else(|| broken("is impossibly large"))?;
        let past_end = "lies past the end of the file";
        let start = data.checked_add(offset).ok_or_else(|| broken(past_end))?;
        let end = start.checked_add(size).filter(|&end| end <= file || size == 0);
        let end = end.ok_or_else(|| broken(&format!("{past_end}: it is cut short, or its offset is wrong")))?;
        Ok(Tensor { name: self.name, dtype, shape: self.shape, values, file: 0, bytes: start..end, packed: None })
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn left(&self) -> u64 {
        (self.bytes.len() - self.at) as u64
    }

    fn room_for(&self, count: u64, least: u64, what: &str) -> Result<(), Cause> {
        match count.checked_mul(least) {
            Some(size) if size <= self.left() => Ok(()),
            _ => Err(malformed(&format!(
                "it claims {count} {what}, more than fit in it: it is cut short, or its counts are wrong"
            ))),
        }
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], Cause> {
        if count > self.left() {
            return Err(malformed("it is cut short in its header"));
        }
        let slice = &self.bytes[self.at..self.at + count as usize];
        self.at += count as usize;
        Ok(slice)
    }

    fn u32(&mut self) -> Result<u32, Cause> {
        Ok(self.take(4)?.try_into().map_or(0, u32::from_le_bytes))
    }

    fn u64(&mut self) -> Result<u64, Cause> {
        Ok(self.take(8)?.try_into().map_or(0, u64::from_le_bytes))
    }

    fn string(&mut self, what: &str) -> Result<&'a str, Cause> {
        let length = self.u64()?;
        if length > self.left() {
            return Err(malformed(&format!("{what} claims {length} bytes, more than are left")));
        }
        std::str::from_utf8(self.take(length)?).map_err(|_| malformed(&format!("{what} is not UTF-8")))
    }

    fn peek_alignment(&self, kind: u32) -> Result<usize, Cause> {
        let alignment = Cursor { ..*self }.u32()? as usize;
        match (kind, alignment.is_power_of_two()) {
            (4, true) => Ok(alignment),
            (4, false) => Err(malformed(&format!("its alignment of {alignment} is no power of two"))),
            _ => Err(malformed("its alignment is no 32-bit number")),
        }
    }

    /// Reads over a value and says it in words.
    fn value(&mut self, kind: u32, key: &str, depth: u32) -> Result<String, Cause> {
        match (kind, scalar_width(kind)) {
            (8, _) => Ok(self.string(&format!("the value of '{key}'"))?.chars().take(SHOWN_TEXT).collect()),
            (9, _) => self.list(key, depth),
            (_, Some(width)) => Ok(scalar_text(kind, self.take(width)?)),
            _ => Err(malformed(&format!("the value of '{key}' has the unknown type {kind}"))),
        }
    }

    fn list(&mut self, key: &str, depth: u32) -> Result<String, Cause> {
        if depth >= DEEPEST {
            return Err(malformed(&format!("the lists of '{key}' are nested too deeply")));
        }
        let (kind, count) = (self.u32()?, self.u64()?);
        let least = match (kind, scalar_width(kind)) {
            (8, _) => 8,
            (9, _) => 12,
            (_, Some(width)) => width,
            _ => return Err(malformed(&format!("the list '{key}' has the unknown type {kind}"))),
        };
        self.room_for(count, least, &format!("elements of '{key}'"))?;
        let shown: Vec<String> =
            (0..count.min(SHOWN)).map(|_| self.value(kind, key, depth + 1)).collect::<Result<_, _>>()?;
        match scalar_width(kind) {
            Some(width) => _ = self.take((count - shown.len() as u64) * width)?,
            None => {
                for _ in shown.len() as u64..count {
                    self.value(kind, key, depth + 1)?;
                }
            }
        }
        Ok(if count <= SHOWN { format!("[{}]", shown.join(", ")) } else { format!("a list of {count}") })
    }

    fn info(&mut self) -> Result<Info, Cause> {
        let name = self.string("a tensor's name")?.to_owned();
        let dimensions = u64::from(self.u32()?);
        self.room_for(dimensions, 8, &format!("dimensions of tensor '{name}'"))?;
        let side =
            |side: u64| usize::try_from(side).map_err(|_| malformed(&format!("tensor '{name}' is impossibly large")));
        let mut shape: Vec<usize> = (0..dimensions).map(|_| side(self.u64()?)).collect::<Result<_, _>>()?;
        shape.reverse();
        let (kind, offset) = (self.u32()?, self.u64()?);
        Ok(Info { name, shape, kind, offset })
    }
}

fn scalar_width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

fn scalar_text(kind: u32, b: &[u8]) -> String {
    let mut wide = [0u8; 8];
    wide[..b.len().min(8)].copy_from_slice(&b[..b.len().min(8)]);
    let [b0, b1, b2, b3, ..] = wide;
    match kind {
        1 => i8::from_le_bytes([b0]).to_string(),
        3 => i16::from_le_bytes([b0, b1]).to_string(),
        5 => i32::from_le_bytes([b0, b1, b2, b3]).to_string(),
        6 => f32::from_le_bytes([b0, b1, b2, b3]).to_string(),
        7 => (b0 != 0).to_string(),
        11 => i64::from_le_bytes(wide).to_string(),
        12 => f64::from_le_bytes(wide).to_string(),
        _ => u64::from_le_bytes(wide).to_string(),
    }
}

/// The numbers of the types in a GGUF that are no blocks.
const PLAIN: [(u32, Stored); 8] = [
    (0, Stored::F32),
    (1, Stored::F16),
    (24, Stored::I8),
    (25, Stored::I16),
    (26, Stored::I32),
    (27, Stored::I64),
    (28, Stored::F64),
    (30, Stored::BF16),
];

/// All types of values that are read: those of a GGUF and those that it has no number for.
pub fn types() -> impl Iterator<Item = Dtype> {
    let plain = PLAIN.into_iter().map(|(_, stored)| Dtype::Plain(stored));
    plain.chain(Kind::ALL.map(Dtype::Block)).chain(GridKind::ALL.map(Dtype::Grid))
}

/// Known, and not decoded here: number, name, values and bytes of a block.
const FOREIGN: [(u32, &str, usize, usize); 4] =
    [(9, "Q8_1", 32, 40), (15, "Q8_K", 256, 292), (41, "Q1_0", 128, 18), (42, "Q2_0", 64, 18)];

/// The type that a number stands for in a GGUF.
pub fn dtype(id: u32) -> Dtype {
    let known = types().find(|&dtype| type_number(dtype) == Some(id));
    let named = || FOREIGN.iter().find(|(number, ..)| *number == id).map(|(_, name, ..)| *name);
    known.unwrap_or_else(|| Dtype::Foreign(id, named()))
}

/// The number of a type in a GGUF; none for types that it cannot hold.
pub fn type_number(dtype: Dtype) -> Option<u32> {
    match dtype {
        Dtype::Plain(stored) => PLAIN.iter().find(|(_, known)| *known == stored).map(|(number, _)| *number),
        Dtype::Block(kind) => kind.row().gguf,
        Dtype::Grid(kind) => Some(kind.row().gguf),
        Dtype::Foreign(..) => None,
    }
}

/// 0 where the size of a block is not known.
fn foreign_size(id: u32, values: usize) -> Option<usize> {
    match FOREIGN.iter().find(|(number, ..)| *number == id) {
        Some((_, _, len, bytes)) => values.div_ceil(*len).checked_mul(*bytes),
        None => Some(0),
    }
}

fn malformed(why: &str) -> Cause {
    Cause::Malformed(format!("not a valid GGUF file: {why}"))
}

/// Where the value of an entry begins, after its key and type.
pub fn entry_value(entry: &[u8]) -> Option<(u32, Range<usize>)> {
    let mut cursor = Cursor { bytes: entry, at: 0 };
    cursor.string("a key").ok()?;
    let kind = cursor.u32().ok()?;
    Some((kind, cursor.at..entry.len()))
}
