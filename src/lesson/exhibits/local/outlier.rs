//! One weight that is far larger than all others, and what it does to them under formats that share scales in
//! different ways.

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
    /// Of the row's other weights.
    pub row_error: ScalarError,
    /// Of all weights but this one.
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
        if let Ok(format) = name.parse() {
            cases.push(case(name, format, &weights, width, (row.clone(), column), control)?);
        }
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
    format: Format,
    weights: &[f32],
    width: usize,
    (row, column): (Range<usize>, usize),
    control: &Control<'_>,
) -> Result<Case, Stopped> {
    let coded = standalone::code(format, weights, width, control)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn found(factor: f32) -> Outlier {
        let mut random = Random::seeded(7);
        let weights: Vec<f32> = (0..128 * 64).map(|_| 0.05 * random.next_gaussian()).collect();
        outlier(&weights, 128, factor, &Control::unwatched()).unwrap()
    }

    fn of<'a>(found: &'a Outlier, name: &str) -> &'a Case {
        found.cases.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn one_outlier_ruins_a_scale_that_all_share_and_small_groups_save_the_others() {
        let (calm, spoilt) = (found(1.0), found(20.0));
        let ruined = |name: &str| {
            of(&spoilt, name).row_error.relative_error() / of(&calm, name).row_error.relative_error().max(1e-9)
        };
        assert!(of(&spoilt, "int4-tensor").row_error.relative_error() > 0.99, "all others are zero");
        assert!(ruined("int4-row") > 3.0);
        // One of four groups is lost.
        let of_32 = of(&spoilt, "int4-g32").row_error.relative_error();
        assert!(of_32 < 0.7 * of(&spoilt, "int4-row").row_error.relative_error(), "{of_32}");
        // Clipped, the others are as they were, and the outlier is not.
        assert!(ruined("int4-tensor-p99.9") < 1.1);
        let outlier = of(&spoilt, "int4-tensor-p99.9").decoded[spoilt.column];
        assert!(outlier.abs() < 0.3 * spoilt.row[spoilt.column].abs());
    }

    #[test]
    fn the_groups_cover_the_row_and_decoded_weights_are_levels_of_theirs() {
        let found = found(8.0);
        for case in &found.cases {
            assert_eq!(case.groups.first().unwrap().0.start, 0);
            assert_eq!(case.groups.last().unwrap().0.end, found.row.len());
            assert!(case.groups.windows(2).all(|w| w[0].0.end == w[1].0.start), "{}", case.name);
            for (columns, levels) in &case.groups {
                for &y in &case.decoded[columns.clone()] {
                    let near = levels.iter().map(|l| (l - y).abs()).fold(f32::INFINITY, f32::min);
                    assert!(near <= 1e-6 + 1e-5 * y.abs(), "{} {y} {levels:?}", case.name);
                }
            }
        }
        assert_eq!(of(&found, "int4-g32").groups.len(), 4);
        assert_eq!(of(&found, "int4-row").groups.len(), 1);
    }

    #[test]
    fn smaller_groups_say_what_they_cost() {
        let found = found(1.0);
        let bits = |name: &str| of(&found, name).rate.bits_per_sample();
        assert_eq!((bits("int4-row"), bits("int4-g32"), bits("nf4")), (4.0 + 16.0 / 128.0, 4.5, 4.5));
        assert!(bits("int4-tensor") < 4.01);
    }

    #[test]
    fn nothing_is_asked_of_no_weights() {
        let found = outlier(&[], 0, 20.0, &Control::unwatched()).unwrap();
        assert!(found.row.is_empty());
    }
}
