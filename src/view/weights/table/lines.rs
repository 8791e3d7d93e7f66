//! The lines of the table in order: filtered, sorted, and under the headings of their groups.
//! Cost: a look at each tensor's name, and a sort by keys that are taken out first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::cells::TensorTable;
use super::line::{Heading, Line};
use super::state::{GroupBy, SortBy, TableState};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::source::order::by_name;
use crate::source::pattern::filter;
use crate::source::role::{Group, Place};
use crate::source::tensor::Tensor;
use crate::view::document::ModelDocument;

impl TensorTable {
    /// Sorts, filters and groups the lines where anything has changed since.
    pub fn arrange(&mut self, model: &ModelDocument, state: &TableState, formats: &[Format], chosen: Format) {
        if self.document != Some(model.id) {
            // What is known is of another model.
            self.lines.clear();
            self.made_for = None;
            return;
        }
        if state.by_depth {
            self.arrange_depths(chosen);
        }
        let tensors = &model.model.tensors;
        let same = |(s, f, v): &(TableState, Vec<Format>, u64)| s == state && f == formats && *v == self.version;
        if !self.made_for.as_ref().is_some_and(same) {
            self.lines = lines(self, tensors, state, formats);
            self.made_for = Some((state.clone(), formats.to_vec(), self.version));
        }
    }
}

fn lines(table: &TensorTable, tensors: &[Tensor], state: &TableState, formats: &[Format]) -> Vec<Line> {
    let words = filter(&state.filter.to_lowercase());
    let shown = table.order.iter().copied().filter(|&t| words.iter().all(|word| word.matches(&table.names[t])));
    let mut order: Vec<usize> = shown.collect();
    sort(&mut order, table, tensors, state);
    if state.group == GroupBy::Nothing {
        return order.into_iter().map(Line::Tensor).collect();
    }
    let mut groups: BTreeMap<(u32, &'static str), Vec<usize>> = BTreeMap::new();
    for tensor in order {
        groups.entry(key(state.group, table.places[tensor])).or_default().push(tensor);
    }
    let mut lines = Vec::new();
    for ((place, label), members) in groups {
        let name = if label.is_empty() { format!("Layer {place}") } else { label.to_owned() };
        let folded = state.folded.contains(&name);
        let sums = formats.iter().map(|&format| sum(table, &members, format)).collect();
        let values = members.iter().map(|&t| tensors[t].values as u64).sum();
        lines.push(Line::Group(Heading { name, tensors: members.len(), values, folded, sums }));
        if !folded {
            lines.extend(members.into_iter().map(Line::Tensor));
        }
    }
    lines
}

/// The group of a tensor: its place among the groups, and its name where that is not its number.
pub fn key(by: GroupBy, place: Place) -> (u32, &'static str) {
    match (by, place.layer) {
        (GroupBy::Layer, Some(layer)) => (layer, ""),
        (GroupBy::Layer, None) => (u32::MAX, "Outside the layers"),
        _ => {
            let group = place.role.group();
            (Group::ALL.iter().position(|g| *g == group).unwrap_or(0) as u32, group.label())
        }
    }
}

/// The error and the rate of the matrices of a group together, or of all its tensors where none is a matrix.
fn sum(table: &TensorTable, members: &[usize], format: Format) -> (ScalarError, Rate) {
    let only_apart = members.iter().all(|&t| table.apart[t]);
    let counted = members.iter().filter(|t| only_apart || !table.apart[**t]);
    let figures = counted.filter_map(|&t| table.figures(t, format));
    figures.fold(Default::default(), |(error, rate), figures| (error + figures.0, rate + figures.1))
}

/// Where tensors are ranked by a figure, norms, biases and the like come last whichever way it goes.
fn sort(order: &mut [usize], table: &TensorTable, tensors: &[Tensor], state: &TableState) {
    let directed = |order: Ordering| if state.descending { order.reverse() } else { order };
    let rank = |t: usize| table.ranks[t];
    let by_figure = |order: &mut [usize], figure: &dyn Fn(usize) -> Option<f64>| {
        // What has no figure stands first, as what has the least.
        let keys: Vec<f64> = (0..tensors.len()).map(|t| figure(t).unwrap_or(f64::NEG_INFINITY)).collect();
        let apart = |t: usize| table.apart[t];
        order.sort_by(|&a, &b| {
            apart(a).cmp(&apart(b)).then(directed(keys[a].total_cmp(&keys[b]))).then(rank(a).cmp(&rank(b)))
        });
    };
    let by = |order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering| {
        order.sort_by(|&a, &b| directed(compare(a, b)).then(rank(a).cmp(&rank(b))));
    };
    match state.sort {
        SortBy::Model => by(order, &|a, b| rank(a).cmp(&rank(b))),
        SortBy::Name => by(order, &|a, b| by_name(&tensors[a].name, &tensors[b].name)),
        SortBy::Kind => by(order, &|a, b| {
            let kind = |t: usize| (table.places[t].role, table.places[t].bias);
            kind(a).cmp(&kind(b))
        }),
        SortBy::Shape => by(order, &|a, b| tensors[a].shape.cmp(&tensors[b].shape)),
        SortBy::Dtype => by(order, &|a, b| tensors[a].dtype.name().cmp(&tensors[b].dtype.name())),
        SortBy::Values => by(order, &|a, b| tensors[a].values.cmp(&tensors[b].values)),
        SortBy::Error(f) => by_figure(order, &|t| table.figures(t, f).map(|(error, _)| error.relative_error())),
        SortBy::Bits(f) => by_figure(order, &|t| table.figures(t, f).map(|(_, rate)| rate.bits_per_sample())),
        SortBy::Statistic(which) => by_figure(order, &|t| table.statistic(t, which)),
    }
}
