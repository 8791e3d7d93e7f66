//! One number of bits spent in three ways, so that they can be set side by side.

use serde::{Deserialize, Serialize};

use super::coder::{Cut, Sound, SoundReport};
use crate::engine::control::{Control, Stopped};

/// How a budget of bits is spent on a sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Every sample rounded, all to one step.
    #[default]
    Time,
    /// Every band of every moment rounded, all to one step.
    Bands,
    /// Bits by bands, with steps as the ear's masking has it.
    Masked,
}

impl Way {
    /// Every way, in the order in which they are compared.
    pub const ALL: [Way; 3] = [Way::Time, Way::Bands, Way::Masked];

    /// The way's name in the window.
    pub fn label(self) -> &'static str {
        match self {
            Way::Time => "Samples",
            Way::Bands => "Bands",
            Way::Masked => "Bands, masked",
        }
    }

    /// Samples have whole bits, and two at the least.
    fn cut(self, centibits: u16) -> Cut {
        match self {
            Way::Time => Cut::Time { bits: ((centibits + 50) / 100).clamp(2, 16) as u8 },
            Way::Bands | Way::Masked => Cut::Bands { centibits, masked: self == Way::Masked },
        }
    }
}

impl Sound {
    /// All ways at so many hundredths of a bit a sample, in the order of [`Way::ALL`].
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn ways(&self, centibits: u16, control: &Control<'_>) -> Result<[SoundReport; 3], Stopped> {
        let of = |at: usize| {
            let part = |done: f32| control.progress((at as f32 + done) / 3.0);
            self.cut(Way::ALL[at].cut(centibits), &control.with_progress(&part))
        };
        Ok([of(0)?, of(1)?, of(2)?])
    }

    /// The frame whose middle is nearest to a share (0 to 1) of the piece.
    pub fn frame_at(&self, share: f32) -> usize {
        let last = self.frames().saturating_sub(1);
        ((share.clamp(0.0, 1.0) * last as f32).round() as usize).min(last)
    }
}
