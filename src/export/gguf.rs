//! Writing a GGUF (version 3): the header first, as every size is known beforehand, then the data of one
//! tensor after another, each at a multiple of the alignment.
//!
//! Metadata of a GGUF is carried over as it is written, except what is true of the old file only: the type of the
//! whole file, its place in a split, the importance matrix that it was made with. What comes from elsewhere gets the
//! least that readers ask for. Sources: docs/gguf.md of ggml; llama.cpp's include/llama.h and src/llama-model-loader.cpp
//! for the types of whole files.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use std::io::{self, Write};

use super::ExportError;
use crate::source::gguf::{ALIGNMENT, MAGIC, entry_value, type_number};
use crate::source::model::{Container, Model};
use crate::source::tensor::Dtype;

const VERSION: u32 = 3;
const STRING: u32 = 8;
const U32: u32 = 4;
/// Readers hold no more.
const MOST_DIMENSIONS: usize = 4;
/// Of ggml's block formats.
const QUANTIZATION_VERSION: u32 = 2;
const FILE_TYPE: &str = "general.file_type";
const VERSION_KEY: &str = "general.quantization_version";

/// llama.cpp's tensors have names of fewer bytes than this.
pub const LONGEST_NAME: usize = 64;

/// A tensor as it will stand in the file.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// The tensor's name in the file, which llama.cpp reads if it is shorter than [`LONGEST_NAME`].
    pub name: &'a str,
    /// From the outermost, as everywhere else.
    pub shape: &'a [usize],
    /// The type of the data as written, one that [`type_number`] has a number for.
    pub dtype: Dtype,
    /// Length of the data without the padding up to the alignment.
    pub bytes: u64,
}

/// The header with its padding, and the alignment of what follows.
///
/// # Errors
/// [`ExportError::Unfit`]: a tensor that such a file cannot hold, or a model that is not whole.
pub fn header(model: &Model, slots: &[Slot<'_>]) -> Result<(Vec<u8>, u64), ExportError> {
    check_whole(model)?;
    let (entries, alignment) = entries(model, slots);
    let mut out = MAGIC.to_vec();
    out.extend(VERSION.to_le_bytes());
    out.extend((slots.len() as u64).to_le_bytes());
    out.extend((entries.len() as u64).to_le_bytes());
    entries.iter().for_each(|entry| out.extend(entry));
    let mut offset = 0u64;
    for slot in slots {
        // A single number has one side of one.
        let shape = if slot.shape.is_empty() { &[1] } else { slot.shape };
        if shape.len() > MOST_DIMENSIONS {
            let why = format!("'{}' has {} dimensions, and a GGUF holds at most 4", slot.name, shape.len());
            return Err(ExportError::Unfit(why));
        }
        let number = type_number(slot.dtype).ok_or_else(|| {
            ExportError::Unfit(format!("'{}' is {}, which a GGUF has no type for", slot.name, slot.dtype.name()))
        })?;
        push_string(&mut out, slot.name);
        out.extend((shape.len() as u32).to_le_bytes());
        shape.iter().rev().for_each(|side| out.extend((*side as u64).to_le_bytes()));
        out.extend(number.to_le_bytes());
        out.extend(offset.to_le_bytes());
        offset += slot.bytes.next_multiple_of(alignment);
    }
    out.resize((out.len() as u64).next_multiple_of(alignment) as usize, 0);
    Ok((out, alignment))
}

/// Zeros up to the next multiple of the alignment.
///
/// # Errors
/// What the writer says.
pub fn pad(writer: &mut dyn Write, written: u64, alignment: u64) -> io::Result<()> {
    let missing = written.next_multiple_of(alignment) - written;
    io::copy(&mut io::Read::take(io::repeat(0), missing), writer).map(|_| ())
}

/// Refuses a model that is one part of several: what would be written is no model.
fn check_whole(model: &Model) -> Result<(), ExportError> {
    let number = |key: &str| model.metadata.get(key).and_then(|text| text.parse::<usize>().ok());
    let here = model.tensors.len();
    match (number("split.no"), number("split.count"), number("split.tensors.count")) {
        (Some(part), Some(parts), Some(all)) if here < all => Err(ExportError::Unfit(format!(
            "{} is part {} of {parts} of a split model, with {here} of its {all} tensors; join the parts first, as \
             'llama-gguf-split --merge' does",
            model.name,
            part + 1
        ))),
        _ => Ok(()),
    }
}

/// Whether an entry is true of the file that it stands in only.
fn is_of_one_file(key: &str) -> bool {
    let prefixes = ["split.", "quantize.imatrix."];
    [FILE_TYPE, VERSION_KEY].contains(&key) || prefixes.iter().any(|prefix| key.starts_with(prefix))
}

/// llama.cpp's number for a file: of the type that most of its matrices have, as its loader guesses where it must.
fn file_type(slots: &[Slot<'_>]) -> Option<u32> {
    /// Types of tensors and of files.
    const FILES: [(u32, u32); 26] = [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (6, 8),
        (7, 9),
        (8, 7),
        (10, 10),
        (11, 12),
        (12, 15),
        (13, 17),
        (14, 18),
        (16, 19),
        (17, 20),
        (18, 23),
        (19, 24),
        (20, 25),
        (21, 26),
        (22, 28),
        (23, 30),
        (29, 31),
        (30, 32),
        (34, 36),
        (35, 37),
        (39, 38),
        (40, 39),
    ];
    let mut counts = BTreeMap::new();
    for number in slots.iter().filter(|s| s.shape.len() > 1).filter_map(|s| type_number(s.dtype)) {
        *counts.entry(number).or_insert(0usize) += 1;
    }
    let (most, _) = counts.into_iter().max_by_key(|&(number, count)| (count, Reverse(number)))?;
    FILES.iter().find(|(tensor, _)| *tensor == most).map(|(_, file)| *file)
}

fn entries(model: &Model, slots: &[Slot<'_>]) -> (Vec<Vec<u8>>, u64) {
    let number = |key: &str, value: u32| entry(key, U32, &|out| out.extend(value.to_le_bytes()));
    let (mut entries, alignment) = carried_over(model);
    entries.push(number(VERSION_KEY, QUANTIZATION_VERSION));
    entries.extend(file_type(slots).map(|file| number(FILE_TYPE, file)));
    (entries, alignment)
}

fn carried_over(model: &Model) -> (Vec<Vec<u8>>, u64) {
    let Container::Gguf { entries } = &model.container else {
        let named = |key: &str, value: &str| entry(key, STRING, &|out| push_string(out, value));
        let own = vec![named("general.architecture", architecture(model)), named("general.name", &model.name)];
        return (own, ALIGNMENT as u64);
    };
    let mut alignment = ALIGNMENT as u64;
    let mut kept = Vec::new();
    for entry in entries.iter().filter(|entry| !is_of_one_file(&entry.key)) {
        let bytes = model.entry_bytes(entry);
        if entry.key == "general.alignment"
            && let Some((_, value)) = entry_value(bytes)
            && let Some(value) = bytes.get(value).and_then(|b| b.try_into().ok())
        {
            alignment = u64::from(u32::from_le_bytes(value)).max(1);
        }
        kept.push(bytes.to_vec());
    }
    (kept, alignment)
}

/// As the model's own configuration names it, where the file has one.
fn architecture(model: &Model) -> &'static str {
    use crate::source::naming::Naming;
    match Naming::of(model) {
        Naming::Llama { .. } => "llama",
        Naming::Bert => "bert",
        Naming::Gpt2 => "gpt2",
        Naming::Gguf | Naming::Unknown => "unknown",
    }
}

fn entry(key: &str, kind: u32, value: &dyn Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    push_string(&mut out, key);
    out.extend(kind.to_le_bytes());
    value(&mut out);
    out
}

fn push_string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}
