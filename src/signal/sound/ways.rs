//! The same number of bits spent in three ways, so that they can be set side by side.

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
    /// The same with steps as the ear's masking has it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_keep_to_the_bits_but_samples_below_two() {
        let sound = Sound::new(&Control::unwatched()).unwrap();
        for centibits in [50, 75, 100, 150, 200, 300, 400, 600] {
            let found = sound.ways(centibits, &Control::unwatched()).unwrap();
            let bits = found.each_ref().map(|r| r.rate.bits_per_sample());
            let most = f64::from(centibits) / 100.0;
            assert!(bits[0] <= most.max(2.0) + 0.01 && bits[1] <= most && bits[2] <= most, "{bits:?}");
            // What the lesson says: bands win in decibels, and masking in what is heard, however few the bits.
            assert!(found[1].error.sqnr_db() > found[0].error.sqnr_db());
            println!("{:.3?}", found.each_ref().map(|r| (r.error.sqnr_db(), r.heard_share, r.excess_db)));
            assert!(found[2].excess_db <= found[1].excess_db && found[1].excess_db < found[0].excess_db);
            // Where there are bits enough for all, neither is heard.
            assert!(!(75..=400).contains(&centibits) || found[2].excess_db < found[1].excess_db - 0.1);
        }
    }

    #[test]
    fn a_share_of_the_piece_is_a_frame_of_it() {
        let sound = Sound::of(vec![0.1; 5120], &Control::unwatched()).unwrap();
        let last = sound.frames() - 1;
        assert_eq!((sound.frame_at(-1.0), sound.frame_at(0.5), sound.frame_at(9.0)), (0, last.div_ceil(2), last));
    }
}
