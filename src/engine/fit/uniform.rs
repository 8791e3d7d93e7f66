//! Uniform levels: the middles of equal cells between the smallest and the largest value.
//!
//! Choose it to see what fitting is worth. In R^D the cells are a grid; levels are added to the
//! axis with the widest cells while their product stays within the count.

use super::row::{Row, Task};
use crate::engine::control::Stopped;
use crate::engine::trace::Trace;

pub(super) const ROW: Row = Row {
    name: "uniform",
    palette_label: "Uniform",
    levels_label: "Uniform levels",
    hint: "Equal steps a channel, whatever the photo",
    source: "middles of equal cells",
    is_grid: true,
};

pub(super) fn fit<const D: usize>(task: Task<'_, D>, _trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let bounds = task.cloud.bounds();
    let steps = steps_per_axis(bounds, task.free);
    let total: usize = steps.iter().product();
    let levels = (0..total)
        .map(|mut cell| {
            std::array::from_fn(|c| {
                let k = cell % steps[c];
                cell /= steps[c];
                let (low, high) = bounds[c];
                low + (high - low) * (k as f32 + 0.5) / steps[c] as f32
            })
        })
        .collect();
    Ok(levels)
}

fn steps_per_axis<const D: usize>(bounds: [(f32, f32); D], count: usize) -> [usize; D] {
    let mut steps = [1usize; D];
    loop {
        let width = |steps: &[usize; D], c: usize| (bounds[c].1 - bounds[c].0) / steps[c] as f32;
        let mut axes: Vec<usize> = (0..D).filter(|&c| bounds[c].1 > bounds[c].0).collect();
        axes.sort_by(|&a, &b| width(&steps, b).total_cmp(&width(&steps, a)));
        let product: usize = steps.iter().product();
        let fits = |c: usize| product / steps[c] * (steps[c] + 1) <= count;
        let Some(&c) = axes.iter().find(|&&c| fits(c)) else { return steps };
        steps[c] += 1;
    }
}
