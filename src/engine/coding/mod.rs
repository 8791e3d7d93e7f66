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
//! | `trellisB` | a path through a shift register, after a Hadamard rotation | by runs |
//! | `ecB[-row][-trellis]` | equal steps, entropy-coded to B bits a weight | no |
//!
//! What all parts of a tensor share is found first, from the tensor or from a good sample of it
//! ([`Coding::plan`]); then parts can be coded one by one, so memory does not grow with the tensor.

mod bits;
pub mod classes;
mod coded;
mod entropy;
mod groups;
mod half_quadratic;
mod learned;
mod milestones;
mod name;
mod rotated;
pub mod rotation;
mod trellis;
mod unit;
mod vector;
mod weighed;

use serde::{Deserialize, Serialize};

pub use bits::Malformed;
pub use coded::Coded;
pub use entropy::Wanted;

use super::control::{Control, Stopped};
use super::rate::Rate;
use bits::Writer;

/// A coding and its parameters, as plain data. [`Coding::LISTED`] has the ones worth offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Coding {
    /// 1 to 6 bits a code.
    Learned {
        bits: u8,
    },
    /// 2^entry_bits entries (1 to 12) for `dimension` (2, 4 or 8) weights at once.
    Vector {
        dimension: u8,
        entry_bits: u8,
    },
    /// 1 to 8 bits a code; `group` weights of a row share a scale and a zero point.
    HalfQuadratic {
        bits: u8,
        group: u32,
    },
    /// Integers of 2 to 8 bits with an f16 scale, after a rotation of the rows.
    Rotated {
        bits: u8,
        group: RotatedGroup,
        clip: bool,
    },
    /// 1 to 4 bits a weight.
    Trellis {
        bits: u8,
    },
    Entropy(Wanted),
}

/// What all parts of a tensor share, where a coding has such a thing.
#[derive(Clone, Debug)]
pub enum Plan {
    Nothing,
    Learned(Box<learned::Plan>),
    Vector2(vector::Plan<2>),
    Vector4(vector::Plan<4>),
    Vector8(vector::Plan<8>),
    Entropy(Box<entropy::Plan>),
}

/// What shares a scale after a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RotatedGroup {
    Row,
    Run(u32),
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
        Coding::Trellis { bits: 2 },
        Coding::Trellis { bits: 3 },
        Coding::Trellis { bits: 4 },
        Coding::Entropy(Wanted { centibits: 250, by_row: false, trellis: true }),
        Coding::Entropy(Wanted { centibits: 350, by_row: false, trellis: true }),
        Coding::Entropy(Wanted { centibits: 440, by_row: false, trellis: true }),
        Coding::Entropy(Wanted { centibits: 600, by_row: false, trellis: true }),
        Coding::Entropy(Wanted { centibits: 250, by_row: false, trellis: false }),
        Coding::Entropy(Wanted { centibits: 350, by_row: false, trellis: false }),
        Coding::Entropy(Wanted { centibits: 440, by_row: false, trellis: false }),
        Coding::Entropy(Wanted { centibits: 350, by_row: true, trellis: true }),
        Coding::Entropy(Wanted { centibits: 440, by_row: true, trellis: true }),
        Coding::Entropy(Wanted { centibits: 440, by_row: true, trellis: false }),
    ];

    /// Codes a tensor whose rows are `row_len` long (the last may be short).
    ///
    /// Values may be anything: those that are not finite are coded as 0 and have no say. `importance`
    /// has a non-negative number for each value: how much its squared error counts. Codings that mix
    /// weights before rounding (`had-`, `trellis`) take no notice of it, as an error made in one of the mixed numbers
    /// is one in all the weights of a run; nor does `hqq`, which minimises something else.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled, here and below.
    pub fn encode(
        self,
        values: &[f32],
        row_len: usize,
        importance: Option<&[f32]>,
        control: &Control<'_>,
    ) -> Result<Coded, Stopped> {
        let mut plan = self.plan(values, row_len, importance, control)?;
        loop {
            let coded = self.encode_part(&plan, values, row_len, importance, control)?;
            if !plan.tighten(coded.rate) {
                return Ok(coded);
            }
        }
    }

    /// Whether parts share a [`Plan`] that has to be found first.
    pub fn needs_plan(self) -> bool {
        matches!(self, Coding::Learned { .. } | Coding::Vector { .. } | Coding::Entropy(_))
    }

    /// What the parts of a tensor share, found from whole rows of it: from all of them, or from some that
    /// are spread over it.
    pub fn plan(
        self,
        values: &[f32],
        row_len: usize,
        importance: Option<&[f32]>,
        control: &Control<'_>,
    ) -> Result<Plan, Stopped> {
        debug_assert!(importance.is_none_or(|w| w.len() == values.len()));
        Ok(match self {
            Coding::Learned { bits } => {
                Plan::Learned(Box::new(learned::Plan::find(u32::from(bits), values, importance, control)?))
            }
            Coding::Vector { dimension, entry_bits } => {
                let bits = u32::from(entry_bits);
                match dimension {
                    2 => Plan::Vector2(vector::Plan::find(bits, values, importance, control)?),
                    4 => Plan::Vector4(vector::Plan::find(bits, values, importance, control)?),
                    _ => Plan::Vector8(vector::Plan::find(bits, values, importance, control)?),
                }
            }
            Coding::Entropy(wanted) => {
                let plan = entropy::Plan::find(wanted, values, row_len.max(1), importance, control)?;
                Plan::Entropy(Box::new(plan))
            }
            Coding::HalfQuadratic { .. } | Coding::Rotated { .. } | Coding::Trellis { .. } => Plan::Nothing,
        })
    }

    /// Codes whole rows under what the tensor's parts share; the bytes begin with it.
    pub fn encode_part(
        self,
        plan: &Plan,
        values: &[f32],
        row_len: usize,
        importance: Option<&[f32]>,
        control: &Control<'_>,
    ) -> Result<Coded, Stopped> {
        let row_len = row_len.max(1);
        match (plan, self) {
            (Plan::Learned(plan), _) => learned::encode(plan, values, importance, control),
            (Plan::Vector2(plan), _) => vector::encode(plan, values, importance, control),
            (Plan::Vector4(plan), _) => vector::encode(plan, values, importance, control),
            (Plan::Vector8(plan), _) => vector::encode(plan, values, importance, control),
            (Plan::Entropy(plan), _) => entropy::encode(plan, values, row_len, importance, control),
            (Plan::Nothing, Coding::HalfQuadratic { bits, group }) => {
                half_quadratic::encode(u32::from(bits), group as usize, values, row_len, control)
            }
            (Plan::Nothing, Coding::Rotated { bits, group, clip }) => {
                rotated::encode(u32::from(bits), group.len(row_len), clip, values, row_len, control)
            }
            (Plan::Nothing, Coding::Trellis { bits }) => trellis::encode(u32::from(bits), values, row_len, control),
            // A plan is wanted and there is none: one for these values alone.
            (Plan::Nothing, _) => self.encode(values, row_len, importance, control),
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
            Coding::Trellis { bits } => trellis::decode(u32::from(bits), bytes, len, row_len),
            Coding::Entropy(_) => entropy::decode(bytes, len, row_len),
        }
    }

    /// Whether [`Coding::encode`] takes notice of importances.
    pub fn takes_importance(self) -> bool {
        matches!(self, Coding::Learned { .. } | Coding::Vector { .. } | Coding::Entropy(_))
    }

    /// Bits a weight of a large tensor, in rows as long as can be; [`Coded::rate`] has those of a given one.
    pub fn bits_per_weight(self) -> f64 {
        match self {
            Coding::Learned { bits } => f64::from(bits) + f64::from(learned::SCALE_BITS) / learned::BLOCK as f64,
            Coding::Vector { dimension, entry_bits } => f64::from(entry_bits) / f64::from(dimension),
            Coding::HalfQuadratic { bits, group } => f64::from(bits) + 32.0 / f64::from(group),
            Coding::Rotated { bits, group: RotatedGroup::Run(n), .. } => f64::from(bits) + 16.0 / f64::from(n),
            Coding::Rotated { bits, group: RotatedGroup::Row, .. } | Coding::Trellis { bits } => f64::from(bits),
            Coding::Entropy(wanted) => f64::from(wanted.centibits) / 100.0,
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
            Coding::Trellis { .. } => "nearest to Shannon's line at a fixed number of bits: a path, not single codes",
            Coding::Entropy(Wanted { trellis: true, .. }) => {
                "the least error at its size: short codes for frequent levels, levels in interleaved sets"
            }
            Coding::Entropy(Wanted { by_row: true, .. }) => {
                "steps in proportion to each row's spread, short codes for frequent levels"
            }
            Coding::Entropy(_) => "equal steps, short codes for frequent levels: as a photo's JPEG packs its numbers",
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
            Coding::Trellis { .. } => {
                "B bits a weight shifted into a register; an f16 scale a row (at most 4096 weights)"
            }
            Coding::Entropy(_) => "rANS streams, their tables, 5 bits a row for its spread, an f32 step a tensor",
        }
    }

    /// Where it comes from, in one line.
    pub fn source(self) -> &'static str {
        match self {
            Coding::Learned { .. } => "our own, after Lloyd 1982",
            Coding::Vector { .. } => "Linde, Buzo, Gray 1980",
            Coding::HalfQuadratic { .. } => "HQQ, Badri and Shaji 2023",
            Coding::Rotated { .. } => "QuaRot, Ashkboos et al. 2024; QuIP#, Tseng et al. 2024",
            Coding::Trellis { .. } => "Marcellin and Fischer 1990; QTIP, Tseng et al. 2024",
            Coding::Entropy(Wanted { trellis: true, .. }) => "Fischer and Wang 1992; Duda 2013",
            Coding::Entropy(_) => "Ziv 1985; Duda 2013",
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

impl Plan {
    /// Bits that every part's bytes begin with, and that count once for the tensor.
    pub fn rate(&self) -> Rate {
        let mut out = Writer::for_samples(0);
        match self {
            Plan::Nothing => {}
            Plan::Learned(plan) => plan.put(&mut out),
            Plan::Vector2(plan) => plan.put(&mut out),
            Plan::Vector4(plan) => plan.put(&mut out),
            Plan::Vector8(plan) => plan.put(&mut out),
            Plan::Entropy(plan) => plan.put(&mut out),
        }
        Rate { padding_bits: 0, ..out.finish().1 }
    }

    /// Makes a plan for a promised rate spend less, where all that was coded under it took more; then it has
    /// to be coded again. False: it did not, or nothing was promised.
    pub fn tighten(&mut self, rate: Rate) -> bool {
        match self {
            Plan::Entropy(plan) => plan.tighten(rate),
            Plan::Nothing | Plan::Learned(_) | Plan::Vector2(_) | Plan::Vector4(_) | Plan::Vector8(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
