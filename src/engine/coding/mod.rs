//! Codings of our own: formats whose bits are not an index of fixed width into a fixed table.
//!
//! Each turns a tensor into bytes and back. The figures that it is judged by come from the bytes: what is
//! decoded is decoded from them, and the receipt counts their bits one by one as they are written.
//!
//! | coding | in one line | read a single weight |
//! |---|---|---|
//! | `learnedB` | a learned codebook, a 7-bit scale for 16 | yes |
//! | `vqD-bK` | a palette of 2^K entries for D weights at once | yes |
//! | `hqqB-gN` | integers with HQQ's zero point | yes |
//! | `had-intB-GROUP` | integers after a Hadamard rotation | by runs |

mod bits;
pub mod classes;
mod half_quadratic;
mod learned;
mod name;
mod rotated;
pub mod rotation;
mod unit;
mod vector;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use bits::Malformed;

use super::control::{Control, Stopped};
use super::grouping::Grouping;
use super::rate::Rate;
use bits::Writer;

/// A coding and its parameters, as plain data. [`Coding::LISTED`] has the ones worth offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Coding {
    /// 1 to 6 bits a code.
    Learned { bits: u8 },
    /// 2^entry_bits entries (1 to 12) for `dimension` (2, 4 or 8) weights at once.
    Vector { dimension: u8, entry_bits: u8 },
    /// 1 to 8 bits a code; `group` weights of a row share a scale and a zero point.
    HalfQuadratic { bits: u8, group: u32 },
    /// Integers of 2 to 8 bits with an f16 scale, after a rotation of the rows.
    Rotated { bits: u8, group: RotatedGroup, clip: bool },
}

/// What shares a scale after a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RotatedGroup {
    Row,
    Run(u32),
}

/// A tensor's bytes, what they decode to, and what each of their bits is for.
#[derive(Clone, Debug)]
pub struct Coded {
    pub bytes: Vec<u8>,
    pub decoded: Vec<f32>,
    /// Its total is `bytes.len()` × 8.
    pub rate: Rate,
}

impl Coding {
    /// The codings worth offering, best first among those of the same kind.
    pub const LISTED: &'static [Coding] = &[
        Coding::Learned { bits: 2 },
        Coding::Learned { bits: 3 },
        Coding::Learned { bits: 4 },
        Coding::Learned { bits: 5 },
        Coding::Vector { dimension: 2, entry_bits: 8 },
        Coding::Vector { dimension: 4, entry_bits: 8 },
        Coding::Vector { dimension: 4, entry_bits: 12 },
        Coding::Vector { dimension: 8, entry_bits: 12 },
        Coding::HalfQuadratic { bits: 4, group: 64 },
        Coding::Rotated { bits: 4, group: RotatedGroup::Run(32), clip: true },
    ];

    /// Codes a tensor whose rows are `row_len` long (the last may be short).
    ///
    /// Values may be anything: those that are not finite are coded as 0 and have no say. `importance`
    /// has a non-negative number for each value: how much its squared error counts. Codings that mix
    /// weights before rounding (`had-`) or minimise something else (`hqq`) take no notice of it.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn encode(
        self,
        values: &[f32],
        row_len: usize,
        importance: Option<&[f32]>,
        control: &Control<'_>,
    ) -> Result<Coded, Stopped> {
        debug_assert!(importance.is_none_or(|w| w.len() == values.len()));
        let row_len = row_len.max(1);
        match self {
            Coding::Learned { bits } => learned::encode(u32::from(bits), values, importance, control),
            Coding::Vector { dimension: 2, entry_bits } => {
                vector::encode::<2>(u32::from(entry_bits), values, importance, control)
            }
            Coding::Vector { dimension: 4, entry_bits } => {
                vector::encode::<4>(u32::from(entry_bits), values, importance, control)
            }
            Coding::Vector { entry_bits, .. } => {
                vector::encode::<8>(u32::from(entry_bits), values, importance, control)
            }
            Coding::HalfQuadratic { bits, group } => {
                half_quadratic::encode(u32::from(bits), group as usize, values, row_len, control)
            }
            Coding::Rotated { bits, group, clip } => {
                rotated::encode(u32::from(bits), group.len(row_len), clip, values, row_len, control)
            }
        }
    }

    /// The `len` values that were coded into these bytes.
    ///
    /// # Errors
    /// `Malformed` when this coding cannot have written the bytes.
    pub fn decode(self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
        let row_len = row_len.max(1);
        match self {
            Coding::Learned { bits } => learned::decode(u32::from(bits), bytes, len),
            Coding::Vector { dimension: 2, entry_bits } => vector::decode::<2>(u32::from(entry_bits), bytes, len),
            Coding::Vector { dimension: 4, entry_bits } => vector::decode::<4>(u32::from(entry_bits), bytes, len),
            Coding::Vector { entry_bits, .. } => vector::decode::<8>(u32::from(entry_bits), bytes, len),
            Coding::HalfQuadratic { bits, group } => {
                half_quadratic::decode(u32::from(bits), group as usize, bytes, len, row_len)
            }
            Coding::Rotated { bits, group, .. } => {
                rotated::decode(u32::from(bits), group.len(row_len), bytes, len, row_len)
            }
        }
    }

    /// Whether [`Coding::encode`] takes notice of importances.
    pub fn takes_importance(self) -> bool {
        matches!(self, Coding::Learned { .. } | Coding::Vector { .. })
    }

    /// Bits a weight of a large tensor, in rows as long as can be; [`Coded::rate`] has those of a given one.
    pub fn bits_per_weight(self) -> f64 {
        match self {
            Coding::Learned { bits } => f64::from(bits) + f64::from(learned::SCALE_BITS) / learned::BLOCK as f64,
            Coding::Vector { dimension, entry_bits } => f64::from(entry_bits) / f64::from(dimension),
            Coding::HalfQuadratic { bits, group } => f64::from(bits) + 32.0 / f64::from(group),
            Coding::Rotated { bits, group: RotatedGroup::Run(n), .. } => f64::from(bits) + 16.0 / f64::from(n),
            Coding::Rotated { bits, group: RotatedGroup::Row, .. } => f64::from(bits),
        }
    }

    /// What it is for, in one line.
    pub fn purpose(self) -> &'static str {
        match self {
            Coding::Learned { .. } => "the least error at a fixed width: levels learned from the tensor, fine scales",
            Coding::Vector { .. } => "a palette for several weights at once, as a photo's is for three channels",
            Coding::HalfQuadratic { .. } => {
                "what HQQ makes of a tensor: a zero point that tolerates a few large errors"
            }
            Coding::Rotated { .. } => "outliers spread over their neighbours before rounding",
        }
    }

    /// What is stored, in one line.
    pub fn layout(self) -> &'static str {
        match self {
            Coding::Learned { .. } => {
                "codes of B bits; for 16 weights a sign and a 6-bit size; 2^B f16 levels a tensor"
            }
            Coding::Vector { .. } => "a K-bit code for D weights; 2^K entries of D f16 numbers a tensor",
            Coding::HalfQuadratic { .. } => "codes of B bits, an f16 scale and an f16 zero point a group",
            Coding::Rotated { .. } => "codes of B bits and an f16 scale a group, of rows turned by a fixed rotation",
        }
    }

    /// Where it comes from, in one line.
    pub fn source(self) -> &'static str {
        match self {
            Coding::Learned { .. } => "our own, after Lloyd 1982",
            Coding::Vector { .. } => "Linde, Buzo, Gray 1980",
            Coding::HalfQuadratic { .. } => "HQQ, Badri and Shaji 2023",
            Coding::Rotated { .. } => "QuaRot, Ashkboos et al. 2024; QuIP#, Tseng et al. 2024",
        }
    }
}

impl RotatedGroup {
    fn len(self, row_len: usize) -> usize {
        match self {
            RotatedGroup::Row => row_len,
            RotatedGroup::Run(n) => n.max(1) as usize,
        }
    }
}

/// Runs of `group` in rows of `row_len`, in order.
fn groups_of(len: usize, row_len: usize, group: usize) -> Vec<Range<usize>> {
    let runs = Grouping::Runs(group.max(1));
    (0..runs.count(len, row_len)).flat_map(|g| runs.spans(g, len, row_len)).collect()
}

/// Closes the stream and decodes it.
fn coded(out: Writer, decode: impl FnOnce(&[u8]) -> Result<Vec<f32>, Malformed>) -> Result<Coded, Stopped> {
    let (bytes, rate) = out.finish();
    let decoded = decode(&bytes);
    debug_assert!(decoded.is_ok(), "a coding cannot read what it wrote");
    Ok(Coded { decoded: decoded.unwrap_or_else(|_| vec![0.0; rate.samples as usize]), bytes, rate })
}

#[cfg(test)]
mod tests;
