//! The weights: the table of all tensors, the chosen one at three widths, and the error per layer.

use egui::{CentralPanel, ComboBox, Panel, RichText, Ui};

use super::budget::budget_state::BudgetState;
use super::format_comparison::format_comparison_ui;
use super::formats::{format_menu_ui, format_title};
use super::microscope::microscope_ui;
use super::tensor_plots::{self, tensor_plot_ui};
use super::weight_views::WeightViews;
use crate::engine::fit::Method;
use crate::engine::format::{Group, LevelRule};
use crate::figures;
use crate::jobs::{Running, Slot};
use crate::run::bin_members::Range;
use crate::run::report::TensorReport;
use crate::run::tensor::pictured;
use crate::source::tensor::{Tensor, requantizing};
use crate::spec::WeightSettings;
use crate::view::command::Command;
use crate::view::command_table::{BUDGET, FORMAT_COMPARISON, MICROSCOPE, TENSORS};
use crate::view::document::{ModelDocument, TensorKey};
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::state::{Side, State};
use crate::view::theme;
use crate::view::weights::budget::panel::budget_ui;
use crate::view::weights::pane::{
    TensorPanes, levels_and_histogram_ui, shown_tensor_report, tensor_panes_ui, weight_figures, weight_text,
};
use crate::view::weights::table::draw::{caveats_ui, table_ui};
use crate::view::weights::table::state::TableState;
use crate::view::weights::tensor_plot_state::{HoveredWeight, Pointed};
use crate::view::widgets::compare::comparison::Marks;
use crate::view::widgets::compare::mode::Mode;
use crate::view::widgets::controls::{MODES_OF_ANY, ViewControls, view_controls_ui};
use crate::view::widgets::figure_rows::{figure_grid, figures_ui};
use crate::view::widgets::frames::{content_frame, controls_frame, empty_ui};
use crate::view::widgets::names::fitted_heading;
use crate::view::widgets::plots::depth::depth_ui;
use crate::view::widgets::plots::layers::{Layers, layers_ui};
use crate::view::widgets::receipt;

pub(crate) fn weights_ui(
    (state, results, budget): (&mut State, &Results, &mut BudgetState),
    drops: &Drops,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    Panel::top("weights-controls").frame(controls_frame(ui)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            settings_ui(ui, state, commands);
            format_menu_ui(ui, state, commands);
            let controls = ViewControls {
                name: "weight views",
                mode: state.weights_mode,
                modes: MODES_OF_ANY,
                lens: state.lens,
                viewport: &state.compare_weights.viewport,
            };
            let log_histogram = &mut state.log_histogram;
            view_controls_ui(ui, &controls, commands, |ui, _| {
                ui.checkbox(log_histogram, "Log counts").on_hover_text("Histograms on a logarithmic scale");
            });
        });
    });
    let Some(document) = results.model.clone() else {
        let text = drops.invitation("a model (.safetensors or .gguf)");
        CentralPanel::default().show(ui, |ui| empty_ui(ui, &text));
        return;
    };
    let mut pointed = None;
    Panel::bottom("weights-layers")
        .frame(controls_frame(ui))
        .resizable(true)
        .default_size((ui.available_height() * 0.23).max(168.0))
        .size_range(100.0..=420.0)
        .show(ui, |ui| {
            plot_choice_ui(ui, state, commands);
            // Words that stand in for a plot must not make the panel smaller.
            let height = ui.available_height();
            ui.set_min_height(height);
            let info = document.model.tensors.get(state.tensor);
            if let (Some(plot), Some(info)) = (state.tensor_plots.shown, info) {
                let tensor = document.tensor_id(state.tensor);
                pointed = tensor_plot_ui(ui, (&results.work, state), tensor, info, plot);
                return;
            }
            let height = ui.available_height();
            if state.table.by_depth {
                let format = state.pane_format(state.weights_pane);
                depth_ui(ui, results.table.depths(), &format.to_string(), height);
                return;
            }
            let tensor_at = |rank: usize| results.table.order().get(rank).copied();
            let info_at = |rank: usize| document.model.tensors.get(tensor_at(rank)?);
            let layers = Layers {
                series: &results.table.layers(),
                tensors: document.model.tensors.len(),
                selected: results.table.rank(state.tensor),
                name_of: &|rank| info_at(rank).map(|info| info.name.clone()).unwrap_or_default(),
            };
            if let Some(tensor) = layers_ui(ui, &layers, height).and_then(tensor_at) {
                commands.push(Command::SelectTensor(tensor));
            }
        });
    Panel::left("weights-table")
        .frame(controls_frame(ui))
        .resizable(true)
        .default_size(640.0)
        .size_range(260.0..=900.0)
        .show(ui, |ui| side_ui((state, results, budget), ui, &document, commands));
    let Some(info) = document.model.tensors.get(state.tensor) else {
        CentralPanel::default().show(ui, |ui| empty_ui(ui, "This file has no tensors."));
        return;
    };
    Panel::bottom("weights-figures")
        .frame(controls_frame(ui))
        .exact_size(228.0)
        .show(ui, |ui| pointed = pointed.or(columns_ui(ui, state, results, info)));
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        heading_ui(ui, info);
        let original = results.tensor_original(state.tensor);
        let slots: Vec<&Slot<TensorKey, TensorReport>> = results.work.tensor_panes.iter().collect();
        let formats = state.pane_formats();
        let failure = info.unreadable().or(results.work.tensor_original.error());
        state.pointed = pointed;
        let marks = marks(&results.work.weight_views, pointed);
        let response = tensor_panes_ui(
            ui,
            &mut state.compare_weights,
            &TensorPanes {
                name: "weights",
                tensor: document.tensor_id(state.tensor),
                original: original.map(|o| &**o),
                slots: &slots,
                formats: &formats,
                mode: state.weights_mode,
                selected: state.weights_pane,
                lens: state.lens,
                marks,
                failure,
            },
        );
        if let Some(pane) = response.clicked {
            commands.push(Command::SelectPane(pane));
        }
        if state.weights_mode == Mode::ErrorMap && response.hovered.is_none() {
            state.hover = "Each map has its own scale. Hover a weight: its error is marked on them.".to_owned();
        }
        if state.weights_hover != response.hovered {
            state.weights_hover = response.hovered;
            // The plots were drawn before the pictures: they follow in the next frame, and that comes now.
            ui.ctx().request_repaint();
        }
        if let Some(HoveredWeight { index, .. }) = response.hovered.filter(|_| state.weights_side == Side::Microscope) {
            state.microscope.index = Some(index);
        }
        if let (Some(HoveredWeight { pane, index }), Some(original)) = (response.hovered, &original) {
            let report = shown_tensor_report(&results.work.tensor_panes[pane], document.tensor_id(state.tensor));
            state.hover = weight_text(info, original, report, index);
        }
    });
}

/// What is plotted below: all tensors, or one.
fn plot_choice_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let (table, shown) = (&state.table, state.tensor_plots.shown);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.y = 0.0;
        ui.spacing_mut().interact_size.y = 18.0;
        for (by_depth, label, hint) in [
            (false, "Every tensor", "The error of each tensor under the table's formats, layer after layer"),
            (true, "By depth and kind", "The error of the chosen pane's format, layer by layer: attention, FFN, norms"),
        ] {
            let chosen = shown.is_none() && table.by_depth == by_depth;
            if ui.selectable_label(chosen, RichText::new(label).small()).on_hover_text(hint).clicked() {
                commands.push(Command::SetTable(TableState { by_depth, ..table.clone() }));
                commands.push(Command::ShowTensorPlot(None));
            }
        }
        tensor_plots::choice_ui(ui, shown, commands);
    });
}

/// The table of all tensors, or the comparison of all formats over the receipt of the chosen pane's.
fn side_ui(
    (state, results, budget): (&mut State, &Results, &mut BudgetState),
    ui: &mut Ui,
    document: &ModelDocument,
    commands: &mut Vec<Command>,
) {
    // What it holds may be narrower than the panel was drawn.
    ui.take_available_width();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (side, row) in Side::ALL.into_iter().zip([&TENSORS, &FORMAT_COMPARISON, &MICROSCOPE, &BUDGET]) {
            let chosen = state.weights_side == side;
            if ui.selectable_label(chosen, row.text).on_hover_text(row.tip()).clicked() {
                commands.push(Command::ShowSide(side));
            }
        }
    });
    let no_weights = document.model.tensors.get(state.tensor).and_then(Tensor::unreadable);
    match state.weights_side {
        Side::FormatComparison | Side::Microscope if no_weights.is_some() => {
            ui.weak(format!("Nothing can be measured of this tensor: {}.", no_weights.unwrap_or_default()));
        }
        Side::Tensors => table_ui(ui, &results.table, document, state, commands),
        Side::Microscope => {
            let original = results.tensor_original(state.tensor);
            if let (Some(original), Some(info)) = (original, document.model.tensors.get(state.tensor)) {
                microscope_ui(ui, &results.microscope, info, &original.values, state, commands);
            }
        }
        Side::Budget => {
            budget_ui(ui, budget, document, (state.tensor, results.table.order()), commands);
        }
        Side::FormatComparison => {
            let info = document.model.tensors.get(state.tensor);
            caveats_ui(ui, requantizing(info).as_deref());
            let work = (results.work.format_comparison.progress(), results.work.format_comparison.is_cancelled());
            format_comparison_ui(ui, &results.format_comparison, state, work, receipt::HEIGHT, commands);
            let slot = &results.work.tensor_panes[state.weights_pane];
            if let Some(report) = shown_tensor_report(slot, document.tensor_id(state.tensor)) {
                receipt::receipt_ui(ui, &report.spec.format.to_string(), &report.rate);
            }
        }
    }
}

fn heading_ui(ui: &mut Ui, info: &Tensor) {
    let shown = pictured(info);
    let mut text = format!("{}  {}", figures::shape(&info.shape), info.dtype.name());
    if shown < info.values {
        let rows = shown / info.row_len().max(1);
        text += &format!("   pictures: first {} rows; figures: all", figures::count(rows as u64));
    }
    text += &requantizing([info]).map_or(String::new(), |output| format!("   {output}"));
    ui.horizontal(|ui| {
        // The shape finds room beside the name where there is enough for both.
        let room = (ui.available_width() - NAME_TO_SHAPE).max(ui.available_width() * 0.5);
        let name = fitted_heading(ui, &info.name, room);
        ui.add(egui::Label::new(RichText::new(name).strong())).on_hover_text(&info.name);
        ui.add(egui::Label::new(RichText::new(text).weak()).truncate());
    });
}

const NAME_TO_SHAPE: f32 = 220.0;

/// Levels, group and clipping of the panes that have no format of their own.
fn settings_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let settings = state.weights;
    let followed = state.pane_formats.iter().any(Option::is_none);
    let mut new = None;
    let rules = [LevelRule::Symmetric, LevelRule::Affine, LevelRule::NF4].into_iter();
    ComboBox::from_id_salt("weights-levels")
        .width(150.0)
        .selected_text(if followed { rule_label(settings.rule) } else { "Formats of their own" })
        .show_ui(ui, |ui| {
            for rule in rules.chain(Method::ALL.map(LevelRule::Fitted)) {
                let chosen = followed && settings.rule == rule;
                if ui.selectable_label(chosen, rule_label(rule)).on_hover_text(rule_hint(rule)).clicked() {
                    new = Some(WeightSettings { rule, ..settings });
                }
            }
        })
        .response
        .on_hover_text("Where the levels lie: one rule for all panes, at 8, 4 and 2 bits");
    if followed {
        let changed = grouping_ui(ui, settings);
        new = new.or(changed);
    }
    if let Some(new) = new {
        commands.push(Command::SetWeights(new));
    }
}

fn grouping_ui(ui: &mut Ui, settings: WeightSettings) -> Option<WeightSettings> {
    let mut new = settings;
    ComboBox::from_id_salt("weights-group")
        .width(110.0)
        .selected_text(group_label(settings.group))
        .show_ui(ui, |ui| {
            let runs = [128, 64, 32, 16].map(Group::Run);
            for group in [Group::Tensor, Group::Row].into_iter().chain(runs) {
                ui.selectable_value(&mut new.group, group, group_label(group));
            }
        })
        .response
        .on_hover_text("Which weights share a scale, or a codebook");
    let fitted = matches!(settings.rule, LevelRule::Fitted(_));
    ui.add_enabled(!fitted, egui::Checkbox::new(&mut new.clip, "Search clipping"))
        .on_hover_text("Clip the largest weights where that lowers the squared error; the bytes stay the same");
    (new != settings).then_some(new)
}

fn rule_label(rule: LevelRule) -> &'static str {
    match rule {
        LevelRule::Symmetric => "Symmetric integers",
        LevelRule::Affine => "Affine integers",
        LevelRule::Table(_) => "NF4 (4 bits only)",
        LevelRule::Fitted(method) => method.row().levels_label,
        LevelRule::Block(kind) => kind.name(),
        LevelRule::Coded(coder) => coder.name,
    }
}

fn rule_hint(rule: LevelRule) -> &'static str {
    match rule {
        LevelRule::Symmetric => "−n … n times a scale; at 2 bits these are three levels, at 1 bit two",
        LevelRule::Affine => "0 … n times a scale from a zero point",
        LevelRule::Table(_) => "16 levels at the quantiles of a normal distribution; other widths stay symmetric",
        LevelRule::Fitted(_) => "Levels learned from the weights: a palette of numbers",
        LevelRule::Block(_) | LevelRule::Coded(_) => "An encoder of its own",
    }
}

fn group_label(group: Group) -> String {
    match group {
        Group::Tensor => "Whole tensor".to_owned(),
        Group::Row => "Each row".to_owned(),
        Group::Run(n) => format!("Groups of {n}"),
        Group::Tile(n) => format!("Tiles of {n} × {n}"),
    }
}

const LEVELS: f32 = 46.0;
const HISTOGRAM: f32 = 72.0;

/// What the heat maps mark, since the pointer is over it in a plot.
fn marks<'a>(views: &'a WeightViews, pointed: Option<Pointed>) -> Marks<'a> {
    match pointed {
        Some(Pointed::Row(row)) => Marks { row: Some(row as u32), ..Marks::default() },
        Some(Pointed::Bin(..)) => match views.bin_members.shown() {
            Some((_, members)) => Marks { veil: Some(&members.veil), pixels: &members.few, row: None },
            None => Marks::default(),
        },
        None => Marks::default(),
    }
}

/// Levels, histogram and figures under each pane; returns what the pointer is over.
fn columns_ui(ui: &mut Ui, state: &State, results: &Results, info: &Tensor) -> Option<Pointed> {
    let document = results.model.as_ref()?;
    let mut pointed = None;
    let original = results.tensor_original(state.tensor);
    ui.columns(4, |columns| {
        let ui = &mut columns[0];
        ui.label(RichText::new("Original").strong());
        if let Some(o) = &original {
            let stored = info.bytes.len() as f64 * 8.0 / info.values.max(1) as f64;
            let mut rows = vec![
                ("shape", figures::shape(&info.shape)),
                ("values", figures::count(info.values as u64)),
                ("stored as", format!("{}, {stored:.0} bits", info.dtype.name())),
                ("bytes", figures::kilobytes(info.bytes.len() as u64)),
                ("NaN", figures::count(o.nan_count)),
                ("infinite", figures::count(o.infinite_count)),
            ];
            if o.nan_count + o.infinite_count == 0 {
                rows.truncate(4);
                rows.push(("NaN, infinite", "none".to_owned()));
            }
            figure_grid(ui, &rows);
        }
        for (i, slot) in results.work.tensor_panes.iter().enumerate() {
            let ui = &mut columns[i + 1];
            let Some(report) = shown_tensor_report(slot, document.tensor_id(state.tensor)) else { continue };
            let chosen = i == state.weights_pane;
            let at = state.weights_hover.map(|weight| weight.index);
            let hovered = at.and_then(|index| Some((index, *original.as_ref()?.values.get(index)?)));
            let range = column_ui(ui, report, chosen, state.log_histogram, hovered);
            pointed = pointed.or(range.map(|range| Pointed::Bin(i, range)));
        }
    });
    pointed
}

fn column_ui(
    ui: &mut Ui,
    report: &TensorReport,
    chosen: bool,
    log: bool,
    hovered: Option<(usize, f32)>,
) -> Option<Range> {
    let dark = ui.visuals().dark_mode;
    let color = if chosen { theme::accent(dark) } else { ui.visuals().strong_text_color() };
    let title = match report.levels.points.len() {
        0 => format_title(report.spec.format),
        levels => format!("{}: {levels} levels", format_title(report.spec.format)),
    };
    ui.label(RichText::new(title).strong().color(color));
    receipt::thin_receipt_ui(ui, &report.rate);
    let range = levels_and_histogram_ui(ui, report, log, hovered, (LEVELS, HISTOGRAM));
    figures_ui(ui, &weight_figures(report));
    range
}
