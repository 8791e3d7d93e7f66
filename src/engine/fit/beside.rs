//! A fit beside entries that are kept.

use super::cloud::Cloud;
use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::control::Stopped;
use crate::engine::trace::Trace;

/// Runs a fit of `free` entries on the points that the kept ones do not serve better than those which the
/// last run found: all of them at first. Only a fit of all points is traced: the splits of others would
/// not add up to the whole.
pub(super) fn beside<const D: usize>(
    kept: &[[f32; D]],
    cloud: &Cloud<D>,
    free: usize,
    trace: &mut Trace<D>,
    fit: impl Fn(&Cloud<D>, &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped>,
) -> Result<Vec<[f32; D]>, Stopped> {
    const RUNS: usize = 3;
    if kept.is_empty() {
        return fit(cloud, trace);
    }
    let untraced = |cloud: &Cloud<D>| fit(cloud, &mut Trace::off());
    let mut entries = untraced(cloud)?;
    let from = |book: &Codebook<D>, x: [f32; D]| distance_squared(x, book.points()[usize::from(book.nearest(x))]);
    let kept = Codebook::new(kept.to_vec());
    for _ in 1..RUNS {
        let fitted = Codebook::new(entries.clone());
        let badly_served = |x: [f32; D]| from(&kept, x) > from(&fitted, x);
        let rest = cloud.filtered(badly_served);
        if rest.len() <= free {
            return Ok(if rest.is_empty() { entries } else { rest.points });
        }
        entries = untraced(&rest)?;
    }
    Ok(entries)
}
