//! The weights: the table of all tensors, the chosen one at three widths, and the error per layer.

use egui::{CentralPanel, ComboBox, Panel, RichText, Ui};

use super::app::{App, original_of};
use super::budget::budget_ui;
use super::command::Command;
use super::command_table::{BUDGET, FORMAT_COMPARISON, MICROSCOPE, TENSORS};
use super::compare::{Comparison, ErrorScale, Marks, Mode, PaneContent, compare_ui};
use super::controls::{ViewControls, view_controls_ui};
use super::figure_rows::{Figure, figure_grid, figures_ui, rho, sqnr};
use super::format_comparison::format_comparison_ui;
use super::formats::{format_menu_ui, format_title};
use super::microscope::microscope_ui;
use super::names::fitted_heading;
use super::photo::{content_frame, controls_frame, empty_ui};
use super::plots::depth::depth_ui;
use super::plots::histogram;
use super::plots::layers::{Layers, layers_ui};
use super::state::{Side, State};
use super::table::{TableState, caveats_ui, table_ui};
use super::tensor_plots::{Pointed, tensor_plot_ui};
use super::weight_views::WeightViews;
use super::work::{ModelDocument, TensorKey};
use super::{codebook, figures, keys, receipt, tensor_plots, theme};
use crate::engine::fit::Method;
use crate::engine::format::{Format, Group, LevelRule};
use crate::jobs::{Running, Slot};
use crate::run::bin_members::Range;
use crate::run::report::{LevelAxis, TensorOriginal, TensorReport};
use crate::run::tensor::pictured;
use crate::source::tensor::{Tensor, requantizing};
use crate::spec::{Stage, TensorSpec, WeightSettings};

pub(super) fn weights_ui(app: &mut App, ui: &mut Ui, commands: &mut Vec<Command>) {
    Panel::top("weights-controls").frame(controls_frame(ui)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            settings_ui(ui, &app.state, commands);
            format_menu_ui(ui, &app.state, commands);
            let controls = ViewControls {
                name: "weight views",
                mode: app.state.weights_mode,
                modes: Mode::OF_ANY,
                lens: app.state.lens,
                viewport: &app.state.compare_weights.viewport,
            };
            let log_histogram = &mut app.state.log_histogram;
            view_controls_ui(ui, &controls, commands, |ui, _| {
                ui.checkbox(log_histogram, "Log counts").on_hover_text("Histograms on a logarithmic scale");
            });
        });
    });
    let Some(document) = app.model.clone() else {
        let text = app.drops.invitation("a model (.safetensors or .gguf)");
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
            plot_choice_ui(ui, &app.state, commands);
            // Words that stand in for a plot must not make the panel smaller.
            let height = ui.available_height();
            ui.set_min_height(height);
            let info = document.model.tensors.get(app.state.tensor);
            if let (Some(plot), Some(info)) = (app.state.tensor_plots.shown, info) {
                pointed = tensor_plot_ui(ui, (&app.work, &mut app.state), (document.id, info), plot);
                return;
            }
            let height = ui.available_height();
            if app.state.table.by_depth {
                let format = app.state.pane_format(app.state.weights_pane);
                depth_ui(ui, app.table.depths(format), &format.to_string(), height);
                return;
            }
            let tensor_at = |rank: usize| app.table.order().get(rank).copied();
            let info_at = |rank: usize| document.model.tensors.get(tensor_at(rank)?);
            let layers = Layers {
                series: &app.table.layers(),
                tensors: document.model.tensors.len(),
                selected: app.table.rank(app.state.tensor),
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
        .show(ui, |ui| side_ui(app, ui, &document, commands));
    let Some(info) = document.model.tensors.get(app.state.tensor) else {
        CentralPanel::default().show(ui, |ui| empty_ui(ui, "This file has no tensors."));
        return;
    };
    Panel::bottom("weights-figures")
        .frame(controls_frame(ui))
        .exact_size(228.0)
        .show(ui, |ui| pointed = pointed.or(columns_ui(ui, app, info)));
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        heading_ui(ui, info);
        let original = original_of(&app.work, document.id, app.state.tensor);
        let slots: Vec<&Slot<TensorKey, TensorReport>> = app.work.tensor_panes.iter().collect();
        let formats = app.state.pane_formats();
        let failure = info.unreadable().or(app.work.tensor_original.error());
        app.state.pointed = pointed;
        let marks = marks(&app.work.weight_views, pointed);
        let out = tensor_panes_ui(
            ui,
            &mut app.state.compare_weights,
            &TensorPanes {
                name: "weights",
                document: document.id,
                tensor: app.state.tensor,
                original: original.as_deref(),
                slots: &slots,
                formats: &formats,
                mode: app.state.weights_mode,
                selected: app.state.weights_pane,
                lens: app.state.lens,
                marks,
                failure,
            },
        );
        if let Some(pane) = out.clicked {
            commands.push(Command::SelectPane(pane));
        }
        if app.state.weights_mode == Mode::ErrorMap && out.hovered.is_none() {
            app.hover = "Each map has its own scale. Hover a weight: its error is marked on them.".to_owned();
        }
        if app.state.weights_hover != out.hovered {
            app.state.weights_hover = out.hovered;
            // The plots were drawn before the pictures: they follow in the next frame, and that comes now.
            ui.ctx().request_repaint();
        }
        if let Some((_, index)) = out.hovered.filter(|_| app.state.weights_side == Side::Microscope) {
            app.state.microscope.index = Some(index);
        }
        if let (Some((pane, index)), Some(original)) = (out.hovered, &original) {
            let report = shown_report(&app.work.tensor_panes[pane], document.id, app.state.tensor);
            app.hover = weight_text(info, original, report, index);
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
fn side_ui(app: &mut App, ui: &mut Ui, document: &ModelDocument, commands: &mut Vec<Command>) {
    // What it holds may be narrower than the panel was drawn.
    ui.take_available_width();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (side, row) in Side::ALL.into_iter().zip([&TENSORS, &FORMAT_COMPARISON, &MICROSCOPE, &BUDGET]) {
            let chosen = app.state.weights_side == side;
            if ui.selectable_label(chosen, row.text).on_hover_text(row.tip()).clicked() {
                commands.push(Command::ShowSide(side));
            }
        }
    });
    let no_weights = document.model.tensors.get(app.state.tensor).and_then(Tensor::unreadable);
    match app.state.weights_side {
        Side::FormatComparison | Side::Microscope if no_weights.is_some() => {
            ui.weak(format!("Nothing can be measured of this tensor: {}.", no_weights.unwrap_or_default()));
        }
        Side::Tensors => table_ui(ui, &mut app.table, document, &app.state, commands),
        Side::Microscope => {
            let original = original_of(&app.work, document.id, app.state.tensor);
            if let (Some(original), Some(info)) = (original, document.model.tensors.get(app.state.tensor)) {
                microscope_ui(ui, &app.microscope, info, &original.values, &app.state, commands);
            }
        }
        Side::Budget => {
            budget_ui(ui, &mut app.budget_state, document, (app.state.tensor, app.table.order()), commands);
        }
        Side::FormatComparison => {
            let info = document.model.tensors.get(app.state.tensor);
            caveats_ui(ui, requantizing(info).as_deref());
            let work = (app.work.format_comparison.progress(), app.work.format_comparison.is_cancelled());
            format_comparison_ui(ui, &app.format_comparison, &mut app.state, work, receipt::HEIGHT, commands);
            let slot = &app.work.tensor_panes[app.state.weights_pane];
            if let Some(report) = shown_report(slot, document.id, app.state.tensor) {
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

/// The original and its reductions as heat maps.
pub(super) struct TensorPanes<'a> {
    pub name: &'a str,
    pub document: u64,
    pub tensor: usize,
    pub original: Option<&'a TensorOriginal>,
    pub slots: &'a [&'a Slot<TensorKey, TensorReport>],
    pub formats: &'a [Format],
    pub mode: Mode,
    /// The chosen reduction, from 0.
    pub selected: usize,
    /// Whether the magnifier is on.
    pub lens: bool,
    pub marks: Marks<'a>,
    pub failure: Option<&'a str>,
}

#[derive(Default)]
pub(super) struct TensorPanesResponse {
    /// The reduction that is asked about and the weight under the pointer.
    pub hovered: Option<(usize, usize)>,
    pub clicked: Option<usize>,
}

pub(super) fn tensor_panes_ui(
    ui: &mut Ui,
    state: &mut super::compare::CompareState,
    t: &TensorPanes<'_>,
) -> TensorPanesResponse {
    let extent = t.original.map_or((64, 64), |o| (o.picture.width, o.picture.height));
    let top = t.original.map(|o| format!("colours ±{}", figures::significant(f64::from(o.top)))).unwrap_or_default();
    let reports: Vec<_> = t.slots.iter().map(|s| shown_report(s, t.document, t.tensor)).collect();
    let shown: Vec<Format> =
        reports.iter().zip(t.formats).map(|(r, wanted)| r.map_or(*wanted, |r| r.spec.format)).collect();
    let titles: Vec<String> = shown.iter().map(|&f| format_title(f)).collect();
    let names: Vec<String> =
        shown.iter().map(|f| if format_title(*f) == f.to_string() { String::new() } else { f.to_string() }).collect();
    let captions: Vec<String> = reports.iter().map(|r| r.map(caption).unwrap_or_default()).collect();
    let mut panes = vec![PaneContent {
        title: "Original",
        caption: &top,
        picture: t.original.map(|o| &o.picture),
        stale: (t.original.is_none() && t.failure.is_none()).then_some(0.0),
        message: t.failure,
        ..PaneContent::default()
    }];
    for (i, report) in reports.iter().enumerate() {
        let wanted = (t.document, TensorSpec { tensor: t.tensor, format: t.formats[i] });
        let current = t.slots[i].shown().is_some_and(|(key, r)| *key == wanted && r.stage == Stage::Full);
        panes.push(PaneContent {
            title: &titles[i],
            detail: &names[i],
            caption: &captions[i],
            picture: report.map(|r| &r.picture),
            error_map: report.map(|r| &r.error_map),
            error_scale: report.map(|r| ErrorScale { unit: "|error|", hint: ERROR_HINT, top: r.error_top }),
            stale: (!current && t.slots[i].is_busy()).then(|| t.slots[i].progress().unwrap_or(0.0)),
            message: t.slots[i].error(),
        });
    }
    let lens = |pane: usize, (x, y): (u32, u32)| {
        let index = y as usize * extent.0 as usize + x as usize;
        let report = pane.checked_sub(1).and_then(|i| reports[i]);
        t.original.map(|o| lens_text(o, report, index)).unwrap_or_default()
    };
    let out = compare_ui(
        ui,
        state,
        &Comparison {
            name: t.name,
            panes: &panes,
            extent,
            mode: t.mode,
            base: 0,
            selected: t.selected + 1,
            show_original: keys::original_is_held(ui.ctx()),
            transparent: false,
            lens: t.lens.then_some(&lens),
            marks: t.marks,
        },
    );
    TensorPanesResponse {
        hovered: out.hovered.map(|(pane, (x, y))| {
            let index = y as usize * extent.0 as usize + x as usize;
            (if pane == 0 { t.selected } else { pane - 1 }, index)
        }),
        clicked: out.clicked.and_then(|p| p.checked_sub(1)),
    }
}

pub(super) fn shown_report(
    slot: &Slot<TensorKey, TensorReport>,
    document: u64,
    tensor: usize,
) -> Option<&TensorReport> {
    slot.shown().filter(|(key, _)| key.0 == document && key.1.tensor == tensor).map(|(_, report)| &**report)
}

pub(super) fn caption(report: &TensorReport) -> String {
    let preview = if report.stage == Stage::Preview { "preview  " } else { "" };
    format!("{preview}{}", sqnr(&report.error))
}

/// "row 3, column 17: 0.0213 → code 12, scale 0.0031, 0.0217, error −0.0004, 4.50 bits"
pub(super) fn weight_text(
    info: &Tensor,
    original: &TensorOriginal,
    report: Option<&TensorReport>,
    index: usize,
) -> String {
    let Some(&x) = original.values.get(index) else { return String::new() };
    let number = |v: f32| figures::significant(f64::from(v));
    let row = info.row_len().max(1);
    let mut text = format!("row {}, column {}:  {}", index / row, index % row, number(x));
    if let Some(report) = report.filter(|r| r.stage == Stage::Full)
        && let Some(&y) = report.decoded.get(index)
    {
        let q = &report.quantized;
        text += "  →";
        if let Some(code) = q.codes.get(index) {
            text += &format!("  code {code}");
            if let Some(affine) = q.affines.get(q.group_of(index)) {
                text += &format!("   scale {}", number(affine.scale));
            }
        }
        text += &format!("   decoded {}   error {}", number(y), number(y - x));
        if let LevelRule::Block(kind) = report.spec.format.rule {
            text += &format!("   block {}", index / kind.block_len());
        } else if !q.codes.is_empty() {
            text += &format!("   group {}", q.group_of(index));
        }
        text += &format!("   {} bits per weight", figures::bits(report.rate.bits_per_sample()));
    }
    text
}

const ERROR_HINT: &str = "The size of a weight's error: decoded less original";

/// The magnifier's lines: the weight; its code; its error.
fn lens_text(original: &TensorOriginal, report: Option<&TensorReport>, index: usize) -> Vec<String> {
    let number = |v: f32| figures::significant(f64::from(v));
    let Some(&x) = original.values.get(index) else { return Vec::new() };
    let Some(report) = report else { return vec![number(x)] };
    let Some(&y) = report.decoded.get(index).filter(|_| report.stage == Stage::Full) else { return Vec::new() };
    let mut lines = vec![number(y)];
    lines.extend(report.quantized.codes.get(index).map(|code| format!("code {code}")));
    lines.push(format!("error {}", number(y - x)));
    lines
}

const LEVELS: f32 = 46.0;
const HISTOGRAM: f32 = 72.0;

/// What the heat maps mark, since the pointer is over it in a plot.
fn marks<'a>(views: &'a WeightViews, pointed: Option<Pointed>) -> Marks<'a> {
    match pointed {
        Some(Pointed::Row(row)) => Marks { row: Some(row as u32), ..Marks::default() },
        Some(Pointed::Bin(..)) => match views.within.shown() {
            Some((_, found)) => Marks { veil: Some(&found.veil), pixels: &found.few, row: None },
            None => Marks::default(),
        },
        None => Marks::default(),
    }
}

/// Levels, histogram and figures under each pane; returns what the pointer is over.
fn columns_ui(ui: &mut Ui, app: &App, info: &Tensor) -> Option<Pointed> {
    let document = app.model.as_ref()?;
    let mut pointed = None;
    let original = original_of(&app.work, document.id, app.state.tensor);
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
        for (i, slot) in app.work.tensor_panes.iter().enumerate() {
            let ui = &mut columns[i + 1];
            let Some(report) = shown_report(slot, document.id, app.state.tensor) else { continue };
            let chosen = i == app.state.weights_pane;
            let at = app.state.weights_hover.map(|(_, index)| index);
            let hovered = at.and_then(|index| Some((index, *original.as_ref()?.values.get(index)?)));
            let range = column_ui(ui, report, chosen, app.state.log_histogram, hovered);
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

pub(super) fn levels_and_histogram_ui(
    ui: &mut Ui,
    report: &TensorReport,
    log: bool,
    hovered: Option<(usize, f32)>,
    (levels, plot): (f32, f32),
) -> Option<Range> {
    let color = theme::bits_color(ui.visuals().dark_mode, report.spec.format.bits);
    let q = &report.quantized;
    let level = hovered.and_then(|(index, _)| q.codes.get(index)).map(|&code| usize::from(code));
    let mark = hovered.map(|(index, x)| match report.levels.axis {
        LevelAxis::Scaled if index < q.codes.len() => q.affine(q.group_of(index)).invert([x])[0],
        _ => x,
    });
    codebook::levels_ui(ui, &report.levels, levels, color, level);
    histogram::weights_ui(ui, (&report.histogram, &report.levels), log, color, plot, mark)
}

pub(super) fn weight_figures(report: &TensorReport) -> Vec<Figure> {
    let e = &report.error;
    let errors = [
        Figure::new("weight error ρ", rho(e)),
        Figure::new("SQNR", sqnr(e)),
        Figure::new("largest error", figures::significant(f64::from(e.max_abs))),
    ];
    let bits = Figure::new("bits per weight", figures::bits(report.rate.bits_per_sample()));
    errors.into_iter().map(|figure| figure.of_stage(report.stage)).chain([bits]).collect()
}
