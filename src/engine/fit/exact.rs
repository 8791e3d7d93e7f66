//! k-means on a line, exactly: the levels with the least squared error there is.
//!
//! Choose it, always, in one dimension: Lloyd's rounds stop in local minima (per row at 4 bits they lose
//! up to 2 dB). The members of a level are a run of the sorted points, so the best k levels of the first
//! j points are the best k − 1 of the first i and one for the rest, for some i. That i grows with j and
//! with k, which lets each layer be halved again and again: k · n · log n. Over more than [`MOST_CELLS`]
//! distinct points, runs begin only at every so-many-th of them, and Lloyd's rounds over all points move
//! the cuts to their places: there the result is exact for the coarser cuts only, and a local minimum beyond them.
//! Sources: Bruce, "Optimum quantization" (MIT, 1965); Wu, "Optimal quantization by matrix searching"
//! (J. Algorithms 12, 1991); Grønlund et al., "Fast exact k-means, k-medians and Bregman divergence
//! clustering in 1D" (2017).

use super::cloud::Cloud;
use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};

/// Places where a run may begin, at most.
pub const MOST_CELLS: usize = 1 << 15;
const LANES: usize = 8;

/// At most `count` levels in ascending order; as many as there are points where those are fewer.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit(line: &Line, count: usize, control: &Control<'_>) -> Result<Vec<f64>, Stopped> {
    if line.len() <= count {
        return Ok(line.points().to_vec());
    }
    let step = line.len().div_ceil(MOST_CELLS.max(count));
    let edges: Vec<u32> = (0..line.len()).step_by(step).chain([line.len()]).map(|e| e as u32).collect();
    let cuts = Layers::new(line, &edges).cuts(count, control)?;
    let mut levels: Vec<f64> = cuts.windows(2).map(|c| line.mean(c[0] as usize, c[1] as usize)).collect();
    if step > 1 {
        line.settle(&mut levels, control)?;
    }
    Ok(levels)
}

/// What the best levels explain, for the first j cells: Σ (Σw·x)² ÷ Σw over the runs, the more the better.
struct Layers {
    edges: Vec<u32>,
    /// Sums of weights and weighted points (from their mean: the difference of large sums is small).
    weight: Vec<f64>,
    sum: Vec<f64>,
    /// With one level fewer, and now.
    before: Vec<f64>,
    now: Vec<f64>,
    /// Where the last run begins, a layer after the other.
    starts: Vec<Vec<u16>>,
}

impl Layers {
    fn new(line: &Line, edges: &[u32]) -> Self {
        let mean = line.mean(0, line.len());
        let sums = |&e: &u32| line.sums_before(e as usize);
        let weight: Vec<f64> = edges.iter().map(|e| sums(e).0).collect();
        let sum: Vec<f64> = edges.iter().map(|e| sums(e).1 - mean * sums(e).0).collect();
        let explained = |(w, s): (&f64, &f64)| if *w > 0.0 { s * s / w } else { 0.0 };
        let before = weight.iter().zip(&sum).map(explained).collect();
        let now = vec![0.0; edges.len()];
        Self { edges: edges.to_vec(), weight, sum, before, now, starts: vec![vec![0; edges.len()]] }
    }

    /// Where the runs of the best `count` levels begin, and the end of the last.
    fn cuts(mut self, count: usize, control: &Control<'_>) -> Result<Vec<u32>, Stopped> {
        let cells = self.edges.len() - 1;
        let count = count.min(cells);
        for levels in 2..=count {
            control.check()?;
            self.starts.push(vec![0; cells + 1]);
            // The last layer is asked about all cells only; no layer about fewer cells than levels.
            let first = if levels == count { cells } else { levels };
            let last = cells - (count - levels);
            widest(Layer { of: &mut self, wanted: (first, last), starts: (levels - 1, last - 1) });
            std::mem::swap(&mut self.before, &mut self.now);
        }
        let mut cuts = vec![self.edges[cells]];
        let mut end = cells;
        for starts in self.starts.iter().rev().take(count) {
            end = usize::from(starts[end]);
            cuts.push(self.edges[end]);
        }
        cuts.reverse();
        Ok(cuts)
    }

    /// For the first `end` cells, over the starts of the last run from `low` to `high`: the best one, the
    /// earliest on a tie.
    #[inline(always)]
    fn best_start(&self, end: usize, low: usize, high: usize) -> (f64, usize) {
        let (weight, sum) = (self.weight[end], self.sum[end]);
        let explained = |i: usize| {
            let s = sum - self.sum[i];
            self.before[i] + s * s / (weight - self.weight[i])
        };
        let mut best = (f64::NEG_INFINITY, low);
        let mut take = |value: f64, start: usize| {
            if value > best.0 || (value == best.0 && start < best.1) {
                best = (value, start);
            }
        };
        let starts = high + 1 - low;
        let whole = starts / LANES * LANES;
        if whole > 0 {
            let before = self.before[low..low + whole].as_chunks::<LANES>().0;
            let sums = self.sum[low..low + whole].as_chunks::<LANES>().0;
            let weights = self.weight[low..low + whole].as_chunks::<LANES>().0;
            let (mut most, mut place) = ([f64::NEG_INFINITY; LANES], [0.0f64; LANES]);
            for (block, ((b, s), w)) in before.iter().zip(sums).zip(weights).enumerate() {
                for lane in 0..LANES {
                    let s = sum - s[lane];
                    let value = b[lane] + s * s / (weight - w[lane]);
                    let better = value > most[lane];
                    most[lane] = if better { value } else { most[lane] };
                    place[lane] = if better { block as f64 } else { place[lane] };
                }
            }
            (0..LANES).for_each(|lane| take(most[lane], low + place[lane] as usize * LANES + lane));
        }
        (low + whole..=high).for_each(|i| take(explained(i), i));
        best
    }
}

/// One more level, for the first `wanted.0` to `wanted.1` cells, whose last runs begin within `starts`.
struct Layer<'a> {
    of: &'a mut Layers,
    wanted: (usize, usize),
    starts: (usize, usize),
}

impl Kernel for Layer<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let layer = self.of.starts.len() - 1;
        let mut open = vec![(self.wanted, self.starts)];
        while let Some(((from, to), (low, high))) = open.pop() {
            let middle = from + (to - from) / 2;
            // A last run never begins earlier than with one level fewer.
            let high_here = high.min(middle - 1);
            let low_here = low.max(usize::from(self.of.starts[layer - 1][middle])).min(high_here);
            let (value, start) = self.of.best_start(middle, low_here, high_here);
            self.of.now[middle] = value;
            self.of.starts[layer][middle] = start as u16;
            if middle < to {
                open.push(((middle + 1, to), (start, high)));
            }
            if middle > from {
                open.push(((from, middle - 1), (low, start)));
            }
        }
    }
}

const MOST_ROUNDS: usize = 2000;
/// Rounds end when no level moves by more than this part of the points' range.
const STILL: f64 = 1e-7;

/// Points in order with the sums of weights and of weighted points before each.
pub struct Line {
    points: Vec<f64>,
    weight: Vec<f64>,
    sum: Vec<f64>,
}

impl Line {
    /// The points of a cloud, by their first coordinate, with their weights.
    pub fn new<const D: usize>(cloud: &Cloud<D>) -> Self {
        Self::of_points(cloud.points.iter().map(|p| p[0]).zip(cloud.weights.iter().copied()))
    }

    /// Takes (finite point, positive weight) in any order.
    pub(super) fn of_points(points: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut sorted: Vec<(f32, f32)> = points.collect();
        if !sorted.is_sorted_by(|a, b| a.0 <= b.0) {
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let mut line = Self { points: Vec::with_capacity(sorted.len()), weight: vec![0.0], sum: vec![0.0] };
        let (mut weight, mut sum) = (0.0, 0.0);
        for (x, w) in sorted {
            let (x, w) = (f64::from(x), f64::from(w));
            weight += w;
            sum += w * x;
            line.points.push(x);
            line.weight.push(weight);
            line.sum.push(sum);
        }
        line
    }

    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// The points in ascending order.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Σw and Σw·x of the first `count` points.
    pub fn sums_before(&self, count: usize) -> (f64, f64) {
        (self.weight[count], self.sum[count])
    }

    /// The weighted mean of the points from number `from` up to number `to`, of which there must be one at least.
    pub fn mean(&self, from: usize, to: usize) -> f64 {
        (self.sum[to] - self.sum[from]) / (self.weight[to] - self.weight[from])
    }

    /// Lloyd's rounds until none of `levels`, in ascending order, moves.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn settle(&self, levels: &mut [f64], control: &Control<'_>) -> Result<(), Stopped> {
        self.settle_some(levels, |_| true, |_| {}, control)
    }

    /// [`Line::settle`] where only some of the levels move, by their places; `watch` is shown them after every round.
    pub(super) fn settle_some(
        &self,
        levels: &mut [f64],
        moves: impl Fn(usize) -> bool,
        mut watch: impl FnMut(&[f64]),
        control: &Control<'_>,
    ) -> Result<(), Stopped> {
        let still = (self.points.last().unwrap_or(&0.0) - self.points.first().unwrap_or(&0.0)) * STILL;
        for round in 0..MOST_ROUNDS {
            if round % 64 == 0 {
                control.check()?;
            }
            let longest = self.round(levels, &moves);
            watch(levels);
            if longest <= still {
                break;
            }
        }
        Ok(())
    }

    /// Where the run of points nearest to level `k` ends that begins at `from`.
    pub(super) fn end_of_run(&self, levels: &[f64], k: usize, from: usize) -> usize {
        let Some(next) = levels.get(k + 1) else { return self.points.len() };
        let cut = (levels[k] + next) / 2.0;
        from + self.points[from..].partition_point(|x| *x <= cut)
    }

    /// Moves every level that may to the mean of its run; returns the longest way that one went. A level whose
    /// run is empty stays.
    fn round(&self, levels: &mut [f64], moves: &impl Fn(usize) -> bool) -> f64 {
        let (mut longest, mut from) = (0.0f64, 0);
        for k in 0..levels.len() {
            let to = self.end_of_run(levels, k, from);
            let weight = self.weight[to] - self.weight[from];
            if weight > 0.0 && moves(k) {
                // The next level's lower cut still needs this one where it was; it is past it already.
                let mean = (self.sum[to] - self.sum[from]) / weight;
                longest = longest.max((mean - levels[k]).abs());
                levels[k] = mean;
            }
            from = to;
        }
        longest
    }
}
