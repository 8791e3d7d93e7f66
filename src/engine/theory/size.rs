//! How large a model is: parameters times bits a weight, and which memories that fits.
//!
//! Weights only: the key-value cache and the runtime come on top.

use serde::Serialize;

use crate::engine::error::NameError;

/// A named number of bits a weight, everything counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BitsPerWeight {
    /// As tables of formats call it.
    pub format: &'static str,
    /// Bits a weight, scales and padding included.
    pub bits: f64,
}

/// What people choose between, from large to small. The double-quantized NF4 has 8 bits for 64 weights
/// and 32 for 64 × 256; GPTQ's groups of 128 an f16 scale and a 4-bit zero point.
pub const COMMON: [BitsPerWeight; 15] = [
    BitsPerWeight { format: "fp32", bits: 32.0 },
    BitsPerWeight { format: "fp16 / bf16", bits: 16.0 },
    BitsPerWeight { format: "q8_0", bits: 8.5 },
    BitsPerWeight { format: "int8 g128", bits: 8.125 },
    BitsPerWeight { format: "int8, bare", bits: 8.0 },
    BitsPerWeight { format: "q6_k", bits: 6.5625 },
    BitsPerWeight { format: "q5_k", bits: 5.5 },
    BitsPerWeight { format: "q4_k, nvfp4", bits: 4.5 },
    BitsPerWeight { format: "mxfp4", bits: 4.25 },
    BitsPerWeight { format: "gptq 4-bit g128", bits: (4.0 * 128.0 + 4.0 + 16.0) / 128.0 },
    BitsPerWeight { format: "nf4, double-quantized", bits: 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0) },
    BitsPerWeight { format: "int4, bare", bits: 4.0 },
    BitsPerWeight { format: "q3_k", bits: 3.4375 },
    BitsPerWeight { format: "q2_k", bits: 2.625 },
    BitsPerWeight { format: "int2, bare", bits: 2.0 },
];

/// The memories of usual cards and machines. A card that is sold as 24 GB has 24 GiB, of 2³⁰ bytes.
pub const MEMORIES_GIB: [u32; 7] = [8, 12, 16, 24, 32, 48, 80];
/// What must stay free beside the weights, for the context's cache and the program: the margin that llama.cpp leaves
/// on a card when it fits a model to it.
pub const MARGIN_GIB: f64 = 1.0;

/// The weights of a model, and how many bits each takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Size {
    /// How many weights there are.
    pub parameters: f64,
    /// Bits a weight, everything counted.
    pub bits_per_weight: f64,
}

impl Size {
    /// So many weights at so many bits each.
    pub fn new(parameters: f64, bits_per_weight: f64) -> Self {
        Self { parameters, bits_per_weight }
    }

    /// Bytes of all weights.
    pub fn bytes(self) -> f64 {
        self.parameters * self.bits_per_weight / 8.0
    }

    /// 10⁹ bytes.
    pub fn gigabytes(self) -> f64 {
        self.bytes() / 1e9
    }

    /// 2³⁰ bytes.
    pub fn gibibytes(self) -> f64 {
        self.bytes() / f64::from(1u32 << 30)
    }

    /// What a popular telling makes of it, in GB: the ratio of FP32 to this, applied to FP16's total. It is half of
    /// the truth.
    pub fn mistaken_gigabytes(self) -> f64 {
        Self::new(self.parameters, 16.0).gigabytes() * self.bits_per_weight / 32.0
    }

    /// GiB that stay free in a memory of so many; none where that is less than [`MARGIN_GIB`].
    pub fn free_gibibytes(self, memory: u32) -> Option<f64> {
        Some(f64::from(memory) - self.gibibytes()).filter(|free| *free >= MARGIN_GIB)
    }

    /// The smallest of the usual memories, in GiB, that holds the weights and leaves [`MARGIN_GIB`].
    pub fn fits_in(self) -> Option<u32> {
        MEMORIES_GIB.into_iter().find(|&memory| self.free_gibibytes(memory).is_some())
    }
}

/// `70b`, `1.1B`, `350m`, `22_713_216`, `7e9`.
///
/// # Errors
/// [`NameError::Parameters`] for anything else.
pub fn parameters(text: &str) -> Result<f64, NameError> {
    let lower = text.trim().to_ascii_lowercase().replace('_', "");
    let units = [('t', 1e12), ('b', 1e9), ('m', 1e6), ('k', 1e3)];
    let scaled = units.into_iter().find_map(|(unit, scale)| Some((lower.strip_suffix(unit)?, scale)));
    let (digits, scale) = scaled.unwrap_or((&lower, 1.0));
    match digits.parse::<f64>() {
        Ok(number) if number > 0.0 && (number * scale).is_finite() => Ok(number * scale),
        _ => Err(NameError::Parameters(text.to_owned())),
    }
}
