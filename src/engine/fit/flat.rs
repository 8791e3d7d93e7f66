//! Values that a large share of the samples have: the paper of a scan, the colours of a logo. Where there is room, they are
//! entries exactly as they are.
//!
//! A fit leaves an entry at the mean of its samples, a little beside a value that most of them have: white paper comes out
//! as 254. The squared error hardly knows, the eye does. So after any fit:
//!
//! 1. an entry that has more than half of its samples from one such value becomes that value. At that share the squared
//!    error of its samples can at most double; where it is a real flat, with nine samples of ten, it grows by a ninth.
//! 2. A value that is still none, and stands alone (it weighs more than all others within 1/32 of the samples' range),
//!    takes the place of the entry that is missed least, as long as the squared error does not grow by more than a quarter,
//!    1 dB. The slope of a sky has no value that stands alone: there neighbouring codes weigh as much, and an entry for one
//!    of them would be taken from where it is needed.
//!
//! Cost: one look at all samples where there is such a value; for each that takes a place, one at each sample and entry of
//! a condensed cloud.

use super::cloud::{Cloud, Moments, distinct};
use super::goal::Stored;
use crate::engine::codebook::{Codebook, distance_squared};

/// A value with more than this share of an entry's samples has that entry for its own.
const MAJORITY: f64 = 0.5;
/// A value stands alone within this part of the longest side of the samples' bounds: 8 of 255 codes.
const AROUND: f32 = 1.0 / 32.0;
/// What the squared error may grow to.
const MOST_ERROR: f64 = 1.25;
/// Points of the cloud in which entries change places.
const POINTS: usize = 4096;
/// Rounds in which the other entries settle.
const ROUNDS: usize = 2;

/// Puts values of more than `share` of the cloud's weight in place of entries. Those that are `kept` stay.
pub(super) fn held<const D: usize>(
    entries: Vec<[f32; D]>,
    kept: &[[f32; D]],
    cloud: &Cloud<D>,
    share: f64,
    stored: Stored<D>,
) -> Vec<[f32; D]> {
    let total: f64 = cloud.weights.iter().map(|&w| f64::from(w)).sum();
    let is_large =
        |&i: &usize| f64::from(cloud.weights[i]) > share * total && stored(cloud.points[i]) == cloud.points[i];
    let mut large: Vec<usize> = (0..cloud.len()).filter(is_large).collect();
    if large.iter().all(|&i| entries.contains(&cloud.points[i])) {
        return entries;
    }
    large.sort_by(|&a, &b| cloud.weights[b].total_cmp(&cloud.weights[a]).then(a.cmp(&b)));
    let mut places = Places::new(entries, kept, cloud);
    let left: Vec<usize> = large.into_iter().filter(|&i| !places.take(cloud, i)).collect();
    let isolated: Vec<[f32; D]> =
        left.into_iter().filter(|&i| stands_alone(cloud, i)).map(|i| cloud.points[i]).collect();
    if !isolated.is_empty() {
        places.make_room(&cloud.condensed(POINTS), &isolated, stored);
    }
    places.entries
}

/// Whether a value weighs more than all others around it.
fn stands_alone<const D: usize>(cloud: &Cloud<D>, i: usize) -> bool {
    let bounds = cloud.bounds();
    let side = bounds.iter().map(|(low, high)| high - low).fold(0.0, f32::max) * AROUND;
    let near = |p: &[f32; D]| distance_squared(*p, cloud.points[i]) <= side * side;
    let around: f64 =
        cloud.points.iter().zip(&cloud.weights).filter(|(p, _)| near(p)).map(|(_, &w)| f64::from(w)).sum();
    around < 2.0 * f64::from(cloud.weights[i])
}

struct Places<const D: usize> {
    entries: Vec<[f32; D]>,
    /// Entries that nothing may move any more.
    is_held: Vec<bool>,
    /// For each entry, the weight of all its samples together.
    weights: Vec<f64>,
    /// The code of each sample.
    codes: Vec<u16>,
}

impl<const D: usize> Places<D> {
    fn new(entries: Vec<[f32; D]>, kept: &[[f32; D]], cloud: &Cloud<D>) -> Self {
        let book = Codebook::new(entries);
        let mut codes = vec![0; cloud.len()];
        book.nearest_each(&cloud.points, &mut codes);
        let mut weights = vec![0.0; book.len()];
        codes.iter().zip(&cloud.weights).for_each(|(&k, &w)| weights[usize::from(k)] += f64::from(w));
        let entries = book.points().to_vec();
        Self { is_held: entries.iter().map(|p| kept.contains(p)).collect(), entries, weights, codes }
    }

    /// Makes the entry of a sample that value if it has most of its weight; whether the value is an entry now.
    fn take(&mut self, cloud: &Cloud<D>, i: usize) -> bool {
        let (value, k) = (cloud.points[i], usize::from(self.codes[i]));
        if self.entries[k] == value {
            self.is_held[k] = true;
            return true;
        }
        let most = f64::from(cloud.weights[i]) > MAJORITY * self.weights[k];
        let takes = most && !self.is_held[k] && !self.entries.contains(&value);
        if takes {
            (self.entries[k], self.is_held[k]) = (value, true);
        }
        takes
    }

    /// Puts values in place of the entries that are missed least, and lets the others settle.
    fn make_room(&mut self, cloud: &Cloud<D>, values: &[[f32; D]], stored: Stored<D>) {
        let mut two = Two::of(cloud, &self.entries);
        let error = |(two, &weight): (&Two, &f32)| f64::from(weight) * f64::from(two.least);
        let most = MOST_ERROR * two.iter().zip(&cloud.weights).map(error).sum::<f64>();
        let mut changed = false;
        for &value in values {
            // What each entry is missed by: its samples would take their second nearest, or the value.
            let mut missed = vec![0.0; self.entries.len()];
            let mut error = 0.0;
            for ((two, point), &weight) in two.iter().zip(&cloud.points).zip(&cloud.weights) {
                let own = distance_squared(*point, value);
                error += f64::from(weight) * f64::from(two.least.min(own));
                missed[two.nearest] += f64::from(weight) * f64::from(two.second.min(own) - two.least.min(own));
            }
            let free = (0..self.entries.len()).filter(|&k| !self.is_held[k]);
            let Some(least) = free.min_by(|&a, &b| missed[a].total_cmp(&missed[b])) else { break };
            if error + missed[least] <= most && !self.entries.contains(&value) {
                (self.entries[least], self.is_held[least]) = (value, true);
                two = Two::of(cloud, &self.entries);
                changed = true;
            }
        }
        if changed {
            self.settle(cloud, &two, stored);
            (1..ROUNDS).for_each(|_| self.settle(cloud, &Two::of(cloud, &self.entries), stored));
        }
    }

    /// Moves entries that are not held to the means of their samples.
    fn settle(&mut self, cloud: &Cloud<D>, two: &[Two], stored: Stored<D>) {
        let mut sums = vec![Moments::default(); self.entries.len()];
        for ((two, &point), &weight) in two.iter().zip(&cloud.points).zip(&cloud.weights) {
            sums[two.nearest].add(point, weight);
        }
        for (k, sum) in sums.into_iter().enumerate().filter(|(_, sum)| sum.weight > 0.0) {
            let mean = stored(sum.mean()).map(|c| c + 0.0);
            if !self.is_held[k] && !self.entries.contains(&mean) {
                self.entries[k] = mean;
            }
        }
        debug_assert_eq!(distinct(self.entries.iter().copied()).len(), self.entries.len());
    }
}

/// A sample's nearest entry, and the squared distances to it and to the second nearest.
struct Two {
    nearest: usize,
    least: f32,
    second: f32,
}

impl Two {
    fn of<const D: usize>(cloud: &Cloud<D>, entries: &[[f32; D]]) -> Vec<Self> {
        let find = |point: &[f32; D]| {
            let mut two = Two { nearest: 0, least: f32::INFINITY, second: f32::INFINITY };
            for (k, entry) in entries.iter().enumerate() {
                let far = distance_squared(*point, *entry);
                if far < two.least {
                    (two.second, two.least, two.nearest) = (two.least, far, k);
                } else {
                    two.second = two.second.min(far);
                }
            }
            two
        };
        cloud.points.iter().map(find).collect()
    }
}
