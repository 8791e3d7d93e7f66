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

use super::cloud::Cloud;
use super::distinct::distinct;
use super::goal::Stored;
use crate::engine::codebook::{Codebook, distance_squared};

/// Of its samples, more than this makes an entry a value's own.
const MAJORITY: f64 = 0.5;
/// A value stands alone within this part of the longest side of the samples' bounds: 8 of 255 codes.
const AROUND: f32 = 1.0 / 32.0;
/// What the squared error may grow to.
const MOST_ERROR: f64 = 1.25;
/// Of the cloud in which entries change places.
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
    let alone: Vec<[f32; D]> = left.into_iter().filter(|&i| stands_alone(cloud, i)).map(|i| cloud.points[i]).collect();
    if !alone.is_empty() {
        places.make_room(&cloud.condensed(POINTS), &alone, stored);
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
    /// Of each entry, all its samples together.
    weights: Vec<f64>,
    /// Of each sample.
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
        let most = MOST_ERROR * two.iter().zip(&cloud.weights).map(Two::error).sum::<f64>();
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
        let mut sums = vec![([0.0f64; D], 0.0f64); self.entries.len()];
        for ((two, point), &weight) in two.iter().zip(&cloud.points).zip(&cloud.weights) {
            let (sum, total) = &mut sums[two.nearest];
            (0..D).for_each(|c| sum[c] += f64::from(point[c]) * f64::from(weight));
            *total += f64::from(weight);
        }
        for (k, (sum, total)) in sums.into_iter().enumerate().filter(|(_, (_, total))| *total > 0.0) {
            let mean = stored(sum.map(|s| (s / total) as f32)).map(|c| c + 0.0);
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

    fn error((two, &weight): (&Self, &f32)) -> f64 {
        f64::from(weight) * f64::from(two.least)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Goal, Method, fit};
    use crate::engine::control::Control;
    use crate::engine::random::Random;
    use crate::engine::samples::Samples;

    fn whole<const D: usize>(p: [f32; D]) -> [f32; D] {
        p.map(f32::round)
    }

    /// Noise over the whole range, and values that fill `share` of all each.
    fn noise_and<const D: usize>(values: &[[f32; D]], share: f64, n: usize) -> Vec<[f32; D]> {
        let mut random = Random::seeded(4);
        let flat = (share * n as f64) as usize;
        let mut points: Vec<[f32; D]> = values.iter().flat_map(|v| std::iter::repeat_n(*v, flat)).collect();
        points.extend((points.len()..n).map(|_| std::array::from_fn(|_| (random.next_f32() * 255.0).round())));
        points
    }

    fn keeps_flats<const D: usize>(shares: &[f64]) {
        let flats: Vec<[f32; D]> =
            [13.0, 20.0, 90.0, 201.0].iter().map(|&v: &f32| std::array::from_fn(|c| v + 3.0 * c as f32)).collect();
        for &share in shares {
            let points = noise_and(&flats, share, 20_000);
            // A grid has few cells to give away.
            for method in Method::ALL.into_iter().filter(|&m| m != Method::Uniform || share > 0.1) {
                let goal = Goal { method, count: 32, kept: &[], stored: whole, exact: Some(0.01) };
                let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
                for flat in &flats {
                    assert!(book.points().contains(flat), "{method:?} in R^{D}, {share}: {flat:?}");
                }
                assert!(book.len() == 32 || method == Method::Uniform, "{method:?} in R^{D}: {}", book.len());
            }
        }
    }

    #[test]
    fn a_value_of_more_than_the_share_is_an_entry_exactly_by_every_method() {
        // On a line, what fills 1.5 % is no more than the noise around it.
        keeps_flats::<1>(&[0.05, 0.2]);
        keeps_flats::<3>(&[0.015, 0.05, 0.2]);
        keeps_flats::<4>(&[0.015, 0.05, 0.2]);
    }

    #[test]
    fn a_slope_of_many_equal_values_is_fitted_as_it_would_be_without() {
        // 64 steps of 1.6 % each, none of which stands alone.
        let points: Vec<[f32; 1]> = (0..64_000).map(|i| [(i / 1000 * 4) as f32]).collect();
        let with = |exact| {
            let goal = Goal { method: Method::KMeans, count: 12, kept: &[], stored: whole, exact };
            fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap()
        };
        assert_eq!(with(Some(0.01)).points(), with(None).points());
    }

    #[test]
    fn where_there_is_no_room_the_fit_stays_as_it_is() {
        let points = noise_and(&[[250.0, 250.0, 4.0]], 0.015, 20_000);
        let with = |exact| {
            let goal = Goal { method: Method::KMeans, count: 2, kept: &[], stored: whole, exact };
            fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap()
        };
        assert_eq!(with(Some(0.01)).points(), with(None).points());
    }
}
