//! What a palette can mix: the convex hull of its entries, and the nearest point of it to a sample.
//!
//! Error diffusion can give a flat area the mean of any point in this hull, and of none outside. A sample outside is
//! replaced by the nearest point inside before its error is passed on: otherwise the part of the error that no mixture
//! can mend piles up from sample to sample, and is let loose where the picture changes. Limits on the size of errors,
//! which are often used instead, either cut off errors that are needed (between black and white they reach half of the
//! range) or let others grow as large.
//!
//! Wolfe's algorithm: the point is held as a mixture of at most D + 1 entries. The entry that lies farthest in the
//! direction of the sample joins; entries whose share would be negative leave. The mixture of the sample before is tried
//! first, and for neighbours in colour it mostly fits. Cost: one or two solutions of D equations a sample, and a look at
//! all entries where it is not inside. Source: Wolfe, "Finding the nearest point in a polytope", Mathematical
//! Programming 11 (1976).

/// A share of the longest side of the entries' bounds: samples nearer than this to the hull are inside.
const TOLERANCE: f64 = 1e-5;
/// Shares below this are none.
const NONE: f64 = 1e-9;
/// No search took a third of it on the palettes that are part of the program.
const MOST_STEPS: usize = 64;

/// The convex hull of a palette's entries, searched for the point nearest to a sample.
#[derive(Clone, Debug)]
pub struct Hull<const D: usize> {
    entries: Vec<[f64; D]>,
    /// Squared.
    tolerance: f64,
    /// The mixture that was found last: entries and their shares.
    mixture: Vec<(usize, f64)>,
}

impl<const D: usize> Hull<D> {
    /// Takes at least one entry.
    pub fn new(entries: impl Iterator<Item = [f32; D]>) -> Self {
        let entries: Vec<[f32; D]> = entries.collect();
        let sides = bounds_of(entries.iter().copied()).map(|(low, high)| f64::from(high) - f64::from(low));
        let longest = sides.into_iter().fold(0.0, f64::max);
        let entries = entries.into_iter().map(|p| p.map(f64::from)).collect();
        Self { entries, tolerance: (TOLERANCE * longest).powi(2), mixture: Vec::new() }
    }

    /// The sample itself where entries can be mixed to it, otherwise the nearest mixture.
    pub fn nearest(&mut self, sample: [f32; D]) -> [f32; D] {
        let x = sample.map(f64::from);
        if !x.iter().all(|v| v.is_finite()) || self.entries.is_empty() {
            return sample;
        }
        let lack = self.settle(x);
        if dot(lack, lack) <= self.tolerance { sample } else { std::array::from_fn(|c| (x[c] + lack[c]) as f32) }
    }

    /// Finds the mixture nearest to `x`; returns the way from `x` to it.
    fn settle(&mut self, x: [f64; D]) -> [f64; D] {
        if !self.last_fits(x) {
            let nearest = self.least(|p| dot(minus(*p, x), minus(*p, x)));
            self.mixture = nearest.into_iter().map(|k| (k, 1.0)).collect();
        }
        let mut lack = self.lack(x);
        for _ in 0..MOST_STEPS {
            let length = dot(lack, lack);
            if length <= self.tolerance {
                break;
            }
            let along = |p: &[f64; D]| dot(lack, minus(*p, x));
            let Some(joining) = self.least(along) else { break };
            let gain = length - along(&self.entries[joining]);
            if gain <= TOLERANCE * length || self.mixture.iter().any(|&(k, _)| k == joining) {
                break;
            }
            self.mixture.push((joining, 0.0));
            if !self.rebalance(x) {
                break;
            }
            lack = self.lack(x);
        }
        lack
    }

    /// The entry of which this is least.
    fn least(&self, of: impl Fn(&[f64; D]) -> f64) -> Option<usize> {
        (0..self.entries.len()).min_by(|&a, &b| of(&self.entries[a]).total_cmp(&of(&self.entries[b])))
    }

    /// Takes over the entries of the last mixture if there is one of them, all with a share, that is nearest.
    fn last_fits(&mut self, x: [f64; D]) -> bool {
        self.best_shares(x).is_some_and(|best| self.takes(&best))
    }

    /// Gives the mixture's entries these shares if all have one.
    fn takes(&mut self, best: &Shares<D>) -> bool {
        let fit = best.are_shares(self.mixture.len());
        if fit {
            self.mixture.iter_mut().enumerate().for_each(|(i, (_, share))| *share = best.of(i));
        }
        fit
    }

    /// Gives the mixture's entries their best shares; those whose share would be negative leave. False where the entries
    /// lie in one plane too many, which rounding alone can bring about: then the last one leaves.
    fn rebalance(&mut self, x: [f64; D]) -> bool {
        while let Some(best) = self.best_shares(x) {
            if self.takes(&best) {
                return true;
            }
            // As far towards the best shares as none is negative.
            let way = |(i, &(_, share)): (usize, &(usize, f64))| {
                let best = best.of(i);
                if best <= NONE { share / (share - best).max(f64::MIN_POSITIVE) } else { 1.0 }
            };
            let part = self.mixture.iter().enumerate().map(way).fold(1.0, f64::min);
            self.mixture.iter_mut().enumerate().for_each(|(i, (_, share))| *share += part * (best.of(i) - *share));
            let least = self.mixture.iter().map(|m| m.1).fold(f64::INFINITY, f64::min);
            self.mixture.retain(|&(_, share)| share > least.max(NONE));
        }
        self.mixture.pop();
        false
    }

    fn lack(&self, x: [f64; D]) -> [f64; D] {
        let mixed = |c: usize| self.mixture.iter().map(|&(k, share)| share * self.entries[k][c]).sum::<f64>();
        std::array::from_fn(|c| mixed(c) - x[c])
    }

    /// The shares, of sum 1 and of any sign, with which the mixture's entries come nearest to `x`: by the normal
    /// equations of the least squares.
    fn best_shares(&self, x: [f64; D]) -> Option<Shares<D>> {
        let (&(first, _), others) = self.mixture.split_first()?;
        if others.len() > D {
            return None;
        }
        let first = self.entries[first];
        let mut sides = [[0.0; D]; D];
        for (side, &(k, _)) in sides.iter_mut().zip(others) {
            *side = minus(self.entries[k], first);
        }
        let mut rows: [[f64; D]; D] = std::array::from_fn(|i| std::array::from_fn(|j| dot(sides[i], sides[j])));
        let mut right: [f64; D] = std::array::from_fn(|i| dot(sides[i], minus(x, first)));
        solve(&mut rows, &mut right, others.len()).then_some(Shares { others: right, count: others.len() })
    }
}

/// The hulls of the lists of levels that rows take theirs from, as they are needed: a row has no more lists than there
/// are places, and lists follow one another.
pub struct Hulls<const D: usize> {
    places: Vec<Option<(u32, Hull<D>)>>,
}

impl<const D: usize> Hulls<D> {
    /// No hull yet, with room for as many lists of levels as a row has at most.
    pub fn new(lists_of_a_row: usize) -> Self {
        Self { places: vec![None; lists_of_a_row.max(1)] }
    }

    /// The hull of a list, whose levels are asked for where it is not kept.
    pub fn of<L: Iterator<Item = [f32; D]>>(&mut self, list: u32, levels: impl FnOnce() -> L) -> &mut Hull<D> {
        let count = self.places.len();
        let place = &mut self.places[list as usize % count];
        if place.as_ref().is_some_and(|(of, _)| *of != list) {
            *place = None;
        }
        &mut place.get_or_insert_with(|| (list, Hull::new(levels()))).1
    }
}

/// The shares of a mixture; the first entry has what the others leave.
struct Shares<const D: usize> {
    others: [f64; D],
    count: usize,
}

impl<const D: usize> Shares<D> {
    fn of(&self, i: usize) -> f64 {
        match i.checked_sub(1) {
            Some(other) => self.others[other],
            None => 1.0 - self.others[..self.count].iter().sum::<f64>(),
        }
    }

    fn are_shares(&self, entries: usize) -> bool {
        entries == self.count + 1 && (0..entries).all(|i| self.of(i) > NONE)
    }
}

/// Gauss's elimination of the first `n` equations; false where they have no single solution.
fn solve<const D: usize>(rows: &mut [[f64; D]; D], right: &mut [f64; D], n: usize) -> bool {
    const SINGULAR: f64 = 1e-12;
    let largest = (0..n).map(|i| rows[i][i]).fold(0.0, f64::max);
    for i in 0..n {
        let pivot = (i..n).max_by(|&a, &b| rows[a][i].abs().total_cmp(&rows[b][i].abs())).unwrap_or(i);
        rows.swap(i, pivot);
        right.swap(i, pivot);
        if rows[i][i].abs() <= SINGULAR * largest {
            return false;
        }
        for j in i + 1..n {
            let factor = rows[j][i] / rows[i][i];
            (i..n).for_each(|c| rows[j][c] -= factor * rows[i][c]);
            right[j] -= factor * right[i];
        }
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| rows[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / rows[i][i];
    }
    true
}

/// The bounds of the entries, and on each side twice the longest side more.
///
/// Samples are mixtures, so errors stay bounded by themselves; in light, where the nearest entry is not judged by the
/// errors' own measure, this is what bounds them in any case. Between entries that lie nearly in a plane they reach far
/// before they turn: of the palettes that are part of the program, between CGA's black, green, red and yellow most, twice
/// the longest side. Cut at one side of each channel instead, its flat colours were up to 25 of 255 off.
pub fn guard_of<const D: usize>(entries: impl Iterator<Item = [f32; D]>) -> [(f32, f32); D] {
    const SIDES: f32 = 2.0;
    let bounds = bounds_of(entries);
    let longest = bounds.iter().map(|(low, high)| high - low).fold(0.0, f32::max);
    bounds.map(|(low, high)| (low - SIDES * longest, high + SIDES * longest))
}

/// The least and the largest of each coordinate.
pub fn bounds_of<const D: usize>(points: impl Iterator<Item = [f32; D]>) -> [(f32, f32); D] {
    points.fold([(f32::INFINITY, f32::NEG_INFINITY); D], |bounds, p| {
        std::array::from_fn(|c| (bounds[c].0.min(p[c]), bounds[c].1.max(p[c])))
    })
}

fn dot<const D: usize>(a: [f64; D], b: [f64; D]) -> f64 {
    (0..D).map(|c| a[c] * b[c]).sum()
}

fn minus<const D: usize>(a: [f64; D], b: [f64; D]) -> [f64; D] {
    std::array::from_fn(|c| a[c] - b[c])
}
