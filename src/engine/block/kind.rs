//! What block formats there are, and what each is made of.

use super::{affine_k, bnb, e2m1, integer, iq4, mx, symmetric_k, ternary};

/// A block format. The names are those that files and tools use, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Q8_0,
    Q5_1,
    Q5_0,
    Q4_1,
    Q4_0,
    Q6K,
    Q5K,
    Q4K,
    Q3K,
    Q2K,
    Iq4Nl,
    Iq4Xs,
    Tq2_0,
    Tq1_0,
    Nvfp4,
    Mxfp4,
    Nf4,
    Fp4,
    Mxfp6E2m3,
    Mxfp6E3m2,
    Mxfp8E4m3,
    Mxfp8E5m2,
    Fp8E4m3,
    Fp8E5m2,
}

struct Facts {
    name: &'static str,
    len: usize,
    bytes: usize,
    purpose: &'static str,
    layout: &'static str,
    source: &'static str,
}

const GGML: &str = "ggml, the library under llama.cpp";

impl Kind {
    pub const ALL: [Self; 24] = [
        Self::Q8_0,
        Self::Q5_1,
        Self::Q5_0,
        Self::Q4_1,
        Self::Q4_0,
        Self::Q6K,
        Self::Q5K,
        Self::Q4K,
        Self::Q3K,
        Self::Q2K,
        Self::Iq4Nl,
        Self::Iq4Xs,
        Self::Tq2_0,
        Self::Tq1_0,
        Self::Nvfp4,
        Self::Mxfp4,
        Self::Nf4,
        Self::Fp4,
        Self::Mxfp6E2m3,
        Self::Mxfp6E3m2,
        Self::Mxfp8E4m3,
        Self::Mxfp8E5m2,
        Self::Fp8E4m3,
        Self::Fp8E5m2,
    ];

    /// In lower case, as in `q4_k`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Weights of a block; rows have a multiple of it.
    pub fn block_len(self) -> usize {
        self.facts().len
    }

    pub fn block_bytes(self) -> usize {
        self.facts().bytes
    }

    pub fn bits_per_weight(self) -> f64 {
        self.block_bytes() as f64 * 8.0 / self.block_len() as f64
    }

    /// What it is for, in one line.
    pub fn purpose(self) -> &'static str {
        self.facts().purpose
    }

    /// The parts of a block in their order, in one line.
    pub fn layout(self) -> &'static str {
        self.facts().layout
    }

    /// Who defines it, in one line.
    pub fn source(self) -> &'static str {
        self.facts().source
    }

    fn facts(self) -> &'static Facts {
        match self {
            Self::Q8_0 => &Facts {
                name: "q8_0",
                len: integer::LEN,
                bytes: 34,
                purpose: "nearly lossless, and fast to read",
                layout: "f16 scale; 32 codes of 8 bits",
                source: GGML,
            },
            Self::Q5_1 => &Facts {
                name: "q5_1",
                len: integer::LEN,
                bytes: 24,
                purpose: "five bits for blocks that lean to one side",
                layout: "f16 scale; f16 least; 32 fifth bits; 32 codes of 4 bits",
                source: GGML,
            },
            Self::Q5_0 => &Facts {
                name: "q5_0",
                len: integer::LEN,
                bytes: 22,
                purpose: "five bits, the plain way",
                layout: "f16 scale; 32 fifth bits; 32 codes of 4 bits",
                source: GGML,
            },
            Self::Q4_1 => &Facts {
                name: "q4_1",
                len: integer::LEN,
                bytes: 20,
                purpose: "four bits for blocks that lean to one side",
                layout: "f16 scale; f16 least; 32 codes of 4 bits",
                source: GGML,
            },
            Self::Q4_0 => &Facts {
                name: "q4_0",
                len: integer::LEN,
                bytes: 18,
                purpose: "four bits, the plain way; the fastest to compute with",
                layout: "f16 scale; 32 codes of 4 bits",
                source: GGML,
            },
            Self::Q6K => &Facts {
                name: "q6_k",
                len: symmetric_k::LEN,
                bytes: 210,
                purpose: "hard to tell from full precision",
                layout: "256 codes of 4 + 2 bits; 16 scales of 8 bits; f16 unit",
                source: GGML,
            },
            Self::Q5K => &Facts {
                name: "q5_k",
                len: affine_k::LEN,
                bytes: 176,
                purpose: "more room than q4_k where quality counts",
                layout: "f16 units of scale and least; 8 scales and leasts of 6 bits; 256 codes of 1 + 4 bits",
                source: GGML,
            },
            Self::Q4K => &Facts {
                name: "q4_k",
                len: affine_k::LEN,
                bytes: 144,
                purpose: "the usual choice for running a model locally",
                layout: "f16 units of scale and least; 8 scales and leasts of 6 bits; 256 codes of 4 bits",
                source: GGML,
            },
            Self::Q3K => &Facts {
                name: "q3_k",
                len: symmetric_k::LEN,
                bytes: 110,
                purpose: "small; models begin to suffer",
                layout: "256 codes of 1 + 2 bits; 16 scales of 6 bits; f16 unit",
                source: GGML,
            },
            Self::Q2K => &Facts {
                name: "q2_k",
                len: affine_k::LEN,
                bytes: 84,
                purpose: "the last resort: models suffer plainly",
                layout: "16 scales and leasts of 4 bits; 256 codes of 2 bits; f16 units of scale and least",
                source: GGML,
            },
            Self::Iq4Nl => &Facts {
                name: "iq4_nl",
                len: iq4::LEN_NL,
                bytes: 18,
                purpose: "four bits with levels placed closer near zero",
                layout: "f16 scale; 32 codes of 4 bits into a fixed table",
                source: GGML,
            },
            Self::Iq4Xs => &Facts {
                name: "iq4_xs",
                len: iq4::LEN_XS,
                bytes: 136,
                purpose: "iq4_nl with cheaper scales",
                layout: "f16 unit; 8 scales of 6 bits; 256 codes of 4 bits into a fixed table",
                source: GGML,
            },
            Self::Tq2_0 => &Facts {
                name: "tq2_0",
                len: ternary::LEN,
                bytes: 66,
                purpose: "for models trained with weights of -1, 0 and 1",
                layout: "256 codes of 2 bits; f16 scale",
                source: GGML,
            },
            Self::Tq1_0 => &Facts {
                name: "tq1_0",
                len: ternary::LEN,
                bytes: 54,
                purpose: "ternary weights, five to a byte",
                layout: "256 trits in 52 bytes; f16 scale",
                source: GGML,
            },
            Self::Nvfp4 => &Facts {
                name: "nvfp4",
                len: e2m1::LEN_NV,
                bytes: 36,
                purpose: "4-bit floats with fine 8-bit float scales, as new GPUs compute them",
                layout: "4 unsigned E4M3 scales, one for 16; 64 E2M1 codes",
                source: GGML,
            },
            Self::Mxfp4 => &Facts {
                name: "mxfp4",
                len: e2m1::LEN_MX,
                bytes: 17,
                purpose: "4-bit floats with a power of two as their scale",
                layout: "E8M0 scale; 32 E2M1 codes",
                source: "OCP Microscaling Formats v1.0; layout of ggml",
            },
            Self::Nf4 => &Facts {
                name: "nf4",
                len: bnb::LEN,
                bytes: bnb::BYTES,
                purpose: "levels at the quantiles of a normal distribution, as QLoRA fine-tunes on",
                layout: "f32 scale; 64 codes of 4 bits into a fixed table",
                source: "QLoRA (Dettmers et al. 2023); rounding of bitsandbytes",
            },
            Self::Fp4 => &Facts {
                name: "fp4",
                len: bnb::LEN,
                bytes: bnb::BYTES,
                purpose: "bitsandbytes' own 4-bit float",
                layout: "f32 scale; 64 codes of 4 bits into a fixed table",
                source: "bitsandbytes",
            },
            Self::Mxfp6E2m3 => &Facts {
                name: "mxfp6_e2m3",
                len: mx::LEN,
                bytes: mx::BYTES_6,
                purpose: "6-bit floats that spend their bits on precision",
                layout: "E8M0 scale; 32 E2M3 codes of 6 bits",
                source: "OCP Microscaling Formats v1.0; order of bytes our own",
            },
            Self::Mxfp6E3m2 => &Facts {
                name: "mxfp6_e3m2",
                len: mx::LEN,
                bytes: mx::BYTES_6,
                purpose: "6-bit floats that spend their bits on range",
                layout: "E8M0 scale; 32 E3M2 codes of 6 bits",
                source: "OCP Microscaling Formats v1.0; order of bytes our own",
            },
            Self::Mxfp8E4m3 => &Facts {
                name: "mxfp8_e4m3",
                len: mx::LEN,
                bytes: mx::BYTES_8,
                purpose: "8-bit floats with a power of two as their scale",
                layout: "E8M0 scale; 32 E4M3 codes",
                source: "OCP Microscaling Formats v1.0; order of bytes our own",
            },
            Self::Mxfp8E5m2 => &Facts {
                name: "mxfp8_e5m2",
                len: mx::LEN,
                bytes: mx::BYTES_8,
                purpose: "8-bit floats of wide range with a power of two as their scale",
                layout: "E8M0 scale; 32 E5M2 codes",
                source: "OCP Microscaling Formats v1.0; order of bytes our own",
            },
            Self::Fp8E4m3 => &Facts {
                name: "fp8_e4m3",
                len: 1,
                bytes: 1,
                purpose: "8-bit floats without a scale: 448 is the greatest",
                layout: "one E4M3FN code a weight",
                source: "OCP 8-bit Floating Point (OFP8)",
            },
            Self::Fp8E5m2 => &Facts {
                name: "fp8_e5m2",
                len: 1,
                bytes: 1,
                purpose: "8-bit floats without a scale, with the range of f16",
                layout: "one E5M2 code a weight",
                source: "OCP 8-bit Floating Point (OFP8)",
            },
        }
    }
}
