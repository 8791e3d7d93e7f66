//! k-means: Lloyd's algorithm from Wu's codebook. In R¹ these are the Lloyd–Max levels.
//!
//! Choose it for the least squared error; it is the default. Each round maps every point to its
//! nearest entry and moves every entry to the mean of its points, so the error never rises. Rounds
//! run over the condensed cloud until they stop paying, then over all points.
//! Cost: points · entries a round, shared by the cores; the sums are taken in a fixed order, so the
//! result does not depend on how many there are.
//! Source: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).

use rayon::prelude::*;

use super::cloud::{Cloud, Moments};
use super::wu;
use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::control::{Control, Stopped};

const MOST_ROUNDS: usize = 60;
/// Rounds end when one lowers the squared error by less than this part of it.
const WORTHWHILE: f64 = 2e-4;
const ROUNDS_OVER_ALL: usize = 3;
/// Points between two looks at the stop flag, and the fewest that one task maps.
const SLICE: usize = 2048;

pub fn fit<const D: usize>(cloud: &Cloud<D>, count: usize, control: &Control<'_>) -> Result<Vec<[f32; D]>, Stopped> {
    let condensed = cloud.condensed();
    let mut centers = wu::fit(&condensed, count, control)?;
    let mut error = f64::INFINITY;
    for round in 0..MOST_ROUNDS {
        control.check()?;
        control.progress(round as f32 / MOST_ROUNDS as f32);
        let step = lloyd_round(&condensed, centers, control)?;
        centers = step.centers;
        if error - step.error <= WORTHWHILE * error {
            break;
        }
        error = step.error;
    }
    if condensed.len() < cloud.len() {
        for _ in 0..ROUNDS_OVER_ALL {
            centers = lloyd_round(cloud, centers, control)?.centers;
        }
    }
    Ok(centers)
}

struct Round<const D: usize> {
    centers: Vec<[f32; D]>,
    /// Weighted squared error of the centres that the round began with.
    error: f64,
}

/// What one slice of the points says of the entries it uses.
struct Tally<const D: usize> {
    moments: Vec<Moments<D>>,
    error: f64,
    worst: (f32, usize),
}

fn lloyd_round<const D: usize>(
    cloud: &Cloud<D>,
    centers: Vec<[f32; D]>,
    control: &Control<'_>,
) -> Result<Round<D>, Stopped> {
    let book = Codebook::new(centers);
    // One tally a core-independent band: few enough to merge quickly, many enough to share.
    let band = cloud.len().div_ceil(16).max(SLICE);
    let tallies: Vec<Tally<D>> = (0..cloud.len().div_ceil(band))
        .into_par_iter()
        .map(|b| tally(cloud, &book, b * band..((b + 1) * band).min(cloud.len()), control))
        .collect::<Result<_, Stopped>>()?;
    let mut moments = vec![Moments::<D>::default(); book.len()];
    let (mut error, mut worst) = (0.0, (f32::NEG_INFINITY, 0));
    for t in &tallies {
        error += t.error;
        if t.worst.0 > worst.0 {
            worst = t.worst;
        }
        for (all, m) in moments.iter_mut().zip(&t.moments) {
            all.merge(m);
        }
    }
    let mut centers: Vec<[f32; D]> = moments.iter().map(Moments::mean).collect();
    // An entry nobody uses goes to the point that is served worst; one a round is enough.
    if let Some(unused) = moments.iter().position(|m| m.weight == 0.0) {
        centers[unused] = cloud.points[worst.1];
        for (center, (m, old)) in centers.iter_mut().zip(moments.iter().zip(book.points())).skip(unused + 1) {
            if m.weight == 0.0 {
                *center = *old;
            }
        }
    }
    Ok(Round { centers, error })
}

fn tally<const D: usize>(
    cloud: &Cloud<D>,
    book: &Codebook<D>,
    range: std::ops::Range<usize>,
    control: &Control<'_>,
) -> Result<Tally<D>, Stopped> {
    let mut t = Tally { moments: vec![Moments::default(); book.len()], error: 0.0, worst: (f32::NEG_INFINITY, 0) };
    for i in range {
        if i % SLICE == 0 {
            control.check()?;
        }
        let (p, w) = (cloud.points[i], cloud.weights[i]);
        let k = usize::from(book.nearest(p));
        let cost = distance_squared(p, book.points()[k]) * w;
        t.moments[k].add(p, w);
        t.error += f64::from(cost);
        if cost > t.worst.0 {
            t.worst = (cost, i);
        }
    }
    Ok(t)
}
