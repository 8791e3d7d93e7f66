//! How a plan is found: codes and tables settle together on a sample, until the rate is the one asked for.

use super::histogram::Histogram;
use super::path;
use super::plan::{NEAR, NUDGED, Plan, Wanted};
use super::prepared::{CHUNK, CLASS_BITS, CLASSES, Prepared};
use super::rans::{MOST, Table};
use super::steps::{Steps, size};
use crate::engine::coding::groups::row_groups;
use crate::engine::coding::unit::{Scaled, Unit};
use crate::engine::control::{Control, Stopped};
use crate::engine::random::one_of_each;
use crate::engine::samples::Samples;
use crate::engine::scale::to_f16;

/// Weights that the step is looked for with, and those that the last tables are counted from.
const FEW: usize = 1 << 16;
const MANY: usize = 1 << 19;
/// Searches with few, and at most with many.
const SETTLING: usize = 10;
const TRIES: usize = 5;

impl Plan {
    /// For values, or for a good sample of them.
    pub(super) fn find(wanted: Wanted, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Self, Stopped> {
        let (values, row_len, importance) = (samples.values.as_flattened(), samples.width, samples.weights);
        let unit = Unit::of(values);
        let few = Sample::new(values, row_len, importance, unit, FEW);
        let mut plan = Self::begin(wanted, unit, &few);
        // Codes and tables settle together: what is used more gets cheaper, and is used more.
        for pass in 0..SETTLING {
            let over = plan.pass(&few, control)?;
            plan.correct(over, &few);
            control.progress(0.3 * (pass + 1) as f32 / SETTLING as f32);
        }
        let many = Sample::new(values, row_len, importance, unit, MANY);
        let mut best: Option<(f64, Plan)> = None;
        for _ in 0..TRIES {
            let over = plan.pass(&many, control)?;
            if best.as_ref().is_none_or(|(least, _)| better(over, *least)) {
                best = Some((over, plan.clone()));
            }
            if (-NEAR..=0.0).contains(&over) {
                break;
            }
            plan.correct(over, &many);
        }
        Ok(best.map_or(plan, |(_, best)| best))
    }

    /// A step that is twice as large takes about one bit less.
    fn correct(&mut self, over: f64, sample: &Sample<'_>) {
        let step = f64::from(self.step) * (over + NEAR / 2.0).clamp(-2.0, 2.0).exp2();
        // All but a few weights are 0 in steps that are larger.
        self.step = (step as f32).min(sample.unit_spread(self.wanted) * 16.0);
    }

    fn begin(wanted: Wanted, unit: Unit, sample: &Sample<'_>) -> Self {
        let sets = if wanted.trellis { 2 } else { 1 };
        // At first all codes take the same bits: what settles depends on where it starts.
        let table = Table::of_counts(&std::array::from_fn::<u64, MOST, _>(|m| if m == 0 { 1 } else { 2 }));
        Self {
            wanted,
            unit,
            centre: sample.centre,
            step: sample.step(wanted),
            nudges: vec![[0; NUDGED]; sets],
            context_of: [0; CLASSES],
            tables: vec![table; sets],
            tightened: 0,
        }
    }

    /// Codes the sample and learns from it; how many bits a weight it takes over what was asked for.
    fn pass(&mut self, sample: &Sample<'_>, control: &Control<'_>) -> Result<f64, Stopped> {
        let unwatched = |_: f32| {};
        let control = &control.with_progress(&unwatched);
        let mut prepared = sample.prepared.clone();
        prepared.divide(self.wanted.by_row, self.step);
        let weights = sample.scaled.weights.as_deref();
        let codes = path::codes(self, &prepared, weights, control)?;
        let steps = Steps::new(self.wanted.trellis);
        let histogram = Histogram::of(steps, &codes, &prepared.class_each(), self.nudges.len(), CHUNK);
        (self.context_of, self.tables) = histogram.tables();
        self.nudge(&prepared, weights, &codes);
        let side = self.stored_bits() + prepared.classes.len() as f64 * f64::from(CLASS_BITS);
        // A first word each, and the last byte filled up.
        let streams = codes.len().div_ceil(CHUNK) as f64 * 32.0 + 7.0;
        let bits = histogram.bits(self) + side + streams;
        Ok((bits - self.wanted.most_bits(codes.len())) / codes.len().max(1) as f64)
    }

    /// Moves levels to the means of their weights.
    fn nudge(&mut self, prepared: &Prepared, weights: Option<&[f32]>, codes: &[i32]) {
        let steps = Steps::new(self.wanted.trellis);
        let mut sums = vec![[(0.0f64, 0.0f64); NUDGED]; self.nudges.len()];
        for (c, codes) in codes.chunks(CHUNK).enumerate() {
            let mut state = 0;
            for (i, &code) in codes.iter().enumerate() {
                let (at, set) = (c * CHUNK + i, steps.set(state));
                state = steps.next(state, code);
                if let Some(sum) = (code.unsigned_abs() as usize).checked_sub(1) {
                    let sum = &mut sums[set][sum.min(NUDGED - 1)];
                    let weight = weights.map_or(1.0, |w| f64::from(w[at]));
                    sum.0 += weight * f64::from(size(set, code.unsigned_abs()) - prepared.targets[at].abs());
                    sum.1 += weight;
                }
            }
        }
        let mean = |(inwards, weight): (f64, f64)| if weight > 0.0 { inwards / weight } else { 0.0 };
        for (nudges, sums) in self.nudges.iter_mut().zip(sums) {
            *nudges = sums.map(|sum| (mean(sum) * 256.0).round().clamp(-127.0, 127.0) as i8);
        }
    }
}

/// Whether a rate that is `over` the one asked for is a better answer than one that is `other` over it.
fn better(over: f64, other: f64) -> bool {
    match (over <= 0.0, other <= 0.0) {
        (true, true) => over > other,
        (fits, false) => fits || over < other,
        (false, true) => false,
    }
}

/// Whole groups of rows, spread over the values.
struct Sample<'a> {
    scaled: Scaled<'a>,
    prepared: Prepared,
    centre: f32,
    /// The root mean square about the centre.
    spread: f32,
}

impl<'a> Sample<'a> {
    fn new(values: &[f32], row_len: usize, importance: Option<&'a [f32]>, unit: Unit, most: usize) -> Self {
        let stride = values.len().div_ceil(most).max(1);
        let mut scaled = match stride {
            1 => Scaled::in_unit(values, importance, unit),
            _ => {
                // At chance places, as rows may be alike at equal distances; the same ones always.
                let picked = one_of_each(&row_groups(values.len(), row_len), stride, most as u64);
                let taken: Vec<f32> = picked.iter().flat_map(|g| &values[g.clone()]).copied().collect();
                let weights = importance.map(|w| picked.iter().flat_map(|g| &w[g.clone()]).copied().collect());
                Scaled::with_weights(&taken, weights, unit)
            }
        };
        if scaled.weights.as_ref().is_some_and(|weights| weights.iter().all(|w| *w == 0.0)) {
            scaled.weights = None;
        }
        let centre = centre(&scaled);
        let prepared = Prepared::new(&scaled, row_len, centre);
        let power: f64 = prepared.targets.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
        let spread = (power / prepared.targets.len().max(1) as f64).sqrt() as f32;
        Self { scaled, prepared, centre, spread }
    }

    /// The step that theory has for a Gaussian of this spread.
    fn step(&self, wanted: Wanted) -> f32 {
        const ROOT_TAU_E: f64 = 4.132_731;
        self.unit_spread(wanted) * (ROOT_TAU_E / (f64::from(wanted.centibits) / 100.0).exp2()) as f32
    }

    /// Steps that follow the rows count in their spreads.
    fn unit_spread(&self, wanted: Wanted) -> f32 {
        if wanted.by_row { f32::from(u8::from(self.spread > 0.0)) } else { self.spread }
    }
}

/// The mean where it matters, else 0.
fn centre(scaled: &Scaled<'_>) -> f32 {
    let (mut sum, mut power, mut weight) = (0.0f64, 0.0f64, 0.0f64);
    for (i, x) in scaled.values.iter().enumerate() {
        let (x, w) = (f64::from(*x), f64::from(scaled.weight(i)));
        sum += w * x;
        power += w * x * x;
        weight += w;
    }
    let mean = if weight > 0.0 { sum / weight } else { 0.0 };
    if mean * mean * weight > 0.01 * power { to_f16(mean as f32) } else { 0.0 }
}
