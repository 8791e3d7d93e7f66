//! The short piece of sound, cut to fewer bits in time or in bands.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;
use crate::lesson::error::LessonError;
use crate::signal::sound::coder::{Sound, SoundReport};

use crate::signal::sound::ways::Way;

/// Settings of a sound cut to fewer bits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SoundShow {
    /// Whether samples or bands are rounded, and by which steps.
    pub way: Way,
    /// Bits a sample, to the hundredth.
    pub bits: f32,
    /// The frame whose spectrum is shown, from 1; 0: that of the whole piece.
    pub moment: u16,
}

impl Default for SoundShow {
    fn default() -> Self {
        Self { way: Way::default(), bits: 4.0, moment: 0 }
    }
}

impl SoundShow {
    /// The most bits a sample that can be chosen.
    pub const MOST_BITS: f32 = 16.0;
    /// The fewest bits a sample that can be chosen.
    pub const LEAST_BITS: f32 = 0.5;

    /// Hundredths of a bit a sample, 50 to 1600.
    pub fn centibits(&self) -> u16 {
        (100.0 * self.bits.clamp(Self::LEAST_BITS, Self::MOST_BITS)).round() as u16
    }

    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { bits: stop as f32, ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        names(["samples", "bands", "masked"], &["sqnr-db", "excess-db", "heard-share", "bits"])
    }

    pub(super) fn figures(self, _from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let ways = Sound::new(control)?.ways(self.centibits(), control)?;
        let of = |r: &SoundReport| [r.error.sqnr_db(), r.excess_db, r.heard_share, r.rate.bits_per_sample()];
        Ok(ways.iter().flat_map(of).collect())
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.bits, Self::LEAST_BITS..=Self::MOST_BITS, "{} bits a sample")
    }
}
