//! What there is to know of a block format, and how rows go through its functions for one block.

use std::ops::Range;

use crate::engine::format::family::Family;

/// A block format's row. Functions take whole rows and append; lengths are checked before they are called.
pub struct Facts {
    /// In lower case, as in `q4_k`: the name that files and tools use.
    pub name: &'static str,
    /// The heading that it is listed under.
    pub family: Family,
    /// What it is for, in one line.
    pub purpose: &'static str,
    /// The parts of a block in their order, in one line.
    pub layout: &'static str,
    /// Who defines it, in one line.
    pub source: &'static str,
    /// Weights of a block; rows have a multiple of it.
    pub len: usize,
    /// Bytes of a block.
    pub bytes: usize,
    /// Its number in a GGUF; none where such a file cannot hold it.
    pub gguf: Option<u32>,
    /// What takes its place where the length of a row is no multiple of `len`.
    pub fallback: Fallback,
    /// As the reference encodes: values may be anything.
    pub encode: fn(&[f32], &mut Vec<u8>),
    /// Appends the weights of whole blocks.
    pub decode: fn(&[u8], &mut Vec<f32>),
    /// For less error at the same bytes, with an importance for each weight or none; none where nothing can be won.
    pub search: Option<Search>,
    /// Where a block keeps its codes, and which levels they stand for.
    pub inside: Inside,
}

/// Weights, their importances where there are any, and where the bytes go.
pub(super) type Search = fn(&[f32], Option<&[f32]>, &mut Vec<u8>);

/// What a row is stored as whose length is no multiple of the block.
#[derive(Clone, Copy, Debug)]
pub enum Fallback {
    /// Its blocks run on over the ends of rows.
    Flat,
    /// Its last block is filled up with zeros.
    Padded,
    /// f16, as converters to GGUF have it.
    F16,
    /// The block format of this name, as converters to GGUF have it, and f16 where that does not fit either.
    Format(&'static str),
}

/// Where a block has its codes, and what they stand for.
pub struct Inside {
    pub codes: Range<usize>,
    /// Fillings of three bytes that make every code the least, or the greatest.
    pub least: [u8; 3],
    pub greatest: [u8; 3],
    /// Weights that share a scale.
    pub run: usize,
    /// Whether runs have a minimum beside the scale.
    pub minima: bool,
    pub levels: fn() -> Vec<f32>,
}

impl Inside {
    /// What codes are filled with whose bits are in plain order.
    pub const PLAIN: [u8; 2] = [0x00, 0xFF];

    pub const fn new(codes: Range<usize>, [least, greatest]: [u8; 2], run: usize, levels: fn() -> Vec<f32>) -> Self {
        Self { codes, least: [least; 3], greatest: [greatest; 3], run, minima: false, levels }
    }

    pub const fn with_minima(self) -> Self {
        Self { minima: true, ..self }
    }
}

pub(super) fn integers(low: i32, high: i32) -> Vec<f32> {
    (low..=high).map(|k| k as f32).collect()
}

pub(super) fn encode<const N: usize, const B: usize>(
    row: &[f32],
    bytes: &mut Vec<u8>,
    block: impl Fn(&[f32; N]) -> [u8; B],
) {
    for x in row.as_chunks::<N>().0 {
        bytes.extend_from_slice(&block(x));
    }
}

/// For searches that work on several small blocks at once: a last, short group is filled up with zeros.
pub(super) fn encode_several<const N: usize, const B: usize, const COUNT: usize>(
    row: &[f32],
    bytes: &mut Vec<u8>,
    blocks: impl Fn(&[f32; N]) -> [[u8; B]; COUNT],
) {
    let (groups, rest) = row.as_chunks::<N>();
    for group in groups {
        bytes.extend_from_slice(blocks(group).as_flattened());
    }
    if !rest.is_empty() {
        let mut group = [0.0; N];
        group[..rest.len()].copy_from_slice(rest);
        bytes.extend_from_slice(&blocks(&group).as_flattened()[..rest.len() * COUNT / N * B]);
    }
}

pub(super) fn decode<const N: usize, const B: usize>(
    bytes: &[u8],
    weights: &mut Vec<f32>,
    block: impl Fn(&[u8; B]) -> [f32; N],
) {
    for bytes in bytes.as_chunks::<B>().0 {
        weights.extend_from_slice(&block(bytes));
    }
}

/// [`encode`] for an encoder that gains from wide registers. It is called by its name: what is handed on as a function
/// is compiled for any machine.
macro_rules! encode_wide {
    ($block:path) => {
        |row, out| {
            struct Encode<'a>(&'a [f32], &'a mut Vec<u8>);
            impl Kernel for Encode<'_> {
                type Out = ();
                #[inline(always)]
                fn run(self) {
                    for x in self.0.as_chunks().0 {
                        self.1.extend_from_slice(&$block(x));
                    }
                }
            }
            widest(Encode(row, out))
        }
    };
}

/// A search of blocks one by one (`each`) or `side_by_side`, in the widest registers.
macro_rules! search {
    ($how:ident, $block:expr) => {
        Some(|row, importance, out| {
            struct Blocks<'a>(&'a [f32], Option<&'a [f32]>, &'a mut Vec<u8>);
            impl Kernel for Blocks<'_> {
                type Out = ();
                #[inline(always)]
                fn run(self) {
                    $how(self.0, self.1, self.2, $block);
                }
            }
            widest(Blocks(row, importance, out))
        })
    };
}

pub(super) use {encode_wide, search};
