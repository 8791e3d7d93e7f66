//! What is asked of the entropy coder, and how many bits that allows.

use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wanted {
    /// Hundredths of bits a weight, everything counted: 50 to 800.
    pub centibits: u16,
    /// The step follows the spread of a row.
    pub by_row: bool,
    pub trellis: bool,
}

/// What a tensor may take above the bits asked for that are fewer than twice as many: nearly all of it is the plan.
const SPARE_BITS: f64 = 256.0;

impl Wanted {
    /// What so many weights may take, everything counted.
    pub(super) fn most_bits(self, weights: usize) -> f64 {
        let asked = f64::from(self.centibits) / 100.0 * weights as f64;
        if asked < 2.0 * SPARE_BITS { asked + SPARE_BITS } else { asked }
    }
}
