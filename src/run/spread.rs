//! How a tensor's weights are spread: sorted once, so that a histogram of any range is exact and costs next
//! to nothing, and held against a Gaussian quantile by quantile.
//!
//! It takes the pictured weights: all of them, or the first rows of a large tensor. They are sorted on the axis of the
//! format's levels, so that the levels can be drawn on it. Cost: three sorts of at most a few million numbers.

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::theory::gaussian::{normal_cdf, normal_quantile};
use crate::run::report::{LevelAxis, Levels, TensorOriginal, TensorReport};
use crate::spec::TensorSpec;

/// Points of a Q–Q plot, at most, at about even steps of the Gaussian's quantile.
pub const QUANTILES: usize = 401;
/// The part of the weights that each tail holds.
pub const TAIL: f64 = 0.005;

/// The pictured weights of a tensor under a format.
#[derive(Debug)]
pub struct Spread {
    /// The tensor and the format.
    pub spec: TensorSpec,
    /// The levels of the format, on the axis of the sorted weights.
    pub levels: Levels,
    /// Finite weights, ascending, on the levels' axis.
    sorted: Vec<f32>,
    /// Empty where all weights are the same.
    pub quantiles: Vec<Quantile>,
    /// Mean of the finite weights, in their own unit.
    pub mean: f64,
    /// Standard deviation of the finite weights, in their own unit.
    pub std: f64,
}

/// One share of the weights lies below each of these: what a Gaussian has there, what the weights have, and
/// what they decode to; all in standard deviations of the weights from their mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// The quantile of the standard normal distribution.
    pub gaussian: f64,
    /// The quantile of the weights.
    pub original: f64,
    /// The quantile of what the weights decode to.
    pub decoded: f64,
}

/// Sorts the pictured weights of a tensor, and what they decode to under the report's format.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn spread(original: &TensorOriginal, report: &TensorReport, control: &Control<'_>) -> Result<Spread, Stopped> {
    let (q, decoded) = (&report.quantized, &report.decoded);
    let pairs: Vec<(usize, f32, f32)> = original
        .values
        .iter()
        .zip(decoded.iter())
        .enumerate()
        .filter(|(_, (x, y))| x.is_finite() && y.is_finite())
        .map(|(i, (&x, &y))| (i, x, y))
        .collect();
    control.check()?;
    let n = pairs.len().max(1) as f64;
    let mean = pairs.iter().map(|&(_, x, _)| f64::from(x)).sum::<f64>() / n;
    let std = (pairs.iter().map(|&(_, x, _)| (f64::from(x) - mean).powi(2)).sum::<f64>() / n).sqrt();
    control.progress(0.2);
    let place = |&(i, x, _): &(usize, f32, f32)| match report.levels.axis {
        LevelAxis::Scaled => q.affine(q.group_of(i)).invert([x])[0],
        LevelAxis::Value | LevelAxis::MeanOfGroups => x,
    };
    let sorted = ascending(pairs.iter().map(place).filter(|x| x.is_finite()).collect(), control)?;
    control.progress(0.5);
    let weights = ascending(pairs.iter().map(|p| p.1).collect(), control)?;
    control.progress(0.75);
    let decoded = ascending(pairs.iter().map(|p| p.2).collect(), control)?;
    let quantiles = if std > 0.0 { quantiles((&weights, &decoded), mean, std) } else { Vec::new() };
    Ok(Spread { spec: report.spec, levels: report.levels.clone(), sorted, quantiles, mean, std })
}

fn ascending(mut values: Vec<f32>, control: &Control<'_>) -> Result<Vec<f32>, Stopped> {
    control.check()?;
    values.par_sort_unstable_by(f32::total_cmp);
    Ok(values)
}

/// At about even steps of z, the weights of rank Φ(z)·n − ½; no farther out than one weight's share.
fn quantiles((weights, decoded): (&[f32], &[f32]), mean: f64, std: f64) -> Vec<Quantile> {
    let n = weights.len();
    let most = normal_quantile(1.0 - 0.5 / n as f64);
    let points = QUANTILES.min(n);
    let in_std = |x: f32| (f64::from(x) - mean) / std;
    let rank = |k: usize| {
        let z = most * (2.0 * k as f64 / (points - 1).max(1) as f64 - 1.0);
        ((normal_cdf(z) * n as f64 - 0.5).round().max(0.0) as usize).min(n - 1)
    };
    let mut ranks: Vec<usize> = (0..points).map(rank).collect();
    ranks.dedup();
    let at = |rank: usize| Quantile {
        gaussian: normal_quantile((rank as f64 + 0.5) / n as f64),
        original: in_std(weights[rank]),
        decoded: in_std(decoded[rank]),
    };
    ranks.into_iter().map(at).collect()
}

impl Spread {
    /// Weights that were sorted.
    pub fn values(&self) -> usize {
        self.sorted.len()
    }

    /// From the least to the greatest, levels included, with a margin.
    pub fn whole(&self) -> (f32, f32) {
        let ends = [self.sorted.first(), self.sorted.last(), self.levels.points.first(), self.levels.points.last()];
        let ends = ends.into_iter().flatten().copied();
        let (low, high) = ends.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        if low.is_finite() { with_margin(low, high) } else { (-1.0, 1.0) }
    }

    /// The range of the outermost weights on one side: [`TAIL`] of them.
    pub fn tail(&self, upper: bool) -> (f32, f32) {
        let Some(last) = self.sorted.len().checked_sub(1) else { return (-1.0, 1.0) };
        let inner = (last as f64 * if upper { 1.0 - TAIL } else { TAIL }).round() as usize;
        let (low, high) = if upper { (inner, last) } else { (0, inner) };
        with_margin(self.sorted[low], self.sorted[high])
    }

    /// Counts in equal bins from `low` to `high`; what lies outside is in none.
    pub fn histogram(&self, (low, high): (f32, f32), bins: usize) -> Vec<u64> {
        let below = |k: usize| {
            let edge = low + (high - low) * k as f32 / bins.max(1) as f32;
            self.sorted.partition_point(|&x| if k == bins { x <= edge } else { x < edge })
        };
        let edges: Vec<usize> = (0..=bins).map(below).collect();
        edges.windows(2).map(|e| e[1].saturating_sub(e[0]) as u64).collect()
    }
}

fn with_margin(low: f32, high: f32) -> (f32, f32) {
    let margin = ((high - low) * 0.03).max(high.abs().max(low.abs()) * 1e-4).max(f32::MIN_POSITIVE * 1e6);
    (low - margin, high + margin)
}
