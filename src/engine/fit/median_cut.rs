//! Median cut: split the most populous box at the median of its longest side, again and again.
//!
//! Choose it for equal use of all entries; in R¹ it is equal-count (quantile) coding. It ignores how
//! far samples lie from their entry, so the error is higher than Wu's.
//! Cost: n for each level of splits. Source: Heckbert, "Color image quantization for frame
//! buffer display", SIGGRAPH 1982.

use super::cloud::{Cloud, LARGEST};
use super::row::{Row, Task};
use crate::engine::cells::Bounds;
use crate::engine::control::{Control, Stopped};
use crate::engine::tasks;
use crate::engine::trace::Trace;

pub(super) const ROW: Row = Row {
    name: "median-cut",
    palette_label: "Median cut",
    levels_label: "Equal-count levels (median cut)",
    hint: "Every colour stands for equally many pixels",
    source: "Heckbert 1982, at one dimension",
    is_grid: false,
};

struct Box {
    start: usize,
    end: usize,
    weight: f64,
    /// Where it is parted, once that has been found out, and what its parts weigh.
    cut: Option<(usize, [f64; 2])>,
}

pub(super) fn fit<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let cloud = &task.cloud.condensed(LARGEST);
    Task { cloud, ..task }.beside(trace, |rest, trace| cut(rest, task.free, trace, task.control))
}

/// The means of the boxes.
pub(super) fn cut<const D: usize>(
    cloud: &Cloud<D>,
    count: usize,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let mut order: Vec<u32> = (0..cloud.len() as u32).collect();
    let mut boxes = vec![Box { start: 0, end: order.len(), weight: weight(cloud, &order), cut: None }];
    trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    while boxes.len() < count {
        control.check()?;
        let fullest = (0..boxes.len())
            .filter(|&b| boxes[b].end - boxes[b].start > 1)
            .max_by(|&a, &b| boxes[a].weight.total_cmp(&boxes[b].weight).then(b.cmp(&a)));
        let Some(b) = fullest else { break };
        if boxes[b].cut.is_none() {
            let more = count - boxes.len();
            split_fullest(cloud, &mut order, &mut boxes, more);
        }
        let Box { start, end, cut: Some((cut, [below, above])), .. } = boxes[b] else { break };
        boxes[b] = Box { start, end: cut, weight: below, cut: None };
        boxes.push(Box { start: cut, end, weight: above, cut: None });
        trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    }
    let mean = |_, members: &[u32]| cloud.moments(members.iter().copied()).mean();
    Ok(tasks::map(boxes.iter().map(|b| &order[b.start..b.end]), mean))
}

fn weight<const D: usize>(cloud: &Cloud<D>, members: &[u32]) -> f64 {
    members.iter().map(|&i| f64::from(cloud.weights[i as usize])).sum()
}

/// Parts so many boxes that have not been parted yet all at once, the fullest: nearly all of them have their turn.
fn split_fullest<const D: usize>(cloud: &Cloud<D>, order: &mut [u32], boxes: &mut [Box], most: usize) {
    let mut open: Vec<&mut Box> = boxes.iter_mut().filter(|b| b.cut.is_none() && b.end - b.start > 1).collect();
    open.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    open.truncate(most);
    open.sort_unstable_by_key(|b| b.start);
    let (mut rest, mut from) = (order, 0);
    let parts: Vec<(&mut Box, &mut [u32])> = open
        .into_iter()
        .map(|b| {
            let (_, after) = std::mem::take(&mut rest).split_at_mut(b.start - from);
            let (members, after) = after.split_at_mut(b.end - b.start);
            (rest, from) = (after, b.end);
            (b, members)
        })
        .collect();
    tasks::map(parts.into_iter(), |_, (b, members)| {
        let below = split(cloud, members, b.weight / 2.0);
        let (lower, upper) = members.split_at(below);
        b.cut = Some((b.start + lower.len(), [lower, upper].map(|members| weight(cloud, members))));
    });
}

/// Parts the members at the median along the box's longest side and returns how many lie below it: at
/// least one and not all of them.
fn split<const D: usize>(cloud: &Cloud<D>, members: &mut [u32], half: f64) -> usize {
    let axis = longest_axis(cloud, members);
    let x = |i: u32| cloud.points[i as usize][axis];
    let weight = |members: &[u32]| weight(cloud, members);
    // The median's member is among those from `start` to `end`, and those before weigh so much: half of them are told
    // from the others again and again, which takes no more than twice a look at all.
    let (mut start, mut end, mut below) = (0, members.len(), 0.0);
    while end - start > 1 {
        let middle = (end - start) / 2;
        let among = &mut members[start..end];
        among.select_nth_unstable_by(middle, |&a, &b| x(a).total_cmp(&x(b)).then(a.cmp(&b)));
        let lower = weight(&among[..middle]);
        if below + lower >= half {
            end = start + middle;
        } else {
            start += middle;
            below += lower;
        }
    }
    // It goes to the side that is left nearer to a half.
    let holds = members.get(start).map_or(0.0, |member| weight(std::slice::from_ref(member)));
    let takes_it = (below + holds - half) <= (half - below);
    (start + usize::from(takes_it)).clamp(1, members.len() - 1)
}

fn longest_axis<const D: usize>(cloud: &Cloud<D>, members: &[u32]) -> usize {
    let Bounds { low, high } = Bounds::of(members.iter().map(|&i| &cloud.points[i as usize]));
    (0..D).max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b])).then(b.cmp(&a))).unwrap_or(0)
}
