//! Bits under a budget: which option each item takes so that the total error is least.
//!
//! An item is anything that can be stored in several ways: a tensor under number formats, a tile of an
//! image under palettes. For a slope λ the best choice of every item on its own, least error + λ·bits, is
//! best together (Everett 1963; Shoham and Gersho 1988): the choices lie on the lower convex hull of each
//! item's (bits, error) points. So all start at their cheapest point and climb their hulls, the step that
//! takes away most error for a bit first; a step that no longer fits is left out, and later ones that do
//! fit fill what is left. The result is optimal wherever the first step left out would have overrun the
//! budget by nothing, and else within that one step's error of the optimum. Where that item is a large one
//! (the embedding of a small model is half of it) this is much; so each of its points is tried in turn, with
//! the others climbing again, and the best stays; or the one choice for all items, should that be better.
//! Cost: sorting all hull steps, and a walk over them for each point of one item.

/// What is made least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Objective {
    /// Σe² over everything: each sample counts alike, so that large items, and those of large values, count most.
    #[default]
    WeightError,
    /// The sum over items of c·ρ², c the KL that was measured with the item alone degraded, divided by its
    /// ρ² = Σe²/Σx². Small errors add up in the KL (Malinovskii et al. 2024).
    Kl,
}

impl Objective {
    /// In the order in which they are offered.
    pub const ALL: [Objective; 2] = [Objective::WeightError, Objective::Kl];

    /// As on the command line and in its JSON.
    pub fn name(self) -> &'static str {
        match self {
            Objective::WeightError => "weight-error",
            Objective::Kl => "kl",
        }
    }

    /// What the error of an item with this energy costs; `kl` is the KL that a ρ² of 1 would cost. An item of no
    /// energy has no relative error: what it has counts as it is.
    pub fn cost(self, energy: f64, error: f64, kl: f64) -> f64 {
        match self {
            Objective::Kl if energy > 0.0 => kl * error / energy,
            Objective::Kl | Objective::WeightError => error,
        }
    }
}

/// One way to store an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// All of them: scales, padding and codebooks too.
    pub bits: u64,
    /// What it costs: Σe², weighted or not, or what an [`Objective`] makes of it. It adds up over items.
    pub error: f64,
}

/// A thing that can be stored in several ways, such as a tensor or a tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The ways to store it; items with the same ways have them in the same order.
    pub choices: Vec<Choice>,
    /// The choice that it must take.
    pub locked: Option<usize>,
}

impl Item {
    /// The error that each bit more takes away from one choice to another.
    fn slope(&self, from: usize, to: usize) -> f64 {
        let [from, to] = [from, to].map(|c| self.choices[c]);
        (from.error - to.error) / (to.bits - from.bits) as f64
    }
}

/// A choice for every item, together within the budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// The choice of each item, in order.
    pub chosen: Vec<usize>,
    /// What decided the choice of each item.
    pub slopes: Vec<Slopes>,
    /// Bits of all items together.
    pub bits: u64,
    /// Cost of all items together.
    pub error: f64,
}

/// Error taken away by a bit: by the item's last step, and by the one it was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slopes {
    /// None where the item stands at its cheapest point, or is locked.
    pub taken: Option<f64>,
    /// None where there is no better point, or it is locked.
    pub refused: Option<f64>,
}

/// Why there is no allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The least that all items take together is more than the budget.
    UnderFloor {
        /// Bits that all items take at their cheapest.
        floor_bits: u64,
    },
    /// This item can be stored in no way.
    NoChoice {
        /// Its place among the items.
        item: usize,
    },
}

/// A step up an item's hull.
struct Step {
    item: usize,
    to: usize,
    bits: u64,
    slope: f64,
}

/// Chooses a way for each item, for a total cost near the least that the budget allows (see the module).
///
/// # Errors
/// The budget is under the floor, or an item has no choice (or a lock on one that it does not have).
pub fn allocate(items: &[Item], budget_bits: u64) -> Result<Allocation, Refusal> {
    let hulls = items.iter().enumerate().map(|(i, item)| hull_of(i, item)).collect::<Result<Vec<_>, _>>()?;
    let cheapest: Vec<usize> = hulls.iter().map(|hull| hull[0]).collect();
    let floor_bits = u64::try_from(bits_of(items, &cheapest)).unwrap_or(u64::MAX);
    if floor_bits > budget_bits {
        return Err(Refusal::UnderFloor { floor_bits });
    }
    let steps = steps(items, &hulls);
    let first = climb(items, &steps, cheapest.clone(), None, budget_bits);
    let mut best = first.chosen;
    let mut least = error_of(items, &best);
    let mut consider = |chosen: Vec<usize>| {
        let error = error_of(items, &chosen);
        if error < least {
            (best, least) = (chosen, error);
        }
    };
    if let Some(item) = first.refused {
        for &place in &hulls[item] {
            let mut start = cheapest.clone();
            start[item] = place;
            if bits_of(items, &start) <= u128::from(budget_bits) {
                consider(climb(items, &steps, start, Some(item), budget_bits).chosen);
            }
        }
    }
    if let Some((place, ..)) = best_uniform(items, budget_bits) {
        consider(items.iter().map(|item| item.locked.unwrap_or(place)).collect());
    }
    let slopes = (0..items.len()).map(|i| slopes_at(&items[i], &hulls[i], best[i])).collect();
    Ok(Allocation { slopes, bits: bits_of(items, &best) as u64, error: least, chosen: best })
}

/// Where the items stand once no further step fits.
struct Climbed {
    chosen: Vec<usize>,
    /// The first that was refused a step.
    refused: Option<usize>,
}

/// Takes each step that fits, in order; the item `fixed` stays where it is. `chosen` is within the budget.
fn climb(items: &[Item], steps: &[Step], mut chosen: Vec<usize>, fixed: Option<usize>, budget_bits: u64) -> Climbed {
    let mut left = u128::from(budget_bits) - bits_of(items, &chosen);
    let mut stopped = vec![false; items.len()];
    if let Some(item) = fixed {
        stopped[item] = true;
    }
    let mut refused = None;
    for step in steps {
        if stopped[step.item] {
            continue;
        }
        if u128::from(step.bits) > left {
            stopped[step.item] = true;
            refused = refused.or(Some(step.item));
            continue;
        }
        left -= u128::from(step.bits);
        chosen[step.item] = step.to;
    }
    Climbed { chosen, refused }
}

fn bits_of(items: &[Item], chosen: &[usize]) -> u128 {
    items.iter().zip(chosen).map(|(item, &c)| u128::from(item.choices[c].bits)).sum()
}

fn error_of(items: &[Item], chosen: &[usize]) -> f64 {
    items.iter().zip(chosen).map(|(item, &c)| item.choices[c].error).sum()
}

/// The steps of the hull into a choice and out of it; none for a choice that is not on it.
fn slopes_at(item: &Item, hull: &[usize], chosen: usize) -> Slopes {
    let Some(at) = hull.iter().position(|&c| c == chosen) else { return Slopes::default() };
    Slopes {
        taken: at.checked_sub(1).map(|before| item.slope(hull[before], chosen)),
        refused: hull.get(at + 1).map(|&next| item.slope(chosen, next)),
    }
}

/// All steps of all hulls, steepest first; those of one item stay in their order.
fn steps(items: &[Item], hulls: &[Vec<usize>]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (item, hull) in hulls.iter().enumerate() {
        let of = &items[item];
        steps.extend(hull.array_windows().map(|&[from, to]| {
            let bits = of.choices[to].bits - of.choices[from].bits;
            Step { item, to, bits, slope: of.slope(from, to) }
        }));
    }
    // A stable sort: equal slopes keep the order of items and of steps.
    steps.sort_by(|a, b| b.slope.total_cmp(&a.slope));
    steps
}

/// The lower convex hull from the fewest bits to the least error: bits rise, errors and slopes fall.
fn hull_of(index: usize, item: &Item) -> Result<Vec<usize>, Refusal> {
    let none = Refusal::NoChoice { item: index };
    if let Some(locked) = item.locked {
        return if locked < item.choices.len() { Ok(vec![locked]) } else { Err(none) };
    }
    let at = |c: usize| item.choices[c];
    let mut order: Vec<usize> = (0..item.choices.len()).filter(|&c| at(c).error.is_finite()).collect();
    order.sort_by(|&a, &b| at(a).bits.cmp(&at(b).bits).then(at(a).error.total_cmp(&at(b).error)));
    let mut hull: Vec<usize> = Vec::new();
    for c in order {
        if hull.last().is_some_and(|&last| at(last).error <= at(c).error || at(last).bits == at(c).bits) {
            continue;
        }
        while let [.., before, last] = hull[..] {
            if item.slope(before, last) > item.slope(last, c) {
                break;
            }
            hull.pop();
        }
        hull.push(c);
    }
    if hull.is_empty() { Err(none) } else { Ok(hull) }
}

/// The one choice, by its place, that all unlocked items can share within the budget with the least
/// error; none when no place fits. For items whose choices stand in the same order.
pub fn best_uniform(items: &[Item], budget_bits: u64) -> Option<(usize, u64, f64)> {
    let places = items.iter().filter(|i| i.locked.is_none()).map(|i| i.choices.len()).min()?;
    let total = |place| {
        let taken = || items.iter().filter_map(|item| item.choices.get(item.locked.unwrap_or(place)));
        (place, taken().map(|c| c.bits).sum::<u64>(), taken().map(|c| c.error).sum::<f64>())
    };
    let fitting = (0..places).map(total).filter(|&(_, bits, error)| bits <= budget_bits && error.is_finite());
    fitting.min_by(|(.., a), (.., b)| a.total_cmp(b))
}

/// What the best mix could gain on one choice for all at the same bits, in decibels, were bits divisible: at high
/// rate every bit a sample divides an item's error by four (6.02 dB), so that the least total has the same error a
/// sample everywhere, the geometric mean of what they had (Huang and Schultheiss 1963). `parts` are the samples of
/// each item and its Σe² under the one choice, `fixed` the Σe² of what is not free to change. Items without error
/// have none to give and are left out.
pub fn divisible_gain_db(parts: &[(f64, f64)], fixed: f64) -> f64 {
    let parts = || parts.iter().filter(|(samples, error)| *samples > 0.0 && *error > 0.0);
    let (samples, error) = parts().fold((0.0, 0.0), |(n, e), (samples, error)| (n + samples, e + error));
    if samples == 0.0 {
        return 0.0;
    }
    let log_mean = parts().map(|(samples, error)| samples * (error / samples).ln()).sum::<f64>() / samples;
    10.0 * ((fixed + error) / (fixed + samples * log_mean.exp())).log10()
}
