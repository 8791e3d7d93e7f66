//! k-means: Lloyd's algorithm from Wu's codebook, with swaps; on a line, the exact optimum.
//!
//! Choose it for the least squared error; it is the default. A round maps every point to its nearest
//! entry and moves every entry to the mean of its points. Where that has settled, the entry that is
//! missed least is taken from where it stands and splits the members of another, if that pays: this
//! leaves the local minima in which Lloyd's algorithm stops. All that runs over the condensed cloud;
//! rounds over all points close it. Entries that are kept serve their points like any other, but never
//! move and are never taken away.
//!
//! Sources: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982); swaps after
//! Kaukoranta, Fränti, Nevalainen, "Iterative split-and-merge algorithm for VQ codebook generation"
//! (Opt. Eng. 37, 1998).

use rayon::prelude::*;

use super::cloud::{Cloud, Moments};
use super::lloyd::{self, Lloyd};
use super::swap::{self, Swap};
use super::{beside, exact, line, wu};
use crate::engine::cells::Boxes;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::{Phase, Trace};

/// Condensed points an entry, and the fewest.
const POINTS_AN_ENTRY: usize = 40;
const FEWEST_POINTS: usize = 4096;
/// On a line points cost next to nothing.
const POINTS_ON_A_LINE: usize = 1 << 15;
/// Rounds end when one lowers the squared error by less than this part of it.
const WORTHWHILE: f64 = 3e-4;
const WORTHWHILE_AT_LAST: f64 = 1e-4;
/// A swap shows early whether it pays.
const WORTHWHILE_TO_TELL: f64 = 2e-3;
const ROUNDS_TO_TELL: usize = 8;
const MOST_ROUNDS: usize = 30;
/// Steps of many swaps at once.
const MOST_STEPS: usize = 12;
/// Trials of single swaps, times entries: few entries make a trial cheap and the minima deep.
const TRIALS_TIMES_ENTRIES: usize = 640;
const ROUNDS_OVER_ALL: usize = 2;
/// The fewest points that one task maps.
const SLICE: usize = 1 << 14;

/// `free` entries to stand beside those that are kept.
pub fn fit<const D: usize>(
    cloud: &Cloud<D>,
    kept: &[[f32; D]],
    free: usize,
    trace: &mut Trace<D>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let start = |condensed: &Cloud<D>, trace: &mut Trace<D>| {
        beside(kept, condensed, free, trace, |rest, trace| wu::fit(rest, free, trace, control))
    };
    if D == 1 {
        // Lloyd's rounds where levels stay put, and for who wants to watch: the result is the exact one.
        if !kept.is_empty() || trace.is_on() {
            let condensed = cloud.condensed(POINTS_ON_A_LINE);
            let levels = start(&condensed, trace)?;
            let settled = line::fit(&condensed, kept, levels, trace, control)?;
            if !kept.is_empty() {
                return Ok(settled);
            }
        }
        let levels = exact::fit(&exact::Line::new(cloud), free, control)?;
        return Ok(levels.into_iter().map(|x| [x as f32; D]).collect());
    }
    let count = kept.len() + free;
    let condensed = cloud.condensed((count * POINTS_AN_ENTRY).max(FEWEST_POINTS));
    let boxes = Boxes::new(&condensed.points, count);
    let centers = [kept, &start(&condensed, trace)?].concat();
    let mut state = Lloyd::new(&condensed, &boxes, kept.len(), centers);
    state.settle(WORTHWHILE, MOST_ROUNDS, trace, control)?;
    for step in 0..MOST_STEPS {
        control.progress(step as f32 / MOST_STEPS as f32);
        let swaps = swap::profitable(&state);
        if swaps.is_empty() || !accepted(&mut state, &swaps, control)? {
            break;
        }
        trace.entries(Phase::Swap, state.centers(), &state.moments);
    }
    let mut trials = (TRIALS_TIMES_ENTRIES / count).min(count);
    'improved: while trials > 0 {
        for swap in swap::hopeful(&state).into_iter().take(trials) {
            trials -= 1;
            if accepted(&mut state, &[swap], control)? {
                trace.entries(Phase::Swap, state.centers(), &state.moments);
                continue 'improved;
            }
        }
        break;
    }
    state.settle(WORTHWHILE_AT_LAST, MOST_ROUNDS, trace, control)?;
    let mut centers = state.centers().to_vec();
    if condensed.len() < cloud.len() {
        for _ in 0..ROUNDS_OVER_ALL {
            centers = round_over_all(cloud, kept.len(), centers, control)?;
            if trace.is_on() {
                trace.book(Phase::Round, &Codebook::new(centers.clone()), cloud);
            }
        }
    }
    Ok(centers.split_off(kept.len()))
}

/// Makes the swaps and lets the entries settle; takes it all back unless that lowered the error.
fn accepted<const D: usize>(
    state: &mut Lloyd<'_, D>,
    swaps: &[Swap<D>],
    control: &Control<'_>,
) -> Result<bool, Stopped> {
    let before = state.clone();
    state.replace(swap::applied(state.centers(), swaps));
    state.settle(WORTHWHILE_TO_TELL, ROUNDS_TO_TELL, &mut Trace::off(), control)?;
    let better = state.explained() > before.explained();
    if !better {
        *state = before;
    }
    Ok(better)
}

/// One round of Lloyd's algorithm over every point; the first `kept` entries stay.
fn round_over_all<const D: usize>(
    cloud: &Cloud<D>,
    kept: usize,
    centers: Vec<[f32; D]>,
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let book = Codebook::new(centers);
    // As many bands whatever the number of cores, merged in order: the sums are always the same.
    let band = cloud.len().div_ceil(16).max(SLICE);
    let parts: Vec<Vec<Moments<D>>> = cloud
        .points
        .par_chunks(band)
        .zip(cloud.weights.par_chunks(band))
        .map(|(points, weights)| {
            control.check()?;
            let mut codes = vec![0; points.len()];
            book.nearest_each(points, &mut codes);
            let mut moments = vec![Moments::default(); book.len()];
            for ((&k, &p), &w) in codes.iter().zip(points).zip(weights) {
                moments[usize::from(k)].add(p, w);
            }
            Ok(moments)
        })
        .collect::<Result<_, Stopped>>()?;
    let mut moments = vec![Moments::<D>::default(); book.len()];
    for part in &parts {
        moments.iter_mut().zip(part).for_each(|(all, m)| all.merge(m));
    }
    Ok(lloyd::moved(&moments, book.points(), kept))
}
