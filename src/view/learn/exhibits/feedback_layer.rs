//! A layer: how alike its inputs are, where GPTQ sends an error, and the four ways' errors of weights and of outputs.

use egui::{Align2, Rect, Slider, Stroke, Ui, UiBuilder, pos2, vec2};

use crate::figures;
use crate::lesson::exhibits::feedback::compute::{LayerFeedback, LayerWay, Way};
use crate::view::learn::drawing::{Painted, bar_ui, caption, hairline, image_area};
use crate::view::theme;

const TITLE: f32 = 18.0;
const BARS: f32 = 114.0;

pub(super) fn layer_ui(ui: &mut Ui, feedback: &LayerFeedback, painted: &mut Painted, column: &mut usize) {
    let area = ui.available_rect_before_wrap();
    let below = area.with_min_y(area.bottom() - BARS);
    let above = area.with_max_y(below.top() - 8.0);
    let side = (above.height() - TITLE).min(above.width() * 0.5);
    let square = Rect::from_min_size(above.left_top() + vec2(0.0, TITLE), vec2(side, side));
    correlations_ui(ui, square, feedback, painted, column);
    filter_ui(ui, above.with_min_x(square.right() + 16.0).with_max_y(square.bottom()), feedback, column);
    let (left, right) = below.split_left_right_at_fraction(0.5);
    let raw = |way: &LayerWay| way.raw.relative_error();
    let output = |way: &LayerWay| way.output.amplitude();
    bars_ui(ui, left.with_max_x(left.right() - 8.0), "Of the weights: error ρ, shorter is better", feedback, &raw, 4);
    let outputs = "Of the layer's outputs: error ρ, shorter is better";
    bars_ui(ui, right.with_min_x(right.left() + 8.0), outputs, feedback, &output, 8);
}

/// Every two inputs: blue where they go against one another, red where they go together.
fn correlations_ui(ui: &mut Ui, rect: Rect, feedback: &LayerFeedback, painted: &mut Painted, column: &mut usize) {
    let title = "How alike each two inputs are";
    caption(ui, rect.left_top() - vec2(0.0, 2.0), Align2::LEFT_BOTTOM, title, true);
    let response = image_area(ui, rect, title);
    painted.paint(ui, "lesson-correlations", &feedback.correlations, rect, false);
    let columns = feedback.filter.columns().max(1);
    let step = rect.height() / columns as f32;
    if let Some(p) = response.hover_pos().filter(|p| rect.contains(*p)) {
        *column = (((p.y - rect.top()) / step) as usize).min(columns - 1);
    }
    let row =
        Rect::from_min_size(pos2(rect.left(), rect.top() + step * *column as f32), vec2(rect.width(), step.max(2.0)));
    let accent = theme::accent(ui.visuals().dark_mode);
    ui.painter().rect_stroke(row.expand(1.0), 0.0, Stroke::new(1.5, accent), egui::StrokeKind::Outside);
}

/// A stem for each later weight of the row: the share of the error that it gets.
fn filter_ui(ui: &mut Ui, rect: Rect, feedback: &LayerFeedback, column: &mut usize) {
    let columns = feedback.filter.columns().max(1);
    let head = rect.with_max_y(rect.top() + 24.0);
    ui.scope_builder(UiBuilder::new().max_rect(head), |ui| {
        ui.horizontal(|ui| {
            let label = ui.label("GPTQ's filter for input");
            ui.spacing_mut().slider_width = (ui.available_width() - 60.0).clamp(60.0, 220.0);
            ui.add(Slider::new(column, 0..=columns - 1)).labelled_by(label.id);
        });
    });
    let plot = Rect::from_min_max(pos2(rect.left(), head.bottom() + 6.0), rect.max - vec2(0.0, 16.0));
    image_area(ui, plot, "Shares of the error that the later weights of the row get");
    ui.painter().rect_filled(plot, 2.0, ui.visuals().extreme_bg_color);
    let shares = feedback.filter.after(*column);
    let top = shares.iter().fold(0.25f32, |top, s| top.max(s.abs()));
    let middle = plot.center().y;
    let x_of = |column: usize| plot.left() + plot.width() * (column as f32 + 0.5) / columns as f32;
    let width = (plot.width() / columns as f32 * 0.7).clamp(1.0, 6.0);
    ui.painter().line_segment([pos2(plot.left(), middle), pos2(plot.right(), middle)], hairline(ui));
    let dark = ui.visuals().dark_mode;
    for (later, share) in (*column + 1..).zip(shares).filter(|(_, share)| **share != 0.0) {
        let tip = pos2(x_of(later), middle - share / top * plot.height() * 0.46);
        ui.painter().line_segment([pos2(tip.x, middle), tip], Stroke::new(width, theme::bits_color(dark, 8)));
    }
    let here = x_of(*column);
    let line = [pos2(here, plot.top()), pos2(here, plot.bottom())];
    ui.painter().line_segment(line, Stroke::new(2.0, ui.visuals().strong_text_color()));
    let scale = format!("± {}", figures::significant(f64::from(top)));
    caption(ui, plot.right_top() + vec2(-4.0, 2.0), Align2::RIGHT_TOP, &scale, false);
    caption(ui, plot.left_bottom() + vec2(0.0, 2.0), Align2::LEFT_TOP, "weights of a row, in order", false);
    let all_zero = shares.iter().all(|s| *s == 0.0);
    if all_zero && !shares.is_empty() {
        caption(ui, plot.center(), Align2::CENTER_BOTTOM, "nobody gets anything", true);
    }
}

fn bars_ui(ui: &mut Ui, rect: Rect, title: &str, feedback: &LayerFeedback, of: &dyn Fn(&LayerWay) -> f64, color: u8) {
    let top = feedback.ways.iter().map(of).filter(|x| x.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
    let color = theme::bits_color(ui.visuals().dark_mode, color);
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        ui.strong(title);
        for way in &feedback.ways {
            let name = if way.way == Way::AlongTheRow { "Along the row" } else { way.way.label() };
            let error = of(way);
            let share = if error.is_finite() { (error / top) as f32 } else { 1.0 };
            bar_ui(ui, (name, &figures::rho(error)), (100.0, 70.0), share, color);
        }
    });
}
