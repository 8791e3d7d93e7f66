//! Fitting a codebook to samples, in any dimension.
//!
//! | method | in R³ (colours) | in R¹ (weights) | cost |
//! |---|---|---|---|
//! | uniform | equal steps a channel | equal steps | one pass |
//! | median cut | boxes of equal population | equal-count levels (quantiles) | n log n |
//! | Wu | cuts that lower the squared error most | the same | n log n |
//! | k-means | Lloyd's algorithm from Wu's result, with swaps | Lloyd–Max levels | n · count · rounds |
//!
//! The last three look at a condensed cloud, in which neighbours are merged into their means; k-means
//! ends with rounds over all points.

pub mod cloud;
mod kmeans;
mod line;
mod lloyd;
mod median_cut;
mod swap;
mod uniform;
mod wu;

use serde::{Deserialize, Serialize};

use super::codebook::{Codebook, distance_squared};
use super::control::{Control, Stopped};
use super::samples::Samples;
use super::trace::{Phase, Trace};
use cloud::Cloud;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    Uniform,
    MedianCut,
    Wu,
    #[serde(rename = "kmeans")]
    KMeans,
}

impl Method {
    pub const ALL: [Method; 4] = [Method::KMeans, Method::Wu, Method::MedianCut, Method::Uniform];

    /// As on the command line and in format names.
    pub fn name(self) -> &'static str {
        match self {
            Method::Uniform => "uniform",
            Method::MedianCut => "median-cut",
            Method::Wu => "wu",
            Method::KMeans => "kmeans",
        }
    }

    /// What a palette maker calls it.
    pub fn palette_label(self) -> &'static str {
        match self {
            Method::Uniform => "Uniform",
            Method::MedianCut => "Median cut",
            Method::Wu => "Wu",
            Method::KMeans => "k-means",
        }
    }

    /// What the same method is called when it chooses levels on the number line.
    pub fn levels_label(self) -> &'static str {
        match self {
            Method::Uniform => "Uniform levels",
            Method::MedianCut => "Equal-count levels (median cut)",
            Method::Wu => "Least-variance cuts (Wu)",
            Method::KMeans => "Lloyd–Max levels (k-means)",
        }
    }
}

/// Wu's cuts and median cut see no more points than this: more are merged into their neighbours' means.
const LARGEST: usize = 1 << 15;

/// How an entry is rounded when it is stored (to 8-bit channels, to f16, …). Must be idempotent.
pub type Stored<const D: usize> = fn([f32; D]) -> [f32; D];

/// At most `count` (≥ 1) entries for `samples`, each as `stored` leaves it, all different.
///
/// When the samples have no more than `count` different values, those values are the codebook.
/// Otherwise exactly `count` entries come out wherever rounding leaves that many to be had, except
/// from the uniform method, whose grid need not have that many cells. Points of weight 0 are left
/// out; with no points at all the codebook is the origin. Samples that carry weights are taken to
/// be distinct already.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit<const D: usize>(
    method: Method,
    samples: Samples<'_, D>,
    count: usize,
    stored: Stored<D>,
    control: &Control<'_>,
) -> Result<Codebook<D>, Stopped> {
    fit_traced(method, samples, count, stored, &mut Trace::off(), control)
}

/// [`fit`], followed step by step: the same code with the same result. The last snapshot is the result.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit_traced<const D: usize>(
    method: Method,
    samples: Samples<'_, D>,
    count: usize,
    stored: Stored<D>,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Codebook<D>, Stopped> {
    let count = count.max(1);
    let cloud = Cloud::of_distinct(samples);
    trace.begin(&cloud);
    control.check()?;
    let points = if cloud.len() <= count {
        distinct(cloud.points.iter().map(|&p| stored(p)))
    } else {
        match method {
            Method::Uniform => distinct(uniform::levels(&cloud, count).into_iter().map(stored)),
            _ => {
                let fitted = match method {
                    Method::MedianCut => median_cut::fit(&cloud.condensed(LARGEST), count, trace, control)?,
                    Method::Wu => wu::fit(&cloud.condensed(LARGEST), count, trace, control)?,
                    _ => kmeans::fit(&cloud, count, trace, control)?,
                };
                let points = distinct(fitted.into_iter().map(stored));
                filled_up(points, &cloud, count, stored, control)?
            }
        }
    };
    let book = Codebook::new(if points.is_empty() { vec![stored([0.0; D])] } else { points });
    trace.book(Phase::Stored, &book, &cloud);
    Ok(book)
}

fn distinct<const D: usize>(points: impl Iterator<Item = [f32; D]>) -> Vec<[f32; D]> {
    let mut kept: Vec<[f32; D]> = points.map(|p| p.map(|c| c + 0.0)).collect();
    kept.sort_by(compare);
    kept.dedup();
    kept
}

fn compare<const D: usize>(a: &[f32; D], b: &[f32; D]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}

/// Rounding can make entries coincide; each one lost that way goes to the sample worst served.
fn filled_up<const D: usize>(
    mut points: Vec<[f32; D]>,
    cloud: &Cloud<D>,
    count: usize,
    stored: Stored<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    if points.len() >= count {
        return Ok(points);
    }
    let book = Codebook::new(points.clone());
    let mut cost: Vec<f32> =
        cloud.points.iter().map(|&x| distance_squared(x, book.points()[usize::from(book.nearest(x))])).collect();
    while points.len() < count {
        control.check()?;
        let worst = (0..cloud.len())
            .filter(|&i| cost[i] > 0.0)
            .max_by(|&a, &b| (cost[a] * cloud.weights[a]).total_cmp(&(cost[b] * cloud.weights[b])).then(b.cmp(&a)));
        let Some(worst) = worst else { break };
        let entry = stored(cloud.points[worst]);
        cost[worst] = 0.0;
        if !points.contains(&entry) {
            points.push(entry);
            for (c, x) in cost.iter_mut().zip(&cloud.points) {
                *c = c.min(distance_squared(*x, entry));
            }
        }
    }
    points.sort_by(compare);
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn exact<const D: usize>(p: [f32; D]) -> [f32; D] {
        p
    }

    fn whole<const D: usize>(p: [f32; D]) -> [f32; D] {
        p.map(f32::round)
    }

    fn cloud<const D: usize>(n: usize) -> Vec<[f32; D]> {
        let mut random = Random::seeded(7);
        (0..n).map(|_| std::array::from_fn(|c| random.next_gaussian() * (1.0 + c as f32))).collect()
    }

    fn error<const D: usize>(points: &[[f32; D]], book: &Codebook<D>) -> f64 {
        points.iter().map(|&x| f64::from(distance_squared(x, book.points()[usize::from(book.nearest(x))]))).sum()
    }

    fn fitted<const D: usize>(method: Method, points: &[[f32; D]], count: usize) -> Codebook<D> {
        fit(method, Samples::new(points, 1), count, exact, &Control::unwatched()).unwrap()
    }

    fn every_method_in<const D: usize>() {
        let points = cloud::<D>(3000);
        for method in Method::ALL {
            let errors: Vec<f64> =
                [1, 2, 4, 16, 64].iter().map(|&n| error(&points, &fitted(method, &points, n))).collect();
            // A uniform grid has no entry at the dense middle when its cells are even in number.
            let falls = method == Method::Uniform || errors.windows(2).all(|e| e[1] < e[0]);
            assert!(falls && (D > 3 || errors[4] < errors[0]), "{method:?} in R^{D}: {errors:?}");
            if method != Method::Uniform {
                assert_eq!(fitted(method, &points, 37).len(), 37, "{method:?} in R^{D}");
            }
        }
        let [kmeans, wu] = [Method::KMeans, Method::Wu].map(|m| error(&points, &fitted(m, &points, 16)));
        assert!(kmeans <= wu, "Lloyd's rounds never raise the error of their start: {kmeans} {wu}");
    }

    #[test]
    fn more_levels_lower_the_error_in_every_dimension_and_by_every_method() {
        every_method_in::<1>();
        every_method_in::<2>();
        every_method_in::<3>();
        every_method_in::<4>();
        every_method_in::<8>();
    }

    #[test]
    fn few_distinct_values_are_kept_exactly() {
        let points: Vec<[f32; 3]> = (0..500).map(|i| [(i % 3) as f32, (i % 2) as f32, 7.0]).collect();
        for method in Method::ALL {
            let book = fitted(method, &points, 6);
            assert_eq!((book.len(), error(&points, &book)), (6, 0.0), "{method:?}");
        }
    }

    #[test]
    fn exactly_n_entries_come_out_even_when_rounding_makes_some_coincide() {
        let mut random = Random::seeded(3);
        let points: Vec<[f32; 3]> =
            (0..4000).map(|_| std::array::from_fn(|_| (random.next_gaussian() * 2.0).round())).collect();
        for method in [Method::KMeans, Method::Wu, Method::MedianCut] {
            let book = fit(method, Samples::new(&points, 1), 200, whole, &Control::unwatched()).unwrap();
            assert_eq!(book.len(), 200, "{method:?}");
        }
    }

    #[test]
    fn median_cut_in_one_dimension_is_equal_count_coding() {
        let points = cloud::<1>(4096);
        let book = fitted(Method::MedianCut, &points, 16);
        let mut sorted: Vec<f32> = points.iter().map(|p| p[0]).collect();
        sorted.sort_by(f32::total_cmp);
        for (level, run) in book.points().iter().zip(sorted.chunks(256)) {
            let mean = run.iter().map(|&x| f64::from(x)).sum::<f64>() / 256.0;
            assert!((f64::from(level[0]) - mean).abs() < 1e-4, "{level:?} {mean}");
        }
    }

    #[test]
    fn kmeans_on_a_gaussian_reaches_the_lloyd_max_figures() {
        // Max 1960: MSE .3634, .1175, .03455, .00950 at 1, 2, 3, 4 bits.
        let points = cloud::<1>(200_000);
        let power: f64 = points.iter().map(|p| f64::from(p[0] * p[0])).sum();
        for (bits, expected) in [(1, 0.3634), (2, 0.1175), (3, 0.03455), (4, 0.00950)] {
            let mse = error(&points, &fitted(Method::KMeans, &points, 1 << bits)) / power;
            assert!((mse / expected - 1.0).abs() < 0.03, "{bits} bits: {mse} against {expected}");
        }
    }

    #[test]
    fn a_point_of_weight_zero_is_nobodys() {
        let points: Vec<[f32; 1]> = (0..100).map(|i| [i as f32]).collect();
        let mut weights = vec![1.0; 100];
        weights[99] = 0.0;
        let samples = Samples { weights: Some(&weights), ..Samples::new(&points, 100) };
        let book = fit(Method::Uniform, samples, 2, exact, &Control::unwatched()).unwrap();
        assert_eq!(book.points(), [[24.5], [73.5]]);
    }
}
