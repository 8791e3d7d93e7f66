//! Number formats for weights: what each is called, how it is laid out, and the recipe that encodes it.
//!
//! A format is data: a rule for its levels, the bits of a code, the group that shares a scale or a
//! codebook, and whether clipping is searched. [`FORMATS`] says what there is.

mod name;

use serde::{Deserialize, Serialize};

use super::assign::dithering::Dithering;
use super::block::{Kind, NF4};
use super::codebook::Codebook;
use super::fit::Method;
use super::grouping::Grouping;
use super::recipe::{Levels, Recipe};
use super::scale::{Range, ScaleRule, StoredScale, to_f16};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Format {
    pub rule: LevelRule,
    /// Bits of a code, 1 to 8; 4 for NF4.
    pub bits: u8,
    pub group: Group,
    /// Search for the clipping with the least squared error. Has no meaning for fitted levels.
    pub clip: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelRule {
    /// The integers −(2^(b−1)−1) … 2^(b−1)−1 times a scale; at 1 bit the two levels ±scale. When the
    /// clipping is searched, −2^(b−1) as well, with a scale of either sign.
    Symmetric,
    /// The integers 0 … 2^b−1 times a scale, from a zero point.
    Affine,
    /// NormalFloat-4 (QLoRA, Dettmers et al. 2023).
    Nf4,
    /// Levels learned from the weights themselves.
    Fitted(Method),
    /// A format that is defined down to its bytes.
    Block(Kind),
}

/// What shares a scale or a codebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Tensor,
    Row,
    /// n consecutive weights of a row.
    Run(u32),
}

/// A family of formats, as it is listed for people.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Family {
    /// B stands for the bits, GROUP for `tensor`, `row` or `gN`.
    pub name: &'static str,
    pub bits: &'static [u8],
    pub purpose: &'static str,
    pub layout: &'static str,
    pub bits_per_weight: &'static str,
    pub example: &'static str,
    pub source: &'static str,
}

pub static FORMATS: &[Family] = &[
    Family {
        name: "intB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "symmetric integers: the plainest format, zero is exact",
        layout: "codes of B bits, an f16 scale a group (f32 for a whole tensor); at 1 bit the levels are ±scale",
        bits_per_weight: "B + 16/group",
        example: "int4-g32",
        source: "scale = max|w| / (2^(B-1) - 1)",
    },
    Family {
        name: "intB-GROUP-affine",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "integers with a zero point, for groups that lean to one side",
        layout: "codes of B bits, an f16 scale and a B-bit zero point a group (f32 scale for a whole tensor)",
        bits_per_weight: "B + (16 + B)/group",
        example: "int4-g32-affine",
        source: "scale = (max - min) / (2^B - 1), zero = round(-min / scale)",
    },
    Family {
        name: "intB-GROUP[-affine]-clip",
        bits: &[2, 3, 4, 5, 6, 7, 8],
        purpose: "the same bytes with the clipping searched for the least squared error",
        layout: "as without -clip; symmetric codes also use -2^(B-1), with a scale of either sign",
        bits_per_weight: "as without -clip",
        example: "int4-g32-clip",
        source: "clips from max|w| downwards, each with its least-squares scale",
    },
    Family {
        name: "nf4[-GROUP][-clip]",
        bits: &[4],
        purpose: "16 levels at the quantiles of a normal distribution; runs of 64 unless another group is named",
        layout: "codes of 4 bits, an f32 scale (max|w|) a group",
        bits_per_weight: "4 + 32/group",
        example: "nf4",
        source: "QLoRA, Dettmers et al. 2023",
    },
    Family {
        name: "kmeansB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "a learned palette of numbers: Lloyd-Max levels",
        layout: "codes of B bits, 2^B f16 levels a group",
        bits_per_weight: "B + 16*2^B/group",
        example: "kmeans4-row",
        source: "Lloyd 1982; Max 1960",
    },
    Family {
        name: "wuB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "learned levels by greedy least-variance cuts",
        layout: "codes of B bits, 2^B f16 levels a group",
        bits_per_weight: "B + 16*2^B/group",
        example: "wu4-tensor",
        source: "Wu 1991, at one dimension",
    },
    Family {
        name: "octreeB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "a number line halved where it is used, the least used halves folded: a binary tree",
        layout: "codes of B bits, 2^B f16 levels a group",
        bits_per_weight: "B + 16*2^B/group",
        example: "octree4-tensor",
        source: "Gervautz, Purgathofer 1988, at one dimension",
    },
    Family {
        name: "median-cutB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "equal-count levels: every code is used equally often",
        layout: "codes of B bits, 2^B f16 levels a group",
        bits_per_weight: "B + 16*2^B/group",
        example: "median-cut4-tensor",
        source: "Heckbert 1982, at one dimension",
    },
    Family {
        name: "uniformB-GROUP",
        bits: &[1, 2, 3, 4, 5, 6, 7, 8],
        purpose: "equal steps from the least to the largest weight, as posterising does to a photo",
        layout: "codes of B bits, 2^B f16 levels a group",
        bits_per_weight: "B + 16*2^B/group",
        example: "uniform4-tensor",
        source: "middles of equal cells",
    },
];

impl Format {
    pub fn int(bits: u8, group: Group) -> Self {
        Self { rule: LevelRule::Symmetric, bits, group, clip: false }
    }

    pub fn with_clip(self) -> Self {
        Self { clip: true, ..self }
    }

    pub fn grouping(self) -> Grouping {
        match self.group {
            Group::Tensor => Grouping::Whole,
            Group::Row => Grouping::Rows,
            Group::Run(n) => Grouping::Runs(n.max(1) as usize),
        }
    }

    /// A block format: its group is its block.
    pub fn block(kind: Kind) -> Self {
        let group = Group::Run(kind.block_len() as u32);
        Self { rule: LevelRule::Block(kind), bits: kind.bits_per_weight() as u8, group, clip: false }
    }

    /// The encoder of this format; none for block formats, which have encoders of their own.
    pub fn recipe(self) -> Option<Recipe<1>> {
        let bits = u32::from(self.bits);
        let integers = |low: i32, high: i32| Codebook::new((low..=high).map(|k| [k as f32]).collect());
        let fixed = |book: Codebook<1>| Levels::Fixed { book, code_bits: bits };
        let (range, levels) = match self.rule {
            LevelRule::Symmetric if bits <= 1 => (Some(Range::MeanAbs), fixed(Codebook::new(vec![[-1.0], [1.0]]))),
            LevelRule::Symmetric => {
                let top = (1 << (bits - 1)) - 1;
                // A searched scale has a sign, which puts the spare code −top − 1 to use on either side.
                let low = if self.clip { -top - 1 } else { -top };
                (Some(Range::AbsMax { top: top as f32 }), fixed(integers(low, top)))
            }
            LevelRule::Affine => {
                let steps = (1 << bits) - 1;
                (Some(Range::MinMax { steps: steps as f32 }), fixed(integers(0, steps)))
            }
            LevelRule::Nf4 => {
                (Some(Range::AbsMax { top: 1.0 }), fixed(Codebook::new(NF4.iter().map(|&x| [x]).collect())))
            }
            LevelRule::Fitted(method) => (None, fitted(method, bits)),
            LevelRule::Block(_) => return None,
        };
        let stored = match (self.rule, self.group) {
            (LevelRule::Nf4, _) | (_, Group::Tensor) => StoredScale::F32,
            _ => StoredScale::F16,
        };
        let scale = range.map(|range| ScaleRule { range, clip: self.clip, stored });
        Some(Recipe { grouping: self.grouping(), scale, levels, dither: Dithering::NONE })
    }
}

fn fitted(method: Method, bits: u32) -> Levels<1> {
    let stored = |p: [f32; 1]| p.map(to_f16);
    Levels::Fitted { method, count: 1 << bits, kept: Vec::new(), stored, entry_bits: 16, code_bits: Some(bits) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::control::Control;
    use crate::engine::samples::Samples;

    #[test]
    fn every_listed_example_parses_and_prints_as_itself() {
        for family in FORMATS {
            let format: Format = family.example.parse().expect(family.example);
            assert_eq!(format.to_string(), family.example);
        }
    }

    fn bits_per_weight(name: &str, rows: usize, columns: usize) -> f64 {
        let format: Format = name.parse().unwrap();
        let values: Vec<[f32; 1]> = (0..rows * columns).map(|i| [(i as f32 * 0.7).sin()]).collect();
        let q = format.recipe().unwrap().encode(Samples::new(&values, columns), &Control::unwatched()).unwrap();
        q.rate.bits_per_sample()
    }

    #[test]
    fn bits_per_weight_agree_with_the_published_layouts() {
        assert_eq!(bits_per_weight("int4-g32", 4, 256), 4.5);
        assert_eq!(bits_per_weight("int4-g32-affine", 4, 256), 4.625);
        assert_eq!(bits_per_weight("int4-g128", 4, 256), 4.125);
        assert_eq!(bits_per_weight("int4-g128-affine", 4, 256), (4.0 * 128.0 + 4.0 + 16.0) / 128.0);
        assert_eq!(bits_per_weight("nf4", 4, 256), 4.5);
        assert_eq!(bits_per_weight("int8-tensor", 4, 256), 8.0 + 32.0 / 1024.0);
        assert_eq!(bits_per_weight("kmeans2-row", 4, 256), 2.0 + 4.0 * 16.0 / 256.0);
        // A row of 100 in runs of 32 has four scales.
        assert_eq!(bits_per_weight("int4-g32", 2, 100), 4.0 + 4.0 * 16.0 / 100.0);
    }

    #[test]
    fn one_number_in_every_format_is_what_facts_say() {
        let stored = |name: &str| {
            let format: Format = name.parse().unwrap();
            let values = [[1.0], [0.847_291_7]];
            let q = format.recipe().unwrap().encode(Samples::new(&values, 2), &Control::unwatched()).unwrap();
            q.decode_one(1)[0]
        };
        assert!((stored("int8-tensor") - 108.0 / 127.0).abs() < 1e-6);
        assert!((stored("int4-tensor") - 6.0 / 7.0).abs() < 1e-6);
        assert_eq!(stored("nf4"), NF4[14]);
    }

    #[test]
    fn two_bit_symmetric_has_three_levels_and_one_bit_has_two() {
        let levels = |name: &str| {
            let Levels::Fixed { book, .. } = name.parse::<Format>().unwrap().recipe().unwrap().levels else { panic!() };
            book.points().iter().map(|p| p[0]).collect::<Vec<_>>()
        };
        assert_eq!(levels("int2-g32"), [-1.0, 0.0, 1.0]);
        assert_eq!(levels("int1-g32"), [-1.0, 1.0]);
        assert_eq!(levels("int2-g32-clip"), [-2.0, -1.0, 0.0, 1.0]);
        assert_eq!(levels("int8-g32").len(), 255);
        assert_eq!(levels("int2-g32-affine"), [0.0, 1.0, 2.0, 3.0]);
    }
}
