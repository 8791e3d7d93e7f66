//! k-means: Lloyd's algorithm from Wu's codebook, with swaps; on a line, the exact optimum.
//!
//! Choose it for the least squared error; it is the default. A round maps every point to its nearest
//! entry and moves every entry to the mean of its points. Where that has settled, the entry that is
//! missed least is taken from where it stands and splits the members of another, if that pays: this
//! leaves the local minima in which Lloyd's algorithm stops. Where entries are few, there are breaths besides: more
//! entries settle than there may be, and the least missed go. All that runs over the condensed cloud; a few more breaths
//! over a finer one follow, and rounds over all points close it. Entries that are kept serve their points like any other, but never
//! move and are never taken away.
//!
//! Sources: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982); swaps after
//! Kaukoranta, Fränti, Nevalainen, "Iterative split-and-merge algorithm for VQ codebook generation"
//! (Opt. Eng. 37, 1998); breaths after Fritzke, "The breathing k-means algorithm" (2020).

use super::lloyd::Lloyd;
use super::row::{Row, Task};
use super::swap::{self, Swap};
use super::{exact, line, wu};
use crate::engine::control::Stopped;
use crate::engine::trace::{Phase, Trace};

pub(super) const ROW: Row = Row {
    name: "kmeans",
    palette_label: "k-means",
    levels_label: "Lloyd–Max levels (k-means)",
    hint: "Least squared error: Lloyd's rounds from Wu's palette",
    source: "Lloyd 1982; Max 1960",
    is_grid: false,
};

/// Condensed points an entry, and the fewest.
const POINTS_AN_ENTRY: usize = 40;
const FEWEST_POINTS: usize = 4096;
/// The points of the finer cloud, at most: most photos have fewer.
const FINE_POINTS: usize = 1 << 15;
/// On a line points cost next to nothing.
const POINTS_ON_A_LINE: usize = 1 << 15;
/// Rounds end when one lowers the squared error by less than this part of it.
const WORTHWHILE: f64 = 3e-4;
const WORTHWHILE_AT_LAST: f64 = 1e-4;
const WORTHWHILE_IN_A_BREATH: f64 = 1e-3;
/// Entries go farther than to the means of their points by so much, which saves half of the rounds; only where these
/// have a fixed number or need not be the last. Fewer than [`FEWEST_THAT_LEAP`] do so only at the end.
const BEYOND_IN_A_BREATH: f32 = 0.6;
const BEYOND_OVER_FINE_POINTS: f32 = 0.8;
/// A swap shows early whether it pays: each round wins less than the one before, so in the end so many times more at most.
const WORTHWHILE_TO_TELL: f64 = 2e-3;
const ROUNDS_TO_TELL: usize = 8;
const HOPE: f64 = 3.0;
const MOST_ROUNDS: usize = 30;
/// Steps of many swaps at once.
const MOST_STEPS: usize = 12;
/// One entry more for so many in a breath, and how many of these there are at most.
const SHARE_IN_A_BREATH: usize = 8;
const MOST_BREATHS: usize = 6;
/// With more entries than this, breaths win little for their time: of 256 in a photo 0.07 dB for three times as much.
const MOST_THAT_BREATHE: usize = 128;
/// Trials of single swaps, times entries: few entries make a trial cheap and the minima deep.
const TRIALS_TIMES_ENTRIES: usize = 640;
/// With fewer entries the breaths over the condensed cloud find what there is to be found: neither leaps in them nor
/// more of them over the finer cloud win anything.
const FEWEST_THAT_LEAP: usize = 32;
/// Over the finer cloud: where entries breathe at all, and where they are too many for that. Of 64 colours the breaths
/// win 0.02 dB, the rounds 0.01 dB.
const BREATHS_OVER_FINE_POINTS: [usize; 2] = [2, 1];
const SHARE_OVER_FINE_POINTS: usize = 12;
const ROUNDS_OVER_FINE_POINTS: usize = 5;
const ROUNDS_OVER_ALL: usize = 2;

pub(super) fn fit<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    if D == 1 {
        return fit_line(task, trace);
    }
    let Task { cloud, kept, free, control } = task;
    let count = kept.len() + free;
    let condensed = cloud.condensed((count * POINTS_AN_ENTRY).max(FEWEST_POINTS));
    let centers = [kept, &start(Task { cloud: &condensed, ..task }, trace)?].concat();
    let mut state = Lloyd::new(&condensed, kept.len(), centers, control);
    state.settle(0.0, WORTHWHILE, MOST_ROUNDS, trace)?;
    swap_many(&mut state, trace)?;
    if count <= MOST_THAT_BREATHE {
        breathe(&mut state, SHARE_IN_A_BREATH, MOST_BREATHS, trace)?;
    }
    swap_one_by_one(&mut state, trace)?;
    state.settle(0.0, WORTHWHILE_AT_LAST, MOST_ROUNDS, trace)?;
    let mut centers = state.centers().to_vec();
    if condensed.len() < cloud.len() {
        let fine = cloud.condensed(FINE_POINTS);
        let mut state = Lloyd::new(&fine, kept.len(), centers, control);
        if count >= FEWEST_THAT_LEAP {
            let [few, many] = BREATHS_OVER_FINE_POINTS;
            let most = if count <= MOST_THAT_BREATHE { few } else { many };
            breathe(&mut state, SHARE_OVER_FINE_POINTS, most, trace)?;
        }
        rounds(&mut state, ROUNDS_OVER_FINE_POINTS, BEYOND_OVER_FINE_POINTS, trace)?;
        centers = state.moved();
        if fine.len() < cloud.len() {
            let cloud = cloud.in_halving_order();
            let mut state = Lloyd::new(&cloud, kept.len(), centers, control);
            rounds(&mut state, ROUNDS_OVER_ALL, 0.0, trace)?;
            centers = state.moved();
        }
    }
    Ok(centers.split_off(kept.len()))
}

fn rounds<const D: usize>(
    state: &mut Lloyd<'_, D>,
    count: usize,
    beyond: f32,
    trace: &mut Trace<D>,
) -> Result<(), Stopped> {
    for _ in 0..count {
        state.control.check()?;
        state.leap(beyond);
        trace.entries(Phase::Round, state.centers(), &state.now.moments);
    }
    Ok(())
}

/// From a condensed cloud.
fn start<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    task.beside(trace, |rest, trace| wu::cut(rest, task.free, wu::FINE, trace, task.control))
}

fn fit_line<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let Task { cloud, kept, free, control } = task;
    // Lloyd's rounds where levels stay put, and for who wants to watch: the result is the exact one.
    if !kept.is_empty() || trace.is_on() {
        let condensed = Task { cloud: &cloud.condensed(POINTS_ON_A_LINE), ..task };
        let levels = start(condensed, trace)?;
        let settled = line::fit(condensed, levels, trace)?;
        if !kept.is_empty() {
            return Ok(settled);
        }
    }
    let levels = exact::fit(&exact::Line::new(cloud), free, control)?;
    Ok(levels.into_iter().map(|x| [x as f32; D]).collect())
}

/// Steps of swaps that do not touch each other, as long as they pay.
fn swap_many<const D: usize>(state: &mut Lloyd<'_, D>, trace: &mut Trace<D>) -> Result<(), Stopped> {
    for step in 0..MOST_STEPS {
        state.control.progress(step as f32 / MOST_STEPS as f32);
        let swaps = swap::profitable(state);
        if swaps.is_empty() || !accepted(state, &swaps)? {
            break;
        }
        trace.entries(Phase::Swap, state.centers(), &state.now.moments);
    }
    Ok(())
}

/// Breaths in and out: more entries than there may be settle, then those that are missed least go. Fewer and fewer of
/// them, once that does not pay.
fn breathe<const D: usize>(
    state: &mut Lloyd<'_, D>,
    share: usize,
    most: usize,
    trace: &mut Trace<D>,
) -> Result<(), Stopped> {
    let count = state.centers().len();
    let mut more = count.div_ceil(share);
    let beyond = if count < FEWEST_THAT_LEAP { 0.0 } else { BEYOND_IN_A_BREATH };
    let settle =
        |state: &mut Lloyd<'_, D>| state.settle(beyond, WORTHWHILE_IN_A_BREATH, ROUNDS_TO_TELL, &mut Trace::off());
    for _ in 0..most {
        if more == 0 {
            break;
        }
        let (before, explained) = (state.now.clone(), state.explained());
        state.replace(swap::grown(state, more));
        settle(state)?;
        state.replace(swap::shrunk(state, count));
        settle(state)?;
        if state.explained() > explained {
            trace.entries(Phase::Swap, state.centers(), &state.now.moments);
        } else {
            state.now = before;
            more /= 2;
        }
    }
    Ok(())
}

/// Trials of the likeliest single swaps.
fn swap_one_by_one<const D: usize>(state: &mut Lloyd<'_, D>, trace: &mut Trace<D>) -> Result<(), Stopped> {
    let count = state.centers().len();
    let mut trials = (TRIALS_TIMES_ENTRIES / count).min(count);
    'improved: while trials > 0 {
        for swap in swap::hopeful(state).into_iter().take(trials) {
            trials -= 1;
            if accepted(state, &[swap])? {
                trace.entries(Phase::Swap, state.centers(), &state.now.moments);
                continue 'improved;
            }
        }
        break;
    }
    Ok(())
}

/// Makes the swaps and lets the entries settle; takes it all back unless that lowered the error.
fn accepted<const D: usize>(state: &mut Lloyd<'_, D>, swaps: &[Swap<D>]) -> Result<bool, Stopped> {
    let (before, explained) = (state.now.clone(), state.explained());
    state.replace(swap::applied(state.centers(), swaps));
    let enough = WORTHWHILE_TO_TELL * state.error();
    let mut last = state.explained();
    for _ in 0..ROUNDS_TO_TELL {
        state.control.check()?;
        state.round();
        let won = state.explained() - last;
        last += won;
        if won <= enough || last + HOPE * won < explained {
            break;
        }
    }
    let better = last > explained;
    if !better {
        state.now = before;
    }
    Ok(better)
}
