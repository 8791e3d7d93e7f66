//! Affine integers whose zero point is searched for a sparse error: HQQ.
//!
//! Choose it to compare with models that were quantized that way: no data is needed and it is fast, but
//! what it lowers is Σ|e|^0.7, which lets a few weights have a large error, and not the squared error.
//! The scale is that of the range; the zero point is any f16 number. In turns the error is split into a
//! sparse part (shrunk towards zero) and a remainder, whose mean is where the zero point goes.
//! Source: Badri and Shaji, "Half-quadratic quantization of large machine learning models" (2023).

use std::ops::Range;

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::groups::{decode_groups, groups_of};
use super::row::{Coded, Coding, LONGEST_RUN, Row, TensorPlan, coded, number};
use super::unit::{Scaled, Unit};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::family::Family;
use crate::engine::samples::Samples;
use crate::engine::scale::to_f16;

pub(super) static ROW: Row = Row {
    family: Family::Integer,
    purpose: "what HQQ makes of a tensor: a zero point that tolerates a few large errors",
    layout: "codes of B bits, an f16 scale and an f16 zero point a group",
    source: "HQQ, Badri and Shaji 2023",
    offered: &["hqq4-g64"],
    parse: |name| {
        let (bits, group) = name.strip_prefix("hqq")?.split_once("-g")?;
        Some(Box::new(HalfQuadratic { bits: number(bits, 1..=8)?, group: number(group, 1..=LONGEST_RUN)? }))
    },
    is_planned: false,
    takes_importance: false,
};

#[derive(Clone, Copy)]
struct HalfQuadratic {
    bits: u32,
    /// Weights of a row that share a scale and a zero point.
    group: u32,
}

impl Coding for HalfQuadratic {
    fn name(&self) -> String {
        format!("hqq{}-g{}", self.bits, self.group)
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.bits) + 32.0 / f64::from(self.group)
    }

    fn plan(&self, _samples: Samples<'_, 1>, _control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        Ok(Box::new(*self))
    }

    fn decode(&self, bytes: &[u8], len: usize, row_len: usize) -> Result<Vec<f32>, Malformed> {
        let mut from = Reader::new(bytes);
        let unit = Unit::take(&mut from)?;
        let groups = groups_of(len, row_len, self.group as usize);
        let head = |from: &mut Reader<'_>| Ok(Line { step: from.take_f16()?, zero: from.take_f16()? });
        let mut out = decode_groups(&mut from, self.bits, &groups, head, |line, code| line.decode(code as f32))?;
        unit.multiply(&mut out);
        Ok(out)
    }
}

impl TensorPlan for HalfQuadratic {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::new(values, None);
        let top = ((1u32 << self.bits) - 1) as f32;
        let groups = groups_of(values.len(), samples.width, self.group as usize);
        let line = |g: &Range<usize>| control.check().map(|()| search(&scaled.values[g.clone()], top));
        let lines: Vec<Line> = groups.par_iter().with_min_len(BATCH).map(line).collect::<Result<_, _>>()?;
        let mut out = Writer::for_samples(values.len());
        scaled.unit.put(&mut out);
        for (range, line) in groups.iter().zip(lines) {
            out.put_f16(Part::Side, line.step);
            out.put_f16(Part::Side, line.zero);
            scaled.values[range.clone()].iter().for_each(|&x| out.put(Part::Code, line.code(x, top) as u32, self.bits));
        }
        coded(out, |bytes| self.decode(bytes, values.len(), samples.width))
    }
}

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
