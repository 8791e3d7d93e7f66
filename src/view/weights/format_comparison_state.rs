//! What the format comparison holds: the ranks that have come, and how they are looked at.

use crate::engine::format::{Family, Format, Row};
use crate::engine::theory::frontier::{self, Point};
use crate::jobs::Sweep;
use crate::run::format_comparison::{Place, Rank, candidates};
use crate::view::document::TensorId;

/// Comparisons of other tensors that are kept for when one comes back.
pub(crate) const MOST_KEPT: usize = 24;

/// What has been measured.
#[derive(Default)]
pub struct FormatComparison {
    key: Option<TensorId>,
    pub(crate) ranks: Vec<Rank>,
    past: Vec<(TensorId, Vec<Rank>)>,
}

impl FormatComparison {
    /// Turns to a tensor; what is known of it is there at once.
    pub fn set_key(&mut self, key: TensorId) {
        if self.key == Some(key) {
            return;
        }
        if let Some(old) = self.key.replace(key) {
            self.past.push((old, std::mem::take(&mut self.ranks)));
            let surplus = self.past.len().saturating_sub(MOST_KEPT);
            self.past.drain(..surplus);
        }
        if let Some(at) = self.past.iter().position(|(past, _)| *past == key) {
            self.ranks = self.past.swap_remove(at).1;
        }
    }

    /// Takes what has come for the tensor that it is turned to.
    pub fn take(&mut self, sweep: &mut Sweep<TensorId, Rank>) {
        let arrived = sweep.drain();
        if sweep.wanted() == self.key.as_ref() {
            let is_new = |new: &Rank, known: &[Rank]| known.iter().all(|k| k.row.name != new.row.name);
            for rank in arrived {
                if is_new(&rank, &self.ranks) {
                    self.ranks.push(rank);
                }
            }
        }
    }

    /// The formats that are still to be measured.
    pub fn missing(&self) -> Vec<&'static Row> {
        let known = |row: &Row| self.ranks.iter().any(|s| s.row.name == row.name);
        candidates().into_iter().filter(|row| !known(row)).collect()
    }

    /// The tensor's comparison when every format stands.
    pub fn complete(&self) -> Option<(TensorId, usize)> {
        let all = self.ranks.len();
        self.key.filter(|_| all > 0 && self.missing().is_empty()).map(|key| (key, all))
    }

    /// What is drawn: the formats of the families on show that have a place on the plot.
    pub(crate) fn drawn(&self, state: &FormatComparisonState) -> Vec<Drawn> {
        let shown = self.ranks.iter().filter(|s| !state.hides(s.row.family));
        let placed = shown.filter_map(|s| Some(Drawn { row: s.row, place: *s.outcome.as_ref().ok()? }));
        placed.filter(|d| d.place.sqnr_db.is_finite()).collect()
    }

    /// The format that is `step` places along the frontier from the cursor.
    pub fn neighbour(&self, state: &FormatComparisonState, step: i32) -> Option<Format> {
        let drawn = self.drawn(state);
        let points: Vec<Point> = drawn.iter().map(|d| d.place.point()).collect();
        let from = state.cursor.and_then(|format| drawn.iter().position(|d| d.row.format == format));
        let next = frontier::step(&points, &frontier::frontier(&points), from.map(|i| points[i]), step)?;
        Some(drawn[next].row.format)
    }
}

/// What the vertical axis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The ratio of signal to quantization noise of the weights, in dB.
    Sqnr,
    /// That ratio less the one that Shannon's bound allows a Gaussian source at these bits, in dB: it parts formats of equal
    /// bits.
    OfShannon,
}

/// What is chosen of the comparison: how it is looked at, and where its cursor stands.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatComparisonState {
    hidden: Vec<Family>,
    /// The format that the cursor stands on, described below the plot while no other is pointed at.
    pub cursor: Option<Format>,
    /// The quantity on the vertical axis.
    pub scale: Scale,
    /// The part of the plot that was zoomed to: bits, dB.
    pub(crate) view: Option<[(f64, f64); 2]>,
}

impl Default for FormatComparisonState {
    fn default() -> Self {
        Self { hidden: Vec::new(), cursor: None, scale: Scale::Sqnr, view: None }
    }
}

impl FormatComparisonState {
    /// Whether the formats of a family are left out of the plot.
    pub fn hides(&self, family: Family) -> bool {
        self.hidden.contains(&family)
    }

    /// Hides the formats of a family, or shows them again.
    pub fn toggle(&mut self, family: Family) {
        match self.hidden.iter().position(|&f| f == family) {
            Some(at) => drop(self.hidden.swap_remove(at)),
            None => self.hidden.push(family),
        }
    }

    /// Chooses the vertical axis; the whole plot is shown again.
    pub fn set_scale(&mut self, scale: Scale) {
        (self.scale, self.view) = (scale, None);
    }
}

/// A format on the plot.
#[derive(Clone, Copy)]
pub(crate) struct Drawn {
    pub(crate) row: &'static Row,
    pub(crate) place: Place,
}
