//! The codes of least error and bits: Viterbi's search over the states of the machine in [`steps`].
//!
//! What is lowered is Σ w·e² + λ·bits, in steps. From each set two levels matter for each last bit of a
//! code: the two around the weight, the next one inwards, and 0.

use rayon::prelude::*;

use super::plan::Plan;
use super::prepared::{CHUNK, Prepared};
use super::rans::{LARGEST, Table};
use super::steps::{Steps, size};
use crate::engine::control::{Control, Milestones, Stopped};

/// Squared steps that a bit is worth: the slope of error over rate where steps are small, 2 ln 2 ÷ 12.
const BIT: f32 = 0.1155;
/// A machine has no more states.
const STATES: usize = 8;

pub(super) fn codes(
    plan: &Plan,
    prepared: &Prepared,
    weights: Option<&[f32]>,
    control: &Control<'_>,
) -> Result<Vec<i32>, Stopped> {
    let classes = prepared.class_each();
    let mut codes = vec![0; classes.len()];
    let chunks = codes.par_chunks_mut(CHUNK).enumerate();
    let done = Milestones::new(control, chunks.len());
    // So that the bits weigh the same whatever the size of the weights.
    let mean = weights.map_or(1.0, |w| w.iter().map(|w| f64::from(*w)).sum::<f64>() / w.len().max(1) as f64);
    let bit = BIT * mean as f32;
    chunks.try_for_each_init(Vec::new, |ways, (at, codes)| {
        control.check()?;
        let range = at * CHUNK..at * CHUNK + codes.len();
        let (targets, classes) = (&prepared.targets[range.clone()], &classes[range.clone()]);
        let weight = |i: usize| weights.map_or(1.0, |w| w[range.start + i]);
        if plan.wanted.trellis {
            search(plan, targets, classes, weight, bit, ways, codes);
        } else {
            for (i, code) in codes.iter_mut().enumerate() {
                let [even, odd] = around(plan.table(classes[i], 0), 0, targets[i].abs(), weight(i), bit);
                *code = signed(if odd.0 < even.0 { odd.1 } else { even.1 }, targets[i]);
            }
        }
        done.one_more();
        Ok(())
    })?;
    Ok(codes)
}

/// Where a state was come from, and with which code.
#[derive(Clone, Copy, Default)]
pub(super) struct Way {
    from: u8,
    magnitude: u32,
}

fn search(
    plan: &Plan,
    targets: &[f32],
    classes: &[u8],
    weight: impl Fn(usize) -> f32,
    bit: f32,
    ways: &mut Vec<[Way; STATES]>,
    codes: &mut [i32],
) {
    let steps = Steps::new(true);
    let mut costs = [f32::INFINITY; STATES];
    costs[0] = 0.0;
    ways.clear();
    for (i, (&target, &class)) in targets.iter().zip(classes).enumerate() {
        let (size, weight) = (target.abs(), weight(i));
        let choices = [0, 1].map(|set| around(plan.table(class, set), set, size, weight, bit));
        let (mut next, mut way) = ([f32::INFINITY; STATES], [Way::default(); STATES]);
        for from in 0..STATES {
            for (odd, &to) in steps.next[from].iter().enumerate() {
                let (cost, magnitude) = choices[steps.set(from)][odd];
                let (cost, to) = (costs[from] + cost, usize::from(to));
                if cost < next[to] {
                    next[to] = cost;
                    way[to] = Way { from: from as u8, magnitude };
                }
            }
        }
        // Kept small, so that what is small still counts.
        let least = next.iter().copied().fold(f32::INFINITY, f32::min);
        costs = next.map(|cost| cost - least);
        ways.push(way);
    }
    let mut state = (0..STATES).min_by(|&a, &b| costs[a].total_cmp(&costs[b])).unwrap_or(0);
    for ((code, way), &target) in codes.iter_mut().zip(ways.iter()).zip(targets).rev() {
        *code = signed(way[state].magnitude, target);
        state = usize::from(way[state].from);
    }
}

fn signed(magnitude: u32, target: f32) -> i32 {
    if target < 0.0 { -(magnitude as i32) } else { magnitude as i32 }
}

/// The best even and the best odd magnitude, with what each costs.
#[inline(always)]
fn around(table: &Table, set: usize, target: f32, weight: f32, bit: f32) -> [(f32, u32); 2] {
    let below = (target + 0.5 * set as f32).min((LARGEST - 1) as f32) as u32;
    let cost = |magnitude: u32| {
        let e = target - size(set, magnitude);
        (weight * (e * e) + bit * table.cost(magnitude), magnitude)
    };
    let lesser = |a: (f32, u32), b: (f32, u32)| if b.0 < a.0 { b } else { a };
    let this = cost(below);
    let other = if below == 0 { cost(1) } else { lesser(cost(below + 1), cost(below - 1)) };
    let (even, odd) = if below & 1 == 0 { (this, other) } else { (other, this) };
    [lesser(even, cost(0)), odd]
}
