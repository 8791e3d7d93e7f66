//! What has been measured of a model's tensors, a column a format; columns that are taken away are kept, so
//! that a format that comes back is there at once.

use std::collections::{BTreeMap, HashMap};

use egui_plot::PlotPoint;

use super::lines::{Line, lines};
use super::{Statistic, TableState};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::jobs::Sweep;
use crate::run::statistics::Statistics;
use crate::run::survey::{Finding, Task};
use crate::source::role::{Group, Place};
use crate::source::tensor::Tensor;
use crate::view::formats::format_title;
use crate::view::plots::depth::Depths;
use crate::view::work::{ModelDocument, TableKey};

pub type Outcome = Result<(ScalarError, Rate), String>;

/// All tensors under one format.
#[derive(Default)]
pub struct Column {
    pub cells: Vec<Option<Outcome>>,
    arrived: usize,
    /// For the plots: (tensor, dB), and (bits per weight, dB).
    layers: Vec<PlotPoint>,
    /// The same with no more points than can be told apart.
    thinned: Vec<PlotPoint>,
    /// How many points `thinned` was made of.
    made_of: usize,
    places: Vec<[f64; 2]>,
    /// The least and the largest SQNR, between which cells are coloured.
    pub range: Option<(f64, f64)>,
}

#[derive(Default)]
pub struct TensorTable {
    document: Option<u64>,
    key: Option<TableKey>,
    pub(super) columns: HashMap<Format, Column>,
    pub(super) statistics: Vec<Option<Result<Statistics, String>>>,
    statistics_arrived: usize,
    /// Of each tensor, found once a model: its name in lower case and its place in the model.
    pub(super) names: Vec<String>,
    pub(super) places: Vec<Place>,
    /// Counts what comes in: what was made of an older count is made anew.
    version: u64,
    pub(super) lines: Vec<Line>,
    made_for: Option<(TableState, Vec<Format>, u64)>,
    scroll: bool,
    rate_points: Vec<[f64; 2]>,
    depths: Option<(Format, u64, Depths)>,
}

impl TensorTable {
    /// Turns to what is wanted of a model. A model's figures are kept until another comes.
    pub fn turn_to(&mut self, model: &ModelDocument, key: &TableKey) {
        if self.document != Some(model.id) {
            let tensors = &model.model.tensors;
            *self = Self {
                document: Some(model.id),
                statistics: vec![None; tensors.len()],
                names: tensors.iter().map(|t| t.name.to_lowercase()).collect(),
                places: tensors.iter().map(Tensor::place).collect(),
                version: self.version + 1,
                scroll: true,
                ..Self::default()
            };
        }
        if self.key.as_ref() != Some(key) {
            for &format in &key.1 {
                let cells = || Column { cells: vec![None; self.names.len()], ..Column::default() };
                self.columns.entry(format).or_insert_with(cells);
            }
            self.key = Some(key.clone());
            self.collect_rate_points();
        }
    }

    /// The cells that are still to be found, tensor by tensor.
    pub fn missing(&self) -> Vec<Task> {
        let Some((_, formats, statistics)) = &self.key else { return Vec::new() };
        let columns: Vec<(Format, &Column)> = formats.iter().filter_map(|f| Some((*f, self.columns.get(f)?))).collect();
        let of_tensor = |tensor: usize| {
            let cells = columns.iter().filter(move |(_, column)| column.cells[tensor].is_none());
            let cells = cells.map(move |(format, _)| Task { tensor, format: Some(*format) });
            let numbers = (*statistics && self.statistics[tensor].is_none()).then_some(Task { tensor, format: None });
            cells.chain(numbers)
        };
        (0..self.names.len()).flat_map(of_tensor).collect()
    }

    /// Cells that are there.
    pub fn arrived(&self) -> usize {
        self.columns.values().map(|column| column.arrived).sum::<usize>() + self.statistics_arrived
    }

    /// Takes what has come for the model that it is turned to.
    pub fn take(&mut self, sweep: &mut Sweep<TableKey, Finding>) {
        let found = sweep.drain();
        if found.is_empty() || sweep.wanted().map(|key| key.0) != self.document {
            return;
        }
        for finding in found {
            match finding {
                Finding::Error { tensor, format, outcome } => {
                    if let Some(column) = self.columns.get_mut(&format) {
                        column.put(tensor, outcome);
                    }
                }
                Finding::Statistics { tensor, outcome } => {
                    if let Some(place @ None) = self.statistics.get_mut(tensor) {
                        *place = Some(outcome);
                        self.statistics_arrived += 1;
                    }
                }
            }
        }
        for column in self.columns.values_mut() {
            column.thin(self.names.len());
        }
        self.version += 1;
        self.collect_rate_points();
    }

    /// The key of what is wanted when all its cells are there.
    pub fn complete(&self) -> Option<&TableKey> {
        let all = self.names.len();
        let full = |format: &Format| self.columns.get(format).is_some_and(|column| column.arrived == all);
        let key = self.key.as_ref().filter(|_| all > 0)?;
        let statistics = !key.2 || self.statistics_arrived == all;
        (key.1.iter().all(full) && statistics).then_some(key)
    }

    /// What each column is called and its points of (tensor, dB).
    pub fn layers(&self) -> Vec<(Format, String, &[PlotPoint])> {
        let formats = self.key.iter().flat_map(|key| &key.1);
        let columns = formats.filter_map(|f| Some((*f, format_title(*f), self.columns.get(f)?.thinned.as_slice())));
        columns.collect()
    }

    /// The error under a format against depth, kind by kind.
    pub fn depths(&mut self, format: Format) -> &Depths {
        if !self.depths.as_ref().is_some_and(|(f, version, _)| *f == format && *version == self.version) {
            let found = Group::ALL.map(|group| (group, self.depth_of(group, format))).to_vec();
            self.depths = Some((format, self.version, found));
        }
        const NONE: &Depths = &Vec::new();
        self.depths.as_ref().map_or(NONE, |(_, _, depths)| depths)
    }

    /// (layer, dB) of all the tensors of a kind in each layer together.
    fn depth_of(&self, group: Group, format: Format) -> Vec<PlotPoint> {
        let mut layers: BTreeMap<u32, ScalarError> = BTreeMap::new();
        for (tensor, place) in self.places.iter().enumerate().filter(|(_, p)| p.role.group() == group) {
            if let (Some(layer), Some((error, _))) = (place.layer, self.figures(tensor, format)) {
                let sum = layers.entry(layer).or_default();
                *sum = *sum + *error;
            }
        }
        let points = layers.into_iter().map(|(layer, error)| PlotPoint::new(f64::from(layer), error.sqnr_db()));
        points.filter(|p| p.y.is_finite()).collect()
    }

    pub fn rate_points(&self) -> &[[f64; 2]] {
        &self.rate_points
    }

    /// Of the first columns: a plot of more is a cloud.
    fn collect_rate_points(&mut self) {
        const MOST: usize = 3;
        let formats = self.key.iter().flat_map(|key| &key.1).take(MOST);
        let columns = formats.filter_map(|f| self.columns.get(f));
        let step = (self.names.len() / BUCKETS).max(1);
        self.rate_points = columns.flat_map(|column| column.places.iter().step_by(step).copied()).collect();
    }

    pub fn scroll_to_selected(&mut self) {
        self.scroll = true;
    }

    pub(super) fn take_scroll(&mut self) -> bool {
        std::mem::take(&mut self.scroll)
    }

    /// The tensor that stands `step` rows after `tensor` as the table is shown.
    pub fn neighbour(&self, tensor: usize, step: i32) -> Option<usize> {
        let order: Vec<usize> = self.shown().collect();
        let at = order.iter().position(|&t| t == tensor);
        let next = at.map_or(0, |at| (at as i64 + i64::from(step)).clamp(0, order.len() as i64 - 1) as usize);
        order.get(next).copied()
    }

    /// The tensors on show, in order.
    pub(super) fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        self.lines.iter().filter_map(|line| match line {
            Line::Tensor(tensor) => Some(*tensor),
            Line::Group(_) => None,
        })
    }

    /// Sorts, filters and groups where anything has changed since.
    pub(super) fn arrange(&mut self, tensors: &[Tensor], state: &TableState, formats: &[Format]) {
        let same = |(s, f, v): &(TableState, Vec<Format>, u64)| s == state && f == formats && *v == self.version;
        if !self.made_for.as_ref().is_some_and(same) {
            self.lines = lines(self, tensors, state, formats);
            self.made_for = Some((state.clone(), formats.to_vec(), self.version));
        }
    }

    pub(super) fn figures(&self, tensor: usize, format: Format) -> Option<&(ScalarError, Rate)> {
        self.columns.get(&format)?.cells.get(tensor)?.as_ref()?.as_ref().ok()
    }

    pub(super) fn statistic(&self, tensor: usize, which: Statistic) -> Option<f64> {
        let Statistics { moments: m, outliers } = self.statistics.get(tensor)?.as_ref()?.as_ref().ok()?;
        Some(match which {
            Statistic::Min => f64::from(m.min),
            Statistic::Max => f64::from(m.max),
            Statistic::Mean => m.mean,
            Statistic::Std => m.std(),
            Statistic::Kurtosis => m.kurtosis(),
            Statistic::Outliers => *outliers as f64,
            Statistic::Sparsity => m.zeros as f64 / m.values.max(1) as f64,
            Statistic::Nan => (m.nan + m.infinite) as f64,
        })
    }
}

/// Places along a plot that the eye can tell apart, about.
const BUCKETS: usize = 1000;

/// The least and the largest of each stretch of tensors, where there are more than can be told apart.
fn thinned(points: &[PlotPoint], tensors: usize) -> Vec<PlotPoint> {
    if points.len() <= 2 * BUCKETS {
        return points.to_vec();
    }
    let mut ends: Vec<Option<(PlotPoint, PlotPoint)>> = vec![None; BUCKETS];
    for &point in points {
        let bucket = (point.x as usize * BUCKETS / tensors.max(1)).min(BUCKETS - 1);
        let (low, high) = ends[bucket].get_or_insert((point, point));
        if point.y < low.y {
            *low = point;
        } else if point.y > high.y {
            *high = point;
        }
    }
    ends.into_iter().flatten().flat_map(|(low, high)| [low, high]).collect()
}

impl Column {
    /// Makes the points to be drawn anew where more have come.
    fn thin(&mut self, tensors: usize) {
        if self.made_of != self.layers.len() {
            self.made_of = self.layers.len();
            self.thinned = thinned(&self.layers, tensors);
        }
    }

    fn put(&mut self, tensor: usize, outcome: Outcome) {
        let Some(place @ None) = self.cells.get_mut(tensor) else { return };
        self.arrived += 1;
        if let Ok((error, rate)) = &outcome
            && error.values > 0
            && error.sqnr_db().is_finite()
        {
            let db = error.sqnr_db();
            self.layers.push(PlotPoint::new(tensor as f64, db));
            self.places.push([rate.bits_per_sample(), db]);
            let (low, high) = self.range.unwrap_or((db, db));
            self.range = Some((low.min(db), high.max(db)));
        }
        *place = Some(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_thinned_out_keeps_the_best_and_the_worst() {
        let point = |i: usize| PlotPoint::new(i as f64, ((i * 7919) % 10_007) as f64);
        let few: Vec<PlotPoint> = (0..500).map(point).collect();
        assert_eq!(thinned(&few, 500).len(), 500);
        let many: Vec<PlotPoint> = (0..10_000).map(point).collect();
        let kept = thinned(&many, 10_000);
        assert!(kept.len() <= 2 * BUCKETS);
        let ends = |points: &[PlotPoint]| {
            points.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p.y), high.max(p.y)))
        };
        assert_eq!(ends(&kept), ends(&many));
    }
}
