//! What block formats there are: a row each, in the order in which they are offered.

use super::facts::{Facts, Fallback, Inside, decode, encode, encode_several, encode_wide, integers, search};
use super::minifloat::{E2M3, E3M2, E4M3, E5M2};
use super::plus::block::{each, side_by_side};
use super::{affine_k, bnb, e2m1, integer, iq4, mx, plus, symmetric_k, ternary};
use crate::engine::codebook::Codebook;
use crate::engine::format::family::Family;
use crate::engine::simd::{Kernel, widest};

const GGML: &str = "ggml, the library under llama.cpp";
const OCP_MX: &str = "OCP Microscaling Formats v1.0; order of bytes our own";
const OCP_FP8: &str = "OCP 8-bit Floating Point (OFP8)";

rows! {
    /// A block format.
    Kind: Facts, "block format";

    /// `fp8_e4m3`, without a scale, 8 bits a weight.
    Fp8E4m3 = Facts {
        name: "fp8_e4m3", family: Family::Float, source: OCP_FP8,
        purpose: "8-bit floats without a scale: 448 is the greatest",
        layout: "one E4M3FN code a weight",
        len: 1, bytes: 1, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| out.extend(row.iter().map(|&x| E4M3.encode(x))),
        decode: |bytes, out| out.extend(bytes.iter().map(|&code| E4M3.decode(code))),
        search: None,
        inside: Inside::new(0..1, [0xFE, 0x7E], 1, || E4M3.values()),
    },

    /// `fp8_e5m2`, without a scale, 8 bits a weight.
    Fp8E5m2 = Facts {
        name: "fp8_e5m2", family: Family::Float, source: OCP_FP8,
        purpose: "8-bit floats without a scale, with the range of f16",
        layout: "one E5M2 code a weight",
        len: 1, bytes: 1, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| out.extend(row.iter().map(|&x| E5M2.encode(x))),
        decode: |bytes, out| out.extend(bytes.iter().map(|&code| E5M2.decode(code))),
        search: None,
        inside: Inside::new(0..1, [0xFB, 0x7B], 1, || E5M2.values()),
    },

    /// `mxfp8_e4m3`, 8.25 bits a weight.
    Mxfp8E4m3 = Facts {
        name: "mxfp8_e4m3", family: Family::Float, source: OCP_MX,
        purpose: "8-bit floats with a power of two as their scale",
        layout: "E8M0 scale; 32 E4M3 codes",
        len: mx::LEN, bytes: mx::BYTES_8, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, |x| mx::encode_8(x, E4M3)),
        decode: |bytes, out| decode(bytes, out, |block| mx::decode_8(block, E4M3)),
        search: search!(each, |block| plus::float::mxfp8(block, E4M3)),
        inside: Inside::new(1..33, [0xFE, 0x7E], 32, || E4M3.values()),
    },

    /// `mxfp8_e5m2`, 8.25 bits a weight.
    Mxfp8E5m2 = Facts {
        name: "mxfp8_e5m2", family: Family::Float, source: OCP_MX,
        purpose: "8-bit floats of wide range with a power of two as their scale",
        layout: "E8M0 scale; 32 E5M2 codes",
        len: mx::LEN, bytes: mx::BYTES_8, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, |x| mx::encode_8(x, E5M2)),
        decode: |bytes, out| decode(bytes, out, |block| mx::decode_8(block, E5M2)),
        search: search!(each, |block| plus::float::mxfp8(block, E5M2)),
        inside: Inside::new(1..33, [0xFB, 0x7B], 32, || E5M2.values()),
    },

    /// `mxfp6_e2m3`, 6.25 bits a weight.
    Mxfp6E2m3 = Facts {
        name: "mxfp6_e2m3", family: Family::Float, source: OCP_MX,
        purpose: "6-bit floats that spend their bits on precision",
        layout: "E8M0 scale; 32 E2M3 codes of 6 bits",
        len: mx::LEN, bytes: mx::BYTES_6, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, |x| mx::encode_6(x, E2M3)),
        decode: |bytes, out| decode(bytes, out, |block| mx::decode_6(block, E2M3)),
        search: search!(each, |block| plus::float::mxfp6(block, E2M3)),
        inside: mxfp6(|| E2M3.values()),
    },

    /// `mxfp6_e3m2`, 6.25 bits a weight.
    Mxfp6E3m2 = Facts {
        name: "mxfp6_e3m2", family: Family::Float, source: OCP_MX,
        purpose: "6-bit floats that spend their bits on range",
        layout: "E8M0 scale; 32 E3M2 codes of 6 bits",
        len: mx::LEN, bytes: mx::BYTES_6, gguf: None, fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, |x| mx::encode_6(x, E3M2)),
        decode: |bytes, out| decode(bytes, out, |block| mx::decode_6(block, E3M2)),
        search: search!(each, |block| plus::float::mxfp6(block, E3M2)),
        inside: mxfp6(|| E3M2.values()),
    },

    /// `mxfp4`, 4.25 bits a weight.
    Mxfp4 = Facts {
        name: "mxfp4", family: Family::Float, source: "OCP Microscaling Formats v1.0; layout of ggml",
        purpose: "4-bit floats with a power of two as their scale",
        layout: "E8M0 scale; 32 E2M1 codes",
        len: e2m1::LEN_MX, bytes: 17, gguf: Some(39), fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, e2m1::encode_mxfp4),
        decode: |bytes, out| decode(bytes, out, e2m1::decode_mxfp4),
        search: search!(each, plus::float::mxfp4),
        inside: Inside::new(1..17, [0xFF, 0x77], 32, e2m1::distinct_levels),
    },

    /// `nvfp4`, 4.5 bits a weight.
    Nvfp4 = Facts {
        name: "nvfp4", family: Family::Float, source: GGML,
        purpose: "4-bit floats with fine 8-bit float scales, as new GPUs compute them",
        layout: "4 unsigned E4M3 scales, one for 16; 64 E2M1 codes",
        len: e2m1::LEN_NV, bytes: 36, gguf: Some(40), fallback: Fallback::Padded,
        encode: |row, out| encode(row, out, e2m1::encode_nvfp4),
        decode: |bytes, out| decode(bytes, out, e2m1::decode_nvfp4),
        search: search!(each, plus::float::nvfp4),
        inside: Inside::new(4..36, [0xFF, 0x77], 16, e2m1::distinct_levels),
    },

    /// `nf4` of bitsandbytes in blocks of 64, 4.5 bits a weight.
    Nf4 = Facts {
        name: "nf4", family: Family::Float, source: "QLoRA (Dettmers et al. 2023); rounding of bitsandbytes",
        purpose: "levels at the quantiles of a normal distribution, as QLoRA fine-tunes on",
        layout: "f32 scale; 64 codes of 4 bits into a fixed table",
        len: bnb::LEN, bytes: bnb::BYTES, gguf: None, fallback: Fallback::Flat,
        encode: |row, out| encode(row, out, |x| bnb::encode(x, &bnb::NF4)),
        decode: |bytes, out| decode(bytes, out, |block| bnb::decode(block, &bnb::NF4)),
        search: search!(side_by_side, plus::scale::nf4),
        inside: Inside::new(4..36, Inside::PLAIN, 64, || bnb::NF4_LEVELS.into()),
    },

    /// `fp4` of bitsandbytes in blocks of 64, 4.5 bits a weight.
    Fp4 = Facts {
        name: "fp4", family: Family::Float, source: "bitsandbytes",
        purpose: "bitsandbytes' own 4-bit float",
        layout: "f32 scale; 64 codes of 4 bits into a fixed table",
        len: bnb::LEN, bytes: bnb::BYTES, gguf: None, fallback: Fallback::Flat,
        encode: |row, out| encode(row, out, |x| bnb::encode(x, &bnb::FP4)),
        decode: |bytes, out| decode(bytes, out, |block| bnb::decode(block, &bnb::FP4)),
        search: search!(side_by_side, plus::scale::fp4),
        inside: Inside::new(4..36, [0xBB, 0x33], 64, || bnb::FP4.distinct_levels()),
    },

    /// `q8_0`, 8.5 bits a weight.
    Q8_0 = Facts {
        name: "q8_0", family: Family::Gguf, source: GGML,
        purpose: "nearly lossless, and fast to read",
        layout: "f16 scale; 32 codes of 8 bits",
        len: integer::LEN, bytes: 34, gguf: Some(8), fallback: Fallback::F16,
        encode: encode_wide!(integer::encode_q8_0),
        decode: |bytes, out| decode(bytes, out, integer::decode_q8_0),
        search: search!(side_by_side, plus::scale::q8_0),
        inside: Inside::new(2..34, [0x80, 0x7F], 32, || integers(-128, 127)),
    },

    /// `q6_k`, 6.5625 bits a weight.
    Q6K = Facts {
        name: "q6_k", family: Family::Gguf, source: GGML,
        purpose: "hard to tell from full precision",
        layout: "256 codes of 4 + 2 bits; 16 scales of 8 bits; f16 unit",
        len: symmetric_k::LEN, bytes: 210, gguf: Some(14), fallback: Fallback::Format("q8_0"),
        encode: |row, out| encode(row, out, symmetric_k::encode_q6_k),
        decode: |bytes, out| decode(bytes, out, symmetric_k::decode_q6_k),
        search: search!(each, plus::symmetric_k::q6_k),
        inside: Inside::new(0..192, Inside::PLAIN, 16, || integers(-32, 31)),
    },

    /// `q5_1`, 6 bits a weight.
    Q5_1 = Facts {
        name: "q5_1", family: Family::Gguf, source: GGML,
        purpose: "five bits for blocks that lean to one side",
        layout: "f16 scale; f16 least; 32 fifth bits; 32 codes of 4 bits",
        len: integer::LEN, bytes: 24, gguf: Some(7), fallback: Fallback::F16,
        encode: encode_wide!(integer::encode_q5_1),
        decode: |bytes, out| decode(bytes, out, integer::decode_q5_1),
        search: search!(side_by_side, plus::line::q5_1),
        inside: Inside::new(4..24, Inside::PLAIN, 32, || integers(0, 31)).with_minima(),
    },

    /// `q5_k`, 5.5 bits a weight.
    Q5K = Facts {
        name: "q5_k", family: Family::Gguf, source: GGML,
        purpose: "more room than q4_k where quality counts",
        layout: "f16 units of scale and least; 8 scales and leasts of 6 bits; 256 codes of 1 + 4 bits",
        len: affine_k::LEN, bytes: 176, gguf: Some(13), fallback: Fallback::Format("q5_1"),
        encode: |row, out| encode(row, out, affine_k::encode_q5_k),
        decode: |bytes, out| decode(bytes, out, affine_k::decode_q5_k),
        search: search!(each, plus::affine_k::q5_k),
        inside: Inside::new(16..176, Inside::PLAIN, 32, || integers(0, 31)).with_minima(),
    },

    /// `q5_0`, 5.5 bits a weight.
    Q5_0 = Facts {
        name: "q5_0", family: Family::Gguf, source: GGML,
        purpose: "five bits, the plain way",
        layout: "f16 scale; 32 fifth bits; 32 codes of 4 bits",
        len: integer::LEN, bytes: 22, gguf: Some(6), fallback: Fallback::F16,
        encode: encode_wide!(integer::encode_q5_0),
        decode: |bytes, out| decode(bytes, out, integer::decode_q5_0),
        search: search!(side_by_side, plus::scale::q5_0),
        inside: Inside::new(2..22, Inside::PLAIN, 32, || integers(-16, 15)),
    },

    /// `q4_1`, 5 bits a weight.
    Q4_1 = Facts {
        name: "q4_1", family: Family::Gguf, source: GGML,
        purpose: "four bits for blocks that lean to one side",
        layout: "f16 scale; f16 least; 32 codes of 4 bits",
        len: integer::LEN, bytes: 20, gguf: Some(3), fallback: Fallback::F16,
        encode: encode_wide!(integer::encode_q4_1),
        decode: |bytes, out| decode(bytes, out, integer::decode_q4_1),
        search: search!(side_by_side, plus::line::q4_1),
        inside: Inside::new(4..20, Inside::PLAIN, 32, || integers(0, 15)).with_minima(),
    },

    /// `q4_k`, 4.5 bits a weight.
    Q4K = Facts {
        name: "q4_k", family: Family::Gguf, source: GGML,
        purpose: "the usual choice for running a model locally",
        layout: "f16 units of scale and least; 8 scales and leasts of 6 bits; 256 codes of 4 bits",
        len: affine_k::LEN, bytes: 144, gguf: Some(12), fallback: Fallback::Format("q5_0"),
        encode: |row, out| encode(row, out, affine_k::encode_q4_k),
        decode: |bytes, out| decode(bytes, out, affine_k::decode_q4_k),
        search: search!(each, plus::affine_k::q4_k),
        inside: Inside::new(16..144, Inside::PLAIN, 32, || integers(0, 15)).with_minima(),
    },

    /// `q4_0`, 4.5 bits a weight.
    Q4_0 = Facts {
        name: "q4_0", family: Family::Gguf, source: GGML,
        purpose: "four bits, the plain way; the fastest to compute with",
        layout: "f16 scale; 32 codes of 4 bits",
        len: integer::LEN, bytes: 18, gguf: Some(2), fallback: Fallback::F16,
        encode: encode_wide!(integer::encode_q4_0),
        decode: |bytes, out| decode(bytes, out, integer::decode_q4_0),
        search: search!(side_by_side, plus::scale::q4_0),
        inside: Inside::new(2..18, Inside::PLAIN, 32, || integers(-8, 7)),
    },

    /// `iq4_nl`, 4.5 bits a weight.
    Iq4Nl = Facts {
        name: "iq4_nl", family: Family::Gguf, source: GGML,
        purpose: "four bits with levels placed closer near zero",
        layout: "f16 scale; 32 codes of 4 bits into a fixed table",
        len: iq4::LEN_NL, bytes: 18, gguf: Some(20), fallback: Fallback::F16,
        encode: |row, out| encode_several(row, out, iq4::encode_nl),
        decode: |bytes, out| decode(bytes, out, iq4::decode_nl),
        search: search!(side_by_side, plus::scale::iq4_nl),
        inside: Inside::new(2..18, Inside::PLAIN, 32, || iq4::LEVELS.into()),
    },

    /// `iq4_xs`, 4.25 bits a weight.
    Iq4Xs = Facts {
        name: "iq4_xs", family: Family::Gguf, source: GGML,
        purpose: "iq4_nl with cheaper scales",
        layout: "f16 unit; 8 scales of 6 bits; 256 codes of 4 bits into a fixed table",
        len: iq4::LEN_XS, bytes: 136, gguf: Some(23), fallback: Fallback::Format("iq4_nl"),
        encode: |row, out| encode(row, out, iq4::encode_xs),
        decode: |bytes, out| decode(bytes, out, iq4::decode_xs),
        search: search!(each, plus::symmetric_k::iq4_xs),
        inside: Inside::new(8..136, Inside::PLAIN, 32, || iq4::LEVELS.into()),
    },

    /// `q3_k`, 3.4375 bits a weight.
    Q3K = Facts {
        name: "q3_k", family: Family::Gguf, source: GGML,
        purpose: "small; models begin to suffer",
        layout: "256 codes of 1 + 2 bits; 16 scales of 6 bits; f16 unit",
        len: symmetric_k::LEN, bytes: 110, gguf: Some(11), fallback: Fallback::Format("iq4_nl"),
        encode: encode_wide!(symmetric_k::encode_q3_k),
        decode: |bytes, out| decode(bytes, out, symmetric_k::decode_q3_k),
        search: search!(each, plus::symmetric_k::q3_k),
        inside: Inside::new(0..96, Inside::PLAIN, 16, || integers(-4, 3)),
    },

    /// `q2_k`, 2.625 bits a weight.
    Q2K = Facts {
        name: "q2_k", family: Family::Gguf, source: GGML,
        purpose: "the last resort: models suffer plainly",
        layout: "16 scales and leasts of 4 bits; 256 codes of 2 bits; f16 units of scale and least",
        len: affine_k::LEN, bytes: 84, gguf: Some(10), fallback: Fallback::Format("iq4_nl"),
        encode: |row, out| encode(row, out, affine_k::encode_q2_k),
        decode: |bytes, out| decode(bytes, out, affine_k::decode_q2_k),
        search: search!(each, plus::affine_k::q2_k),
        inside: Inside::new(16..80, Inside::PLAIN, 16, || integers(0, 3)).with_minima(),
    },

    /// `tq2_0`, ternary, 2.0625 bits a weight.
    Tq2_0 = Facts {
        name: "tq2_0", family: Family::Gguf, source: GGML,
        purpose: "for models trained with weights of -1, 0 and 1",
        layout: "256 codes of 2 bits; f16 scale",
        len: ternary::LEN, bytes: 66, gguf: Some(35), fallback: Fallback::Format("q4_0"),
        encode: |row, out| encode(row, out, ternary::encode_tq2_0),
        decode: |bytes, out| decode(bytes, out, ternary::decode_tq2_0),
        search: search!(each, plus::ternary::tq2_0),
        inside: Inside::new(0..64, [0x00, 0xAA], 256, || integers(-1, 1)),
    },

    /// `tq1_0`, ternary, 1.6875 bits a weight.
    Tq1_0 = Facts {
        name: "tq1_0", family: Family::Gguf, source: GGML,
        purpose: "ternary weights, five to a byte",
        layout: "256 trits in 52 bytes; f16 scale",
        len: ternary::LEN, bytes: 54, gguf: Some(34), fallback: Fallback::Format("q4_0"),
        encode: |row, out| encode(row, out, ternary::encode_tq1_0),
        decode: |bytes, out| decode(bytes, out, ternary::decode_tq1_0),
        search: search!(each, plus::ternary::tq1_0),
        inside: Inside::new(0..52, Inside::PLAIN, 256, || integers(-1, 1)),
    },
}

/// Four codes of 31 in 24 bits are the greatest.
const fn mxfp6(levels: fn() -> Vec<f32>) -> Inside {
    Inside { greatest: [0xDF, 0xF7, 0x7D], ..Inside::new(1..25, [0xFF; 2], 32, levels) }
}

impl Kind {
    /// Weights of a block; rows have a multiple of it.
    pub fn block_len(self) -> usize {
        self.row().len
    }

    /// Bytes of a block.
    pub fn block_bytes(self) -> usize {
        self.row().bytes
    }

    /// Bits a weight, everything that a block holds included.
    pub fn bits_per_weight(self) -> f64 {
        self.block_bytes() as f64 * 8.0 / self.block_len() as f64
    }

    /// Whether there is a search that finds more than the reference.
    pub fn has_plus(self) -> bool {
        self.row().search.is_some()
    }

    /// Bits of the codes of a block; the rest are scales and minima.
    pub fn code_bits(self) -> usize {
        self.row().inside.codes.len() * 8
    }

    /// Bits of the minima of a block: as many as of the scales, where there are any.
    pub fn minima_bits(self) -> usize {
        if self.row().inside.minima { (self.block_bytes() * 8 - self.code_bits()) / 2 } else { 0 }
    }

    /// Weights that share a scale.
    pub fn run(self) -> usize {
        self.row().inside.run
    }

    /// What the codes stand for, in scales.
    pub fn levels(self) -> Codebook<1> {
        Codebook::new((self.row().inside.levels)().into_iter().map(|x| [x]).collect())
    }
}
