//! Median cut: split the most populous box at the median of its longest side, again and again.
//!
//! Choose it for equal use of all entries; in R¹ it is equal-count (quantile) coding. It ignores how
//! far samples lie from their entry, so the error is higher than Wu's.
//! Cost: n log n for each level of splits. Source: Heckbert, "Color image quantization for frame
//! buffer display", SIGGRAPH 1982.

use super::cloud::{Cloud, Moments};
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::Trace;

struct Box {
    start: usize,
    end: usize,
    weight: f64,
}

pub fn fit<const D: usize>(
    cloud: &Cloud<D>,
    count: usize,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let mut order: Vec<u32> = (0..cloud.len() as u32).collect();
    let weight = |members: &[u32]| members.iter().map(|&i| f64::from(cloud.weights[i as usize])).sum::<f64>();
    let mut boxes = vec![Box { start: 0, end: order.len(), weight: weight(&order) }];
    trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    while boxes.len() < count {
        control.check()?;
        let fullest = (0..boxes.len())
            .filter(|&b| boxes[b].end - boxes[b].start > 1)
            .max_by(|&a, &b| boxes[a].weight.total_cmp(&boxes[b].weight).then(b.cmp(&a)));
        let Some(b) = fullest else { break };
        let (start, end) = (boxes[b].start, boxes[b].end);
        let cut = start + split(cloud, &mut order[start..end]);
        boxes[b] = Box { start, end: cut, weight: weight(&order[start..cut]) };
        boxes.push(Box { start: cut, end, weight: weight(&order[cut..end]) });
        trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    }
    Ok(boxes.iter().map(|b| mean(cloud, &order[b.start..b.end])).collect())
}

/// Sorts the members along the box's longest side and returns how many lie below the median: at
/// least one and not all of them.
fn split<const D: usize>(cloud: &Cloud<D>, members: &mut [u32]) -> usize {
    let axis = longest_axis(cloud, members);
    let x = |i: u32| cloud.points[i as usize][axis];
    members.sort_unstable_by(|&a, &b| x(a).total_cmp(&x(b)).then(a.cmp(&b)));
    let half = members.iter().map(|&i| f64::from(cloud.weights[i as usize])).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (k, &i) in members.iter().enumerate() {
        let weight = f64::from(cloud.weights[i as usize]);
        // The member that holds the median goes to the side that is left nearer to a half.
        if below + weight >= half {
            let takes_it = (below + weight - half) <= (half - below);
            return (k + usize::from(takes_it)).clamp(1, members.len() - 1);
        }
        below += weight;
    }
    members.len() / 2
}

fn longest_axis<const D: usize>(cloud: &Cloud<D>, members: &[u32]) -> usize {
    let mut low = [f32::INFINITY; D];
    let mut high = [f32::NEG_INFINITY; D];
    for &i in members {
        for c in 0..D {
            low[c] = low[c].min(cloud.points[i as usize][c]);
            high[c] = high[c].max(cloud.points[i as usize][c]);
        }
    }
    (0..D).max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b])).then(b.cmp(&a))).unwrap_or(0)
}

fn mean<const D: usize>(cloud: &Cloud<D>, members: &[u32]) -> [f32; D] {
    let mut moments = Moments::default();
    for &i in members {
        moments.add(cloud.points[i as usize], cloud.weights[i as usize]);
    }
    moments.mean()
}
