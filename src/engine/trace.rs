//! Snapshots of a fit on its way, for lessons: boxes as they are split, entries as they move.
//!
//! The fits themselves call `Trace::step`; with [`Trace::off`] that is one comparison a step. A trace
//! holds at most as many snapshots as it was given: when it is full every second one is dropped, and
//! from then on only every second step is kept. The newest is always there.

use std::ops::Range;

use super::cells;
use super::codebook::{Codebook, distance_squared};
use super::fit::cloud::{Cloud, Moments};

/// What kind of step a snapshot was taken after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A box was split in two (median cut, Wu); entries are the boxes' means.
    Split,
    /// A round of Lloyd's algorithm: points went to their nearest entries, entries to their points' means.
    Round,
    /// Entries were taken from where they helped least to where they help most, and let settle.
    Swap,
    /// Entries rounded as they are stored: the result of the fit.
    Stored,
}

/// A box around points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds<const D: usize> {
    /// The least value of each coordinate.
    pub low: [f32; D],
    /// The greatest value of each coordinate.
    pub high: [f32; D],
    /// How many points lie in it, each counted by its weight.
    pub weight: f64,
}

/// The state of a fit after one of its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<const D: usize> {
    /// The kind of step.
    pub phase: Phase,
    /// Counts all steps, also those that were not kept.
    pub step: usize,
    /// One an entry in [`Phase::Split`], none otherwise.
    pub boxes: Vec<Bounds<D>>,
    /// The entries so far, in the space of the points.
    pub entries: Vec<[f32; D]>,
    /// Σ w·|x − entry|² over all points; while boxes are split each point belongs to its box's entry.
    pub squared_error: f64,
}

/// The snapshots that were kept of one fit.
#[derive(Clone, Debug)]
pub struct Trace<const D: usize> {
    /// 0: nothing is kept.
    most: usize,
    /// Steps whose number is a multiple of this are kept.
    stride: usize,
    taken: usize,
    /// Σ w·|x|² of the points that are fitted.
    power: f64,
    /// Σ w of them.
    weight: f64,
    snapshots: Vec<Snapshot<D>>,
}

/// Fewer could not hold the first, the end of the splits, and the newest.
const FEWEST: usize = 4;

impl<const D: usize> Trace<D> {
    /// Keeps nothing.
    pub fn off() -> Self {
        Self { most: 0, stride: 1, taken: 0, power: 0.0, weight: 0.0, snapshots: Vec::new() }
    }

    /// Keeps at most `most` snapshots, and at least four.
    pub fn of_at_most(most: usize) -> Self {
        Self { most: most.max(FEWEST), ..Self::off() }
    }

    /// Whether snapshots are kept.
    pub fn is_on(&self) -> bool {
        self.most > 0
    }

    /// In the order in which they were taken.
    pub fn snapshots(&self) -> &[Snapshot<D>] {
        &self.snapshots
    }

    /// The mean squared error at a snapshot: a point's, over all dimensions.
    pub fn mean_squared_error(&self, snapshot: &Snapshot<D>) -> f64 {
        if self.weight > 0.0 { snapshot.squared_error / self.weight } else { 0.0 }
    }

    /// The points whose fit is to be followed.
    pub(super) fn begin(&mut self, cloud: &Cloud<D>) {
        if !self.is_on() {
            return;
        }
        let squared = |p: &[f32; D]| p.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
        self.power = cloud.points.iter().zip(&cloud.weights).map(|(p, &w)| f64::from(w) * squared(p)).sum();
        self.weight = cloud.weights.iter().map(|&w| f64::from(w)).sum();
    }

    /// Boxes that are runs of `order`.
    pub(super) fn split(&mut self, cloud: &Cloud<D>, order: &[u32], runs: impl Iterator<Item = Range<usize>>) {
        if !self.is_on() {
            return;
        }
        let (mut boxes, mut entries, mut explained) = (Vec::new(), Vec::new(), 0.0);
        for run in runs {
            let members = &order[run];
            let moments = cloud.moments(members.iter().copied());
            let cells::Bounds { low, high } = cells::Bounds::of(members.iter().map(|&i| &cloud.points[i as usize]));
            boxes.push(Bounds { low, high, weight: moments.weight });
            entries.push(moments.mean());
            explained += moments.explained();
        }
        self.push(Phase::Split, boxes, entries, explained);
    }

    /// Entries, with the sums over the points that are nearest to each.
    pub(super) fn entries(&mut self, phase: Phase, entries: &[[f32; D]], moments: &[Moments<D>]) {
        if self.is_on() {
            let explained = entries.iter().zip(moments).map(|(&e, m)| m.explained_from(Some(e))).sum();
            self.push(phase, Vec::new(), entries.to_vec(), explained);
        }
    }

    /// Entries alone: the points find theirs here.
    pub(super) fn book(&mut self, phase: Phase, book: &Codebook<D>, cloud: &Cloud<D>) {
        if !self.is_on() {
            return;
        }
        let mut codes = vec![0; cloud.len()];
        book.nearest_each(&cloud.points, &mut codes);
        let of = |k: &u16| book.points()[usize::from(*k)];
        let points = codes.iter().zip(cloud.points.iter().zip(&cloud.weights));
        let error: f64 = points.map(|(k, (&p, &w))| f64::from(w) * f64::from(distance_squared(p, of(k)))).sum();
        self.push(phase, Vec::new(), book.points().to_vec(), self.power - error);
    }

    fn push(&mut self, phase: Phase, boxes: Vec<Bounds<D>>, entries: Vec<[f32; D]>, explained: f64) {
        let step = self.taken;
        self.taken += 1;
        // One off the stride was only there as the newest, unless a phase ended with it.
        if self.snapshots.last().is_some_and(|last| last.phase == phase && !last.step.is_multiple_of(self.stride)) {
            self.snapshots.pop();
        }
        let squared_error = (self.power - explained).max(0.0);
        self.snapshots.push(Snapshot { phase, step, boxes, entries, squared_error });
        while self.snapshots.len() > self.most {
            self.thin();
        }
    }

    /// Every second snapshot goes; the last split and the newest stay.
    fn thin(&mut self) {
        self.stride *= 2;
        let last_split = self.snapshots.iter().rposition(|s| s.phase == Phase::Split);
        let newest = self.snapshots.len() - 1;
        let stride = self.stride;
        let mut i = 0;
        self.snapshots.retain(|s| {
            let stays = s.step.is_multiple_of(stride) || Some(i) == last_split || i == newest;
            i += 1;
            stays
        });
    }
}
