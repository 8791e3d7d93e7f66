//! Fitting a codebook to samples, in any dimension.
//!
//! | method | in R³ (colours) | in R¹ (weights) | cost |
//! |---|---|---|---|
//! | uniform | equal steps a channel | equal steps | one pass |
//! | median cut | boxes of equal population | equal-count levels (quantiles) | n log n |
//! | octree | a tree of cubes, the least used folded | a binary tree | n log n |
//! | Wu | cuts that lower the squared error most | the same | n log n |
//! | Lloyd | Lloyd's rounds from the boxes of median cut | the same, from quantiles | n · count · rounds |
//! | k-means | Lloyd's algorithm from Wu's result, with swaps | the best levels there are | n · count · rounds |
//!
//! All but the first look at a condensed cloud, in which neighbours are merged into their means; k-means
//! ends with rounds over all points.
//!
//! Some entries can be given: they are kept as they are, and the others are fitted to the points that
//! these serve badly. Of a photo, colours that fill a large share are entries exactly: see `flat.rs`.

pub mod cloud;
pub mod exact;
mod flat;
mod goal;
mod kmeans;
mod line;
mod lloyd;
mod median_cut;
mod method;
mod octree;
mod row;
pub mod runs;
mod swap;
mod uniform;
mod wu;

use super::codebook::{Codebook, distance_squared};
use super::control::{Control, Stopped};
use super::samples::Samples;
use super::trace::{Phase, Trace};
use cloud::{Cloud, compare, distinct};
pub use goal::{Goal, Stored};
pub use method::Method;
use row::Task;

/// A codebook of different entries for `samples`: those that are kept, and others as `stored` leaves them.
///
/// When the samples have no more different values than there is room for, those values are the codebook.
/// Otherwise exactly as many entries come out as were asked for wherever rounding leaves that many to be had, except
/// from the uniform method, whose grid need not have that many cells. Points of weight 0 are left
/// out; with no points at all the codebook is the origin. Samples that carry weights are taken to
/// be distinct already.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit<const D: usize>(
    goal: Goal<'_, D>,
    samples: Samples<'_, D>,
    control: &Control<'_>,
) -> Result<Codebook<D>, Stopped> {
    fit_traced(goal, samples, &mut Trace::off(), control)
}

/// [`fit`], followed step by step: the same code with the same result. The last snapshot is the result;
/// there is none where all entries are kept, as nothing is fitted.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit_traced<const D: usize>(
    goal: Goal<'_, D>,
    samples: Samples<'_, D>,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Codebook<D>, Stopped> {
    let kept = distinct(goal.kept.iter().copied());
    if kept.len() >= goal.count.max(1) {
        return Ok(Codebook::new(kept));
    }
    let cloud = Cloud::of_distinct(samples);
    trace.begin(&cloud);
    let mut fitted = entries(goal, &kept, &cloud, trace, control)?;
    if let Some(share) = goal.exact {
        fitted = flat::held(fitted, &kept, &cloud, share, goal.stored);
    }
    let book = Codebook::new(fitted);
    trace.book(Phase::Stored, &book, &cloud);
    Ok(book)
}

/// All entries, those that are kept included, of which there are fewer than are asked for.
fn entries<const D: usize>(
    Goal { method, count, stored, .. }: Goal<'_, D>,
    kept: &[[f32; D]],
    cloud: &Cloud<D>,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let count = count.max(1);
    control.check()?;
    // Together with those that are kept, which may be values of the samples.
    let with_kept = |free: Vec<[f32; D]>| distinct(kept.iter().copied().chain(free.into_iter().map(stored)));
    if cloud.len() <= count {
        let points = with_kept(cloud.points.clone());
        if points.len() <= count {
            return Ok(if points.is_empty() { vec![stored([0.0; D])] } else { points });
        }
    }
    let free = count - kept.len();
    let fitted = with_kept(method.fit(Task { cloud, kept, free, control }, trace)?);
    if method.row().is_grid {
        return Ok(fitted);
    }
    filled_up(fitted, cloud, count, stored, control)
}

/// The best `count` levels for (point, weight) pairs on a line, those of weight 0 left out; fewer where
/// there are fewer points.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn levels_on_a_line(points: &[(f32, f32)], count: usize, control: &Control<'_>) -> Result<Vec<f32>, Stopped> {
    let line = exact::Line::of_points(points.iter().copied().filter(|p| p.1 > 0.0));
    Ok(exact::fit(&line, count.max(1), control)?.into_iter().map(|x| x as f32).collect())
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
