//! How often each magnitude is used, by class of rows and set of levels; and which classes share a table.

use super::plan::Plan;
use super::prepared::CLASSES;
use super::rans::{MOST, Table};
use super::steps::Steps;
use crate::engine::coding::classes::entropy_bits;

/// Counts of the magnitudes 0 … MOST − 1, and of larger ones.
type Counts = [u64; MOST + 1];

/// Counts of the codes of one set of levels, or of two.
#[derive(Clone)]
struct Sets(Vec<Counts>);

pub(super) struct Histogram {
    classes: Vec<Sets>,
}

impl Histogram {
    /// `chunk` codes at a time start from the machine's first state.
    pub(super) fn of(steps: Steps, codes: &[i32], classes: &[u8], sets: usize, chunk: usize) -> Self {
        let mut counts = vec![Sets(vec![[0; MOST + 1]; sets]); CLASSES];
        for (codes, classes) in codes.chunks(chunk).zip(classes.chunks(chunk)) {
            let mut state = 0;
            for (&code, &class) in codes.iter().zip(classes) {
                counts[usize::from(class)].0[steps.set(state)][(code.unsigned_abs() as usize).min(MOST)] += 1;
                state = steps.next(state, code);
            }
        }
        Self { classes: counts }
    }

    /// The number of each class's context, and the tables of all contexts, those of a set side by side.
    /// Neighbours share a context where a table of their own would not pay for itself.
    pub(super) fn tables(&self) -> ([u8; CLASSES], Vec<Table>) {
        let mut contexts: Vec<(usize, Sets)> = self.classes.iter().cloned().enumerate().collect();
        while let Some(at) = worst_border(&contexts) {
            let (_, next) = contexts.remove(at + 1);
            contexts[at].1.add(&next);
        }
        let mut context_of = [0; CLASSES];
        for (context, &(first, _)) in contexts.iter().enumerate() {
            context_of[first..].fill(context as u8);
        }
        (context_of, contexts.iter().flat_map(|(_, sets)| sets.0.iter().map(table)).collect())
    }

    /// Bits of all codes under a plan's tables.
    pub(super) fn bits(&self, plan: &Plan) -> f64 {
        let mut bits = 0.0;
        for (class, sets) in self.classes.iter().enumerate() {
            for (set, counts) in sets.0.iter().enumerate() {
                let table = plan.table(class as u8, set);
                let used = counts.iter().enumerate().filter(|(_, n)| **n > 0);
                bits += used.map(|(m, &n)| n as f64 * f64::from(table.cost(m as u32))).sum::<f64>();
            }
        }
        bits
    }
}

/// The border between neighbours whose fall saves most, if any does.
fn worst_border(contexts: &[(usize, Sets)]) -> Option<usize> {
    let costs: Vec<f64> = contexts.iter().map(|(_, sets)| sets.cost()).collect();
    let saved = |at: &usize| {
        let mut both = contexts[*at].1.clone();
        both.add(&contexts[at + 1].1);
        costs[*at] + costs[at + 1] - both.cost()
    };
    let borders = (0..contexts.len() - 1).map(|at| (at, saved(&at)));
    borders.filter(|(_, saved)| *saved >= 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
}

impl Sets {
    fn add(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *a += b;
        }
    }

    /// Bits of the codes at their entropy, and of the tables.
    fn cost(&self) -> f64 {
        self.0.iter().map(|counts| entropy_bits(counts) + 8.0 * symbols(counts) as f64 + 8.0).sum()
    }
}

/// Magnitudes that get a frequency of their own: up to the last that is met more than once.
fn symbols(counts: &Counts) -> usize {
    counts[..MOST].iter().rposition(|n| *n > 1).map_or(1, |last| last + 1) + 1
}

fn table(counts: &Counts) -> Table {
    let own = symbols(counts) - 1;
    let mut kept = counts[..own].to_vec();
    kept.push(counts[own..].iter().sum());
    Table::of_counts(&kept)
}
