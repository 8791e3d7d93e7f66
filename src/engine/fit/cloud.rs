//! Weighted points for the fits, merged where there are more than a fit needs to see.

use crate::engine::cells::halving_order;
use crate::engine::samples::Samples;

/// Fits that need no more see so many points at most: more are merged into their neighbours' means.
pub const LARGEST: usize = 1 << 15;

/// Points with positive weights.
#[derive(Clone, Debug)]
pub struct Cloud<const D: usize> {
    /// The points, in R^D.
    pub points: Vec<[f32; D]>,
    /// One a point: how often it counts.
    pub weights: Vec<f32>,
}

impl<const D: usize> Cloud<D> {
    /// The different values of `samples`, each with the sum of its weights. Weighted samples are
    /// taken as they are, less those of weight 0.
    pub fn of_distinct(samples: Samples<'_, D>) -> Self {
        if let Some(weights) = samples.weights {
            let kept = || (0..samples.len()).filter(|&i| weights[i] > 0.0);
            return Self {
                points: kept().map(|i| samples.values[i]).collect(),
                weights: kept().map(|i| weights[i]).collect(),
            };
        }
        let mut sorted = samples.values.to_vec();
        if D == 1 {
            sorted.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        } else {
            sorted.sort_unstable_by(compare);
        }
        let mut cloud = Self { points: Vec::new(), weights: Vec::new() };
        for p in sorted {
            match (cloud.points.last(), cloud.weights.last_mut()) {
                (Some(last), Some(weight)) if *last == p => *weight += 1.0,
                _ => cloud.push(p, 1.0),
            }
        }
        cloud
    }

    /// How many points there are, whatever their weights.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The points that `keep` says yes to.
    pub fn filtered(&self, keep: impl Fn([f32; D]) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.len()).filter(|&i| keep(self.points[i])).collect();
        Self {
            points: kept.iter().map(|&i| self.points[i]).collect(),
            weights: kept.iter().map(|&i| self.weights[i]).collect(),
        }
    }

    /// The smallest and the largest coordinate along each axis; (0, 0) when empty.
    pub fn bounds(&self) -> [(f32, f32); D] {
        std::array::from_fn(|c| {
            let mut it = self.points.iter().map(|p| p[c]);
            let first = it.next().unwrap_or(0.0);
            it.fold((first, first), |(low, high), x| (low.min(x), high.max(x)))
        })
    }

    /// The cloud in about `about` points or fewer, each the mean of those that it stands for; beyond R¹ in
    /// halving order.
    pub fn condensed(&self, about: usize) -> Self {
        match D {
            1 if self.len() <= about => self.clone(),
            1 => self.merged_by_order(about),
            _ if self.len() <= about => self.in_halving_order(),
            _ => self.merged_by_halves(about),
        }
    }

    /// R¹: runs of neighbours in order, of equal number, so that the dense middle stays fine.
    fn merged_by_order(&self, about: usize) -> Self {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| self.points[a as usize][0].total_cmp(&self.points[b as usize][0]));
        let mut merged = Self { points: Vec::new(), weights: Vec::new() };
        for run in order.chunks(self.len().div_ceil(about)) {
            merged.push_mean_of(self, run.iter().copied());
        }
        merged
    }

    /// R² and up: the boxes of one level of halving, as coarse as it takes, in halving order.
    fn merged_by_halves(&self, about: usize) -> Self {
        let order = halving_order(&self.points);
        // How many boxes there are when so many lowest bits are left out: two neighbours part where their paths do.
        let mut parting = [0usize; 33];
        order.windows(2).for_each(|pair| parting[32 - (pair[0].0 ^ pair[1].0).leading_zeros() as usize] += 1);
        let boxes = |dropped: usize| 1 + parting[dropped + 1..].iter().sum::<usize>();
        let dropped = (0..32).find(|&dropped| boxes(dropped) <= about).unwrap_or(31);
        let mut merged = Self { points: Vec::new(), weights: Vec::new() };
        for run in order.chunk_by(|a, b| a.0 >> dropped == b.0 >> dropped) {
            match *run {
                [(_, one)] => merged.push(self.points[one as usize], self.weights[one as usize]),
                _ => merged.push_mean_of(self, run.iter().map(|&(_, i)| i)),
            }
        }
        merged
    }

    /// The cloud's points with neighbours together: see [`halving_order`].
    pub fn in_halving_order(&self) -> Self {
        let order = halving_order(&self.points);
        Self {
            points: order.iter().map(|&(_, i)| self.points[i as usize]).collect(),
            weights: order.iter().map(|&(_, i)| self.weights[i as usize]).collect(),
        }
    }

    fn push(&mut self, point: [f32; D], weight: f32) {
        self.points.push(point);
        self.weights.push(weight);
    }

    fn push_mean_of(&mut self, of: &Self, members: impl Iterator<Item = u32>) {
        let moments = of.moments(members);
        self.push(moments.mean(), moments.weight as f32);
    }

    /// The sums over the points of these numbers.
    pub(crate) fn moments(&self, members: impl Iterator<Item = u32>) -> Moments<D> {
        Moments::of(members.map(|i| (self.points[i as usize], self.weights[i as usize])))
    }
}

/// Different points in a fixed order.
pub(super) fn distinct<const D: usize>(points: impl Iterator<Item = [f32; D]>) -> Vec<[f32; D]> {
    let mut kept: Vec<[f32; D]> = points.map(|p| p.map(|c| c + 0.0)).collect();
    kept.sort_by(compare);
    kept.dedup();
    kept
}

pub(super) fn compare<const D: usize>(a: &[f32; D], b: &[f32; D]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}

/// Sums over weighted points, from which the mean follows and how good a partition is.
#[derive(Clone, Copy, Debug)]
pub struct Moments<const D: usize> {
    /// Σ w.
    pub weight: f64,
    /// Σ w·x.
    pub sum: [f64; D],
}

impl<const D: usize> Default for Moments<D> {
    fn default() -> Self {
        Self { weight: 0.0, sum: [0.0; D] }
    }
}

impl<const D: usize> Moments<D> {
    /// The sums over points with their weights.
    #[inline(always)]
    pub(crate) fn of(points: impl IntoIterator<Item = ([f32; D], f32)>) -> Self {
        let mut moments = Self::default();
        points.into_iter().for_each(|(p, weight)| moments.add(p, weight));
        moments
    }

    /// Adds a point with its weight.
    #[inline]
    pub fn add(&mut self, p: [f32; D], weight: f32) {
        let w = f64::from(weight);
        self.weight += w;
        for (sum, x) in self.sum.iter_mut().zip(p) {
            *sum += w * f64::from(x);
        }
    }

    /// Adds the points of other sums.
    #[inline(always)]
    pub fn merge(&mut self, o: &Self) {
        self.weight += o.weight;
        for (sum, more) in self.sum.iter_mut().zip(o.sum) {
            *sum += more;
        }
    }

    /// What is left when a part is taken away.
    pub fn less(&self, part: &Self) -> Self {
        Self { weight: self.weight - part.weight, sum: std::array::from_fn(|c| self.sum[c] - part.sum[c]) }
    }

    /// The weighted mean of the points; the zero vector where their weight is 0.
    pub fn mean(&self) -> [f32; D] {
        std::array::from_fn(|c| if self.weight > 0.0 { (self.sum[c] / self.weight) as f32 } else { 0.0 })
    }

    /// |Σw·x|² ÷ Σw: a partition's squared error is Σw·x² less the sum of these over its parts, so
    /// the larger the sum the better the partition.
    pub fn explained(&self) -> f64 {
        if self.weight > 0.0 { self.sum.iter().map(|s| s * s).sum::<f64>() / self.weight } else { 0.0 }
    }

    /// [`Self::explained`] for a part whose entry stands at `pin` instead of the mean: 2·pin·Σw·x − |pin|²·Σw.
    pub fn explained_from(&self, pin: Option<[f32; D]>) -> f64 {
        let Some(pin) = pin.map(|p| p.map(f64::from)) else { return self.explained() };
        pin.iter().zip(self.sum).map(|(p, sum)| p * (2.0 * sum - p * self.weight)).sum()
    }
}
