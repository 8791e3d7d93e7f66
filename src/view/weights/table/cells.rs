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
    pub range: Option<(f64, f64)>,
    /// Bits per weight, where they are the same for every tensor.
    pub bits: Option<f64>,
}

/// Points of a plot, and as many of them as can be told apart.
#[derive(Default)]
struct Thinned {
    all: Vec<PlotPoint>,
    shown: Vec<PlotPoint>,
    /// How many points `shown` was made of.
    made_of: usize,
}

/// The figures of all tensors of one model, and the order in which they are listed.
#[derive(Default)]
pub(crate) struct TensorTable {
    pub(super) document: Option<DocumentId>,
    key: Option<TableKey>,
    pub(super) columns: HashMap<Format, Column>,
    pub(super) statistics: Vec<Option<Result<Statistics, RunError>>>,
    statistics_arrived: usize,
    /// Of each tensor, found once a model: its name in lower case and its place in the model.
    pub(super) names: Vec<String>,
    pub(super) places: Vec<Place>,
    /// The tensors in the order in which they are listed, and the place in it of each.
    pub(super) order: Vec<usize>,
    pub(super) ranks: Vec<usize>,
    /// Norms, biases and the like, which nobody quantizes: they are ranked after the matrices.
    pub(super) apart: Vec<bool>,
    /// The type of the stored values, where all tensors have the same.
    pub(super) dtype: Option<Dtype>,
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
    pub(crate) fn set_key(&mut self, model: &ModelDocument, key: &TableKey) {
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

    /// The cells that are still to be found, tensor by tensor, those of the chosen tensor first.
    pub(crate) fn missing(&self, chosen: usize) -> Vec<Task> {
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
    pub(crate) fn take(&mut self, sweep: &mut Sweep<TableKey, Finding>) {
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
    pub(crate) fn complete(&self) -> Option<&TableKey> {
        let all = self.names.len();
        let full = |format: &Format| self.columns.get(format).is_some_and(|column| column.arrived == all);
        let key = self.key.as_ref().filter(|_| all > 0)?;
        let statistics = !key.with_statistics || self.statistics_arrived == all;
        (key.formats.iter().all(full) && statistics).then_some(key)
    }

    /// The points of each column.
    pub(crate) fn layers(&self) -> Vec<LayerSeries<'_>> {
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
    pub(crate) fn apart(&self) -> usize {
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

    /// Of the first columns: a plot of more is a cloud.
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
    pub(super) fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        self.lines.iter().filter_map(|line| match line {
            Line::Tensor(tensor) => Some(*tensor),
            Line::Group(_) => None,
        })
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

/// Bits per weight under a format, told from the shapes, where every tensor has the same to two places.
fn constant_bits(tensors: &[Tensor], format: Format) -> Option<f64> {
    let bits = |t: &Tensor| {
        let row = t.row_under(format);
        format.bits_per_weight(t.values / row.max(1), row)
    };
    let mut all = tensors.iter().filter(|t| t.values > 0 && t.unreadable().is_none()).map(bits);
    let first = all.next()?;
    all.all(|bits| (bits - first).abs() < 0.005).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{Running, test_wake, wait_until};
    use crate::run::survey::survey;
    use crate::source::builtin;
    use crate::source::open::Source;
    use crate::view::weights::table::state::SortBy;

    fn document() -> ModelDocument {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("no sample model") };
        ModelDocument { id: DocumentId(1), model }
    }

    fn turned_to(document: &ModelDocument, formats: &[&str]) -> (TensorTable, Vec<Format>) {
        let formats: Vec<Format> = formats.iter().map(|name| name.parse().unwrap()).collect();
        let mut table = TensorTable::default();
        table.set_key(document, &TableKey { document: document.id, formats: formats.clone(), with_statistics: false });
        (table, formats)
    }

    #[test]
    fn the_chosen_tensors_cells_are_found_first_and_then_those_of_all_others() {
        let document = document();
        let (table, _) = turned_to(&document, &["q8_0", "q4_0"]);
        let tasks = table.missing(7);
        assert!(tasks[..2].iter().all(|task| task.tensor == 7) && tasks[2..].iter().all(|task| task.tensor != 7));
        assert_eq!(tasks.len(), document.model.tensors.len() * 2);
    }

    #[test]
    fn norms_stand_apart_from_the_ranking_the_plot_and_the_colours() {
        let document = document();
        let tensors = &document.model.tensors;
        let (mut table, formats) = turned_to(&document, &["q4_0"]);
        let (wake, woken) = test_wake();
        let mut sweep = Sweep::new("Testing", wake);
        let key = TableKey { document: document.id, formats: formats.clone(), with_statistics: false };
        let (model, tasks) = (document.model.clone(), table.missing(0));
        sweep.request(key, move |emit, control| Ok(survey(&model, &tasks, &|finding| emit.emit(finding), control)?));
        wait_until(&woken, || {
            sweep.poll();
            table.take(&mut sweep);
            table.complete().is_some()
        });
        let norms = tensors.iter().filter(|t| t.name.contains("norm")).count();
        assert!(norms > 5 && table.apart() == norms);
        for descending in [false, true] {
            let state = TableState { sort: SortBy::Error(formats[0]), descending, ..TableState::default() };
            table.arrange(&document, &state, &formats, formats[0]);
            let order: Vec<usize> = table.shown().collect();
            let (matrices, rest) = order.split_at(tensors.len() - norms);
            assert!(rest.iter().all(|&t| tensors[t].name.contains("norm")), "{descending}");
            let rho = |&t: &usize| table.figures(t, formats[0]).unwrap().0.relative_error();
            assert!(matrices.iter().map(rho).is_sorted_by(|a, b| if descending { a >= b } else { a <= b }));
        }
        let series = table.layers();
        assert_eq!((series[0].matrices.len(), series[0].apart.len()), (tensors.len() - norms, norms));
        let (low, high) = table.columns[&formats[0]].range.unwrap();
        let db = |p: &PlotPoint| p.y;
        let ends =
            |points: &[PlotPoint]| points.iter().map(db).fold((f64::MAX, f64::MIN), |(l, h), y| (l.min(y), h.max(y)));
        assert_eq!(ends(series[0].matrices), (low, high));
    }

    #[test]
    fn kernels_that_are_stored_as_f16_take_more_bits_than_matrices_do() {
        let tensor = |shape: &[usize]| Tensor {
            name: "w".to_owned(),
            dtype: Dtype::Plain(safetensors::Dtype::F32),
            shape: shape.to_vec(),
            values: shape.iter().product(),
            file: 0,
            bytes: 0..0,
            packed: None,
        };
        let tensors = [tensor(&[64, 32, 3, 3]), tensor(&[96, 96])];
        let bits = |format: &str| constant_bits(&tensors, format.parse().unwrap());
        assert_eq!((bits("q8_0"), bits("int4-g32")), (None, Some(4.5)));
    }

    #[test]
    fn a_column_of_one_and_the_same_figure_takes_no_room() {
        let document = document();
        let (table, formats) = turned_to(&document, &["nf4", "q4_0"]);
        let bits = |i: usize| table.columns[&formats[i]].bits;
        // Rows of 64 and of 172: only the last depends on them.
        assert_eq!((bits(0), bits(1)), (Some(4.5), None));
        assert_eq!(table.dtype.map(Dtype::name), Some("F32".to_owned()));
    }

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
