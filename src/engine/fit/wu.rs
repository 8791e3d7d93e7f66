//! Wu's greedy cuts: of all boxes and all axis-aligned cuts, make the one that lowers the squared
//! error most.
//!
//! Choose it for a good palette in one go, and as the start of k-means. Each box is cut at one of the
//! edges between [`BINS`] slices of its own bounds, so the cuts are finer than those of one fixed
//! histogram and any dimension will do. Cost: D · n for each level of cuts.
//! Source: Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems II, 1991.

use super::cloud::{Cloud, Moments};
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::Trace;

/// Slices of a box along each axis.
const BINS: usize = 128;

/// A box is a run of `order`, with the best cut that could be made of it.
struct Box<const D: usize> {
    start: usize,
    end: usize,
    moments: Moments<D>,
    best: Option<Cut>,
}

/// The members in the first `below` slices along `axis` against the rest.
#[derive(Clone, Copy)]
struct Cut {
    axis: usize,
    slices: Slices,
    below: usize,
    gain: f64,
}

/// Equal slices of an interval.
#[derive(Clone, Copy, Default)]
struct Slices {
    low: f32,
    per_unit: f32,
}

impl Slices {
    fn new(low: f32, high: f32) -> Self {
        // Halved first: the difference of two finite numbers can overflow.
        Self { low, per_unit: BINS as f32 / 2.0 / (high / 2.0 - low / 2.0).max(f32::MIN_POSITIVE) }
    }

    #[inline]
    fn of(self, x: f32) -> usize {
        (((x - self.low) * self.per_unit) as usize).min(BINS - 1)
    }
}

pub fn fit<const D: usize>(
    cloud: &Cloud<D>,
    count: usize,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let mut order: Vec<u32> = (0..cloud.len() as u32).collect();
    let mut bins = vec![Moments::default(); BINS];
    let mut boxes = vec![measured(cloud, &order, 0, cloud.len(), &mut bins)];
    trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    while boxes.len() < count {
        control.check()?;
        let gain = |b: &Box<D>| b.best.map_or(f64::NEG_INFINITY, |c| c.gain);
        let Some(b) = (0..boxes.len()).max_by(|&i, &j| gain(&boxes[i]).total_cmp(&gain(&boxes[j])).then(j.cmp(&i)))
        else {
            break;
        };
        let Some(cut) = boxes[b].best else { break };
        let (start, end) = (boxes[b].start, boxes[b].end);
        let middle = start + partition(cloud, &mut order[start..end], cut);
        boxes[b] = measured(cloud, &order, start, middle, &mut bins);
        boxes.push(measured(cloud, &order, middle, end, &mut bins));
        trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    }
    Ok(boxes.iter().map(|b| b.moments.mean()).collect())
}

/// Brings the members below the cut to the front; returns how many they are.
fn partition<const D: usize>(cloud: &Cloud<D>, members: &mut [u32], cut: Cut) -> usize {
    let mut below = 0;
    for i in 0..members.len() {
        if cut.slices.of(cloud.points[members[i] as usize][cut.axis]) < cut.below {
            members.swap(below, i);
            below += 1;
        }
    }
    below
}

fn measured<const D: usize>(
    cloud: &Cloud<D>,
    order: &[u32],
    start: usize,
    end: usize,
    bins: &mut [Moments<D>],
) -> Box<D> {
    let members = &order[start..end];
    let mut moments = Moments::default();
    let mut bounds = [(f32::INFINITY, f32::NEG_INFINITY); D];
    for &i in members {
        let p = cloud.points[i as usize];
        moments.add(p, cloud.weights[i as usize]);
        for (bound, x) in bounds.iter_mut().zip(p) {
            *bound = (bound.0.min(x), bound.1.max(x));
        }
    }
    let best = (0..D)
        .filter(|&axis| bounds[axis].1 > bounds[axis].0)
        .filter_map(|axis| {
            let slices = Slices::new(bounds[axis].0, bounds[axis].1);
            bins.fill(Moments::default());
            for &i in members {
                let p = cloud.points[i as usize];
                bins[slices.of(p[axis])].add(p, cloud.weights[i as usize]);
            }
            best_cut(axis, slices, bins, &moments)
        })
        .max_by(|a, b| a.gain.total_cmp(&b.gain).then(b.axis.cmp(&a.axis)));
    Box { start, end, moments, best }
}

fn best_cut<const D: usize>(axis: usize, slices: Slices, bins: &[Moments<D>], whole: &Moments<D>) -> Option<Cut> {
    let mut below = Moments::<D>::default();
    let mut best: Option<Cut> = None;
    for (k, bin) in bins.iter().enumerate().take(BINS - 1) {
        below.merge(bin);
        if bin.weight == 0.0 || below.weight >= whole.weight {
            continue;
        }
        let gain = below.explained() + whole.less(&below).explained() - whole.explained();
        if best.is_none_or(|b| gain > b.gain) {
            best = Some(Cut { axis, slices, below: k + 1, gain });
        }
    }
    best
}
