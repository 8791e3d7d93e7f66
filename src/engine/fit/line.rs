//! k-means on a line: the Lloyd–Max levels.
//!
//! The points are in order, so the members of a level are a run, and running sums give any run's mean:
//! a round costs count · log n, whatever the number of points.
//! Sources: Max, "Quantizing for minimum distortion", IRE Trans. Inf. Theory 6 (1960); Lloyd 1982.

use super::cloud::{Cloud, Moments};
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::{Phase, Trace};

const MOST_ROUNDS: usize = 2000;
/// Rounds end when no level moves by more than this part of the points' range.
const STILL: f64 = 1e-7;

/// Levels for a cloud in ascending order, from those of `start`; those that are kept stand between them
/// and never move.
pub(super) fn fit<const D: usize>(
    cloud: &Cloud<D>,
    kept: &[[f32; D]],
    start: Vec<[f32; D]>,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let line = Line::new(cloud);
    let level = |p: &[f32; D], moves: bool| Level { at: f64::from(p[0]), moves };
    let free = start.iter().map(|p| level(p, true));
    let mut levels: Vec<Level> = free.chain(kept.iter().map(|p| level(p, false))).collect();
    levels.sort_by(|a, b| a.at.total_cmp(&b.at));
    let still = line.range() * STILL;
    for round in 0..MOST_ROUNDS {
        if round % 64 == 0 {
            control.check()?;
        }
        let longest = line.round(&mut levels);
        if trace.is_on() {
            let entries: Vec<[f32; D]> = levels.iter().map(|level| [level.at as f32; D]).collect();
            trace.entries(Phase::Round, &entries, &line.moments(&levels));
        }
        if longest <= still {
            break;
        }
    }
    Ok(levels.into_iter().filter(|level| level.moves).map(|level| [level.at as f32; D]).collect())
}

struct Level {
    at: f64,
    moves: bool,
}

/// Points in order with the sums of weights and of weighted points before each.
struct Line {
    points: Vec<f64>,
    weight: Vec<f64>,
    sum: Vec<f64>,
}

impl Line {
    fn new<const D: usize>(cloud: &Cloud<D>) -> Self {
        let mut line = Self { points: Vec::with_capacity(cloud.len()), weight: vec![0.0], sum: vec![0.0] };
        let (mut weight, mut sum) = (0.0, 0.0);
        for (p, &w) in cloud.points.iter().zip(&cloud.weights) {
            let (x, w) = (f64::from(p[0]), f64::from(w));
            weight += w;
            sum += w * x;
            line.points.push(x);
            line.weight.push(weight);
            line.sum.push(sum);
        }
        line
    }

    fn range(&self) -> f64 {
        self.points.last().unwrap_or(&0.0) - self.points.first().unwrap_or(&0.0)
    }

    /// Where the run of points nearest to level `k` ends that begins at `from`.
    fn end_of_run(&self, levels: &[Level], k: usize, from: usize) -> usize {
        let Some(next) = levels.get(k + 1) else { return self.points.len() };
        let cut = (levels[k].at + next.at) / 2.0;
        from + self.points[from..].partition_point(|x| *x <= cut)
    }

    /// The sums over each level's run.
    fn moments<const D: usize>(&self, levels: &[Level]) -> Vec<Moments<D>> {
        let mut from = 0;
        let run = |k| {
            let (start, end) = (from, self.end_of_run(levels, k, from));
            from = end;
            Moments { weight: self.weight[end] - self.weight[start], sum: [self.sum[end] - self.sum[start]; D] }
        };
        (0..levels.len()).map(run).collect()
    }

    /// Moves every level to the mean of its run; returns the longest way that one went. A level whose
    /// run is empty stays.
    fn round(&self, levels: &mut [Level]) -> f64 {
        let (mut longest, mut from) = (0.0f64, 0);
        for k in 0..levels.len() {
            let to = self.end_of_run(levels, k, from);
            let weight = self.weight[to] - self.weight[from];
            if weight > 0.0 && levels[k].moves {
                // The next level's lower cut still needs this one where it was; it is past it already.
                let mean = (self.sum[to] - self.sum[from]) / weight;
                longest = longest.max((mean - levels[k].at).abs());
                levels[k].at = mean;
            }
            from = to;
        }
        longest
    }
}
