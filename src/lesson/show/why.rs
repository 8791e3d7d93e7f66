//! Why so little is enough: neighbours that are alike, weights under a bell, a model that still talks, and a driver
//! who rounds.

use serde::{Deserialize, Serialize};

use crate::run::DIAL;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhyShow {
    pub seen: WhySeen,
    /// Between the pixels of a pair, 1 to 64.
    pub distance: u32,
    pub shuffled: bool,
    /// A tensor by its place; none: the one that is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tensor: Option<usize>,
    /// Of a weight, and of a steering angle: a stop of the dial.
    pub bits: u8,
    /// Whether the driver sees the road.
    pub eyes: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhySeen {
    #[default]
    Neighbours,
    Bell,
    Story,
    Road,
}

/// The farthest that pixels of a pair are apart.
pub const MOST_DISTANCE: u32 = 64;

impl Default for WhyShow {
    fn default() -> Self {
        Self { seen: WhySeen::default(), distance: 1, shuffled: false, tensor: None, bits: 4, eyes: true }
    }
}

impl WhyShow {
    pub(super) fn check(self) -> Result<(), String> {
        if !(1..=MOST_DISTANCE).contains(&self.distance) {
            return Err(format!("pixels {} apart; 1 to {MOST_DISTANCE} can be paired", self.distance));
        }
        if !DIAL.contains(&self.bits) {
            return Err(format!("{} bits; the dial stops at {DIAL:?}", self.bits));
        }
        Ok(())
    }
}
