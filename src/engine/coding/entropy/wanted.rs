//! What is asked of the entropy coder, and how many bits that allows.

use std::ops::RangeInclusive;

/// Fewer bits are all zeros, more are a file of its own.
const CENTIBITS: RangeInclusive<f64> = 50.0..=800.0;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Hundredths of bits a weight, everything counted: 50 to 800.
    pub centibits: u16,
    /// The step follows the spread of a row.
    pub by_row: bool,
    pub trellis: bool,
}

/// What a tensor may take above the bits asked for that are fewer than twice as many: nearly all of it is the plan.
const SPARE_BITS: f64 = 256.0;

impl Wanted {
    /// `4.4-row-trellis`
    pub(super) fn parse(rest: &str) -> Option<Self> {
        let (rest, trellis) = rest.strip_suffix("-trellis").map_or((rest, false), |rest| (rest, true));
        let (bits, by_row) = rest.strip_suffix("-row").map_or((rest, false), |bits| (bits, true));
        let plain = bits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let centibits = (bits.parse::<f64>().ok().filter(|_| plain)? * 100.0).round();
        CENTIBITS.contains(&centibits).then_some(Self { centibits: centibits as u16, by_row, trellis })
    }

    /// What so many weights may take, everything counted.
    pub(super) fn most_bits(self, weights: usize) -> f64 {
        let asked = f64::from(self.centibits) / 100.0 * weights as f64;
        if asked < 2.0 * SPARE_BITS { asked + SPARE_BITS } else { asked }
    }
}
