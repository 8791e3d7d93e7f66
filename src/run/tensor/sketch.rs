//! What a tensor is like before it is coded: its range, and a sample of its weights that a scale, a codebook or a
//! plan for all of it is found from.

use rayon::prelude::*;

use super::reading::Matrix;
use crate::engine::control::{Control, Stopped};
use crate::engine::random::Random;
use crate::run::coding::PART;
use crate::source::imatrix::Columns;

/// A shared scale or codebook is found from all weights of a tensor up to this size, and from a
/// spread-out sketch of about this many (the extremes always among them) of a larger one.
const SKETCH: usize = 1 << 20;
/// Weights, about, that lie together in a sketch of whole rows.
const PIECE: usize = 1 << 12;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    pub(super) low: f32,
    pub(super) high: f32,
    pub(super) nan: u64,
    pub(super) infinite: u64,
}

/// Smallest and largest finite weight, and how many are not finite: one parallel pass.
pub(super) fn extent(matrix: &dyn Matrix, control: &Control<'_>) -> Result<Extent, Stopped> {
    let values = matrix.values();
    let none = Extent { low: f32::INFINITY, high: f32::NEG_INFINITY, nan: 0, infinite: 0 };
    let starts: Vec<usize> = (0..values).step_by(PART).collect();
    let extent = starts
        .par_iter()
        .map(|&start| {
            control.check()?;
            let mut e = none;
            for x in matrix.read_all(start..(start + PART).min(values)) {
                if x.is_finite() {
                    e.low = e.low.min(x);
                    e.high = e.high.max(x);
                } else if x.is_nan() {
                    e.nan += 1;
                } else {
                    e.infinite += 1;
                }
            }
            Ok(e)
        })
        .try_reduce(
            || none,
            |a, b| {
                Ok(Extent {
                    low: a.low.min(b.low),
                    high: a.high.max(b.high),
                    nan: a.nan + b.nan,
                    infinite: a.infinite + b.infinite,
                })
            },
        )?;
    Ok(if extent.low > extent.high { Extent { low: 0.0, high: 0.0, ..extent } } else { extent })
}

/// All finite weights, or of a large tensor one from each of [`SKETCH`] equal stretches (at a seeded
/// random place, so that columns do not alias) together with the extremes; and their importances.
pub(super) fn sketch(
    matrix: &dyn Matrix,
    extent: &Extent,
    importance: Option<&Columns>,
) -> (Vec<[f32; 1]>, Option<Vec<f32>>) {
    let values = matrix.values();
    let stretch = (values / SKETCH).max(1);
    let picked = |p: usize| -> Vec<(f32, f32)> {
        let range = p * PART..((p + 1) * PART).min(values);
        let part = matrix.read_all(range.clone());
        let weights = importance.map(|columns| columns.over(range, values));
        let mut random = Random::seeded(p as u64);
        let starts = (0..part.len()).step_by(stretch);
        let places = starts.map(|at| match stretch.min(part.len() - at) as u64 {
            1 => at,
            members => at + (random.next_u64() % members) as usize,
        });
        places.map(|at| (part[at], weights.as_ref().map_or(1.0, |w| w[at]))).collect()
    };
    let mut picked: Vec<(f32, f32)> = (0..values.div_ceil(PART)).into_par_iter().flat_map_iter(picked).collect();
    if stretch > 1 {
        // The extremes count as little as anything does.
        let least = picked.iter().map(|p| p.1).fold(1.0, f32::min);
        picked.extend([(extent.low, least), (extent.high, least)]);
    }
    picked.retain(|p| p.0.is_finite());
    (picked.iter().map(|p| [p.0]).collect(), importance.map(|_| picked.iter().map(|p| p.1).collect()))
}

/// All weights, or of a large tensor whole rows (of very long ones, parts) from the middle of each of
/// equal stretches, about [`SKETCH`] weights; and their importances.
pub(super) fn rows_of(matrix: &dyn Matrix, importance: Option<&Columns>) -> (Vec<f32>, Option<Vec<f32>>) {
    let (values, row) = (matrix.values(), matrix.row_len().max(1));
    let piece = if row > PART { PIECE } else { PIECE.div_ceil(row) * row };
    let stride = (values / piece).div_ceil(SKETCH.div_ceil(piece)).max(1) * piece;
    let starts = (stride / piece / 2 * piece..values).step_by(stride);
    let (mut rows, mut weights) = (Vec::with_capacity(SKETCH.min(values)), Vec::new());
    for range in starts.map(|start| start..(start + piece).min(values)) {
        matrix.read(range.clone(), &mut rows);
        if let Some(columns) = importance {
            weights.extend(columns.over(range, values));
        }
    }
    (rows, importance.map(|_| weights))
}
