//! Lloyd's rounds over a cloud: every point to its nearest entry, every entry to the mean of its points.
//!
//! Alone they are k-means as textbooks have it, and stop in whatever minimum is near the start. Choose that to watch
//! them at work, or to see what the swaps (and on a line the exact search) of [`super::kmeans`] gain: on weights at
//! 4 bits a row nearly 2 dB. Source: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).

use super::cloud::{Cloud, LARGEST};
use super::median_cut;
use super::row::{Row, Task};
use super::runs::{Mapped, Runs};
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::trace::{Phase, Trace};

pub(super) const ROW: Row = Row {
    name: "lloyd",
    palette_label: "Lloyd's rounds",
    levels_label: "Lloyd's rounds from equal counts",
    hint: "Lloyd's rounds alone, from boxes of equal population: they stop in the first minimum",
    source: "Lloyd 1982; Max 1960",
    is_grid: false,
};

/// Rounds end when one lowers the squared error by less than this part of it.
const WORTHWHILE: f64 = 1e-4;
const MOST_ROUNDS: usize = 60;

/// Nothing but rounds, from boxes of equal population.
pub(super) fn fit<const D: usize>(task: Task<'_, D>, trace: &mut Trace<D>) -> Result<Vec<[f32; D]>, Stopped> {
    let Task { cloud, kept, free, control } = task;
    let cloud = cloud.condensed(LARGEST);
    let cut = |rest: &Cloud<D>, trace: &mut Trace<D>| median_cut::cut(rest, free, trace, control);
    let start = Task { cloud: &cloud, ..task }.beside(trace, cut)?;
    let cloud = cloud.in_halving_order();
    let mut state = Lloyd::new(&cloud, kept.len(), [kept, &start].concat(), control);
    state.settle(0.0, WORTHWHILE, MOST_ROUNDS, trace)?;
    Ok(state.moved().split_off(kept.len()))
}

pub(super) struct Lloyd<'a, const D: usize> {
    pub(super) cloud: &'a Cloud<D>,
    pub(super) control: &'a Control<'a>,
    runs: Runs<D>,
    /// Σ w·|x|².
    power: f64,
    /// The first so many entries never move.
    pub(super) kept: usize,
    pub(super) now: Mapped<D>,
}

impl<'a, const D: usize> Lloyd<'a, D> {
    /// For a cloud in halving order; the first `kept` of the entries never move.
    pub(super) fn new(cloud: &'a Cloud<D>, kept: usize, centers: Vec<[f32; D]>, control: &'a Control<'a>) -> Self {
        let squared = |p: &[f32; D]| p.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
        let power = cloud.points.iter().zip(&cloud.weights).map(|(p, &w)| f64::from(w) * squared(p)).sum();
        let now = Mapped::nothing(cloud.len());
        let mut state = Self { cloud, control, runs: Runs::new(cloud), power, kept, now };
        state.replace(centers);
        state
    }

    pub(super) fn centers(&self) -> &[[f32; D]] {
        self.now.book.points()
    }

    /// Where the entry stands, if it never moves.
    pub(super) fn pin(&self, entry: usize) -> Option<[f32; D]> {
        (entry < self.kept).then(|| self.centers()[entry])
    }

    /// By how much the squared error falls short of Σ w·|x|², once every entry that may move stands at
    /// its mean: the more the better.
    pub(super) fn explained(&self) -> f64 {
        self.now.moments.iter().enumerate().map(|(entry, m)| m.explained_from(self.pin(entry))).sum()
    }

    /// The squared error, entries at their means where they may be.
    pub(super) fn error(&self) -> f64 {
        (self.power - self.explained()).max(0.0)
    }

    /// Moves every entry to its mean and maps the points anew. An entry that no point uses stays.
    pub(super) fn round(&mut self) {
        self.leap(0.0);
    }

    /// A round in which entries go farther than to their means, by so much of the way: most would go on in the same
    /// direction, and with half of it so many rounds fewer do.
    pub(super) fn leap(&mut self, beyond: f32) {
        let mut centers = self.moved();
        for (center, &old) in centers.iter_mut().zip(self.centers()) {
            *center = std::array::from_fn(|c| center[c] + beyond * (center[c] - old[c]));
        }
        self.replace(centers);
    }

    /// Puts other entries in the places of these.
    pub(super) fn replace(&mut self, centers: Vec<[f32; D]>) {
        self.runs.map(Codebook::new(centers), &mut self.now);
    }

    /// The entries at the means of their points. The first `kept` stay, and so does one that no point uses.
    pub(super) fn moved(&self) -> Vec<[f32; D]> {
        let entries = self.centers().iter().zip(&self.now.moments).enumerate();
        entries.map(|(k, (&center, m))| if k < self.kept || m.weight <= 0.0 { center } else { m.mean() }).collect()
    }

    /// Rounds, with so much of a leap, until one lowers the error by less than this part of it.
    pub(super) fn settle(
        &mut self,
        beyond: f32,
        worthwhile: f64,
        most_rounds: usize,
        trace: &mut Trace<D>,
    ) -> Result<(), Stopped> {
        let mut explained = self.explained();
        let enough = worthwhile * self.error();
        for _ in 0..most_rounds {
            self.control.check()?;
            self.leap(beyond);
            trace.entries(Phase::Round, self.centers(), &self.now.moments);
            let now = self.explained();
            if now - explained <= enough {
                break;
            }
            explained = now;
        }
        Ok(())
    }
}
