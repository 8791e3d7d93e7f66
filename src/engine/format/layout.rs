//! A format as plain data: its levels, its groups, how their scales are stored; and the recipe that this makes.

use serde::{Deserialize, Serialize};

use super::coder::Coder;
use super::fallback::{Stored, stored_as};
use super::levels::{self, Group, LevelTable};
use crate::engine::assign::dithering::{Dithering, Pattern as DitherPattern};
use crate::engine::assign::mask::Mask;
use crate::engine::block::Kind;
use crate::engine::codebook::Codebook;
use crate::engine::fit::Method;
use crate::engine::grouping::Grouping;
use crate::engine::recipe::{Levels, Recipe};
use crate::engine::scale::{Clip, Range, ScaleRule, StoredScale, to_f16};

/// A number format for weights; its name says all of it, and names can be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Format {
    /// Which levels codes stand for.
    pub rule: LevelRule,
    /// Bits of a code, rounded down where a format's codes take a part of one.
    pub bits: u8,
    /// Which weights share a scale or a codebook.
    pub group: Group,
    /// How a group's scale is stored. Means nothing for fitted levels and formats with their own encoder,
    /// as the two settings below.
    pub scale: StoredScale,
    /// Which values of a group its scale makes room for.
    pub clip: Clip,
    /// Round up or down by chance, so that the mean is kept, instead of to the nearest level.
    pub stochastic: bool,
}

/// Where the levels of a format come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelRule {
    /// The integers −(2^(b−1)−1) … 2^(b−1)−1 times a scale; at 1 bit the two levels ±scale. When the
    /// clipping is searched, −2^(b−1) as well, with a scale of either sign.
    Symmetric,
    /// The integers 0 … 2^b−1 times a scale, from a zero point.
    Affine,
    /// A fixed table of levels times a scale.
    Table(&'static LevelTable),
    /// Levels learned from the weights themselves.
    Fitted(Method),
    /// A format that is defined down to its bytes.
    Block(Kind),
    /// A format whose encoder is its own.
    Coded(&'static Coder),
}

impl LevelRule {
    /// The 16 levels of NF4 (QLoRA), at the quantiles of a normal distribution.
    pub const NF4: Self = Self::Table(&levels::NF4);
}

impl Format {
    /// A format with the usual scale of its rule and group, without clipping, rounded to the nearest level.
    pub const fn new(rule: LevelRule, bits: u8, group: Group) -> Self {
        let scale = match (rule, group) {
            (LevelRule::Table(table), _) => table.scale,
            (_, Group::Tensor) => StoredScale::F32,
            _ => StoredScale::F16,
        };
        Self { rule, bits, group, scale, clip: Clip::None, stochastic: false }
    }

    /// Symmetric integers of so many bits.
    pub const fn int(bits: u8, group: Group) -> Self {
        Self::new(LevelRule::Symmetric, bits, group)
    }

    /// Integers of so many bits with a zero point.
    pub const fn affine(bits: u8, group: Group) -> Self {
        Self::new(LevelRule::Affine, bits, group)
    }

    /// 2^bits levels that the method fits to each group.
    pub const fn fitted(method: Method, bits: u8, group: Group) -> Self {
        Self::new(LevelRule::Fitted(method), bits, group)
    }

    /// A table of levels with its own group and scale.
    pub const fn of_levels(table: &'static LevelTable) -> Self {
        Self::new(LevelRule::Table(table), table.code_bits, table.group)
    }

    /// A block format: its group is its block.
    pub fn block(kind: Kind) -> Self {
        let group = Group::Run(kind.block_len() as u32);
        Self::new(LevelRule::Block(kind), kind.bits_per_weight() as u8, group)
    }

    /// A format whose encoder is its own.
    pub const fn coded(coder: &'static Coder) -> Self {
        Self::new(LevelRule::Coded(coder), coder.bits as u8, Group::Tensor)
    }

    /// This format with a search for the clipping of the least squared error.
    pub const fn with_clip(self) -> Self {
        Self { clip: Clip::Searched, ..self }
    }

    /// This format with other groups.
    pub const fn with_group(self, group: Group) -> Self {
        Self { group, ..self }
    }

    /// This format with scales that are stored in another way.
    pub const fn with_scale(self, scale: StoredScale) -> Self {
        Self { scale, ..self }
    }

    /// Whether its encoder takes notice of how much each weight's error counts. The references' block
    /// encoders do not: with an importance matrix, llama.cpp searches in another way.
    pub fn takes_importance(self) -> bool {
        match self.rule {
            LevelRule::Block(_) => self.clip == Clip::Searched,
            LevelRule::Coded(coder) => coder.takes_importance,
            LevelRule::Fitted(_) => true,
            LevelRule::Symmetric | LevelRule::Affine | LevelRule::Table(_) => {
                self.clip == Clip::Searched && self.group != Group::Tensor
            }
        }
    }

    /// Whether its blocks lie along a tensor's last dimension, as a GGUF has them, and not along whole outputs.
    pub fn has_blocks_of_file_rows(self) -> bool {
        // Those are the formats for which another type stands in where they do not fit.
        matches!(self.rule, LevelRule::Block(kind) if stored_as(kind, 1) == Stored::F16)
    }

    /// The partition of a tensor's weights; runs and tiles of 0 count as 1.
    pub fn grouping(self) -> Grouping {
        match self.group {
            Group::Tensor => Grouping::Whole,
            Group::Row => Grouping::Rows,
            Group::Run(n) => Grouping::Runs(n.max(1) as usize),
            Group::Tile(n) => Grouping::Tiles { w: n.max(1) as usize, h: n.max(1) as usize },
        }
    }

    /// The encoder of this format; none for those that have an encoder of their own.
    pub fn recipe(self) -> Option<Recipe<1>> {
        let bits = u32::from(self.bits);
        let integers = |low: i32, high: i32| Codebook::new((low..=high).map(|k| [k as f32]).collect());
        let fixed = |book: Codebook<1>| Levels::Fixed { book, code_bits: bits };
        let (range, levels) = match self.rule {
            LevelRule::Symmetric if bits <= 1 => (Some(Range::MeanAbs), fixed(Codebook::new(vec![[-1.0], [1.0]]))),
            LevelRule::Symmetric => {
                let top = (1 << (bits - 1)) - 1;
                // A searched scale has a sign, which puts the spare code −top − 1 to use on either side.
                let spare = self.clip == Clip::Searched && self.scale.has_sign();
                let low = if spare { -top - 1 } else { -top };
                (Some(Range::AbsMax { top: top as f32 }), fixed(integers(low, top)))
            }
            LevelRule::Affine => {
                let steps = (1 << bits) - 1;
                (Some(Range::MinMax { steps: steps as f32 }), fixed(integers(0, steps)))
            }
            LevelRule::Table(table) => (Some(Range::AbsMax { top: table.top() }), fixed(table.codebook())),
            LevelRule::Fitted(method) => (None, fitted(method, bits)),
            LevelRule::Block(_) | LevelRule::Coded(_) => return None,
        };
        let scale = range.map(|range| ScaleRule { range, clip: self.clip, stored: self.scale });
        let dither = match self.stochastic {
            true => Dithering::of(DitherPattern::Ordered(Mask::White)),
            false => Dithering::NONE,
        };
        Some(Recipe { grouping: self.grouping(), scale, levels, dither })
    }
}

fn fitted(method: Method, bits: u32) -> Levels<1> {
    let stored = |p: [f32; 1]| p.map(to_f16);
    Levels::Fitted {
        method,
        count: 1 << bits,
        kept: Vec::new(),
        stored,
        exact: None,
        entry_bits: 16,
        code_bits: Some(bits),
    }
}
