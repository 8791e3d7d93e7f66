//! A tensor's place in its file, and its values as f32.
//!
//! NaN and infinity come out as they are; whoever encodes gives them weight 0: they enter no scale and no error.

use std::collections::BTreeSet;
use std::ops::Range;

use half::{bf16, f16};
use safetensors::Dtype as Stored;

use crate::engine::block::{E4M3, E5M2, GridKind, Kind, decode_grid_row, decode_row};
use crate::engine::format::Format;

/// What a tensor is that holds no plain weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The scheme that it is a part of; none for whole numbers that belong to none.
    pub scheme: Option<&'static str>,
    /// What it is, in a few words for people.
    pub what: &'static str,
}

/// One tensor of a model: its name, type and shape, and where its data lie.
#[derive(Debug, Clone)]
pub struct Tensor {
    /// As the file spells it, such as `model.layers.0.mlp.up_proj.weight`.
    pub name: String,
    /// Type of the stored values.
    pub dtype: Dtype,
    /// Sizes, outermost first: outputs × inputs for a matrix.
    pub shape: Vec<usize>,
    /// The product of the shape: 1 for a tensor of no dimensions.
    pub values: usize,
    /// Which of the model's files holds it.
    pub file: usize,
    /// Where its data lies in the file.
    pub bytes: Range<usize>,
    /// What it is, where it holds no plain weights.
    pub packed: Option<Packed>,
}

/// Kernels of convolutions are at most so wide: in three dimensions, where stacks of experts are the rule, and in more.
const WIDEST_KERNEL: (usize, usize) = (16, 32);

impl Tensor {
    /// Values of one output: the last dimension, of a convolution all but the first; 1 for a tensor of no dimensions.
    pub fn row_len(&self) -> usize {
        match self.shape.split_first() {
            Some((_, inside)) if self.is_convolution() => inside.iter().product(),
            _ => self.stored_row(),
        }
    }

    /// Values in a row as a GGUF counts them: the last dimension, whatever the tensor does.
    pub fn stored_row(&self) -> usize {
        self.shape.last().copied().unwrap_or(1)
    }

    /// Values in a row as a format's encoder sees it. Block formats of a GGUF have blocks along the last dimension, also of
    /// a convolution: that is how llama.cpp stores it, and why most kernels stay f16 there.
    pub fn row_under(&self, format: Format) -> usize {
        if format.has_blocks_of_file_rows() { self.stored_row() } else { self.row_len() }
    }

    /// [outputs, inputs, kernel…]: told from small last dimensions; of three, as a stack of experts has, also from the name.
    fn is_convolution(&self) -> bool {
        let (of_three, of_more) = WIDEST_KERNEL;
        match self.shape.as_slice() {
            [_, _, kernel] => *kernel <= of_three || self.name.contains("conv"),
            [_, _, kernel @ ..] if kernel.len() > 1 => kernel.iter().all(|side| *side <= of_more),
            _ => false,
        }
    }

    /// Why there are no values to measure: it holds no plain weights, or they cannot be read.
    pub fn unreadable(&self) -> Option<&'static str> {
        if let Some(packed) = self.packed {
            return Some(packed.what);
        }
        match self.dtype {
            Dtype::Block(_) | Dtype::Grid(_) => None,
            plain if plain.bytes().is_some() => None,
            Dtype::Plain(Stored::C64) => Some("complex numbers have no order to quantize in"),
            Dtype::Plain(Stored::F4) => Some("pairs of 4-bit floats in a byte, which are not read here"),
            Dtype::Plain(Stored::F8_E8M0) => Some("powers of two: scales, not weights"),
            Dtype::Plain(_) => Some("values of this type cannot be read"),
            Dtype::Foreign(_, Some(_)) => Some("values of this type cannot be read here"),
            Dtype::Foreign(_, None) => Some("its type is unknown: newer than this program, or withdrawn"),
        }
    }

    pub(super) fn is_stored_as(&self, types: &[Stored]) -> bool {
        matches!(self.dtype, Dtype::Plain(stored) if types.contains(&stored))
    }

    /// Bits a value as it is stored; 0 for no values.
    pub fn stored_bits(&self) -> f64 {
        if self.values == 0 { 0.0 } else { self.bytes.len() as f64 * 8.0 / self.values as f64 }
    }
}

/// The type of the stored values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dtype {
    /// One value after another.
    Plain(Stored),
    /// Blocks of values that share scales.
    Block(Kind),
    /// A block format of GGUF that is read and never written.
    Grid(GridKind),
    /// A type of GGUF that cannot be decoded: its number, and its name where it has one.
    Foreign(u32, Option<&'static str>),
}

impl Dtype {
    /// Whether the values are whole numbers, or true and false.
    pub fn is_integer(self) -> bool {
        use Stored::{BOOL, I8, I16, I32, I64, U8, U16, U32, U64};
        matches!(self, Dtype::Plain(BOOL | I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64))
    }

    /// Whether weights of this type are quantized already.
    pub fn is_quantized(self) -> bool {
        matches!(self, Dtype::Block(_) | Dtype::Grid(_) | Dtype::Plain(Stored::F8_E4M3 | Stored::F8_E5M2))
    }

    /// As it is written in the file.
    pub fn name(self) -> String {
        match self {
            Dtype::Plain(stored) => format!("{stored:?}"),
            Dtype::Block(kind) => kind.name().to_uppercase(),
            Dtype::Grid(kind) => kind.name().to_uppercase(),
            Dtype::Foreign(_, Some(name)) => name.to_owned(),
            Dtype::Foreign(id, None) => format!("type {id}"),
        }
    }

    /// Bytes a value, for the plain types that can be read.
    pub fn bytes(self) -> Option<usize> {
        let Dtype::Plain(stored) = self else { return None };
        match stored {
            Stored::BOOL | Stored::U8 | Stored::I8 | Stored::F8_E5M2 | Stored::F8_E4M3 => Some(1),
            Stored::I16 | Stored::U16 | Stored::F16 | Stored::BF16 => Some(2),
            Stored::I32 | Stored::U32 | Stored::F32 => Some(4),
            Stored::F64 | Stored::I64 | Stored::U64 => Some(8),
            _ => None,
        }
    }

    /// Weights and bytes of a block, for the types that have blocks.
    pub fn block(self) -> Option<(usize, usize)> {
        match self {
            Dtype::Block(kind) => Some((kind.block_len(), kind.block_bytes())),
            Dtype::Grid(kind) => Some((kind.block_len(), kind.block_bytes())),
            Dtype::Plain(_) | Dtype::Foreign(..) => None,
        }
    }

    /// Whether the values are fractions: what number formats are for.
    pub fn is_float(self) -> bool {
        use Stored::{BF16, F8_E4M3, F8_E5M2, F16, F32, F64};
        matches!(self, Dtype::Block(_) | Dtype::Grid(_) | Dtype::Plain(BF16 | F8_E4M3 | F8_E5M2 | F16 | F32 | F64))
    }
}

/// What there is to say of errors where the original is itself quantized: they are told against that, not against the
/// weights that it was made of. None where it is not.
pub fn requantizing<'a>(tensors: impl IntoIterator<Item = &'a Tensor>) -> Option<String> {
    let quantized = tensors.into_iter().filter(|t| t.unreadable().is_none() && t.dtype.is_quantized());
    let types = Vec::from_iter(quantized.map(|t| t.dtype.name()).collect::<BTreeSet<_>>());
    let note = format!("the original is itself quantized ({}): errors are of re-quantizing it", types.join(", "));
    (!types.is_empty()).then_some(note)
}

/// Appends the values of whole blocks, or little-endian values as f32, rounded to nearest where f32 is narrower.
pub fn decode(dtype: Dtype, bytes: &[u8], values: &mut Vec<f32>) {
    let stored = match dtype {
        Dtype::Plain(stored) => stored,
        Dtype::Block(kind) => {
            // A part of a block has no values.
            let whole = bytes.len() - bytes.len() % kind.block_bytes();
            let _ = decode_row(kind, &bytes[..whole], values);
            return;
        }
        Dtype::Grid(kind) => return decode_grid_row(kind, bytes, values),
        Dtype::Foreign(..) => return,
    };
    match stored {
        Stored::F32 => each(bytes, values, f32::from_le_bytes),
        Stored::F64 => each(bytes, values, |b| f64::from_le_bytes(b) as f32),
        Stored::F16 => each(bytes, values, |b| f16::from_le_bytes(b).to_f32()),
        Stored::BF16 => each(bytes, values, |b| bf16::from_le_bytes(b).to_f32()),
        Stored::F8_E4M3 => each(bytes, values, |[b]| E4M3.decode(b)),
        Stored::F8_E5M2 => each(bytes, values, |[b]| E5M2.decode(b)),
        Stored::BOOL => each(bytes, values, |[b]| f32::from(u8::from(b != 0))),
        Stored::U8 => each(bytes, values, |[b]| f32::from(b)),
        Stored::I8 => each(bytes, values, |b| f32::from(i8::from_le_bytes(b))),
        Stored::U16 => each(bytes, values, |b| f32::from(u16::from_le_bytes(b))),
        Stored::I16 => each(bytes, values, |b| f32::from(i16::from_le_bytes(b))),
        Stored::U32 => each(bytes, values, |b| u32::from_le_bytes(b) as f32),
        Stored::I32 => each(bytes, values, |b| i32::from_le_bytes(b) as f32),
        Stored::U64 => each(bytes, values, |b| u64::from_le_bytes(b) as f32),
        Stored::I64 => each(bytes, values, |b| i64::from_le_bytes(b) as f32),
        _ => {}
    }
}

fn each<const N: usize>(bytes: &[u8], out: &mut Vec<f32>, value: impl Fn([u8; N]) -> f32) {
    let (values, _) = bytes.as_chunks::<N>();
    out.extend(values.iter().map(|b| value(*b)));
}
