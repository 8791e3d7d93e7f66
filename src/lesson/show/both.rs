//! A photo and a tensor under one dial: 2^bits colours beside weights of as many bits.

use serde::{Deserialize, Serialize};

use crate::engine::format::{Format, Group};
use crate::run::DIAL;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BothShow {
    /// A stop of the dial.
    pub bits: u8,
    /// Integers from a zero point in place of symmetric ones.
    pub affine: bool,
    pub seen: BothSeen,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BothSeen {
    /// Photo and heat map, each beside its original.
    #[default]
    Pictures,
    /// Error against bits of both.
    Curve,
    /// The palette and the codes, used and unused.
    Levels,
    /// What is saved of 24 and of 16 bits.
    Sizes,
}

impl BothSeen {
    pub const ALL: [BothSeen; 4] = [BothSeen::Pictures, BothSeen::Curve, BothSeen::Levels, BothSeen::Sizes];

    pub fn label(self) -> &'static str {
        match self {
            BothSeen::Pictures => "Pictures",
            BothSeen::Curve => "Error against bits",
            BothSeen::Levels => "Levels",
            BothSeen::Sizes => "Sizes",
        }
    }
}

impl Default for BothShow {
    fn default() -> Self {
        Self { bits: 8, affine: false, seen: BothSeen::default() }
    }
}

impl BothShow {
    /// Groups of 32, no search: what the name says and no more.
    pub fn format(self) -> Format {
        let group = Group::Run(32);
        if self.affine { Format::affine(self.bits, group) } else { Format::int(self.bits, group) }
    }

    pub(super) fn check(self) -> Result<(), String> {
        if DIAL.contains(&self.bits) { Ok(()) } else { Err(format!("{} bits; the dial stops at {DIAL:?}", self.bits)) }
    }
}
