//! The colours that fill a large share of a picture, exactly as they are, for fits that see only means of cells.
//!
//! From a sample of the pixels, one of each of as many equal runs; a small picture is looked at in full. A colour of
//! 1.5 % of the pixels is missed once in ten thousand pictures, and how many pixels it has is known to a tenth, which is
//! enough for its weight in a fit.

use crate::engine::random::Random;

/// Pixels of a larger picture that are looked at.
const SAMPLE: usize = 8192;
/// Of a picture with at most this many pixels, every pixel is looked at.
const ALL: usize = 1 << 16;
/// Colours are counted in 2 to the power of this many buckets before they are told apart, so that few share one.
const BUCKET_BITS: u32 = 12;
/// The least share of the picture that a flat colour fills.
pub const SHARE: f64 = 0.01;

/// A colour, and about how many pixels have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flat {
    /// sRGB and straight alpha.
    pub color: [u8; 4],
    /// Estimated number of pixels; exact where the picture is small enough to be looked at in full.
    pub pixels: u64,
}

/// The colours that fill more than [`SHARE`] of the picture, the darkest first in the order of their bytes; none of alpha 0.
pub fn of(pixels: &[[u8; 4]]) -> Vec<Flat> {
    let (mut looked_at, whole) = (sample(pixels), pixels.len() as f64);
    let each = whole / looked_at.len().max(1) as f64;
    let least = (SHARE * looked_at.len() as f64) as u32;
    keep_frequent(&mut looked_at, least);
    looked_at.sort_unstable();
    let runs = looked_at.chunk_by(|a, b| a == b).filter(|run| run[0][3] > 0);
    let flats = runs.map(|run| Flat { color: run[0], pixels: (run.len() as f64 * each).round() as u64 });
    flats.filter(|flat| flat.pixels as f64 > SHARE * whole).collect()
}

fn sample(pixels: &[[u8; 4]]) -> Vec<[u8; 4]> {
    if pixels.len() <= ALL {
        return pixels.to_vec();
    }
    // Somewhere in each run: a fixed place would meet what repeats in the picture always or never.
    let mut random = Random::seeded(1);
    let run = pixels.len() as f64 / SAMPLE as f64;
    let place = |i: usize| ((i as f64 + f64::from(random.next_f32())) * run) as usize;
    (0..SAMPLE).map(place).filter_map(|place| pixels.get(place).copied()).collect()
}

/// Keeps all colours that are there `least` times or more, and some of the others: those that share a bucket with more.
/// Of most photos nothing is left, and what is left is sorted faster.
fn keep_frequent(colors: &mut Vec<[u8; 4]>, least: u32) {
    // The highest bits of a product with 2³²/φ, which spreads neighbours (Knuth, TAOCP 3, 6.4).
    let bucket = |color: [u8; 4]| (u32::from_le_bytes(color).wrapping_mul(0x9E37_79B1) >> (32 - BUCKET_BITS)) as usize;
    let mut counts = vec![0u32; 1 << BUCKET_BITS];
    colors.iter().for_each(|&color| counts[bucket(color)] += 1);
    colors.retain(|&color| counts[bucket(color)] >= least);
}
