//! One step out of a local minimum: entries that are missed least split the members of those that
//! serve theirs worst.

use super::cloud::Moments;
use super::lloyd::Lloyd;
use crate::engine::cells::{Bounds, Near, Sorted};
use crate::engine::codebook::distance_squared;
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// One entry in so many may be moved in one step.
const SHARE: usize = 12;
/// A swap must win this much more than it loses: others may be moving next to it.
const MARGIN: f64 = 1.1;

/// An entry's members as they are split along the axis of their greatest spread.
#[derive(Clone)]
struct Split<const D: usize> {
    entry: usize,
    gain: f64,
    halves: [[f32; D]; 2],
}

/// An entry that is taken from where it stands, and the split in which it is put to use.
pub(super) struct Swap<const D: usize> {
    removed: usize,
    split: Split<D>,
    /// What the split wins less what the removal loses, before anything settles.
    worth: f64,
}

/// Swaps that do not touch each other and that all pay by themselves.
pub(super) fn profitable<const D: usize>(state: &Lloyd<'_, D>) -> Vec<Swap<D>> {
    let most = (state.now.book.len() / SHARE).max(1);
    let members = members_of(state);
    let mut losses = losses(state, &members, most).into_iter();
    let mut swaps: Vec<Swap<D>> = Vec::new();
    for split in splits(state, &members, most) {
        let touched = |e: usize| swaps.iter().any(|s| s.removed == e || s.split.entry == e);
        if touched(split.entry) {
            continue;
        }
        let Some((removed, loss)) = losses.find(|(e, _)| *e != split.entry && !touched(*e)) else { break };
        if split.gain <= loss * MARGIN {
            break;
        }
        swaps.push(Swap { removed, worth: split.gain - loss, split });
    }
    swaps
}

/// Single swaps that may pay once the entries have settled, the likeliest first.
pub(super) fn hopeful<const D: usize>(state: &Lloyd<'_, D>) -> Vec<Swap<D>> {
    const TRIED: usize = 6;
    let members = members_of(state);
    let losses = losses(state, &members, TRIED);
    let mut swaps = Vec::new();
    for split in splits(state, &members, TRIED).into_iter().take(TRIED) {
        for &(removed, loss) in losses.iter().take(TRIED).filter(|(e, _)| *e != split.entry) {
            swaps.push(Swap { removed, worth: split.gain - loss, split: split.clone() });
        }
    }
    swaps.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    swaps
}

/// The entries after the swaps.
pub(super) fn applied<const D: usize>(centers: &[[f32; D]], swaps: &[Swap<D>]) -> Vec<[f32; D]> {
    let mut centers = centers.to_vec();
    for Swap { removed, split, .. } in swaps {
        centers[split.entry] = split.halves[0];
        centers[*removed] = split.halves[1];
    }
    centers
}

/// The entries, and beside them the second halves of those that are best split.
pub(super) fn grown<const D: usize>(state: &Lloyd<'_, D>, more: usize) -> Vec<[f32; D]> {
    let mut centers = state.centers().to_vec();
    for Split { entry, halves, .. } in splits(state, &members_of(state), more).into_iter().take(more) {
        centers[entry] = halves[0];
        centers.push(halves[1]);
    }
    centers
}

/// The entries without those that are missed least, until `count` are left. Of two that are next to each other only one
/// goes, as long as there are others: the one that stays would be missed more.
pub(super) fn shrunk<const D: usize>(state: &Lloyd<'_, D>, count: usize) -> Vec<[f32; D]> {
    let centers = state.centers();
    let fewer = centers.len().saturating_sub(count);
    let losses = losses(state, &members_of(state), 2 * fewer);
    let (mut gone, mut stays) = (vec![false; centers.len()], vec![false; centers.len()]);
    let mut left = fewer;
    for heeding in [true, false] {
        for &(entry, _) in &losses {
            if left > 0 && !gone[entry] && !(heeding && stays[entry]) {
                gone[entry] = true;
                left -= 1;
                if let Some(next) = nearest_other(centers, entry) {
                    stays[next] = true;
                }
            }
        }
    }
    (0..centers.len()).filter(|&k| !gone[k]).map(|k| centers[k]).collect()
}

fn nearest_other<const D: usize>(centers: &[[f32; D]], entry: usize) -> Option<usize> {
    let distance = |k: usize| distance_squared(centers[k], centers[entry]);
    (0..centers.len()).filter(|&k| k != entry).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
}

/// The points of each entry.
fn members_of<const D: usize>(state: &Lloyd<'_, D>) -> Sorted {
    Sorted::new(&state.now.codes, state.now.book.len())
}

/// What the error would grow by without an entry, for those that may be taken and are likely missed
/// least (twice `most` of them): least first.
fn losses<const D: usize>(state: &Lloyd<'_, D>, members: &Sorted, most: usize) -> Vec<(usize, f64)> {
    let guess = |e: usize| {
        let nearest_other = state.now.book.nearest_two(state.now.book.points()[e]).second_squared;
        f64::from(nearest_other) * state.now.moments[e].weight
    };
    let guessed: Vec<f64> = (0..members.count()).map(guess).collect();
    let mut order: Vec<usize> = (state.kept..members.count()).collect();
    order.sort_by(|&a, &b| guessed[a].total_cmp(&guessed[b]).then(a.cmp(&b)));
    order.truncate(2 * most);
    let (all, centers) = (Near::all(&state.now.book), state.centers());
    let loss = |entry: usize| {
        let (members, others) = (members.of(entry), &all.without(entry));
        widest(Loss { state, entry: centers[entry], others, members })
    };
    let mut exact = tasks::map(order.into_iter(), |_, entry| (entry, loss(entry)));
    exact.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    exact
}

/// Σ w·(d₂² − d₁²) over the members of an entry: d₁ to it, d₂ to the nearest other.
struct Loss<'s, 'a, const D: usize> {
    state: &'s Lloyd<'a, D>,
    entry: [f32; D],
    others: &'s Near<D>,
    members: &'s [u32],
}

impl<const D: usize> Kernel for Loss<'_, '_, D> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Self { others, entry, members, state } = self;
        let at = |&i: &u32| &state.cloud.points[i as usize];
        let mut near = Near::default();
        near.collect(others, &Bounds::of(members.iter().map(at)), 0.0);
        let mut loss = 0.0;
        for i in members {
            let p = at(i);
            let more = near.least(*p) - distance_squared(*p, entry);
            loss += f64::from(more * state.cloud.weights[*i as usize]);
        }
        loss
    }
}

/// The splits that win most, best first.
fn splits<const D: usize>(state: &Lloyd<'_, D>, members: &Sorted, most: usize) -> Vec<Split<D>> {
    let mut errors = vec![0.0f64; members.count()];
    for ((&k, &p), &w) in state.now.codes.iter().zip(&state.cloud.points).zip(&state.cloud.weights) {
        errors[usize::from(k)] += f64::from(distance_squared(p, state.now.book.points()[usize::from(k)]) * w);
    }
    let mut order: Vec<usize> = (0..members.count()).filter(|&e| members.of(e).len() > 1).collect();
    order.sort_by(|&a, &b| errors[b].total_cmp(&errors[a]).then(a.cmp(&b)));
    order.truncate(2 * most);
    let splits = tasks::map(order.into_iter(), |_, e| split(state, e, members.of(e)));
    let mut splits: Vec<Split<D>> = splits.into_iter().flatten().collect();
    splits.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.entry.cmp(&b.entry)));
    splits
}

/// Halves at the mean along the main axis, then a few rounds of 2-means. An entry that never moves keeps
/// the half that lies nearer to it.
fn split<const D: usize>(state: &Lloyd<'_, D>, entry: usize, members: &[u32]) -> Option<Split<D>> {
    const ROUNDS: usize = 3;
    let cloud = state.cloud;
    let whole = state.now.moments[entry];
    let (mean, pin) = (whole.mean(), state.pin(entry));
    let axis = main_axis(members.iter().map(|&i| (cloud.points[i as usize], cloud.weights[i as usize])), mean);
    let side = |p: [f32; D]| (0..D).map(|c| (p[c] - mean[c]) * axis[c]).sum::<f32>() > 0.0;
    let gather = |is_second: &dyn Fn([f32; D]) -> bool| {
        let mut halves = [Moments::<D>::default(); 2];
        for &i in members {
            let p = cloud.points[i as usize];
            halves[usize::from(is_second(p))].add(p, cloud.weights[i as usize]);
        }
        halves
    };
    let mut halves = gather(&side);
    if let Some(pin) = pin
        && distance_squared(halves[0].mean(), pin) > distance_squared(halves[1].mean(), pin)
    {
        halves.swap(0, 1);
    }
    let stands = |halves: &[Moments<D>; 2]| [pin.unwrap_or(halves[0].mean()), halves[1].mean()];
    for _ in 0..ROUNDS {
        if halves[1].weight <= 0.0 || (halves[0].weight <= 0.0 && pin.is_none()) {
            return None;
        }
        let [a, b] = stands(&halves);
        halves = gather(&|p| distance_squared(p, b) < distance_squared(p, a));
    }
    let gain = halves[0].explained_from(pin) + halves[1].explained() - whole.explained_from(pin);
    (gain > 0.0).then(|| Split { entry, gain, halves: stands(&halves) })
}

/// The direction of the greatest spread, by power iteration on the covariance.
fn main_axis<const D: usize>(members: impl Iterator<Item = ([f32; D], f32)>, mean: [f32; D]) -> [f32; D] {
    let mut covariance = [[0.0f32; D]; D];
    for (p, w) in members {
        let d: [f32; D] = std::array::from_fn(|c| p[c] - mean[c]);
        for (row, a) in covariance.iter_mut().zip(d) {
            row.iter_mut().zip(d).for_each(|(cell, b)| *cell += w * a * b);
        }
    }
    // The axis with the largest variance to begin with: never at right angles to the answer by chance.
    let widest = (0..D).max_by(|&a, &b| covariance[a][a].total_cmp(&covariance[b][b])).unwrap_or(0);
    let mut axis = covariance[widest];
    for _ in 0..8 {
        let length = axis.iter().map(|c| c * c).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let unit = axis.map(|c| c / length);
        axis = std::array::from_fn(|r| (0..D).map(|c| covariance[r][c] * unit[c]).sum());
    }
    axis
}
