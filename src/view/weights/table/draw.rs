//! The table on screen: controls, headings, and the lines in sight.

use egui::{Align, ComboBox, Layout, Rect, RichText, ScrollArea, Sense, Ui};
use egui_extras::{Column as Width, TableBuilder, TableRow};

use super::cells::TensorTable;
use super::line::{Heading, Line};
use super::state::{Column, Figure, GroupBy, SortBy, Statistic, TableState};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::figures;
use crate::run::mix::stands_in;
use crate::run::tensor::{remarks, stored_type};
use crate::source::role::Role;
use crate::source::tensor::Tensor;
use crate::view::command::Command;
use crate::view::document::ModelDocument;
use crate::view::state::State;
use crate::view::theme;
use crate::view::weights::formats::{families_ui, format_title};
use crate::view::widgets::figure_rows::{rho, sqnr};
use crate::view::widgets::names::fitted_name;

const ROW: f32 = 22.0;
/// The height of a heading, and of one with bits per weight under it.
const HEADING: f32 = 24.0;
const TALL_HEADING: f32 = 34.0;
const NAME: f32 = 120.0;
const KIND: f32 = 86.0;
const STATISTIC: f32 = 56.0;
const ERROR: f32 = 56.0;
const BITS: f32 = 34.0;
const GAP: f32 = 5.0;

const STAND_IN_HINT: &str =
    "*: rows fit no block of the format, and another type is stored: which, is told under the pointer.";
const BITS_HINT: &str = "Bits per weight: codes, scales, zero points and codebooks";

/// The table of tensors below its filter and menus; changes are pushed as commands.
pub(crate) fn table_ui(
    ui: &mut Ui,
    table: &TensorTable,
    model: &ModelDocument,
    state: &State,
    commands: &mut Vec<Command>,
) {
    let tensors = &model.model.tensors;
    let formats = state.table.formats(state.pane_formats());
    controls_ui(ui, table, tensors.len(), state, commands);
    caveats_ui(ui, model.model.caveats.lines());
    if table.lines.is_empty() {
        let text = if tensors.is_empty() { "The file has no tensors." } else { "No tensor matches the filter." };
        ui.weak(text);
        return;
    }
    ui.spacing_mut().item_spacing = egui::vec2(GAP, 1.0);
    let constant: Vec<Option<f64>> = formats.iter().map(|f| table.bits(*f)).collect();
    let headings: Vec<String> = formats.iter().zip(&constant).map(|(f, bits)| heading(*f, *bits, state)).collect();
    let widths: Vec<f32> = headings.iter().map(|text| heading_width(ui, text)).collect();
    let one_type = table.dtype().is_some();
    let sheet = Sheet {
        tensors,
        state,
        formats: &formats,
        constant: &constant,
        headings: &headings,
        widths: &widths,
        one_type,
    };
    // Columns that find no room are scrolled to.
    let wanted = sheet.width();
    if wanted <= ui.available_width() {
        sheet.ui(ui, table, commands);
        return;
    }
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(wanted);
        ui.set_min_width(wanted);
        sheet.ui(ui, table, commands);
    });
}

/// What must be said beside figures, a line each; in full under the pointer.
pub(crate) fn caveats_ui<'a>(ui: &mut Ui, lines: impl IntoIterator<Item = &'a str>) {
    for line in lines {
        ui.add(egui::Label::new(RichText::new(line).small().weak()).truncate()).on_hover_text(line);
    }
}

fn controls_ui(ui: &mut Ui, table: &TensorTable, tensors: usize, state: &State, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let mut filter = state.table.filter.clone();
        let field = egui::TextEdit::singleline(&mut filter).hint_text("e.g. attn*weight").desired_width(130.0);
        let name = ui.label("Filter tensors");
        if ui.add(field).labelled_by(name.id).changed() {
            commands.push(Command::FilterTable(filter));
        }
        let shown = table.shown().count() as u64;
        ui.weak(count_text(table, shown, tensors as u64)).on_hover_text(APART);
        let mut new = state.table.clone();
        group_ui(ui, &mut new);
        columns_menu_ui(ui, state, &mut new);
        if new != state.table {
            commands.push(Command::SetTable(new));
        }
    });
}

const APART: &str = "Norms, biases, positions and other vectors stay as they are when a model is quantized. They stand after \
                     the matrices where tensors are ranked, and have no part in colours and totals.";

/// "12 of 53 (30 apart), all F32"
fn count_text(table: &TensorTable, shown: u64, tensors: u64) -> String {
    let mut text = format!("{} of {}", figures::count(shown), figures::count(tensors));
    if table.apart() > 0 {
        text += &format!(" ({} apart)", figures::count(table.apart() as u64));
    }
    if let Some(dtype) = table.dtype().filter(|_| tensors > 1) {
        text += &format!(", all {}", dtype.name());
    }
    text
}

fn group_ui(ui: &mut Ui, table: &mut TableState) {
    let choices = [(GroupBy::Nothing, "No groups"), (GroupBy::Layer, "By layer"), (GroupBy::Kind, "By kind")];
    let label = choices.iter().find(|(by, _)| *by == table.group).map_or("", |(_, label)| label);
    ComboBox::from_id_salt("table-groups")
        .width(84.0)
        .selected_text(label)
        .show_ui(ui, |ui| {
            for (by, label) in choices {
                ui.selectable_value(&mut table.group, by, label);
            }
        })
        .response
        .on_hover_text("Headings with the figures of all tensors of a layer, or of a kind (told from the names)");
}

fn columns_menu_ui(ui: &mut Ui, state: &State, table: &mut TableState) {
    let response = ui.menu_button("Columns ⏷", |ui| {
        ui.set_min_width(200.0);
        for pane in 0..3 {
            let shown = table.columns.contains(&Column::Pane(pane));
            let text = format!("Pane {}: {}", pane + 1, state.pane_format(pane));
            if ui.selectable_label(shown, text).clicked() {
                table.toggle(Column::Pane(pane));
            }
        }
        let more: Vec<Column> = table.columns.iter().copied().filter(|c| matches!(c, Column::Of(_))).collect();
        for column in more {
            let Column::Of(format) = column else { continue };
            if ui.selectable_label(true, format.to_string()).on_hover_text("Click to take it away").clicked() {
                table.toggle(column);
            }
        }
        ui.menu_button("Another format", |ui| {
            if let Some(format) = families_ui(ui, &|format| table.columns.contains(&Column::Of(format))) {
                table.toggle(Column::Of(format));
            }
        });
        ui.separator();
        ui.checkbox(&mut table.kinds, "Kind").on_hover_text("What a tensor does in the model, told from its name");
        ui.checkbox(&mut table.statistics, "Statistics of the weights");
        ui.separator();
        ui.radio_value(&mut table.figure, Figure::Rho, "Error as ρ");
        ui.radio_value(&mut table.figure, Figure::Sqnr, "Error as SQNR, dB");
    });
    response.response.on_hover_text("Any formats as columns; statistics; how errors are written");
}

/// What the table shows, for one frame.
struct Sheet<'a> {
    tensors: &'a [Tensor],
    state: &'a State,
    formats: &'a [Format],
    /// Bits per weight of each format, where they are the same for all tensors: then they stand in the heading.
    constant: &'a [Option<f64>],
    /// What stands over the errors of each format, and how wide their column is for it.
    headings: &'a [String],
    widths: &'a [f32],
    /// All tensors are stored in one type: then it is named once, above.
    one_type: bool,
}

impl Sheet<'_> {
    fn widths(&self) -> Vec<f32> {
        let mut widths = Vec::new();
        if self.state.table.kinds {
            widths.push(KIND);
        }
        widths.push(76.0);
        if !self.one_type {
            widths.push(48.0);
        }
        widths.push(68.0);
        if self.state.table.statistics {
            widths.extend(Statistic::ALL.map(|_| STATISTIC));
        }
        for (width, constant) in self.widths.iter().zip(self.constant) {
            widths.push(*width);
            widths.extend(constant.is_none().then_some(BITS));
        }
        widths
    }

    fn width(&self) -> f32 {
        NAME + self.widths().iter().map(|w| w + GAP).sum::<f32>() + 14.0
    }

    fn ui(&self, ui: &mut Ui, table: &TensorTable, commands: &mut Vec<Command>) {
        let mut builder = TableBuilder::new(ui)
            .min_scrolled_height(0.0)
            .striped(true)
            .sense(Sense::click())
            .cell_layout(Layout::right_to_left(Align::Center))
            .auto_shrink(false)
            .column(Width::remainder().at_least(NAME).clip(true));
        for width in self.widths() {
            builder = builder.column(Width::exact(width).clip(true));
        }
        let is_selected = |line: &Line| matches!(line, Line::Tensor(t) if *t == self.state.tensor);
        if table.take_scroll()
            && let Some(row) = table.lines.iter().position(is_selected)
        {
            builder = builder.scroll_to_row(row, None);
        }
        let height = if self.constant.iter().any(Option::is_some) { TALL_HEADING } else { HEADING };
        let rows = builder.header(height, |mut header| self.headings_ui(&mut header, commands));
        rows.body(|body| {
            body.rows(ROW, table.lines.len(), |mut row| match &table.lines[row.index()] {
                Line::Tensor(tensor) => self.tensor_ui(&mut row, table, *tensor, commands),
                Line::Group(group) => self.group_ui(&mut row, group, commands),
            });
        });
    }

    fn headings_ui(&self, header: &mut TableRow<'_, '_>, commands: &mut Vec<Command>) {
        let table = &self.state.table;
        let mut cell = |by: SortBy, text: &str, hint: &str| {
            header.col(|ui| heading_ui(ui, by, text, hint, table, commands));
        };
        cell(SortBy::Name, "Tensor", "Name; again for the other way round");
        if table.kinds {
            cell(SortBy::Kind, "Kind", "What it does in the model, told from its name");
        }
        cell(SortBy::Shape, "Shape", "Rows × values in a row");
        if !self.one_type {
            cell(SortBy::Dtype, "Type", "Type of the stored values");
        }
        cell(SortBy::Values, "Values", "How many");
        if table.statistics {
            for which in Statistic::ALL {
                cell(SortBy::Statistic(which), which.label(), which.hint());
            }
        }
        let formula = match table.figure {
            Figure::Rho => "‖error‖ ÷ ‖original‖",
            Figure::Sqnr => "SQNR in dB",
        };
        for ((&format, constant), text) in self.formats.iter().zip(self.constant).zip(self.headings) {
            let hint =
                format!("Weight error under {format}: {formula}. The deeper the colour, the larger in its column.");
            if constant.is_some() {
                let hint = format!("{hint} Every tensor takes the same bits per weight. {STAND_IN_HINT}");
                cell(SortBy::Error(format), text, &hint);
            } else {
                cell(SortBy::Error(format), text, &hint);
                cell(SortBy::Bits(format), "bpw", &format!("{BITS_HINT}. {STAND_IN_HINT}"));
            }
        }
    }

    fn tensor_ui(&self, row: &mut TableRow<'_, '_>, table: &TensorTable, tensor: usize, commands: &mut Vec<Command>) {
        let info = &self.tensors[tensor];
        let selected = tensor == self.state.tensor;
        row.set_selected(selected);
        row.col(|ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = fitted_name(ui, &info.name, ui.available_width() - 2.0);
                let name = RichText::new(name).small();
                let hint = info.packed.map_or_else(|| info.name.clone(), |p| format!("{}\n{}", info.name, p.what));
                let name = if info.packed.is_some() { name.weak() } else { name };
                ui.add(egui::Label::new(name).extend()).on_hover_text(hint);
            });
        });
        if self.state.table.kinds {
            row.col(|ui| _ = small(ui, info.packed.map_or_else(|| kind(table, tensor), |p| p.what.to_owned())));
        }
        row.col(|ui| _ = small(ui, figures::shape(&info.shape)));
        if !self.one_type {
            row.col(|ui| _ = small(ui, info.dtype.name()));
        }
        row.col(|ui| _ = small(ui, figures::count(info.values as u64)));
        if self.state.table.statistics {
            for which in Statistic::ALL {
                row.col(|ui| statistic_ui(ui, table, tensor, which));
            }
        }
        for (&format, constant) in self.formats.iter().zip(self.constant) {
            self.cells_ui(row, table, tensor, (format, constant.is_none()));
        }
        let response = row.response();
        response.widget_info(|| {
            let name = format!("Tensor {}", info.name);
            egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, selected, name)
        });
        if response.clicked() {
            commands.push(Command::SelectTensor(tensor));
        }
    }

    /// The error and, where `bits` vary, those.
    fn cells_ui(&self, row: &mut TableRow<'_, '_>, table: &TensorTable, tensor: usize, (format, bits): (Format, bool)) {
        let column = table.columns.get(&format);
        match column.and_then(|column| column.cells[tensor].as_ref()) {
            Some(Ok(figures)) => {
                let range = table.range(format).filter(|_| !table.apart[tensor]);
                self.figures_ui(row, (tensor, format), figures, (range, bits));
            }
            Some(Err(why)) => {
                for _ in 0..1 + usize::from(bits) {
                    row.col(|ui| {
                        ui.weak(figures::NONE).on_hover_text(why.to_string());
                    });
                }
            }
            None => {
                row.col(|ui| {
                    ui.weak("…");
                });
                if bits {
                    row.col(|_| {});
                }
            }
        }
    }

    /// The error, coloured by where it stands in its column, and the bits; the last of them is marked where another type
    /// is stored.
    fn figures_ui(
        &self,
        row: &mut TableRow<'_, '_>,
        (tensor, format): (usize, Format),
        (error, rate): &(ScalarError, Rate),
        (range, bits): (Option<(f64, f64)>, bool),
    ) {
        let info = &self.tensors[tensor];
        let add_remark = |response: egui::Response| {
            if response.hovered()
                && let Some(remark) = remarks(info, format, error, rate)
            {
                response.on_hover_text(format!("stored as {}; {remark}", stored_type(info, format)));
            }
        };
        let mark = if stands_in(info, format) { "*" } else { "" };
        row.col(|ui| {
            if let Some((low, high)) = range.filter(|(low, high)| high > low) {
                let share = ((high - error.sqnr_db()) / (high - low)).clamp(0.0, 1.0) as f32;
                let color = theme::heat(ui.visuals().dark_mode, share);
                ui.painter().rect_filled(cell_rect(ui), 0.0, color);
            }
            let text = self.written(error);
            add_remark(small(ui, if bits { text } else { text + mark }));
        });
        if bits {
            row.col(|ui| add_remark(small(ui, format!("{}{mark}", figures::bits(rate.bits_per_sample())))));
        }
    }

    fn written(&self, error: &ScalarError) -> String {
        match self.state.table.figure {
            Figure::Rho => rho(error),
            Figure::Sqnr if !error.sqnr_db().is_finite() => sqnr(error),
            Figure::Sqnr => format!("{:.1}", error.sqnr_db()),
        }
    }

    fn group_ui(&self, row: &mut TableRow<'_, '_>, group: &Heading, commands: &mut Vec<Command>) {
        let strong = |ui: &mut Ui, text: String| {
            ui.add(egui::Label::new(RichText::new(text).small().strong()).truncate());
        };
        row.col(|ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let arrow = if group.folded { "⏵" } else { "⏷" };
                let count = figures::count(group.tensors as u64);
                strong(ui, format!("{arrow} {}  ({count})", group.name));
            });
        });
        let skipped = usize::from(self.state.table.kinds) + 1 + usize::from(!self.one_type);
        for _ in 0..skipped {
            row.col(|_| {});
        }
        row.col(|ui| strong(ui, figures::count(group.values)));
        if self.state.table.statistics {
            for _ in Statistic::ALL {
                row.col(|_| {});
            }
        }
        for ((error, rate), constant) in group.sums.iter().zip(self.constant) {
            let known = error.values > 0;
            row.col(|ui| strong(ui, if known { self.written(error) } else { String::new() }));
            if constant.is_none() {
                let bits = figures::bits(rate.bits_per_sample());
                row.col(|ui| strong(ui, if known { bits } else { String::new() }));
            }
        }
        let response = row.response();
        response.widget_info(|| {
            let name = format!("Group {}", group.name);
            egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, !group.folded, name)
        });
        if response.clicked() {
            commands.push(Command::FoldGroup(group.name.clone()));
        }
    }
}

fn small(ui: &mut Ui, text: String) -> egui::Response {
    ui.add(egui::Label::new(RichText::new(text).small()).truncate())
}

fn cell_rect(ui: &Ui) -> Rect {
    ui.max_rect().expand2(egui::vec2(GAP / 2.0, 0.0))
}

fn kind(table: &TensorTable, tensor: usize) -> String {
    let place = table.places[tensor];
    match (place.role, place.bias) {
        (Role::Unknown, false) => figures::NONE.to_owned(),
        (Role::Unknown, true) => "bias".to_owned(),
        (role, true) => format!("{}, bias", role.label()),
        (role, false) => role.label().to_owned(),
    }
}

fn statistic_ui(ui: &mut Ui, table: &TensorTable, tensor: usize, which: Statistic) {
    match table.statistics.get(tensor).and_then(Option::as_ref) {
        Some(Ok(_)) => {
            let value = table.statistic(tensor, which).unwrap_or(0.0);
            small(
                ui,
                match which {
                    Statistic::Outliers | Statistic::Nan => figures::count(value as u64),
                    Statistic::Sparsity => format!("{:.2} %", value * 100.0),
                    _ => figures::significant(value),
                },
            );
        }
        Some(Err(why)) => {
            ui.weak(figures::NONE).on_hover_text(why.to_string());
        }
        None => {
            ui.weak("…");
        }
    }
}

/// What stands over the errors under a format; with its bits per weight where all tensors take the same.
fn heading(format: Format, bits: Option<f64>, state: &State) -> String {
    let sign = if state.table.figure == Figure::Rho { "ρ " } else { "" };
    let title = format_title(format);
    let title = title.strip_suffix('s').filter(|t| t.ends_with("bit")).unwrap_or(&title);
    bits.map_or(format!("{sign}{title}"), |bits| format!("{sign}{title}\n{} bpw", figures::bits(bits)))
}

/// Room for a heading and the arrow that says that the table is sorted by it.
fn heading_width(ui: &Ui, text: &str) -> f32 {
    const ARROW: f32 = 14.0;
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::small_font(), ui.visuals().text_color());
    (galley.size().x + ARROW).max(ERROR)
}

fn heading_ui(ui: &mut Ui, by: SortBy, text: &str, hint: &str, state: &TableState, commands: &mut Vec<Command>) {
    let layout = if by == SortBy::Name { Layout::left_to_right(Align::Center) } else { *ui.layout() };
    ui.with_layout(layout, |ui| {
        let arrow = match (state.sort == by, state.descending) {
            (true, false) => " ⏶",
            (true, true) => " ⏷",
            _ => "",
        };
        let label = egui::Button::new(RichText::new(format!("{text}{arrow}")).small().strong()).frame(false);
        // The cell's own way, to cut what is too long, would cut the second line off.
        let label = label.wrap_mode(egui::TextWrapMode::Extend);
        if ui.add(label).on_hover_text(hint).clicked() {
            commands.push(Command::SortTable(by));
        }
    });
}
