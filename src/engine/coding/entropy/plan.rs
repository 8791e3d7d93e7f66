//! What is asked of the entropy coder, and what all parts of a tensor share: the step that gives the rate asked for, and
//! the tables.

use std::ops::RangeInclusive;

use super::prepared::CLASSES;
use super::rans::Table;
use super::steps::size;
use crate::engine::coding::bits::{Malformed, Reader};
use crate::engine::coding::unit::Unit;

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

/// A rate this far below the one asked for is near enough.
pub(super) const NEAR: f64 = 0.004;
/// Sizes that have a correction of their own: 1, 2, and all larger.
pub(super) const NUDGED: usize = 3;

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub wanted: Wanted,
    pub unit: Unit,
    pub centre: f32,
    pub step: f32,
    /// How far inwards the levels lie of where they would, in 256ths of a step: weights are denser there.
    pub(super) nudges: Vec<[i8; NUDGED]>,
    pub(super) context_of: [u8; CLASSES],
    pub(super) tables: Vec<Table>,
    pub(super) tightened: u32,
}

impl Plan {
    #[inline]
    pub(super) fn table(&self, class: u8, set: usize) -> &Table {
        &self.tables[usize::from(self.context_of[usize::from(class)]) * self.nudges.len() + set]
    }

    /// In steps from the centre.
    #[inline]
    pub(super) fn level(&self, set: usize, code: i32) -> f32 {
        let Some(nudge) = (code.unsigned_abs() as usize).checked_sub(1) else { return 0.0 };
        let inwards = f32::from(self.nudges[set][nudge.min(NUDGED - 1)]) / 256.0;
        let size = size(set, code.unsigned_abs()) - inwards;
        if code < 0 { -size } else { size }
    }

    pub(super) fn stored_bits(&self) -> f64 {
        let fixed = 16 + 2 + 64 + 8 * NUDGED * self.nudges.len() + CLASSES - 1;
        fixed as f64 + self.tables.iter().map(|table| table.stored_bits() as f64).sum::<f64>()
    }

    pub(super) fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let unit = Unit::take(from)?;
        let flags = from.take(2)?;
        // The rate that was asked for is not stored: nothing depends on it any more.
        let wanted = Wanted { centibits: 0, by_row: flags & 1 == 1, trellis: flags & 2 == 2 };
        let (centre, step) = (from.take_f32()?, from.take_f32()?);
        if !centre.is_finite() || !step.is_finite() {
            return Err(Malformed);
        }
        let mut nudges = vec![[0i8; NUDGED]; if wanted.trellis { 2 } else { 1 }];
        for nudge in nudges.iter_mut().flatten() {
            *nudge = from.take(8)? as u8 as i8;
        }
        let mut context_of = [0u8; CLASSES];
        for class in 1..CLASSES {
            context_of[class] = context_of[class - 1] + from.take(1)? as u8;
        }
        let tables = (usize::from(context_of[CLASSES - 1]) + 1) * nudges.len();
        let tables = (0..tables).map(|_| Table::take(from)).collect::<Result<_, _>>()?;
        Ok(Self { wanted, unit, centre, step, nudges, context_of, tables, tightened: 0 })
    }
}
