//! Fixed tables of levels, what a code stands for before its group's scale; and which weights are a group.

use crate::engine::block::{self, NF4 as NF4_LEVELS};
use crate::engine::codebook::Codebook;
use crate::engine::scale::StoredScale;

/// What shares a scale or a codebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// All weights of a tensor.
    Tensor,
    /// All weights of a row, which are those of one output.
    Row,
    /// n consecutive weights of a row.
    Run(u32),
    /// n × n weights.
    Tile(u32),
}

/// Levels with what goes with them where a name says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct LevelTable {
    /// In lower case, as in `nf4`: the head of the names of its formats.
    pub name: &'static str,
    /// Bits of a stored code.
    pub code_bits: u8,
    /// The levels, before the scale.
    pub levels: LevelSource,
    /// Which weights share a scale where the name says nothing else.
    pub group: Group,
    /// How scales are stored where the name says nothing else.
    pub scale: StoredScale,
}

#[derive(Clone, Copy, Debug)]
pub enum LevelSource {
    /// Distinct and in rising order.
    Listed(&'static [f32]),
    /// Every finite value of a small float.
    Float(block::Mini),
}

/// All that two bits of exponent and one of mantissa can be: OCP Microscaling Formats specification v1.0.
const E2M1_LEVELS: [f32; 15] = [-6.0, -4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];

pub(super) static NF4: LevelTable = LevelTable {
    name: "nf4",
    code_bits: 4,
    levels: LevelSource::Listed(&NF4_LEVELS),
    group: Group::Run(64),
    scale: StoredScale::F32,
};

pub(super) static E2M1: LevelTable = LevelTable {
    name: "e2m1",
    code_bits: 4,
    levels: LevelSource::Listed(&E2M1_LEVELS),
    group: Group::Run(16),
    scale: StoredScale::E4m3,
};

pub(super) static E4M3: LevelTable = LevelTable {
    name: "fp8_e4m3",
    code_bits: 8,
    levels: LevelSource::Float(block::E4M3),
    group: Group::Tensor,
    scale: StoredScale::F32,
};

pub(super) static E5M2: LevelTable = LevelTable { name: "fp8_e5m2", levels: LevelSource::Float(block::E5M2), ..E4M3 };

impl LevelTable {
    /// The largest level: a group's largest value comes to lie on it.
    pub fn top(&self) -> f32 {
        match self.levels {
            LevelSource::Listed(levels) => levels.iter().fold(0.0, |top: f32, x| top.max(x.abs())),
            LevelSource::Float(mini) => mini.greatest,
        }
    }

    /// Distinct and in rising order.
    pub fn levels(&self) -> Vec<f32> {
        match self.levels {
            LevelSource::Listed(levels) => levels.to_vec(),
            LevelSource::Float(mini) => mini.values(),
        }
    }

    /// The levels as a codebook in R¹, before the scale.
    pub fn codebook(&self) -> Codebook<1> {
        Codebook::new(self.levels().into_iter().map(|x| [x]).collect())
    }
}

known_by_name!(LevelTable);
