//! One weight far larger than all others, and what it does to them under formats that share scales differently.

use std::ops::Range;

use super::super::standalone;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;

/// Formats of four bits and what a class is told of them: from one scale for all to a scale for few.
pub const CASES: [(&str, &str); 6] = [
    ("int4-tensor", "One scale for all"),
    ("int4-tensor-p99.9", "One scale, clipped"),
    ("int4-row", "A scale a row"),
    ("int4-g32", "A scale for 32"),
    ("int4-g32-clip", "For 32, searched"),
    ("nf4", "NF4, a scale for 64"),
];

/// Weights that take part: the first rows of a large tensor.
const MOST: usize = 1 << 19;

/// A tensor with one weight made larger.
#[derive(Clone, Debug)]
pub struct Outlier {
    /// The row it is in, as it is with it.
    pub row: Vec<f32>,
    /// Where in the row.
    pub column: usize,
    /// The largest size of the row's other weights.
    pub others: f32,
    /// One for each of [`CASES`], in their order.
    pub cases: Vec<Case>,
}

/// The weights under one format.
#[derive(Clone, Debug)]
pub struct Case {
    /// The format's name, as in [`CASES`].
    pub name: &'static str,
    /// The row as it is decoded.
    pub decoded: Vec<f32>,
    /// Which columns share a scale, and the numbers they can be.
    pub groups: Vec<(Range<usize>, Vec<f32>)>,
    /// The error of the row's other weights.
    pub row_error: ScalarError,
    /// The error of all weights but this one.
    pub error: ScalarError,
    /// Bits of all weights, scales included.
    pub rate: Rate,
}

/// The largest weight of the middle row made `factor` times as large.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn outlier(weights: &[f32], width: usize, factor: f32, control: &Control<'_>) -> Result<Outlier, Stopped> {
    let width = width.clamp(1, weights.len().max(1));
    let kept = (MOST / width).max(1) * width;
    let finite = |&x: &f32| if x.is_finite() { x } else { 0.0 };
    let mut weights: Vec<f32> = weights.iter().take(kept).map(finite).collect();
    weights.truncate(weights.len() / width * width);
    let start = weights.len() / width / 2 * width;
    let row = start..(start + width).min(weights.len());
    let column = largest(&weights[row.clone()]);
    if let Some(weight) = weights.get_mut(start + column) {
        *weight *= factor;
    }
    let mut cases = Vec::new();
    for (k, (name, _)) in CASES.into_iter().enumerate() {
        control.check()?;
        cases.push(case(name, &weights, width, (row.clone(), column), control)?);
        control.progress((k + 1) as f32 / CASES.len() as f32);
    }
    let row = weights[row].to_vec();
    let others = row.iter().enumerate().filter(|(i, _)| *i != column).fold(0.0f32, |top, (_, x)| top.max(x.abs()));
    Ok(Outlier { row, column, others, cases })
}

fn largest(row: &[f32]) -> usize {
    (0..row.len()).max_by(|&a, &b| row[a].abs().total_cmp(&row[b].abs())).unwrap_or(0)
}

fn case(
    name: &'static str,
    weights: &[f32],
    width: usize,
    (row, column): (Range<usize>, usize),
    control: &Control<'_>,
) -> Result<Case, Stopped> {
    let coded = standalone::code(Format::built_in(name), weights, width, control)?;
    let mut groups: Vec<(Range<usize>, Vec<f32>)> = Vec::new();
    let mut last = None;
    for (at, i) in row.clone().enumerate() {
        let group = coded.quantized.group_of(i);
        match groups.last_mut() {
            Some((columns, _)) if last == Some(group) => columns.end = at + 1,
            _ => groups.push((at..at + 1, coded.levels_of(i))),
        }
        last = Some(group);
    }
    let outlier = row.start + column;
    let without = |range: Range<usize>| {
        let (before, after) = (range.start..outlier, outlier + 1..range.end);
        let measured = |part: Range<usize>| match (weights.get(part.clone()), coded.decoded.get(part)) {
            (Some(x), Some(y)) => ScalarError::measure(x, y),
            _ => ScalarError::default(),
        };
        measured(before) + measured(after)
    };
    Ok(Case {
        name,
        decoded: coded.decoded.get(row.clone()).unwrap_or_default().to_vec(),
        groups,
        row_error: without(row.clone()),
        error: without(0..weights.len()),
        rate: coded.rate,
    })
}
