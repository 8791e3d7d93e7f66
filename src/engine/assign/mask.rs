//! Threshold masks for ordered dither: numbers in (−½, ½) that depend on a sample's place alone.
//!
//! | mask | looks like | repeats after |
//! |---|---|---|
//! | Bayer | a regular weave, cross-hatched: the look of old screens | 2, 4 or 8 samples |
//! | blue noise | fine even grain, the least visible | 64 samples |
//! | white noise | coarse grain: clumps and gaps | never |
//!
//! Cost: a look-up or a hash a sample, in any order and on any core, unlike error diffusion.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::void_cluster;
use crate::engine::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mask {
    /// Source of the Bayer masks: Bayer, "An optimum method for two-level rendition of continuous-tone
    /// pictures", Proc. IEEE International Conference on Communications (1973).
    Bayer2,
    Bayer4,
    Bayer8,
    /// By void-and-cluster: see [`void_cluster`].
    BlueNoise,
    /// Independent from sample to sample.
    #[serde(rename = "random")]
    White,
}

/// All masks of the program grow from this.
const SEED: u64 = 0x5eed;

const BAYER2: [[u8; 2]; 2] = bayer();
const BAYER4: [[u8; 4]; 4] = bayer();
const BAYER8: [[u8; 8]; 8] = bayer();

/// Each quarter of a Bayer mask is the mask of half the side, its ranks four apart, and the quarters
/// take turns crosswise: M(2n) = (4·M(n), 4·M(n) + 2; 4·M(n) + 3, 4·M(n) + 1).
const fn bayer<const N: usize>() -> [[u8; N]; N] {
    let mut mask = [[0; N]; N];
    let mut side = 1;
    while side < N {
        let mut y = side;
        while y > 0 {
            y -= 1;
            let mut x = side;
            while x > 0 {
                x -= 1;
                let rank = 4 * mask[y][x];
                mask[y][x] = rank;
                mask[y][x + side] = rank + 2;
                mask[y + side][x] = rank + 3;
                mask[y + side][x + side] = rank + 1;
            }
        }
        side *= 2;
    }
    mask
}

impl Mask {
    pub const ALL: [Mask; 5] = [Mask::Bayer2, Mask::Bayer4, Mask::Bayer8, Mask::BlueNoise, Mask::White];

    /// In (−½, ½); over a mask that repeats, every step comes once and the mean is 0.
    #[inline]
    pub fn threshold(self, x: usize, y: usize) -> f32 {
        match self {
            Mask::Bayer2 => centred(BAYER2[y % 2][x % 2], 4),
            Mask::Bayer4 => centred(BAYER4[y % 4][x % 4], 16),
            Mask::Bayer8 => centred(BAYER8[y % 8][x % 8], 64),
            Mask::BlueNoise => {
                const SIDE: usize = void_cluster::SIDE;
                centred(blue_noise()[y % SIDE * SIDE + x % SIDE], SIDE * SIDE)
            }
            Mask::White => white(x, y),
        }
    }

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Mask::Bayer2 => "bayer2",
            Mask::Bayer4 => "bayer4",
            Mask::Bayer8 => "bayer8",
            Mask::BlueNoise => "blue-noise",
            Mask::White => "random",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Mask::Bayer2 => "Bayer 2 × 2",
            Mask::Bayer4 => "Bayer 4 × 4",
            Mask::Bayer8 => "Bayer 8 × 8",
            Mask::BlueNoise => "Blue noise",
            Mask::White => "Random",
        }
    }
}

/// The middle of a rank's step. Exact in f32 for up to 2^22 ranks that are a power of two.
#[inline]
fn centred(rank: impl Into<u32>, ranks: usize) -> f32 {
    (rank.into() as f32 + 0.5) / ranks as f32 - 0.5
}

fn blue_noise() -> &'static [u16] {
    static RANKS: OnceLock<Vec<u16>> = OnceLock::new();
    RANKS.get_or_init(|| void_cluster::ranks(SEED))
}

#[inline]
fn white(x: usize, y: usize) -> f32 {
    const STEPS: u32 = 1 << 22;
    let place = (y as u64) << 32 | x as u64;
    let rank = Random::seeded(place ^ SEED << 48).next_u64() >> (64 - STEPS.trailing_zeros());
    centred(rank as u32, STEPS as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(mask: Mask) -> usize {
        match mask {
            Mask::Bayer2 => 2,
            Mask::Bayer4 => 4,
            Mask::Bayer8 => 8,
            Mask::BlueNoise | Mask::White => 64,
        }
    }

    fn values(mask: Mask, side: usize) -> Vec<f32> {
        (0..side * side).map(|i| mask.threshold(i % side, i / side)).collect()
    }

    #[test]
    fn bayers_masks_are_those_of_the_paper() {
        assert_eq!(BAYER2, [[0, 2], [3, 1]]);
        assert_eq!(BAYER4, [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]);
        assert_eq!(BAYER8[0], [0, 32, 8, 40, 2, 34, 10, 42]);
        assert_eq!(BAYER8[7], [63, 31, 55, 23, 61, 29, 53, 21]);
    }

    #[test]
    fn every_step_of_a_mask_comes_once_and_the_mean_is_zero() {
        for mask in Mask::ALL.into_iter().filter(|&mask| mask != Mask::White) {
            let side = side(mask);
            let mut found = values(mask, side);
            found.sort_by(f32::total_cmp);
            let steps = (side * side) as u32;
            for (rank, value) in (0..steps).zip(&found) {
                assert_eq!(*value, (rank as f32 + 0.5) / steps as f32 - 0.5, "{mask:?}");
            }
            assert_eq!(found.iter().sum::<f32>(), 0.0, "{mask:?}");
            assert_eq!(mask.threshold(3, 5), mask.threshold(3 + 7 * side, 5 + 2 * side));
        }
    }

    #[test]
    fn white_noise_is_flat_and_has_no_mean() {
        let found = values(Mask::White, 512);
        let mut bins = [0u32; 16];
        for value in &found {
            assert!(value.abs() < 0.5);
            bins[((value + 0.5) * 16.0) as usize] += 1;
        }
        // 2^18 values: 2^14 a bin, give or take five standard deviations (124 each).
        assert!(bins.iter().all(|n| n.abs_diff(1 << 14) < 620), "{bins:?}");
        let mean = found.iter().map(|v| f64::from(*v)).sum::<f64>() / found.len() as f64;
        assert!(mean.abs() < 0.003, "{mean}");
        assert_eq!(found, values(Mask::White, 512));
    }

    /// Power of the lowest frequencies (those of waves longer than six samples, the mean left out).
    fn low_power(mask: Mask) -> f64 {
        const SIDE: usize = 64;
        let values = values(mask, SIDE);
        let turn = std::f64::consts::TAU / SIDE as f64;
        let reach = SIDE as isize / 6;
        let mut power = 0.0;
        for v in -reach..=reach {
            for u in (-reach..=reach).filter(|u| (*u, v) != (0, 0) && u * u + v * v <= reach * reach) {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, value) in values.iter().enumerate() {
                    let angle = turn * ((i % SIDE) as f64 * u as f64 + (i / SIDE) as f64 * v as f64);
                    re += f64::from(*value) * angle.cos();
                    im += f64::from(*value) * angle.sin();
                }
                power += re * re + im * im;
            }
        }
        power
    }

    #[test]
    fn blue_noise_has_far_less_power_at_low_frequencies_than_white_noise() {
        let (blue, white) = (low_power(Mask::BlueNoise), low_power(Mask::White));
        assert!(blue < white / 20.0, "{blue} against {white}");
    }
}
