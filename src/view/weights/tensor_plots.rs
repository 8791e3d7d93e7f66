//! Plots of the chosen tensor: its rows' errors, its histogram down into the tails, and its quantiles beside
//! a Gaussian's.

use egui::{Color32, RichText, Ui, vec2};

use super::formats::format_title;
use crate::figures;
use crate::jobs::Slot;
use crate::run::report::{LevelAxis, TensorReport};
use crate::run::spread::{Spread, TAIL};
use crate::source::tensor::Tensor;
use crate::view::command::Command;
use crate::view::command_table::{NEXT_PLOT, PLOT_HISTOGRAM, PLOT_QUANTILES, PLOT_ROWS};
use crate::view::document::TensorId;
use crate::view::state::State;
use crate::view::theme;
use crate::view::weights::pane::shown_tensor_report;
use crate::view::weights::tensor_plot_state::{Pointed, TensorPlot};
use crate::view::widgets::plots::quantiles::quantiles_ui;
use crate::view::widgets::plots::rows::{RowSeries, rows_ui};
use crate::view::widgets::plots::tails::tails_ui;
use crate::view::work::Work;

/// Which of these is shown, in a row with the plots of all tensors.
pub fn choice_ui(ui: &mut Ui, shown: Option<TensorPlot>, commands: &mut Vec<Command>) {
    for (plot, row) in TensorPlot::ALL.into_iter().zip([&PLOT_ROWS, &PLOT_HISTOGRAM, &PLOT_QUANTILES]) {
        let label = RichText::new(row.text).small();
        let hint = format!("{} ({NEXT_PLOT}: next plot)", row.hint);
        if ui.selectable_label(shown == Some(plot), label).on_hover_text(hint).clicked() {
            commands.push(Command::ShowTensorPlot(Some(plot)));
        }
    }
}

/// Returns what the pointer is over.
pub fn tensor_plot_ui(
    ui: &mut Ui,
    (work, state): (&Work, &mut State),
    tensor: TensorId,
    info: &Tensor,
    plot: TensorPlot,
) -> Option<Pointed> {
    match plot {
        TensorPlot::Rows => row_errors_ui(ui, work, state, tensor, info),
        TensorPlot::Histogram | TensorPlot::Quantiles => spread_ui(ui, work, state, tensor, info, plot),
    }
}

fn row_errors_ui(ui: &mut Ui, work: &Work, state: &State, tensor: TensorId, info: &Tensor) -> Option<Pointed> {
    let shown = work.weight_views.rows.iter().filter_map(Slot::shown);
    let series: Vec<RowSeries<'_>> = shown
        .filter(|(key, _)| key.tensor() == tensor)
        .map(|(key, points)| RowSeries {
            name: format_title(key.spec.format),
            bits: key.spec.format.bits,
            points: points.as_slice(),
        })
        .collect();
    let Some(original) = work.original_of(tensor).filter(|_| !series.is_empty()) else {
        ui.weak("Measuring the rows…");
        return None;
    };
    let line = original.picture_width.max(1);
    let rows = [original.values.len(), info.values].map(|values| values.div_ceil(line));
    let hovered = state.weights_hover.map(|weight| weight.index / line);
    let height = ui.available_height();
    rows_ui(ui, &series, rows.into(), hovered, height).map(Pointed::Row)
}

fn spread_ui(
    ui: &mut Ui,
    work: &Work,
    state: &mut State,
    tensor: TensorId,
    info: &Tensor,
    plot: TensorPlot,
) -> Option<Pointed> {
    let pane = state.weights_pane;
    let shown = work.weight_views.spread.shown();
    let Some((_, spread)) = shown.filter(|(key, _)| key.tensor() == tensor) else {
        ui.weak("Sorting the weights…");
        return None;
    };
    let original = work.original_of(tensor);
    let hovered = state.weights_hover.map(|weight| weight.index);
    let weight = hovered.and_then(|index| Some((index, *original.as_ref()?.values.get(index)?)));
    let color = theme::bits_color(ui.visuals().dark_mode, spread.spec.format.bits);
    if plot == TensorPlot::Quantiles {
        let mark = weight.map(|(_, x)| (f64::from(x) - spread.mean) / spread.std);
        quantiles_beside_text_ui(ui, spread, color, mark, &shares_text(info, spread));
        None
    } else {
        let report = shown_tensor_report(&work.tensor_panes[pane], tensor).filter(|r| r.spec == spread.spec);
        let place = weight.zip(report).map(|((index, x), report)| on_axis(report, index, x));
        let log = state.log_histogram;
        let text = shares_text(info, spread);
        let range = tails_ui(ui, spread, &mut state.tensor_plots.tails, (log, color), place, &text);
        range.map(|range| Pointed::Bin(pane, range))
    }
}

const QUANTILES_TEXT: f32 = 190.0;

fn quantiles_beside_text_ui(ui: &mut Ui, spread: &Spread, color: Color32, mark: Option<f64>, shares: &str) {
    let height = ui.available_height();
    let name = format_title(spread.spec.format);
    ui.horizontal_top(|ui| {
        let width = (ui.available_width() - QUANTILES_TEXT).max(100.0);
        ui.allocate_ui(vec2(width, height), |ui| quantiles_ui(ui, &spread.quantiles, &name, color, mark, height));
        ui.vertical(|ui| {
            let (mean, std) = (figures::significant(spread.mean), figures::significant(spread.std));
            let meaning = "Steeper than the diagonal at the ends: heavier tails than a Gaussian's. Steps: the levels.";
            for text in [shares, &format!("mean {mean}, σ {std}"), meaning] {
                ui.label(RichText::new(text).small().weak());
            }
        });
    });
}

/// Where a weight lies on the axis of the levels.
fn on_axis(report: &TensorReport, index: usize, x: f32) -> f32 {
    let q = &report.quantized;
    match report.levels.axis {
        LevelAxis::Scaled => q.affine(q.group_of(index)).invert([x])[0],
        LevelAxis::Value | LevelAxis::MeanOfGroups => x,
    }
}

fn shares_text(info: &Tensor, spread: &Spread) -> String {
    let all = if spread.values() < info.values { "the first " } else { "" };
    let (values, tail) = (spread.values() as u64, (spread.values() as f64 * TAIL).round() as u64);
    format!("{all}{} weights, {} in a tail", figures::count(values), figures::count(tail))
}
