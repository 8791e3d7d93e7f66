//! The table of all tensors: figures as they stream in, sorted and filtered, drawn a screenful at a time.

use std::cmp::Ordering;

use egui::{Align, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use egui_plot::PlotPoint;

use super::command::Command;
use super::formats::format_title;
use super::state::{SortBy, State, TableState, WEIGHT_BITS};
use super::work::{ModelDocument, SweepKey};
use super::{figures, theme};
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::jobs::Sweep;
use crate::report::SweepCell;
use crate::source::tensor::Tensor;

type Outcome = Result<(ScalarError, Rate), String>;

#[derive(Default)]
pub struct TensorTable {
    key: Option<SweepKey>,
    /// One row a tensor, one cell a width.
    cells: Vec<[Option<Outcome>; 3]>,
    arrived: usize,
    /// The rows on show, in order, and what they were made for.
    order: Vec<usize>,
    ordered_for: Option<(TableState, usize)>,
    scroll: bool,
    /// For the plots: (what the column is called, (tensor, dB)) and (bits per weight, dB), kept so that no frame rebuilds them.
    layers: Vec<(String, Vec<PlotPoint>)>,
    rate_points: Vec<[f64; 2]>,
}

impl TensorTable {
    /// Takes the cells that have come for the model and formats that are wanted.
    pub fn take(&mut self, model: &ModelDocument, sweep: &mut Sweep<SweepKey, SweepCell>) {
        if self.key.as_ref() != sweep.wanted() {
            self.key = sweep.wanted().cloned();
            self.cells = vec![[None, None, None]; model.model.tensors.len()];
            self.arrived = 0;
            self.ordered_for = None;
            let formats = self.key.iter().flat_map(|key| &key.1);
            self.layers = formats.map(|&format| (format_title(format), Vec::new())).collect();
            self.rate_points.clear();
        }
        for cell in sweep.drain() {
            if let Ok((error, rate)) = &cell.outcome
                && error.values > 0
                && error.sqnr_db().is_finite()
            {
                self.layers[cell.column].1.push(PlotPoint::new(cell.tensor as f64, error.sqnr_db()));
                self.rate_points.push([rate.bits_per_sample(), error.sqnr_db()]);
            }
            if let Some(row) = self.cells.get_mut(cell.tensor) {
                row[cell.column] = Some(cell.outcome);
                self.arrived += 1;
            }
        }
    }

    /// The key of the sweep when all its cells are there.
    pub fn complete(&self) -> Option<&SweepKey> {
        self.key.as_ref().filter(|_| self.arrived > 0 && self.arrived == self.cells.len() * WEIGHT_BITS.len())
    }

    pub fn layers(&self) -> &[(String, Vec<PlotPoint>)] {
        &self.layers
    }

    pub fn rate_points(&self) -> &[[f64; 2]] {
        &self.rate_points
    }

    pub fn scroll_to_selected(&mut self) {
        self.scroll = true;
    }

    /// The tensor that stands `step` rows after `tensor` as the table is shown.
    pub fn neighbour(&self, tensor: usize, step: i32) -> Option<usize> {
        let at = self.order.iter().position(|&t| t == tensor);
        let next = at.map_or(0, |at| (at as i64 + i64::from(step)).clamp(0, self.order.len() as i64 - 1) as usize);
        self.order.get(next).copied()
    }

    fn arrange(&mut self, tensors: &[Tensor], state: &TableState) {
        let made_for = (state.clone(), self.arrived);
        if self.ordered_for.as_ref() == Some(&made_for) {
            return;
        }
        let filter = state.filter.to_lowercase();
        let shown = |t: &usize| matches_filter(&tensors[*t].name.to_lowercase(), &filter);
        self.order = (0..tensors.len()).filter(shown).collect();
        let cells = &self.cells;
        let compare = |&a: &usize, &b: &usize| {
            let order = compare(tensors, cells, state.sort, a, b);
            if state.descending { order.reverse().then(a.cmp(&b)) } else { order.then(a.cmp(&b)) }
        };
        self.order.sort_by(compare);
        self.ordered_for = Some(made_for);
    }
}

/// Words that must all occur; `*` stands for anything within a word.
fn matches_filter(name: &str, filter: &str) -> bool {
    filter.split_whitespace().all(|word| {
        let mut rest = name;
        word.split('*').all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    })
}

fn compare(tensors: &[Tensor], cells: &[[Option<Outcome>; 3]], by: SortBy, a: usize, b: usize) -> Ordering {
    let figure = |t: usize, column: usize, of: &dyn Fn(&(ScalarError, Rate)) -> f64| match &cells[t][column] {
        Some(Ok(figures)) => of(figures),
        _ => f64::NEG_INFINITY,
    };
    let (x, y) = (&tensors[a], &tensors[b]);
    match by {
        SortBy::FileOrder => a.cmp(&b),
        SortBy::Name => x.name.cmp(&y.name),
        SortBy::Shape => x.shape.cmp(&y.shape),
        SortBy::Dtype => x.dtype.name().cmp(&y.dtype.name()),
        SortBy::Values => x.values.cmp(&y.values),
        SortBy::Error(c) => {
            let of = |f: &(ScalarError, Rate)| f.0.relative_error();
            figure(a, c, &of).total_cmp(&figure(b, c, &of))
        }
        SortBy::Bits(c) => {
            let of = |f: &(ScalarError, Rate)| f.1.bits_per_sample();
            figure(a, c, &of).total_cmp(&figure(b, c, &of))
        }
    }
}

const ROW: f32 = 22.0;

pub fn table_ui(
    ui: &mut Ui,
    table: &mut TensorTable,
    model: &ModelDocument,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tensors = &model.model.tensors;
    filter_ui(ui, table, tensors.len(), state, commands);
    table.arrange(tensors, &state.table);
    if table.order.is_empty() {
        let text = if tensors.is_empty() { "The file has no tensors." } else { "No tensor matches the filter." };
        ui.weak(text);
        return;
    }
    ui.spacing_mut().item_spacing = egui::vec2(5.0, 1.0);
    let mut builder = TableBuilder::new(ui)
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::right_to_left(Align::Center))
        .auto_shrink(false)
        .column(Column::remainder().at_least(120.0).clip(true))
        .column(Column::exact(76.0).clip(true))
        .column(Column::exact(34.0).clip(true))
        .column(Column::exact(56.0).clip(true));
    for _ in WEIGHT_BITS {
        builder = builder.column(Column::exact(48.0).clip(true)).column(Column::exact(34.0).clip(true));
    }
    if std::mem::take(&mut table.scroll)
        && let Some(row) = table.order.iter().position(|&t| t == state.tensor)
    {
        builder = builder.scroll_to_row(row, None);
    }
    let rows = builder.header(ROW + 2.0, |mut header| {
        let mut cell = |by: SortBy, text: String, hint: &str| {
            header.col(|ui| heading_ui(ui, by, text, hint, &state.table, commands));
        };
        cell(SortBy::Name, "Tensor".to_owned(), "Name; again for the other way round");
        cell(SortBy::Shape, "Shape".to_owned(), "Rows × values in a row");
        cell(SortBy::Dtype, "Type".to_owned(), "Type of the stored values");
        cell(SortBy::Values, "Values".to_owned(), "How many");
        for (c, format) in state.pane_formats().into_iter().enumerate() {
            let hint = format!("Weight error under {format}: ‖error‖ ÷ ‖original‖");
            let title = format_title(format);
            cell(SortBy::Error(c), format!("ρ {}", title.strip_suffix('s').unwrap_or(&title)), &hint);
            cell(SortBy::Bits(c), "bpw".to_owned(), "Bits per weight: codes, scales, zero points and codebooks");
        }
    });
    rows.body(|body| {
        body.rows(ROW, table.order.len(), |mut row| {
            let tensor = table.order[row.index()];
            row.set_selected(tensor == state.tensor);
            row_cells(&mut row, &tensors[tensor], &table.cells[tensor]);
            let response = row.response();
            let name = &tensors[tensor].name;
            response.widget_info(|| {
                egui::WidgetInfo::selected(
                    egui::accesskit::Role::Row,
                    true,
                    tensor == state.tensor,
                    format!("Tensor {name}"),
                )
            });
            if response.clicked() {
                commands.push(Command::SelectTensor(tensor));
            }
        });
    });
}

fn filter_ui(ui: &mut Ui, table: &TensorTable, tensors: usize, state: &State, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let mut filter = state.table.filter.clone();
        let field = egui::TextEdit::singleline(&mut filter).hint_text("e.g. attn*weight").desired_width(200.0);
        let name = ui.label("Filter tensors");
        let response = ui.add(field).labelled_by(name.id);
        if response.changed() {
            commands.push(Command::FilterTable(filter));
        }
        ui.weak(format!("{} of {}", figures::count(table.order.len() as u64), figures::count(tensors as u64)));
    });
}

fn heading_ui(ui: &mut Ui, by: SortBy, text: String, hint: &str, state: &TableState, commands: &mut Vec<Command>) {
    let layout = if by == SortBy::Name { Layout::left_to_right(Align::Center) } else { *ui.layout() };
    ui.with_layout(layout, |ui| {
        let arrow = match (state.sort == by, state.descending) {
            (true, false) => " ⏶",
            (true, true) => " ⏷",
            _ => "",
        };
        let label = egui::Button::new(RichText::new(format!("{text}{arrow}")).small().strong()).frame(false);
        if ui.add(label).on_hover_text(hint).clicked() {
            commands.push(Command::SortTable(by));
        }
    });
}

fn row_cells(row: &mut egui_extras::TableRow<'_, '_>, tensor: &Tensor, cells: &[Option<Outcome>; 3]) {
    let small = |ui: &mut Ui, text: String| {
        ui.add(egui::Label::new(RichText::new(text).small()).truncate());
    };
    row.col(|ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(tail_of(ui, &tensor.name)).small()).extend())
                .on_hover_text(&tensor.name);
        });
    });
    row.col(|ui| small(ui, figures::shape(&tensor.shape)));
    row.col(|ui| small(ui, tensor.dtype.name()));
    row.col(|ui| small(ui, figures::count(tensor.values as u64)));
    for cell in cells {
        match cell {
            Some(Ok((error, rate))) => {
                row.col(|ui| small(ui, figures::rho(error.relative_error())));
                row.col(|ui| small(ui, figures::bits(rate.bits_per_sample())));
            }
            Some(Err(why)) => {
                row.col(|ui| {
                    ui.weak(figures::NONE).on_hover_text(why);
                });
                row.col(|ui| {
                    ui.weak(figures::NONE).on_hover_text(why);
                });
            }
            None => {
                row.col(|ui| {
                    ui.weak("…");
                });
                row.col(|_| {});
            }
        }
    }
}

/// The end of a name that is too long for its cell: names begin alike and end differently, but for the
/// `.weight` of nearly all.
fn tail_of(ui: &Ui, name: &str) -> String {
    let name = name.strip_suffix(".weight").unwrap_or(name);
    let font = theme::small_font();
    let width =
        |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), ui.visuals().text_color()).size().x;
    let room = ui.available_width() - 2.0;
    if width(name) <= room {
        return name.to_owned();
    }
    let starts: Vec<usize> = name.char_indices().map(|(at, _)| at).collect();
    let first = starts.partition_point(|&at| width(&format!("…{}", &name[at..])) > room);
    starts.get(first).map_or_else(|| "…".to_owned(), |&at| format!("…{}", &name[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_words_with_stars() {
        let name = "model.layers.10.self_attn.q_proj.weight";
        for filter in ["", "attn", "attn weight", "layers*q_proj", "q_proj  10"] {
            assert!(matches_filter(name, filter), "{filter}");
        }
        for filter in ["mlp", "q_proj*layers", "attn bias"] {
            assert!(!matches_filter(name, filter), "{filter}");
        }
    }
}
