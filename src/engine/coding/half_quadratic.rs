//! Affine integers whose zero point is searched for a sparse error: HQQ.
//!
//! Choose it to compare with models that were quantized that way: no data is needed and it is fast, but
//! what it lowers is Σ|e|^0.7, which lets a few weights have a large error, and not the squared error.
//! The scale is that of the range; the zero point is any f16 number. In turns the error is split into a
//! sparse part (shrunk towards zero) and a remainder, whose mean is where the zero point goes.
//! Source: Badri and Shaji, "Half-quadratic quantization of large machine learning models" (2023).

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::coded::{Coded, coded};
use super::groups::{decode_groups, groups_of};
use super::unit::{Scaled, Unit};
use crate::engine::control::{Control, Stopped};
use crate::engine::scale::to_f16;

const ROUNDS: usize = 20;
const POWER: f32 = 0.7;
const FIRST_BETA: f32 = 10.0;
const BETA_GROWTH: f32 = 1.01;
/// Groups that one task codes.
const BATCH: usize = 1 << 10;

/// code = round(x ÷ step + zero); x̂ = (code − zero) · step.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    step: f32,
    zero: f32,
}

impl Line {
    fn code(self, x: f32, top: f32) -> f32 {
        if self.step == 0.0 { 0.0 } else { (x / self.step + self.zero).round_ties_even().clamp(0.0, top) }
    }

    fn decode(self, code: f32) -> f32 {
        (code - self.zero) * self.step
    }
}

fn search(x: &[f32], top: f32) -> Line {
    let (low, high) = x.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
    let step = to_f16((high - low) / top);
    if step == 0.0 {
        // One value: its zero point alone carries it.
        let step = to_f16(low.abs());
        return Line { step, zero: if step == 0.0 { 0.0 } else { -low.signum() } };
    }
    let mut line = Line { step, zero: to_f16(-low / step) };
    let mut best = (mean_error(x, line, top), line);
    let mut beta = FIRST_BETA;
    for _ in 0..ROUNDS {
        let mut sum = 0.0f64;
        for &x in x {
            let code = line.code(x, top);
            let sparse = shrunk(x - line.decode(code), beta);
            sum += f64::from(code - (x - sparse) / step);
        }
        line.zero = to_f16((sum / x.len() as f64) as f32);
        beta *= BETA_GROWTH;
        let error = mean_error(x, line, top);
        if error >= best.0 {
            break;
        }
        best = (error, line);
    }
    best.1
}

/// The minimiser of |z|^p ÷ β + (z − e)² ÷ 2, nearly.
fn shrunk(e: f32, beta: f32) -> f32 {
    if e == 0.0 { 0.0 } else { e.signum() * (e.abs() - e.abs().powf(POWER - 1.0) / beta).max(0.0) }
}

fn mean_error(x: &[f32], line: Line, top: f32) -> f64 {
    x.iter().map(|&x| f64::from((x - line.decode(line.code(x, top))).abs())).sum::<f64>() / x.len() as f64
}

pub fn encode(
    bits: u32,
    group: usize,
    values: &[f32],
    row_len: usize,
    control: &Control<'_>,
) -> Result<Coded, Stopped> {
    let scaled = Scaled::new(values, None);
    let top = ((1u32 << bits) - 1) as f32;
    let groups = groups_of(values.len(), row_len, group);
    let lines: Vec<Vec<Line>> = groups
        .par_chunks(BATCH)
        .map(|groups| {
            control.check()?;
            Ok(groups.iter().map(|g| search(&scaled.values[g.clone()], top)).collect())
        })
        .collect::<Result<_, Stopped>>()?;
    let mut out = Writer::for_samples(values.len());
    scaled.put_unit(&mut out);
    for (range, line) in groups.iter().zip(lines.iter().flatten()) {
        out.put_f16(Part::Side, line.step);
        out.put_f16(Part::Side, line.zero);
        scaled.values[range.clone()].iter().for_each(|&x| out.put(Part::Code, line.code(x, top) as u32, bits));
    }
    coded(out, |bytes| decode(bits, group, bytes, values.len(), row_len))
}

pub fn decode(bits: u32, group: usize, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
    let mut from = Reader::new(bytes);
    let unit = Unit::take(&mut from)?;
    let groups = groups_of(len, row_len, group);
    let head = |from: &mut Reader<'_>| Ok(Line { step: from.take_f16()?, zero: from.take_f16()? });
    let mut out = decode_groups(&mut from, bits, &groups, head, |line, code| line.decode(code as f32))?;
    unit.multiply(&mut out);
    Ok(out)
}
