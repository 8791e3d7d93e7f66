//! Vectors whose members count differently: entries and codes for the least Σ w·e².
//!
//! Few entries are all looked at. Of many, those that are near by plain distance: from the nearest of all a code
//! moves to the best of its neighbours for as long as that lowers the weighed error. Rounds of it, each entry
//! moving to the weighed mean of its members, settle a codebook that was fitted with one weight a vector.
//! Cost: entries · D a vector where they are few, else neighbours · D a step and entries² · D once.

use rayon::prelude::*;

use crate::engine::codebook::{Codebook, distance_squared};
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Stored;

/// Neighbours of an entry that a code may move to.
const NEAR: usize = 48;
/// A codebook of up to so many entries is looked at as a whole.
pub const FEW: usize = 512;
const ROUNDS: usize = 5;
/// Vectors that one task codes.
const BATCH: usize = 1 << 12;

/// The entries after a few rounds, as they are stored; one that no sample uses stays. Each member of a vector has a weight.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn settled<const D: usize>(
    mut book: Codebook<D>,
    vectors: &[[f32; D]],
    weights: &[[f32; D]],
    stored: Stored<D>,
    control: &Control<'_>,
) -> Result<Codebook<D>, Stopped> {
    for _ in 0..ROUNDS {
        let codes = codes(&book, vectors, weights, control)?;
        let mut sums = vec![[(0.0f64, 0.0f64); D]; book.len()];
        for ((x, w), &code) in vectors.iter().zip(weights).zip(&codes) {
            for (sum, (x, w)) in sums[usize::from(code)].iter_mut().zip(x.iter().zip(w)) {
                sum.0 += f64::from(*w) * f64::from(*x);
                sum.1 += f64::from(*w);
            }
        }
        let moved = book.points().iter().zip(&sums).map(|(point, sums)| {
            let mean = |c: usize| if sums[c].1 > 0.0 { (sums[c].0 / sums[c].1) as f32 } else { point[c] };
            stored(std::array::from_fn(mean))
        });
        book = Codebook::new(moved.collect());
    }
    Ok(book)
}

/// The code of each vector, for the least Σ w·e² over its members.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn codes<const D: usize>(
    book: &Codebook<D>,
    vectors: &[[f32; D]],
    weights: &[[f32; D]],
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let near = if book.len() <= FEW { Vec::new() } else { neighbours(book, control)? };
    let mut codes = vec![0u16; vectors.len()];
    let batches = vectors.par_chunks(BATCH).zip(weights.par_chunks(BATCH)).zip(codes.par_chunks_mut(BATCH));
    batches.try_for_each(|((vectors, weights), codes)| {
        control.check()?;
        book.nearest_each(vectors, codes);
        for ((code, x), w) in codes.iter_mut().zip(vectors).zip(weights) {
            *code = match near.is_empty() {
                true => best_of_all(book.points(), x, w),
                false => best_from(book.points(), &near, *code, x, w),
            };
        }
        Ok(())
    })?;
    Ok(codes)
}

#[inline]
fn error<const D: usize>(x: &[f32; D], y: &[f32; D], w: &[f32; D]) -> f32 {
    (0..D).map(|c| w[c] * (x[c] - y[c]) * (x[c] - y[c])).sum()
}

fn best_of_all<const D: usize>(points: &[[f32; D]], x: &[f32; D], w: &[f32; D]) -> u16 {
    let each = points.iter().zip(0u16..).map(|(y, code)| (error(x, y, w), code));
    each.fold((f32::INFINITY, 0), |best, this| if this.0 < best.0 { this } else { best }).1
}

fn best_from<const D: usize>(points: &[[f32; D]], near: &[Vec<u16>], from: u16, x: &[f32; D], w: &[f32; D]) -> u16 {
    let error = |code: u16| error(x, &points[usize::from(code)], w);
    let mut best = (error(from), from);
    loop {
        let here = best;
        for &code in &near[usize::from(here.1)] {
            let e = error(code);
            if e < best.0 {
                best = (e, code);
            }
        }
        if best.1 == here.1 {
            return here.1;
        }
    }
}

/// The nearest other entries of each.
fn neighbours<const D: usize>(book: &Codebook<D>, control: &Control<'_>) -> Result<Vec<Vec<u16>>, Stopped> {
    let points = book.points();
    let of = |entry: usize| {
        control.check()?;
        let others = (0..points.len()).filter(|&other| other != entry);
        let mut others: Vec<(f32, u16)> =
            others.map(|other| (distance_squared(points[entry], points[other]), other as u16)).collect();
        let near = NEAR.min(others.len());
        if near < others.len() {
            others.select_nth_unstable_by(near, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        Ok(others[..near].iter().map(|(_, other)| *other).collect())
    };
    (0..points.len()).into_par_iter().map(of).collect()
}
