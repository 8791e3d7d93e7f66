//! Wu's greedy cuts: of all boxes and all axis-aligned cuts, make the one that lowers the squared
//! error most.
//!
//! Choose it for a good palette in one go, and as the start of k-means. The cuts are exact over the
//! points (sorted along each axis, with running moments) instead of over the cells of a histogram,
//! so it serves any dimension. Cost: D · n log n for each level of cuts.
//! Source: Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems II, 1991.

use super::cloud::{Cloud, Moments};
use crate::engine::control::{Control, Stopped};

/// A box is a run of `order`, with the best cut that could be made of it.
struct Box<const D: usize> {
    start: usize,
    end: usize,
    moments: Moments<D>,
    best: Option<Cut>,
}

/// Sorted along `axis`, the first `below` members against the rest.
#[derive(Clone, Copy)]
struct Cut {
    axis: usize,
    below: usize,
    gain: f64,
}

pub fn fit<const D: usize>(cloud: &Cloud<D>, count: usize, control: &Control<'_>) -> Result<Vec<[f32; D]>, Stopped> {
    let mut order: Vec<u32> = (0..cloud.len() as u32).collect();
    let mut boxes = vec![measured(cloud, &mut order, 0, cloud.len())];
    while boxes.len() < count {
        control.check()?;
        let gain = |b: &Box<D>| b.best.map_or(f64::NEG_INFINITY, |c| c.gain);
        let Some(b) = (0..boxes.len()).max_by(|&i, &j| gain(&boxes[i]).total_cmp(&gain(&boxes[j])).then(j.cmp(&i)))
        else {
            break;
        };
        let Some(cut) = boxes[b].best else { break };
        let (start, end) = (boxes[b].start, boxes[b].end);
        sort_along(cloud, &mut order[start..end], cut.axis);
        let middle = start + cut.below;
        boxes[b] = measured(cloud, &mut order, start, middle);
        boxes.push(measured(cloud, &mut order, middle, end));
    }
    Ok(boxes.iter().map(|b| b.moments.mean()).collect())
}

fn measured<const D: usize>(cloud: &Cloud<D>, order: &mut [u32], start: usize, end: usize) -> Box<D> {
    let members = &mut order[start..end];
    let mut moments = Moments::default();
    for &i in members.iter() {
        moments.add(cloud.points[i as usize], cloud.weights[i as usize]);
    }
    let best = (0..D)
        .filter_map(|axis| {
            sort_along(cloud, members, axis);
            best_cut_along(cloud, members, axis, &moments)
        })
        .max_by(|a, b| a.gain.total_cmp(&b.gain).then(b.axis.cmp(&a.axis)));
    Box { start, end, moments, best }
}

/// Members at the same coordinate stay together, so that a cut is a plane. R¹ clouds come sorted, and
/// runs of them stay so.
fn sort_along<const D: usize>(cloud: &Cloud<D>, members: &mut [u32], axis: usize) {
    let x = |i: u32| cloud.points[i as usize][axis];
    if !members.is_sorted_by(|&a, &b| x(a) <= x(b)) {
        members.sort_unstable_by(|&a, &b| x(a).total_cmp(&x(b)).then(a.cmp(&b)));
    }
}

fn best_cut_along<const D: usize>(cloud: &Cloud<D>, members: &[u32], axis: usize, whole: &Moments<D>) -> Option<Cut> {
    let mut below = Moments::<D>::default();
    let mut best: Option<Cut> = None;
    for (k, pair) in members.windows(2).enumerate() {
        let (i, next) = (pair[0] as usize, pair[1] as usize);
        below.add(cloud.points[i], cloud.weights[i]);
        if cloud.points[i][axis] == cloud.points[next][axis] {
            continue;
        }
        let above = Moments::<D> {
            weight: whole.weight - below.weight,
            sum: std::array::from_fn(|c| whole.sum[c] - below.sum[c]),
        };
        let gain = below.explained() + above.explained() - whole.explained();
        if best.is_none_or(|b| gain > b.gain) {
            best = Some(Cut { axis, below: k + 1, gain });
        }
    }
    best
}
