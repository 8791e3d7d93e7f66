//! A random rotation of rows: signs flipped at seeded places, then a Hadamard transform.
//!
//! Choose it before rounding when rows hold outliers: each is spread over its neighbours, the numbers
//! become nearly Gaussian, and a scale is no longer decided by one of them. All rows are turned alike, so
//! a layer can turn its inputs once instead of turning weights back. A row is cut into runs whose lengths
//! are powers of two, the longest first. Cost: n·log n additions.
//! Sources: Hadamard 1893; for weights QuIP# (Tseng et al. 2024) and QuaRot (Ashkboos et al. 2024).

use std::ops::Range;

use crate::engine::random::Random;
use crate::engine::simd::{Kernel, widest};

/// Runs are no longer than this.
pub const LONGEST_RUN: usize = 1 << 12;
const SEED: u64 = 0x48ad_a3a2;

/// The rotation of rows of one length.
pub struct Rotation {
    signs: Vec<f32>,
}

impl Rotation {
    /// The rotation of rows of `row_len` values; it depends on nothing else.
    pub fn of_rows(row_len: usize) -> Self {
        let mut random = Random::seeded(SEED);
        Self { signs: (0..row_len).map(|_| if random.next_u64() >> 63 == 0 { 1.0 } else { -1.0 }).collect() }
    }

    /// Turns whole rows (the last may be short) in place.
    pub fn turn(&self, values: &mut [f32]) {
        for row in values.chunks_mut(self.signs.len().max(1)) {
            flip(row, &self.signs);
            runs(row.len()).for_each(|run| widest(Hadamard(&mut row[run])));
        }
    }

    /// Undoes [`Rotation::turn`], but for rounding.
    pub fn turn_back(&self, values: &mut [f32]) {
        for row in values.chunks_mut(self.signs.len().max(1)) {
            runs(row.len()).for_each(|run| widest(Hadamard(&mut row[run])));
            flip(row, &self.signs);
        }
    }
}

fn flip(row: &mut [f32], signs: &[f32]) {
    row.iter_mut().zip(signs).for_each(|(x, sign)| *x *= sign);
}

/// The runs of power-of-two length that a row is turned in, the longest that fits first.
pub fn runs(row_len: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let left = row_len - from;
        let len = (1usize << left.checked_ilog2()?).min(LONGEST_RUN);
        from += len;
        Some(from - len..from)
    })
}

/// The orthonormal transform, its own inverse; the length is a power of two.
struct Hadamard<'a>(&'a mut [f32]);

impl Kernel for Hadamard<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let mut half = 1;
        while half < self.0.len() {
            for pair in self.0.chunks_exact_mut(half * 2) {
                let (a, b) = pair.split_at_mut(half);
                for (a, b) in a.iter_mut().zip(b) {
                    (*a, *b) = (*a + *b, *a - *b);
                }
            }
            half *= 2;
        }
        let norm = 1.0 / (self.0.len() as f32).sqrt();
        self.0.iter_mut().for_each(|x| *x *= norm);
    }
}
