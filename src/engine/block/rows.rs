//! Whole rows: which encoder and which decoder the blocks of each kind go through.

use std::fmt;

use super::kind::Kind;
use super::{affine_k, bnb, e2m1, integer, iq4, minifloat, mx, symmetric_k, ternary};
use crate::engine::simd::{Kernel, widest};

/// A length that is no whole number of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthError {
    pub kind: Kind,
    pub length: usize,
    /// Weights or bytes of a block, whichever `length` counts.
    pub block: usize,
    pub(super) unit: &'static str,
}

impl fmt::Display for LengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, length, block, unit } = self;
        write!(f, "{} needs a multiple of {block} {unit}, not {length}", kind.name())
    }
}

impl std::error::Error for LengthError {}

pub(super) fn whole_blocks(kind: Kind, length: usize, block: usize, unit: &'static str) -> Result<(), LengthError> {
    if length.is_multiple_of(block) { Ok(()) } else { Err(LengthError { kind, length, block, unit }) }
}

/// Appends the blocks of a row. Values may be anything; those that are not finite spoil their own block
/// only. A row that is no multiple of the block is refused, and nothing is appended.
pub fn encode_row(kind: Kind, row: &[f32], out: &mut Vec<u8>) -> Result<(), LengthError> {
    whole_blocks(kind, row.len(), kind.block_len(), "weights")?;
    out.reserve(row.len() / kind.block_len() * kind.block_bytes());
    match kind {
        Kind::Q8_0 | Kind::Q4_0 | Kind::Q4_1 | Kind::Q5_0 | Kind::Q5_1 | Kind::Q3K => widest(Wide { kind, row, out }),
        Kind::Iq4Nl => encode_several(row, out, iq4::encode_nl),
        Kind::Iq4Xs => encode(row, out, iq4::encode_xs),
        Kind::Q2K => encode(row, out, affine_k::encode_q2_k),
        Kind::Q4K => encode(row, out, affine_k::encode_q4_k),
        Kind::Q5K => encode(row, out, affine_k::encode_q5_k),
        Kind::Q6K => encode(row, out, symmetric_k::encode_q6_k),
        Kind::Tq1_0 => encode(row, out, ternary::encode_tq1_0),
        Kind::Tq2_0 => encode(row, out, ternary::encode_tq2_0),
        Kind::Mxfp4 => encode(row, out, e2m1::encode_mxfp4),
        Kind::Nvfp4 => encode(row, out, e2m1::encode_nvfp4),
        Kind::Nf4 => encode(row, out, |x| bnb::encode(x, &bnb::NF4)),
        Kind::Fp4 => encode(row, out, |x| bnb::encode(x, &bnb::FP4)),
        Kind::Fp8E4m3 => out.extend(row.iter().map(|&x| minifloat::E4M3.encode(x))),
        Kind::Fp8E5m2 => out.extend(row.iter().map(|&x| minifloat::E5M2.encode(x))),
        Kind::Mxfp8E4m3 => encode(row, out, |x| mx::encode_8(x, minifloat::E4M3)),
        Kind::Mxfp8E5m2 => encode(row, out, |x| mx::encode_8(x, minifloat::E5M2)),
        Kind::Mxfp6E2m3 => encode(row, out, |x| mx::encode_6(x, minifloat::E2M3)),
        Kind::Mxfp6E3m2 => encode(row, out, |x| mx::encode_6(x, minifloat::E3M2)),
    }
    Ok(())
}

/// Appends the weights of the blocks. Bytes that are no multiple of the block are refused, and nothing is
/// appended.
pub fn decode_row(kind: Kind, bytes: &[u8], out: &mut Vec<f32>) -> Result<(), LengthError> {
    whole_blocks(kind, bytes.len(), kind.block_bytes(), "bytes")?;
    out.reserve(bytes.len() / kind.block_bytes() * kind.block_len());
    match kind {
        Kind::Q8_0 => decode(bytes, out, integer::decode_q8_0),
        Kind::Q4_0 => decode(bytes, out, integer::decode_q4_0),
        Kind::Q4_1 => decode(bytes, out, integer::decode_q4_1),
        Kind::Q5_0 => decode(bytes, out, integer::decode_q5_0),
        Kind::Q5_1 => decode(bytes, out, integer::decode_q5_1),
        Kind::Iq4Nl => decode(bytes, out, iq4::decode_nl),
        Kind::Iq4Xs => decode(bytes, out, iq4::decode_xs),
        Kind::Q2K => decode(bytes, out, affine_k::decode_q2_k),
        Kind::Q3K => decode(bytes, out, symmetric_k::decode_q3_k),
        Kind::Q4K => decode(bytes, out, affine_k::decode_q4_k),
        Kind::Q5K => decode(bytes, out, affine_k::decode_q5_k),
        Kind::Q6K => decode(bytes, out, symmetric_k::decode_q6_k),
        Kind::Tq1_0 => decode(bytes, out, ternary::decode_tq1_0),
        Kind::Tq2_0 => decode(bytes, out, ternary::decode_tq2_0),
        Kind::Mxfp4 => decode(bytes, out, e2m1::decode_mxfp4),
        Kind::Nvfp4 => decode(bytes, out, e2m1::decode_nvfp4),
        Kind::Nf4 => decode(bytes, out, |block| bnb::decode(block, &bnb::NF4)),
        Kind::Fp4 => decode(bytes, out, |block| bnb::decode(block, &bnb::FP4)),
        Kind::Fp8E4m3 => out.extend(bytes.iter().map(|&code| minifloat::E4M3.decode(code))),
        Kind::Fp8E5m2 => out.extend(bytes.iter().map(|&code| minifloat::E5M2.decode(code))),
        Kind::Mxfp8E4m3 => decode(bytes, out, |block| mx::decode_8(block, minifloat::E4M3)),
        Kind::Mxfp8E5m2 => decode(bytes, out, |block| mx::decode_8(block, minifloat::E5M2)),
        Kind::Mxfp6E2m3 => decode(bytes, out, |block| mx::decode_6(block, minifloat::E2M3)),
        Kind::Mxfp6E3m2 => decode(bytes, out, |block| mx::decode_6(block, minifloat::E3M2)),
    }
    Ok(())
}

fn encode<const N: usize, const B: usize>(row: &[f32], out: &mut Vec<u8>, block: impl Fn(&[f32; N]) -> [u8; B]) {
    for x in row.as_chunks::<N>().0 {
        out.extend_from_slice(&block(x));
    }
}

/// For searches that work on several small blocks at once: a last, short group is filled up with zeros.
fn encode_several<const N: usize, const B: usize, const COUNT: usize>(
    row: &[f32],
    out: &mut Vec<u8>,
    blocks: impl Fn(&[f32; N]) -> [[u8; B]; COUNT],
) {
    let (groups, rest) = row.as_chunks::<N>();
    for group in groups {
        out.extend_from_slice(blocks(group).as_flattened());
    }
    if !rest.is_empty() {
        let mut group = [0.0; N];
        group[..rest.len()].copy_from_slice(rest);
        out.extend_from_slice(&blocks(&group).as_flattened()[..rest.len() * COUNT / N * B]);
    }
}

/// The encoders that gain from wide registers.
struct Wide<'a> {
    kind: Kind,
    row: &'a [f32],
    out: &'a mut Vec<u8>,
}

impl Kernel for Wide<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        // Called by their names: what is handed on as a function is compiled for any machine.
        macro_rules! each_block {
            ($encode:path) => {
                for x in self.row.as_chunks().0 {
                    self.out.extend_from_slice(&$encode(x));
                }
            };
        }
        match self.kind {
            Kind::Q8_0 => each_block!(integer::encode_q8_0),
            Kind::Q4_0 => each_block!(integer::encode_q4_0),
            Kind::Q4_1 => each_block!(integer::encode_q4_1),
            Kind::Q5_0 => each_block!(integer::encode_q5_0),
            Kind::Q5_1 => each_block!(integer::encode_q5_1),
            _ => each_block!(symmetric_k::encode_q3_k),
        }
    }
}

fn decode<const N: usize, const B: usize>(bytes: &[u8], out: &mut Vec<f32>, block: impl Fn(&[u8; B]) -> [f32; N]) {
    for bytes in bytes.as_chunks::<B>().0 {
        out.extend_from_slice(&block(bytes));
    }
}
