//! The value microscope: the weight under the pointer in every format at once.

use egui::{Align, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder, TableRow};

use super::format_comparison::paint_mark;
use crate::engine::format::{Family, Format};
use crate::figures;
use crate::run::microscope::{Lens, Reading};
use crate::source::tensor::Tensor;
use crate::view::command::Command;
use crate::view::state::State;
use crate::view::theme;
use crate::view::weights::microscope_state::{Microscope, Sort};

const ROW: f32 = 20.0;
const BITS: f32 = 44.0;
const CODE: f32 = 44.0;
const NUMBER: f32 = 76.0;

/// One format's line.
struct Line<'a> {
    lens: &'a Lens,
    reading: Option<Reading>,
    format: Option<Format>,
}

/// Draws the table of the weight last pointed at, a line a format; `values` are the tensor's pictured weights.
pub fn microscope_ui(
    ui: &mut Ui,
    microscope: &Microscope,
    info: &Tensor,
    values: &[f32],
    state: &State,
    commands: &mut Vec<Command>,
) {
    let chosen = state.microscope.index.and_then(|index| Some((index, *values.get(index)?)));
    let Some((index, x)) = chosen else {
        ui.add_space(6.0);
        let text = "Point at any cell of the heat maps: its value in every format appears here.";
        ui.add(Label::new(RichText::new(text).weak()).wrap());
        return;
    };
    let row = info.row_len().max(1);
    ui.horizontal(|ui| {
        ui.label(RichText::new(format!("Row {}, column {}", index / row, index % row)).strong());
        ui.label(RichText::new(format!("stored as {x}")).small());
    });
    let lines = lines(microscope, index, x, state);
    ui.spacing_mut().item_spacing = egui::vec2(6.0, 1.0);
    let widths = [BITS, CODE, NUMBER, NUMBER, NUMBER];
    let mut builder = TableBuilder::new(ui)
        .min_scrolled_height(0.0)
        .striped(true)
        .sense(Sense::click())
        .cell_layout(Layout::right_to_left(Align::Center))
        .auto_shrink(false)
        .column(Column::remainder().at_least(120.0).clip(true));
    for width in widths {
        builder = builder.column(Column::exact(width).clip(true));
    }
    builder.header(ROW + 2.0, |mut header| headings_ui(&mut header, state.microscope.sort, commands)).body(|body| {
        body.rows(ROW, lines.len(), |mut row| {
            let line = &lines[row.index()];
            line_ui(&mut row, line, x, state, commands);
        });
    });
}

fn lines<'a>(microscope: &'a Microscope, index: usize, x: f32, state: &State) -> Vec<Line<'a>> {
    let line = |lens: &'a Lens| Line {
        lens,
        reading: lens.read(index),
        format: lens.family.and_then(|_| lens.name.parse().ok()),
    };
    let mut lines: Vec<Line<'a>> = microscope.lenses.iter().map(line).collect();
    match state.microscope.sort {
        Sort::Bits => lines.sort_by(|a, b| b.lens.bits.total_cmp(&a.lens.bits)),
        Sort::Error => {
            let error = |line: &Line<'_>| line.reading.map_or(f32::INFINITY, |r| (r.decoded - x).abs());
            lines.sort_by(|a, b| error(a).total_cmp(&error(b)).then(b.lens.bits.total_cmp(&a.lens.bits)));
        }
    }
    lines
}

fn headings_ui(header: &mut TableRow<'_, '_>, sort: Sort, commands: &mut Vec<Command>) {
    header.col(|ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.small("Format"));
    });
    let mut heading = |text: &str, hint: &str, by: Option<Sort>| {
        header.col(|ui| {
            let arrow = if by == Some(sort) { " ⏷" } else { "" };
            let text = RichText::new(format!("{text}{arrow}")).small().strong();
            match by {
                Some(by) => {
                    if ui.add(egui::Button::new(text).frame(false)).on_hover_text(hint).clicked() {
                        commands.push(Command::SortMicroscope(by));
                    }
                }
                None => {
                    ui.label(text).on_hover_text(hint);
                }
            }
        });
    };
    heading("bits", "Bits per weight of this tensor, everything counted; most first", Some(Sort::Bits));
    heading("code", "The place of the level in the format's list, from the least", None);
    heading("scale", "The scale of the weight's group", None);
    heading("decoded", "What a reader gets", None);
    heading("error", "Decoded less stored; least first", Some(Sort::Error));
}

fn line_ui(row: &mut TableRow<'_, '_>, line: &Line<'_>, x: f32, state: &State, commands: &mut Vec<Command>) {
    let pane = state.pane_formats().iter().position(|f| Some(*f) == line.format);
    row.set_selected(pane == Some(state.weights_pane));
    let number = |v: f32| figures::significant(f64::from(v));
    row.col(|ui| name_ui(ui, line, pane));
    let cell = |row: &mut TableRow<'_, '_>, text: String| {
        row.col(|ui| {
            ui.add(Label::new(RichText::new(text).small()).truncate());
        });
    };
    cell(row, figures::bits(line.lens.bits));
    match (&line.lens.stretch, line.reading) {
        (Err(why), _) => {
            for _ in 0..4 {
                row.col(|ui| {
                    ui.weak(figures::NONE).on_hover_text(*why);
                });
            }
        }
        (_, None) => (0..4).for_each(|_| cell(row, "…".to_owned())),
        (_, Some(reading)) => {
            cell(row, reading.code.map(|code| code.to_string()).unwrap_or_default());
            let scale = row.col(|ui| {
                let text = reading.scale.map(number).unwrap_or_default();
                ui.add(Label::new(RichText::new(text).small()).truncate());
            });
            if let Some(offset) = reading.offset {
                scale.1.on_hover_text(format!("offset {}", number(offset)));
            }
            cell(row, precise(reading.decoded));
            cell(row, number(reading.decoded - x));
        }
    }
    let response = row.response();
    response.widget_info(|| {
        let decoded = line.reading.map_or("…".to_owned(), |r| precise(r.decoded));
        let name = format!("{} here: {decoded}", line.lens.name);
        egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, pane == Some(state.weights_pane), name)
    });
    if let Some(format) = line.format.filter(|_| response.clicked()) {
        commands.push(Command::SetPaneFormat(state.weights_pane, Some(format)));
    }
}

fn name_ui(ui: &mut Ui, line: &Line<'_>, pane: Option<usize>) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        let (at, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), Sense::hover());
        if let Some(family) = line.lens.family {
            mark_ui(ui, family, at.center());
        }
        ui.add(Label::new(RichText::new(line.lens.name).small()).truncate());
        if let Some(pane) = pane {
            ui.label(RichText::new(format!("pane {}", pane + 1)).small().weak());
        }
    });
}

fn mark_ui(ui: &Ui, family: Family, at: egui::Pos2) {
    paint_mark(ui.painter(), family, at, 3.6, theme::family_color(ui.visuals().dark_mode, family), true);
}

/// Six significant digits: formats differ in the last ones.
pub fn precise(v: f32) -> String {
    let digits = if v == 0.0 || !v.is_finite() { 0 } else { (5 - v.abs().log10().floor() as i32).clamp(0, 12) };
    format!("{v:.*}", digits as usize)
}
