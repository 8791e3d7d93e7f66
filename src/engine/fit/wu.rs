//! Wu's greedy cuts: of all boxes and all axis-aligned cuts, make the one that lowers the squared
//! error most.
//!
//! Choose it for a good palette in one go, and as the start of k-means. Each axis is divided in 2¹⁶ steps; a box is cut
//! at one of the edges between at most [`SLICES`] slices of it, so the cuts are finer than those of one fixed histogram
//! and any dimension will do. Cost: D · n for each level of cuts.
//! Source: Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems II, 1991.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cloud::{Cloud, Moments};
use super::row::{Row, Task};
use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};
use crate::engine::trace::Trace;

pub(super) const ROW: Row = Row {
    name: "wu",
    palette_label: "Wu",
    levels_label: "Least-variance cuts (Wu)",
    hint: "Cuts that lower the squared error most, on coarse cells of colour that are mapped as wholes: the fast one",
    source: "Wu 1991, at one dimension",
    is_grid: false,
};

/// Slices of a box along each axis, at most; those with few members have fewer.
const SLICES: usize = 128;
const FEWEST_SLICES: usize = 8;
/// The fewest members a slice where the result is all there is to be, and where a fit goes on from it: at 256 colours the
/// first takes a tenth less time and loses 0.01 dB.
const FAST: usize = 2;
pub(super) const FINE: usize = 1;
/// The points that are worth looking at, for so many entries; on a line they cost next to nothing.
const POINTS_AN_ENTRY: usize = 12;
const FEWEST_POINTS: usize = 1 << 13;
const POINTS_ON_A_LINE: usize = 1 << 15;

pub(super) fn fit<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let Task { cloud, kept, free, control } = task;
    let count = kept.len() + free;
    let most = if D == 1 { POINTS_ON_A_LINE } else { (POINTS_AN_ENTRY * count).max(FEWEST_POINTS) };
    let condensed = if cloud.len() > most { Cow::Owned(cloud.condensed(most)) } else { Cow::Borrowed(cloud) };
    Task { cloud: &condensed, ..task }.beside(trace, |rest, trace| cut(rest, free, FAST, trace, control))
}

/// A point as it is cut and added up. Those of a box lie together.
#[derive(Clone, Copy)]
struct Item<const D: usize> {
    steps: [u16; D],
    number: u32,
    moments: Moments<D>,
}

/// A box is a run of items, with the best cut that could be made of it.
struct Box<const D: usize> {
    start: usize,
    end: usize,
    moments: Moments<D>,
    best: Option<Cut>,
}

/// The members below a step along `axis` against the rest.
#[derive(Clone, Copy)]
struct Cut {
    axis: usize,
    below: u32,
    gain: f64,
}

/// The means of the boxes.
pub(super) fn cut<const D: usize>(
    cloud: &Cloud<D>,
    count: usize,
    members_a_slice: usize,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let mut items = items(cloud);
    let mut slices = vec![[Moments::default(); SLICES]; D];
    let mut measured =
        |items: &[Item<D>], start, end| widest(Measure { items, start, end, members_a_slice, slices: &mut slices });
    let mut boxes = vec![measured(&items, 0, cloud.len())];
    // The boxes that can be cut.
    let mut open = BinaryHeap::new();
    open.extend(worth(&boxes, 0));
    traced(trace, cloud, &items, &boxes);
    while boxes.len() < count {
        control.check()?;
        let Some((_, Reverse(number))) = open.pop() else { break };
        let Box { start, end, best: Some(cut), .. } = boxes[number] else { break };
        let middle = start + partition(&mut items[start..end], cut);
        boxes[number] = measured(&items, start, middle);
        boxes.push(measured(&items, middle, end));
        open.extend(worth(&boxes, number));
        open.extend(worth(&boxes, boxes.len() - 1));
        traced(trace, cloud, &items, &boxes);
    }
    Ok(boxes.iter().map(|b| b.moments.mean()).collect())
}

/// What a box is worth cutting: the more it wins the greater, of two that win the same the first.
fn worth<const D: usize>(boxes: &[Box<D>], number: usize) -> Option<(i64, Reverse<usize>)> {
    // As an integer a float is in the order of `total_cmp` once the other bits of negative ones are turned.
    let bits = boxes[number].best?.gain.to_bits() as i64;
    Some((bits ^ ((bits >> 63) as u64 >> 1) as i64, Reverse(number)))
}

fn items<const D: usize>(cloud: &Cloud<D>) -> Vec<Item<D>> {
    let bounds = cloud.bounds();
    // Halved first: the difference of two finite numbers can overflow.
    let per_unit =
        bounds.map(|(low, high)| f32::from(u16::MAX) / 2.0 / (high / 2.0 - low / 2.0).max(f32::MIN_POSITIVE));
    let item = |(number, (&p, &weight)): (u32, (&[f32; D], &f32))| {
        let steps = std::array::from_fn(|c| ((p[c] - bounds[c].0) * per_unit[c]) as u16);
        Item { steps, number, moments: Moments::of([(p, weight)]) }
    };
    (0..).zip(cloud.points.iter().zip(&cloud.weights)).map(item).collect()
}

fn traced<const D: usize>(trace: &mut Trace<D>, cloud: &Cloud<D>, items: &[Item<D>], boxes: &[Box<D>]) {
    if trace.is_on() {
        let order: Vec<u32> = items.iter().map(|item| item.number).collect();
        trace.split(cloud, &order, boxes.iter().map(|b| b.start..b.end));
    }
}

/// Brings the members below the cut to the front; returns how many they are.
fn partition<const D: usize>(members: &mut [Item<D>], cut: Cut) -> usize {
    let mut below = 0;
    for i in 0..members.len() {
        if u32::from(members[i].steps[cut.axis]) < cut.below {
            members.swap(below, i);
            below += 1;
        }
    }
    below
}

/// The box of the items from `start` to `end`, with its best cut.
struct Measure<'a, const D: usize> {
    items: &'a [Item<D>],
    start: usize,
    end: usize,
    members_a_slice: usize,
    slices: &'a mut [[Moments<D>; SLICES]],
}

impl<const D: usize> Kernel for Measure<'_, D> {
    type Out = Box<D>;

    #[inline(always)]
    fn run(self) -> Box<D> {
        let Self { items, start, end, members_a_slice, slices } = self;
        let members = &items[start..end];
        let (mut low, mut high) = ([u16::MAX; D], [0; D]);
        for item in members {
            for c in 0..D {
                low[c] = low[c].min(item.steps[c]);
                high[c] = high[c].max(item.steps[c]);
            }
        }
        // As many as members leave little to be won by more.
        let most = (members.len() / members_a_slice).clamp(FEWEST_SLICES, SLICES) as u32;
        let width: [u32; D] = std::array::from_fn(|c| u32::from(high[c].saturating_sub(low[c])));
        let shift = width.map(|width| (0..16).find(|shift| width >> shift < most).unwrap_or(16));
        let used = |c: usize| (width[c] >> shift[c]) as usize + 1;
        (0..D).for_each(|c| slices[c][..used(c)].fill(Moments::default()));
        for item in members {
            for c in 0..D {
                let slice = (item.steps[c] - low[c]) as usize >> shift[c];
                slices[c][slice & (SLICES - 1)].merge(&item.moments);
            }
        }
        let mut moments = Moments::default();
        slices[0][..used(0)].iter().for_each(|slice| moments.merge(slice));
        let best = (0..D)
            .filter_map(|axis| {
                let (after, gain) = best_cut(&slices[axis][..used(axis)], &moments)?;
                Some(Cut { axis, below: u32::from(low[axis]) + ((after as u32) << shift[axis]), gain })
            })
            .max_by(|a, b| a.gain.total_cmp(&b.gain).then(b.axis.cmp(&a.axis)));
        Box { start, end, moments, best }
    }
}

/// How many slices are best cut off, and what that wins.
#[inline(always)]
fn best_cut<const D: usize>(slices: &[Moments<D>], whole: &Moments<D>) -> Option<(usize, f64)> {
    let mut below = Moments::<D>::default();
    let mut best: Option<(usize, f64)> = None;
    for (k, slice) in slices.iter().enumerate().take(slices.len() - 1) {
        if slice.weight == 0.0 {
            continue;
        }
        below.merge(slice);
        if below.weight >= whole.weight {
            break;
        }
        // Σ over both sides of |Σw·x|² ÷ Σw, with a single division.
        let above = whole.less(&below);
        let square = |m: &Moments<D>| m.sum.iter().map(|s| s * s).sum::<f64>();
        let explained = (square(&below) * above.weight + square(&above) * below.weight) / (below.weight * above.weight);
        if best.is_none_or(|b| explained > b.1) {
            best = Some((k + 1, explained));
        }
    }
    best.map(|(after, explained)| (after, explained - whole.explained()))
}
