//! A trellis code: B bits a weight choose a way through a shift register, and the register's state is what
//! a weight decodes to. This is what comes nearest to Shannon's line at a fixed number of bits.
//!
//! Choose it for the least error where every weight takes the same bits and runs are read from their
//! start; where bits may vary, `ecB-trellis` gives less error at the same bits. Rows are
//! turned by a rotation, which makes any weights nearly Gaussian, and each is divided by its own f16
//! scale (short rows share one). Then B bits a weight are shifted into a register of 12 to 14 bits; its
//! state, scrambled, is a place in the Gaussian distribution (`values`). No table is stored: both ends
//! compute it. A path runs over `RUN` weights and starts from the empty register.
//!
//! Cost: a step of the search looks at all 2^L states, so encoding takes some 1 µs a weight at 2 and 3 bits,
//! 3 µs at 4, eight paths side by side on one core. Memory: 17 MB for each thread. Decoding: a look-up.
//! On a Gaussian source it falls short of Shannon by 0.53, 0.71 and 0.64 dB at 2, 3 and 4 bits.
//! Sources: Marcellin and Fischer, "Trellis coded quantization of memoryless and Gauss–Markov sources",
//! IEEE Trans. Commun. 38 (1990); for weights QTIP (Tseng et al. 2024).

pub mod path;
pub mod values;

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::groups::row_groups;
use super::rotation::Rotation;
use super::row::{Coded, Coding, Row, TensorPlan, coded, number};
use super::unit::{Scaled, Unit};
use crate::engine::control::{Control, Milestones, Stopped};
use crate::engine::format::family::Family;
use crate::engine::samples::Samples;
use crate::engine::scale::to_f16;
use path::{LANES, Search};
use values::Values;

pub(super) static ROW: Row = Row {
    family: Family::Coded,
    purpose: "nearest to Shannon's line at a fixed number of bits: a path, not single codes",
    layout: "B bits a weight shifted into a register; an f16 scale a row (at most 4096 weights)",
    source: "Marcellin and Fischer 1990; QTIP, Tseng et al. 2024",
    offered: &["trellis2", "trellis3", "trellis4"],
    parse: |name| Some(Box::new(Trellis { bits: number(name.strip_prefix("trellis")?, 1..=4)? })),
    is_planned: false,
    takes_importance: false,
};

#[derive(Clone, Copy)]
struct Trellis {
    bits: u32,
}

impl Coding for Trellis {
    fn name(&self) -> String {
        format!("trellis{}", self.bits)
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.bits)
    }

    fn plan(&self, _samples: Samples<'_, 1>, _control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        Ok(Box::new(*self))
    }

    fn decode(&self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
        let mut from = Reader::new(bytes);
        let unit = Unit::take(&mut from)?;
        if from.left() < len * self.bits as usize {
            return Err(Malformed);
        }
        let groups = row_groups(len, row_len);
        let scales: Vec<f32> = groups.iter().map(|_| from.take_f16()).collect::<Result<_, _>>()?;
        let symbols: Vec<u8> = (0..len).map(|_| from.take(self.bits).map(|s| s as u8)).collect::<Result<_, _>>()?;
        let mut out = walked(values::of(self.bits), &symbols);
        for (group, scale) in groups.into_iter().zip(scales) {
            out[group].iter_mut().for_each(|x| *x *= scale);
        }
        Rotation::of_rows(row_len).turn_back(&mut out);
        unit.multiply(&mut out);
        Ok(out)
    }
}

impl TensorPlan for Trellis {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let (values, row_len) = (samples.values.as_flattened(), samples.width);
        let mut scaled = Scaled::new(values, None);
        Rotation::of_rows(row_len).turn(&mut scaled.values);
        let groups = row_groups(values.len(), row_len);
        let mut scales: Vec<f32> = groups.iter().map(|g| spread(&scaled.values[g.clone()])).collect();
        let mut targets = scaled.values.clone();
        for (group, scale) in groups.iter().zip(&scales) {
            let inverse = if *scale == 0.0 { 0.0 } else { 1.0 / scale };
            targets[group.clone()].iter_mut().for_each(|x| *x *= inverse);
        }
        let code = values::of(self.bits);
        let symbols = paths(code, &targets, control)?;
        let levels = walked(code, &symbols);
        for (group, scale) in groups.iter().zip(&mut scales) {
            *scale = fitted(&scaled.values[group.clone()], &levels[group.clone()]).unwrap_or(*scale);
        }
        let mut out = Writer::for_samples(values.len());
        scaled.unit.put(&mut out);
        scales.iter().for_each(|&scale| out.put_f16(Part::Side, scale));
        symbols.iter().for_each(|&symbol| out.put(Part::Code, u32::from(symbol), self.bits));
        coded(out, |bytes| self.decode(bytes, values.len(), row_len))
    }
}

/// Weights that a path runs over.
const RUN: usize = 1 << 11;
/// A scale that makes the levels a little wider than the weights costs least.
const WIDENED: f64 = 1.06;

/// The root mean square as the f16 scale to search with.
fn spread(x: &[f32]) -> f32 {
    let power: f64 = x.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
    to_f16(((power / x.len().max(1) as f64).sqrt() * WIDENED) as f32)
}

/// The f16 scale of least squared error for levels that are already chosen.
fn fitted(x: &[f32], levels: &[f32]) -> Option<f32> {
    let (mut both, mut power) = (0.0f64, 0.0f64);
    for (x, level) in x.iter().zip(levels) {
        both += f64::from(*x) * f64::from(*level);
        power += f64::from(*level) * f64::from(*level);
    }
    Some(to_f16((both / power) as f32)).filter(|scale| scale.is_finite())
}

/// The symbols of each weight.
fn paths(code: &Values, targets: &[f32], control: &Control<'_>) -> Result<Vec<u8>, Stopped> {
    let mut symbols = vec![0u8; targets.len()];
    let tasks = targets.par_chunks(RUN * LANES).zip(symbols.par_chunks_mut(RUN * LANES));
    let done = Milestones::new(control, tasks.len());
    tasks.try_for_each_init(
        || Search::new(code),
        |search, (targets, symbols)| {
            let mut runs = [&[][..]; LANES];
            runs.iter_mut().zip(targets.chunks(RUN)).for_each(|(to, run)| *to = run);
            search.follow(&runs, symbols.chunks_mut(RUN), control)?;
            done.one_more();
            Ok(())
        },
    )?;
    Ok(symbols)
}

/// The level at each step of the paths.
fn walked(code: &Values, symbols: &[u8]) -> Vec<f32> {
    let mut levels = Vec::with_capacity(symbols.len());
    for run in symbols.chunks(RUN) {
        let mut state = 0;
        levels.extend(run.iter().map(|&symbol| code.step(&mut state, u32::from(symbol))));
    }
    levels
}
