//! Equal steps, and codes of unequal length: the often used ones short. Asked for a rate, it finds the step.
//!
//! Choose it for the least error at a given size, where a tensor is decoded as a whole. Three things make
//! it better than plain rounding with an entropy coder after it: rows (short ones together) are sorted
//! by their spread into classes with frequencies of their own; a code is chosen for its error *and* its
//! bits; and, with `-trellis`, a weight's levels depend on the codes before it, which packs the levels of
//! successive weights as densely as a good lattice does (`steps`). The coder is `rans`; tables, the
//! classes of rows and its last words are all counted.
//!
//! | | step | short of Shannon on a Gaussian source |
//! |---|---|---|
//! | `ecB` | one a tensor | 1.53 dB, from 2 bits up |
//! | `ecB-row` | in proportion to the row's spread | the same |
//! | `ecB-trellis`, `ecB-row-trellis` | of two interleaved sets | 0.5 dB |
//!
//! One step for all rows gives the least squared error; steps that follow the rows treat small ones alike
//! with large ones, which a running model may like better.
//!
//! Cost: ten searches (`path`) over a small sample, up to five over a larger one, and one over all weights:
//! 50 ns a weight with a trellis, 15 ns without.
//! Sources: Ziv, "On universal quantization", IEEE Trans. Inf. Theory 31 (1985), for the 1.53 dB; Fischer
//! and Wang, "Entropy-constrained trellis-coded quantization", IEEE Trans. Inf. Theory 38 (1992).

mod histogram;
mod path;
mod plan;
mod prepared;
pub mod rans;
mod settling;
mod steps;

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::groups::row_groups;
use super::row::{Coded, Coding, Row, TensorPlan, coded};
use super::unit::Scaled;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::family::Family;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use plan::{NEAR, Plan, Wanted};
use prepared::{CHUNK, CLASS_BITS, Prepared, each, spread_of};
use rans::{Decoder, Stream};
use steps::Steps;

/// Levels in interleaved sets; one step for all rows.
pub(super) const TRELLIS: Row = Row {
    family: Family::Coded,
    purpose: "the least error at its size: short codes for frequent levels, levels in interleaved sets",
    layout: "rANS streams, their tables, 5 bits a row for its spread, an f32 step a tensor",
    source: "Fischer and Wang 1992; Duda 2013",
    offered: &["ec2.5-trellis", "ec3.5-trellis", "ec4.4-trellis", "ec6-trellis"],
    parse: |name| Some(Box::new(Wanted::parse(name.strip_prefix("ec")?)?)),
    is_planned: true,
    takes_importance: true,
};

pub(super) const ROW_TRELLIS: Row = Row { offered: &["ec3.5-row-trellis", "ec4.4-row-trellis"], ..TRELLIS };

/// One step for all rows, and no trellis.
pub(super) const PLAIN: Row = Row {
    purpose: "equal steps, short codes for frequent levels: as a photo's JPEG packs its numbers",
    source: "Ziv 1985; Duda 2013",
    offered: &["ec2.5", "ec3.5", "ec4.4"],
    ..TRELLIS
};

pub(super) const ROW: Row = Row {
    purpose: "steps in proportion to each row's spread, short codes for frequent levels",
    offered: &["ec4.4-row"],
    ..PLAIN
};

impl Coding for Wanted {
    fn name(&self) -> String {
        let (row, trellis) = (if self.by_row { "-row" } else { "" }, if self.trellis { "-trellis" } else { "" });
        format!("ec{}{row}{trellis}", f64::from(self.centibits) / 100.0)
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.centibits) / 100.0
    }

    fn plan(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        Ok(Box::new(Plan::find(*self, samples, control)?))
    }

    fn decode(&self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
        // Every byte says what it is: nothing of what was asked for is needed.
        let mut from = Reader::new(bytes);
        let plan = Plan::take(&mut from)?;
        let groups = row_groups(len, row_len);
        if from.left() < groups.len() * CLASS_BITS as usize {
            return Err(Malformed);
        }
        let class = |_| from.take(CLASS_BITS).map(|c| c as u8);
        let classes: Vec<u8> = groups.iter().map(class).collect::<Result<_, _>>()?;
        let classes = each(&classes, groups.iter().map(|g| g.len()));
        let steps = Steps::new(plan.wanted.trellis);
        let mut out = Vec::with_capacity(len);
        for classes in classes.chunks(CHUNK) {
            let mut decoder = Decoder::new(&mut from)?;
            let mut state = 0;
            for &class in classes {
                let set = steps.set(state);
                let code = decoder.take(plan.table(class, set), &mut from)?;
                state = steps.next(state, code);
                let step = if plan.wanted.by_row { plan.step * spread_of(class) } else { plan.step };
                out.push(plan.level(set, code) * step + plan.centre);
            }
            decoder.finish()?;
        }
        plan.unit.multiply(&mut out);
        Ok(out)
    }
}

/// How often the step of a finished plan is made larger, at most.
const TIGHTENINGS: u32 = 12;

impl TensorPlan for Plan {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::in_unit(values, samples.weights, self.unit);
        let mut prepared = Prepared::new(&scaled, samples.width, self.centre);
        prepared.divide(self.wanted.by_row, self.step);
        let codes = path::codes(self, &prepared, scaled.weights.as_deref(), control)?;
        let classes = prepared.class_each();
        let steps = Steps::new(self.wanted.trellis);
        let streams: Vec<Stream> = codes
            .par_chunks(CHUNK)
            .zip(classes.par_chunks(CHUNK))
            .map(|(codes, classes)| {
                let mut stream = Stream::default();
                let mut symbols = Vec::with_capacity(codes.len());
                let mut state = 0;
                for (&code, &class) in codes.iter().zip(classes) {
                    symbols.push((self.table(class, steps.set(state)), code));
                    state = steps.next(state, code);
                }
                symbols.iter().rev().for_each(|&(table, code)| stream.put(table, code));
                stream
            })
            .collect();
        let mut out = Writer::for_samples(values.len());
        self.put(&mut out);
        prepared.classes.iter().for_each(|&class| out.put(Part::Side, u32::from(class), CLASS_BITS));
        streams.iter().for_each(|stream| stream.write(&mut out));
        coded(out, |bytes| self.wanted.decode(bytes, values.len(), samples.width))
    }

    fn put(&self, out: &mut Writer) {
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

    fn promises_rate(&self) -> bool {
        true
    }

    /// Takes a larger step: a sample tells nearly, not exactly, what the whole will take.
    fn tighten(&mut self, rate: Rate) -> bool {
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
}
