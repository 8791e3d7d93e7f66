//! What all parts of a tensor share: the step that gives the rate asked for, and the tables.

use super::prepared::CLASSES;
use super::rans::Table;
use super::steps::size;
use super::wanted::Wanted;
use crate::engine::coding::bits::{Malformed, Part, Reader, Writer};
use crate::engine::coding::unit::Unit;
use crate::engine::rate::Rate;

/// A rate this far below the one asked for is near enough.
pub(super) const NEAR: f64 = 0.004;
/// How often the step of a finished plan is made larger, at most.
const TIGHTENINGS: u32 = 12;
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
    /// Takes a larger step where the bits of all that was coded are more than were asked for: a sample tells
    /// nearly, not exactly, what the whole will take. False: they are not, or there is nothing left to try.
    pub(super) fn spend_less(&mut self, rate: Rate) -> bool {
        let samples = rate.samples as usize;
        let over = (rate.total_bits() as f64 - self.wanted.most_bits(samples)) / samples.max(1) as f64;
        if over <= 0.0 || self.step == 0.0 || self.tightened == TIGHTENINGS {
            return false;
        }
        self.tightened += 1;
        // More each time, should it not suffice: the tables are those of the smaller step.
        let octaves = (over * f64::from(self.tightened)).min(2.0) + NEAR / 4.0;
        self.step = (f64::from(self.step) * octaves.exp2()) as f32;
        true
    }

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

    pub(super) fn write(&self, out: &mut Writer) {
        self.unit.put(out);
        out.put(Part::Side, u32::from(self.wanted.by_row) | u32::from(self.wanted.trellis) << 1, 2);
        out.put_f32(Part::Side, self.centre);
        out.put_f32(Part::Side, self.step);
        self.nudges.iter().flatten().for_each(|&nudge| out.put(Part::Side, u32::from(nudge as u8), 8));
        // A one where a class begins a context.
        let begins = self.context_of.windows(2).map(|pair| u32::from(pair[0] != pair[1]));
        begins.for_each(|begins| out.put(Part::Table, begins, 1));
        self.tables.iter().for_each(|table| table.put(out));
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
