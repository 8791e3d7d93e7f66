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

use super::void_cluster;
use crate::engine::random::Random;

/// What there is to know of a mask.
pub struct Thresholds {
    /// As on the command line.
    pub name: &'static str,
    /// As the window shows it.
    pub label: &'static str,
    /// The thresholds of samples (0, y), (1, y), … in (−½, ½): over a mask that repeats, every step comes once and the mean
    /// is 0.
    pub of_row: fn(y: usize, row: &mut [f32]),
}

rows! {
    /// The threshold masks of ordered dither.
    Mask: Thresholds, "mask";

    /// Source of the Bayer masks: Bayer, "An optimum method for two-level rendition of continuous-tone
    /// pictures", Proc. IEEE International Conference on Communications (1973).
    Bayer2 = Thresholds { name: "bayer2", label: "Bayer 2 × 2", of_row: bayer_row::<2> },
    /// 16 thresholds that repeat every 4 × 4 samples.
    Bayer4 = Thresholds { name: "bayer4", label: "Bayer 4 × 4", of_row: bayer_row::<4> },
    /// 64 thresholds that repeat every 8 × 8 samples.
    Bayer8 = Thresholds { name: "bayer8", label: "Bayer 8 × 8", of_row: bayer_row::<8> },
    /// By void-and-cluster: see `void_cluster.rs`.
    BlueNoise = Thresholds { name: "blue-noise", label: "Blue noise", of_row: blue_noise },
    /// Independent from sample to sample.
    White = Thresholds { name: "random", label: "Random", of_row: white },
}

/// All masks of the program grow from this.
const SEED: u64 = 0x5eed;

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
    /// The thresholds of samples that lie in rows of `width`, from row `y` on.
    pub fn thresholds(self, width: usize, y: usize, thresholds: &mut [f32]) {
        thresholds.chunks_mut(width.max(1)).enumerate().for_each(|(down, row)| (self.row().of_row)(y + down, row));
    }
}

/// The middle of a rank's step. Exact in f32 for up to 2^22 ranks that are a power of two.
#[inline]
fn centred(rank: impl Into<u32>, ranks: usize) -> f32 {
    (rank.into() as f32 + 0.5) / ranks as f32 - 0.5
}

fn bayer_row<const N: usize>(y: usize, row: &mut [f32]) {
    let ranks = const { bayer::<N>() }[y % N];
    row.iter_mut().enumerate().for_each(|(x, threshold)| *threshold = centred(ranks[x % N], N * N));
}

fn blue_noise(y: usize, row: &mut [f32]) {
    const SIDE: usize = void_cluster::SIDE;
    static RANKS: OnceLock<Vec<u16>> = OnceLock::new();
    let ranks = &RANKS.get_or_init(|| void_cluster::ranks(SEED))[y % SIDE * SIDE..][..SIDE];
    row.iter_mut().enumerate().for_each(|(x, threshold)| *threshold = centred(ranks[x % SIDE], SIDE * SIDE));
}

fn white(y: usize, row: &mut [f32]) {
    const STEPS: u32 = 1 << 22;
    for (x, threshold) in row.iter_mut().enumerate() {
        let place = (y as u64) << 32 | x as u64;
        let rank = Random::seeded(place ^ SEED << 48).next_u64() >> (64 - STEPS.trailing_zeros());
        *threshold = centred(rank as u32, STEPS as usize);
    }
}
