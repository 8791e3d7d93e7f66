//! Histograms before and after: a photo's as an outline over bars at the palette's values, a tensor's as an
//! area with the codebook's levels as stems on it.

use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::figures;
use crate::run::bin_members::Range;
use crate::run::report::{ChannelHistogram, Histogram, Levels};
use crate::view::theme;
use crate::view::widgets::bounds::between;
use crate::view::widgets::codebook::axis_label;

const LABELS: f32 = 14.0;

/// Red, green and blue, one above the other: the original as an outline, the reduction as bars at the values
/// that its entries have.
pub fn channels_ui(ui: &mut Ui, before: &ChannelHistogram, after: Option<&ChannelHistogram>, height: f32) {
    let (rect, response) = plot_area(ui, height, "Channel histograms");
    let colors = theme::channel_colors(ui.visuals().dark_mode);
    let each = rect.height() / 3.0;
    for (c, color) in colors.into_iter().enumerate() {
        let row = Rect::from_min_size(rect.min + vec2(0.0, each * c as f32), vec2(rect.width(), each - 2.0));
        area(ui.painter(), row, &before.0[c], color.gamma_multiply(if after.is_some() { 0.18 } else { 0.45 }));
        if let Some(after) = after {
            bars(ui.painter(), row, &after.0[c], color);
        }
        outline(ui.painter(), row, &before.0[c], ui.visuals().text_color().gamma_multiply(0.8));
        ui.painter().line_segment([row.left_bottom(), row.right_bottom()], Stroke::new(1.0, faint(ui)));
    }
    if let Some(p) = response.hover_pos().filter(|p| rect.contains(*p)) {
        let value = (((p.x - rect.left()) / rect.width() * 256.0) as usize).min(255);
        response.on_hover_ui_at_pointer(|ui| {
            ui.strong(format!("value {value}"));
            ui.weak("Heights: square roots of counts");
            for (c, name) in ["red", "green", "blue"].into_iter().enumerate() {
                let now = after.map(|a| format!(" → {}", figures::count(a.0[c][value]))).unwrap_or_default();
                ui.label(format!("{name}: {}{now}", figures::count(before.0[c][value])));
            }
        });
    }
}

/// The weights' histogram with the format's levels drawn on it; `mark` is the place of the weight under the
/// pointer, whose bin lights up. Returns the bin under the pointer here.
pub fn weights_ui(
    ui: &mut Ui,
    (before, levels): (&Histogram, &Levels),
    log: bool,
    color: Color32,
    height: f32,
    mark: Option<f32>,
) -> Option<Range> {
    let (rect, response) = plot_area(ui, height, "Weight histogram with levels");
    let plot = rect.with_max_y(rect.bottom() - LABELS);
    let span = (before.high - before.low).max(f32::MIN_POSITIVE);
    let x_of = |v: f32| plot.left() + (v - before.low) / span * plot.width();
    let tall = |count: u64| if log { (count as f32).ln_1p() } else { count as f32 };
    // The end bins also hold what lies outside; they must not flatten the rest.
    let inner = before.counts.get(1..before.counts.len().saturating_sub(1)).unwrap_or_default();
    let most = inner.iter().map(|&n| tall(n)).fold(1.0, f32::max);
    let painter = ui.painter().with_clip_rect(plot.intersect(ui.clip_rect()));
    // 255 lines would hide what they are drawn on.
    let alpha = (14.0 / levels.points.len().max(1) as f32).clamp(0.12, 1.0);
    for level in &levels.points {
        let x = x_of(*level);
        painter
            .line_segment([pos2(x, plot.top()), pos2(x, plot.bottom())], Stroke::new(1.0, color.gamma_multiply(alpha)));
    }
    let heights: Vec<f32> = before.counts.iter().map(|&n| (tall(n) / most).min(1.0)).collect();
    area_of(&painter, plot, &heights, ui.visuals().text_color().gamma_multiply(0.45));
    if let Some(mark) = mark.filter(|m| m.is_finite()) {
        light_bin(ui, plot, &heights, (mark - before.low) / span);
    }
    if levels.points.len() <= 32 {
        stems(&painter, plot, levels, x_of, color);
    }
    ui.painter().line_segment([plot.left_bottom(), plot.right_bottom()], Stroke::new(1.0, faint(ui)));
    axis_texts(ui, rect, before, levels);
    let pointer = response.hover_pos().filter(|p| plot.contains(*p));
    pointer.map(|p| {
        let bins = before.counts.len();
        let bin = (((p.x - plot.left()) / plot.width() * bins as f32) as usize).min(bins.saturating_sub(1));
        let edge = |k: usize| figures::significant(f64::from(before.low + span * k as f32 / bins as f32));
        let count = before.counts.get(bin).copied().unwrap_or(0);
        response.on_hover_ui_at_pointer(|ui| {
            ui.strong(format!("{} to {}", edge(bin), edge(bin + 1)));
            let ends = if bin == 0 || bin + 1 == bins { " (with all beyond)" } else { "" };
            ui.label(format!("{} weights{ends}", figures::count(count)));
        });
        light_bin(ui, plot, &heights, (bin as f32 + 0.5) / bins as f32);
        Range::of_bin(bin, bins, (before.low, before.high))
    })
}

/// The bin that the weight at this share of the range falls into.
fn light_bin(ui: &Ui, plot: Rect, heights: &[f32], share: f32) {
    let step = plot.width() / heights.len().max(1) as f32;
    let bin = ((share * heights.len() as f32).max(0.0) as usize).min(heights.len().saturating_sub(1));
    let left = plot.left() + step * bin as f32;
    // A bin may be thinner than a line, and empty.
    let (width, tall) = (step.max(2.0), (plot.height() * heights.get(bin).copied().unwrap_or(0.0)).max(3.0));
    let lit = Rect::from_min_max(pos2(left, plot.bottom() - tall), pos2(left + width, plot.bottom()));
    let accent = theme::accent(ui.visuals().dark_mode);
    ui.painter().rect_filled(lit, 0.0, accent);
    let top = pos2(lit.center().x, plot.top());
    ui.painter().line_segment([top, lit.center_top()], Stroke::new(1.0, accent.gamma_multiply(0.6)));
}

/// How many weights sit on each level, on a scale of their own.
fn stems(painter: &Painter, plot: Rect, levels: &Levels, x_of: impl Fn(f32) -> f32, color: Color32) {
    let most = levels.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    for (level, &count) in levels.points.iter().zip(&levels.counts) {
        let top = pos2(x_of(*level), plot.bottom() - plot.height() * 0.92 * (count as f32 / most).sqrt());
        painter.line_segment([top, plot_bottom(plot, top.x)], Stroke::new(2.0, color));
        painter.circle_filled(top, 3.0, color);
    }
}

fn axis_texts(ui: &Ui, rect: Rect, before: &Histogram, levels: &Levels) {
    let weak = ui.visuals().weak_text_color();
    let y = rect.bottom() - LABELS + 1.0;
    let text =
        |x: f32, align: Align2, text: String| ui.painter().text(pos2(x, y), align, text, theme::small_font(), weak);
    text(rect.left(), Align2::LEFT_TOP, figures::significant(f64::from(before.low)));
    text(rect.right(), Align2::RIGHT_TOP, figures::significant(f64::from(before.high)));
    let name = axis_label(levels.axis, rect.width() < 240.0);
    text(rect.center().x, Align2::CENTER_TOP, name.to_owned());
}

fn plot_area(ui: &mut Ui, height: f32, name: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, name));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    (rect.shrink2(vec2(4.0, 2.0)), response)
}

fn area(painter: &Painter, plot: Rect, counts: &[u64], color: Color32) {
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let heights: Vec<f32> = counts.iter().map(|&n| (n as f32 / most).sqrt()).collect();
    area_of(painter, plot, &heights, color);
}

/// A bar at each value that occurs, tallest where most pixels are; thin enough to stay apart.
fn bars(painter: &Painter, plot: Rect, counts: &[u64], color: Color32) {
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let values = counts.iter().filter(|n| **n > 0).count().max(1) as f32;
    let step = plot.width() / counts.len().max(1) as f32;
    let width = between(plot.width() / values * 0.5, step.min(1.5), 5.0);
    let mut mesh = egui::Mesh::default();
    for (value, &count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        // Even the rarest is seen.
        let tall = plot.height() * (0.12 + 0.88 * (count as f32 / most).sqrt());
        let x = plot.left() + step * (value as f32 + 0.5);
        mesh.add_colored_rect(
            Rect::from_min_max(pos2(x - width / 2.0, plot.bottom() - tall), pos2(x + width / 2.0, plot.bottom())),
            color,
        );
    }
    painter.add(Shape::mesh(mesh));
}

/// The upper edge of the step area of these counts.
fn outline(painter: &Painter, plot: Rect, counts: &[u64], color: Color32) {
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let step = plot.width() / counts.len().max(1) as f32;
    let points = counts.iter().enumerate().flat_map(|(k, &n)| {
        let y = plot.bottom() - plot.height() * (n as f32 / most).sqrt();
        let left = plot.left() + step * k as f32;
        [pos2(left, y), pos2(left + step, y)]
    });
    painter.add(Shape::line(points.collect(), Stroke::new(1.0, color)));
}

/// A filled step area as one mesh: adjacent rectangles would show seams.
pub fn area_of(painter: &Painter, plot: Rect, heights: &[f32], color: Color32) {
    let mut mesh = egui::Mesh::default();
    let step = plot.width() / heights.len().max(1) as f32;
    for (k, h) in heights.iter().enumerate() {
        let left = plot.left() + step * k as f32;
        let top = plot.bottom() - plot.height() * h;
        mesh.add_colored_rect(Rect::from_min_max(pos2(left, top), pos2(left + step, plot.bottom())), color);
    }
    painter.add(Shape::mesh(mesh));
}

fn plot_bottom(plot: Rect, x: f32) -> Pos2 {
    pos2(x, plot.bottom())
}

fn faint(ui: &Ui) -> Color32 {
    ui.visuals().widgets.noninteractive.bg_stroke.color
}
