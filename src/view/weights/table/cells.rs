//! What has been measured of a model's tensors, a column a format; columns that are taken away are kept, so
//! that a format that comes back is there at once.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use egui_plot::PlotPoint;

use super::line::Line;
use super::state::{Statistic, TableState};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::jobs::Sweep;
use crate::run::error::RunError;
use crate::run::statistics::Statistics;
use crate::run::survey::{Finding, Task};
use crate::source::order::natural_order;
use crate::source::role::{Group, Place};
use crate::source::tensor::{Dtype, Tensor};
use crate::view::document::{DocumentId, ModelDocument, TableKey};
use crate::view::weights::formats::format_title;
use crate::view::widgets::plots::depth::Depths;
use crate::view::widgets::plots::layers::LayerSeries;

pub(super) type Outcome = Result<(ScalarError, Rate), RunError>;

/// All tensors under one format.
#[derive(Default)]
pub(super) struct Column {
    pub cells: Vec<Option<Outcome>>,
    arrived: usize,
    /// For the plots: (place in the list, dB) of the matrices, and of what stands apart from them.
    matrices: Thinned,
    apart: Thinned,
    /// (bits per weight, dB) of the matrices.
    places: Vec<[f64; 2]>,
    /// The least and the largest SQNR of a matrix, between which cells are coloured.
    range: Option<(f64, f64)>,
    /// Bits per weight, where they are the same for every tensor.
    bits: Option<f64>,
}

/// Points of a plot, and as many of them as can be seen apart.
#[derive(Default)]
struct Thinned {
    all: Vec<PlotPoint>,
    shown: Vec<PlotPoint>,
    /// How many points `shown` was made of.
    made_of: usize,
}

/// The figures of all tensors of one model, and the order in which they are listed.
#[derive(Default)]
pub struct TensorTable {
    pub(super) document: Option<DocumentId>,
    key: Option<TableKey>,
    pub(super) columns: HashMap<Format, Column>,
    pub(super) statistics: Vec<Option<Result<Statistics, RunError>>>,
    statistics_arrived: usize,
    /// The name of each tensor in lower case, made once a model.
    pub(super) names: Vec<String>,
    /// The place of each tensor in the model, made once a model.
    pub(super) places: Vec<Place>,
    /// The tensors in the order in which they are listed, and the place in it of each.
    pub(super) order: Vec<usize>,
    pub(super) ranks: Vec<usize>,
    /// Norms, biases and the like, which are not quantized: they are ranked after the matrices.
    pub(super) apart: Vec<bool>,
    /// The type of the stored values, where all tensors have the same.
    dtype: Option<Dtype>,
    /// Counts what comes in: what was made of an older count is made anew.
    pub(super) version: u64,
    pub(super) lines: Vec<Line>,
    pub(super) made_for: Option<(TableState, Vec<Format>, u64)>,
    scroll: Cell<bool>,
    rate_points: Vec<[f64; 2]>,
    depths: Option<(Format, u64, Depths)>,
}

impl TensorTable {
    /// Turns to what is wanted of a model. A model's figures are kept until another comes.
    pub fn set_key(&mut self, model: &ModelDocument, key: &TableKey) {
        if self.document != Some(model.id) {
            let tensors = &model.model.tensors;
            let order = natural_order(tensors);
            *self = Self {
                document: Some(model.id),
                statistics: vec![None; tensors.len()],
                names: tensors.iter().map(|t| t.name.to_lowercase()).collect(),
                places: tensors.iter().map(Tensor::place).collect(),
                ranks: ranks_of(&order),
                order,
                apart: tensors.iter().map(|t| t.kept_because().is_some()).collect(),
                dtype: tensors.first().map(|t| t.dtype).filter(|d| tensors.iter().all(|t| t.dtype == *d)),
                version: self.version + 1,
                scroll: Cell::new(true),
                ..Self::default()
            };
        }
        if self.key.as_ref() != Some(key) {
            for &format in &key.formats {
                let tensors = &model.model.tensors;
                let bits = constant_bits(tensors, format);
                let cells = || Column { cells: vec![None; tensors.len()], bits, ..Column::default() };
                self.columns.entry(format).or_insert_with(cells);
            }
            self.key = Some(key.clone());
            self.collect_rate_points();
        }
    }

    /// The cells that are still to be measured, tensor by tensor, those of the chosen tensor first.
    pub fn missing(&self, chosen: usize) -> Vec<Task> {
        let Some(TableKey { formats, with_statistics, .. }) = &self.key else { return Vec::new() };
        let columns: Vec<(Format, &Column)> = formats.iter().filter_map(|f| Some((*f, self.columns.get(f)?))).collect();
        let of_tensor = |tensor: usize| {
            let cells = columns.iter().filter(move |(_, column)| column.cells[tensor].is_none());
            let cells = cells.map(move |(format, _)| Task { tensor, format: Some(*format) });
            let numbers =
                (*with_statistics && self.statistics[tensor].is_none()).then_some(Task { tensor, format: None });
            cells.chain(numbers)
        };
        let (first, rest) = (self.order.iter().filter(|t| **t == chosen), self.order.iter().filter(|t| **t != chosen));
        first.chain(rest).copied().flat_map(of_tensor).collect()
    }

    /// Cells that are there.
    pub(crate) fn arrived(&self) -> usize {
        self.columns.values().map(|column| column.arrived).sum::<usize>() + self.statistics_arrived
    }

    /// Takes what has come for the model that it is turned to.
    pub fn take(&mut self, sweep: &mut Sweep<TableKey, Finding>) {
        let findings = sweep.drain();
        if findings.is_empty() || sweep.wanted().map(|key| key.document) != self.document {
            return;
        }
        for finding in findings {
            match finding {
                Finding::Error { tensor, format, outcome } => {
                    if let (Some(column), Some(&rank)) = (self.columns.get_mut(&format), self.ranks.get(tensor)) {
                        column.put(tensor, (rank, self.apart[tensor]), outcome);
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
            column.matrices.update(self.names.len());
            column.apart.update(self.names.len());
        }
        self.version += 1;
        self.collect_rate_points();
    }

    /// The key of what is wanted when all its cells are there.
    pub fn complete(&self) -> Option<&TableKey> {
        let all = self.names.len();
        let full = |format: &Format| self.columns.get(format).is_some_and(|column| column.arrived == all);
        let key = self.key.as_ref().filter(|_| all > 0)?;
        let statistics = !key.with_statistics || self.statistics_arrived == all;
        (key.formats.iter().all(full) && statistics).then_some(key)
    }

    /// The points of each column.
    pub fn layers(&self) -> Vec<LayerSeries<'_>> {
        let formats = self.key.iter().flat_map(|key| &key.formats);
        let series = |format: &Format| {
            let column = self.columns.get(format)?;
            let (matrices, apart) = (column.matrices.shown.as_slice(), column.apart.shown.as_slice());
            Some(LayerSeries { format: *format, name: format_title(*format), matrices, apart })
        };
        formats.filter_map(series).collect()
    }

    /// The tensors in the order in which they are listed and plotted.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The place of a tensor in that order.
    pub(crate) fn rank(&self, tensor: usize) -> usize {
        self.ranks.get(tensor).copied().unwrap_or(tensor)
    }

    /// How many tensors stand apart from the matrices.
    pub fn apart(&self) -> usize {
        self.apart.iter().filter(|apart| **apart).count()
    }

    /// The error against depth, kind by kind, under the format that it was last arranged for.
    pub(crate) fn depths(&self) -> &[(Group, Vec<PlotPoint>)] {
        self.depths.as_ref().map_or(&[], |(_, _, depths)| depths)
    }

    /// Makes the error under a format against depth anew where it is of another format or of fewer figures.
    pub(super) fn arrange_depths(&mut self, format: Format) {
        if !self.depths.as_ref().is_some_and(|(f, version, _)| *f == format && *version == self.version) {
            let depths = Group::ALL.map(|group| (group, self.depth_of(group, format))).to_vec();
            self.depths = Some((format, self.version, depths));
        }
    }

    /// (layer, dB) of all the tensors of a kind in each layer together; biases have no part in it.
    fn depth_of(&self, group: Group, format: Format) -> Vec<PlotPoint> {
        let mut layers: BTreeMap<u32, ScalarError> = BTreeMap::new();
        for (tensor, place) in self.places.iter().enumerate().filter(|(_, p)| p.role.group() == group && !p.bias) {
            if let (Some(layer), Some((error, _))) = (place.layer, self.figures(tensor, format)) {
                let sum = layers.entry(layer).or_default();
                *sum = *sum + *error;
            }
        }
        let points = layers.into_iter().map(|(layer, error)| PlotPoint::new(f64::from(layer), error.sqnr_db()));
        points.filter(|p| p.y.is_finite()).collect()
    }

    /// Points of (bits per weight, SQNR in dB) of the matrices under the first three formats, thinned out.
    pub(crate) fn rate_points(&self) -> &[[f64; 2]] {
        &self.rate_points
    }

    /// Collects the points of the first columns: with more of them a plot is a cloud.
    fn collect_rate_points(&mut self) {
        const MOST: usize = 3;
        let formats = self.key.iter().flat_map(|key| &key.formats).take(MOST);
        let columns = formats.filter_map(|f| self.columns.get(f));
        let step = (self.names.len() / BUCKETS).max(1);
        self.rate_points = columns.flat_map(|column| column.places.iter().step_by(step).copied()).collect();
    }

    /// Scrolls to the chosen tensor when the table is next drawn.
    pub(crate) fn scroll_to_selected(&mut self) {
        self.scroll.set(true);
    }

    pub(super) fn take_scroll(&self) -> bool {
        self.scroll.take()
    }

    /// The tensor that stands `step` rows after `tensor` as the table is shown.
    pub(crate) fn neighbour(&self, tensor: usize, step: i32) -> Option<usize> {
        let order: Vec<usize> = self.shown().collect();
        let at = order.iter().position(|&t| t == tensor);
        let next = at.map_or(0, |at| {
            crate::view::widgets::bounds::between(at as i64 + i64::from(step), 0, order.len() as i64 - 1) as usize
        });
        order.get(next).copied()
    }

    /// The tensors on show, in order.
    pub fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        self.lines.iter().filter_map(|line| match line {
            Line::Tensor(tensor) => Some(*tensor),
            Line::Group(_) => None,
        })
    }

    /// The error and the bits of a tensor under a format, once they are there.
    pub fn figures(&self, tensor: usize, format: Format) -> Option<&(ScalarError, Rate)> {
        self.columns.get(&format)?.cells.get(tensor)?.as_ref()?.as_ref().ok()
    }

    /// The least and the largest SQNR in dB of a matrix under a format, between which cells are coloured.
    pub fn range(&self, format: Format) -> Option<(f64, f64)> {
        self.columns.get(&format)?.range
    }

    /// Bits per weight under a format, where they are the same for every tensor.
    pub fn bits(&self, format: Format) -> Option<f64> {
        self.columns.get(&format)?.bits
    }

    /// The type of the stored values, where all tensors have the same.
    pub fn dtype(&self) -> Option<Dtype> {
        self.dtype
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
pub const BUCKETS: usize = 1000;

/// The least and the largest of each stretch of a plot's points over so many tensors, where there are more than can be
/// seen apart.
pub fn thinned(points: &[PlotPoint], tensors: usize) -> Vec<PlotPoint> {
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

impl Thinned {
    /// Makes the points to be drawn anew where more have come.
    fn update(&mut self, tensors: usize) {
        if self.made_of != self.all.len() {
            self.made_of = self.all.len();
            self.shown = thinned(&self.all, tensors);
        }
    }
}

impl Column {
    /// `rank` is the tensor's place in the list; what stands apart has no part in the ranking.
    fn put(&mut self, tensor: usize, (rank, apart): (usize, bool), outcome: Outcome) {
        let Some(place @ None) = self.cells.get_mut(tensor) else { return };
        self.arrived += 1;
        if let Ok((error, rate)) = &outcome
            && error.values > 0
            && error.sqnr_db().is_finite()
        {
            let db = error.sqnr_db();
            let point = PlotPoint::new(rank as f64, db);
            if apart {
                self.apart.all.push(point);
            } else {
                self.matrices.all.push(point);
                self.places.push([rate.bits_per_sample(), db]);
                let (low, high) = self.range.unwrap_or((db, db));
                self.range = Some((low.min(db), high.max(db)));
            }
        }
        *place = Some(outcome);
    }
}

fn ranks_of(order: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; order.len()];
    order.iter().enumerate().for_each(|(rank, &tensor)| ranks[tensor] = rank);
    ranks
}

/// Bits per weight under a format, computed from the shapes, where every tensor has the same to two places.
pub fn constant_bits(tensors: &[Tensor], format: Format) -> Option<f64> {
    let bits = |t: &Tensor| {
        let row = t.row_under(format);
        format.bits_per_weight(t.values / row.max(1), row)
    };
    let mut all = tensors.iter().filter(|t| t.values > 0 && t.unreadable().is_none()).map(bits);
    let first = all.next()?;
    all.all(|bits| (bits - first).abs() < 0.005).then_some(first)
}
