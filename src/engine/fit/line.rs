//! k-means on a line: the Lloyd–Max levels.
//!
//! The points are in order, so the members of a level are a run, and running sums give any run's mean:
//! a round costs count · log n, whatever the number of points.
//! Sources: Max, "Quantizing for minimum distortion", IRE Trans. Inf. Theory 6 (1960); Lloyd 1982.

use super::cloud::Moments;
use super::exact::Line;
use super::row::Task;
use crate::engine::control::Stopped;
use crate::engine::trace::{Phase, Trace};

/// Levels for a cloud in ascending order, from those of `start`; those that are kept stand between them
/// and never move.
pub(super) fn fit<const D: usize>(
    Task { cloud, kept, control, .. }: Task<'_, D>,
    start: Vec<[f32; D]>,
    trace: &mut Trace<D>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let line = Line::new(cloud);
    let free = start.iter().map(|p| (f64::from(p[0]), true));
    let mut both: Vec<(f64, bool)> = free.chain(kept.iter().map(|p| (f64::from(p[0]), false))).collect();
    both.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut levels, moves): (Vec<f64>, Vec<bool>) = both.into_iter().unzip();
    let watch = |levels: &[f64]| {
        if trace.is_on() {
            let entries: Vec<[f32; D]> = levels.iter().map(|&level| [level as f32; D]).collect();
            trace.entries(Phase::Round, &entries, &moments(&line, levels));
        }
    };
    line.settle_some(&mut levels, |k| moves[k], watch, control)?;
    Ok(levels.into_iter().zip(moves).filter(|(_, moves)| *moves).map(|(level, _)| [level as f32; D]).collect())
}

/// The sums over each level's run.
fn moments<const D: usize>(line: &Line, levels: &[f64]) -> Vec<Moments<D>> {
    let mut before = (0.0, 0.0);
    let mut from = 0;
    let run = |k| {
        from = line.end_of_run(levels, k, from);
        let sums = line.sums_before(from);
        let run = Moments { weight: sums.0 - before.0, sum: [sums.1 - before.1; D] };
        before = sums;
        run
    };
    (0..levels.len()).map(run).collect()
}
