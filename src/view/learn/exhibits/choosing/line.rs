//! The weights on a line: how often each value occurs, in the colour of the level that it gets.

use egui::{Align2, Color32, Id, Mesh, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::engine::trace::{Phase, Snapshot};
use crate::figures;
use crate::lesson::exhibits::choosing::compute::{Choosing, Moment};
use crate::picture::colourmap;
use crate::view::theme;

const FOOT: f32 = 40.0;

pub(super) fn line_ui(ui: &mut Ui, area: Rect, choosing: &Choosing, moment: Moment, before: Option<Moment>) {
    let response = ui.interact(area, Id::unique("lesson-line"), Sense::hover());
    let Some(now) = choosing.weights.snapshots.get(moment.weights) else { return };
    let name = format!("{} levels among the weights", now.entries.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let dark = ui.visuals().dark_mode;
    ui.painter().rect_filled(area, 0.0, theme::picture_ground(dark));
    let plot = Rect::from_min_max(area.min + vec2(10.0, 26.0), area.max - vec2(10.0, FOOT));
    let mut levels: Vec<f32> = now.entries.iter().map(|e| e[0]).collect();
    levels.sort_by(f32::total_cmp);
    histogram(ui, plot, choosing, &levels);
    let x = |value: f32| at(plot, choosing, value);
    let ink = theme::on_cloud(dark);
    edges(ui, plot, now, &levels, &x);
    let base = plot.bottom() + 9.0;
    if let Some(before) = before.and_then(|m| choosing.weights.snapshots.get(m.weights)).filter(|_| is_move(now)) {
        let stroke = Stroke::new(2.5, theme::accent(dark));
        let moved = before.entries.iter().zip(&now.entries).filter(|_| before.entries.len() == now.entries.len());
        for (from, to) in moved {
            ui.painter().line_segment([pos2(x(from[0]), base), pos2(x(to[0]), base)], stroke);
        }
    }
    for &level in &levels {
        ui.painter().line_segment([pos2(x(level), base - 9.0), pos2(x(level), base)], Stroke::new(1.0, ink));
        ui.painter().circle(pos2(x(level), base), 5.0, color(choosing, level), Stroke::new(1.2, ink));
    }
    let words = format!("{} levels", levels.len());
    let painter = ui.painter();
    painter.text(area.left_top() + vec2(8.0, 12.0), Align2::LEFT_CENTER, words, theme::body_font(), ink);
    let bins = &choosing.histogram;
    for (at, align, value) in [
        (pos2(plot.left(), area.bottom() - 10.0), Align2::LEFT_CENTER, bins.low),
        (pos2(plot.right(), area.bottom() - 10.0), Align2::RIGHT_CENTER, bins.high),
    ] {
        painter.text(at, align, figures::significant(f64::from(value)), theme::small_font(), ink);
    }
    let middle = pos2(plot.center().x, area.bottom() - 10.0);
    painter.text(middle, Align2::CENTER_CENTER, "weight", theme::small_font(), ink);
}

fn is_move(now: &Snapshot<1>) -> bool {
    matches!(now.phase, Phase::Round | Phase::Swap)
}

fn at(plot: Rect, choosing: &Choosing, value: f32) -> f32 {
    let bins = &choosing.histogram;
    plot.left() + plot.width() * (value - bins.low) / (bins.high - bins.low).max(f32::MIN_POSITIVE)
}

/// Numbers have colours here as in the second lesson.
fn color(choosing: &Choosing, value: f32) -> Color32 {
    let bins = &choosing.histogram;
    let part = ((value - bins.low) / (bins.high - bins.low).max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    // The darkest entries are lost on a dark ground.
    let [r, g, b, _] = MAP.with(|map| map[40 + (part * 210.0) as usize]);
    Color32::from_rgb(r, g, b)
}

thread_local! {
    static MAP: [[u8; 4]; 256] = colourmap::sequential();
}

/// Each bar in the colour of the level nearest to its middle.
fn histogram(ui: &Ui, plot: Rect, choosing: &Choosing, levels: &[f32]) {
    let bins = &choosing.histogram;
    let most = bins.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let (step, width) = ((bins.high - bins.low) / bins.counts.len() as f32, plot.width() / bins.counts.len() as f32);
    let mut mesh = Mesh::default();
    for (k, &count) in bins.counts.iter().enumerate() {
        let value = bins.low + step * (k as f32 + 0.5);
        let nearest = levels.iter().copied().min_by(|a, b| (a - value).abs().total_cmp(&(b - value).abs()));
        let left = plot.left() + width * k as f32;
        // The square root keeps rare weights in sight beside common ones.
        let top = plot.bottom() - plot.height() * (count as f32 / most).sqrt();
        let bar = Rect::from_min_max(pos2(left, top), pos2(left + width, plot.bottom()));
        mesh.add_colored_rect(bar, color(choosing, nearest.unwrap_or(value)));
    }
    ui.painter().add(Shape::mesh(mesh));
}

/// Between the boxes while they are split, and half-way between levels after that.
fn edges(ui: &Ui, plot: Rect, now: &Snapshot<1>, levels: &[f32], x: &dyn Fn(f32) -> f32) {
    let stroke = Stroke::new(1.0, theme::on_cloud(ui.visuals().dark_mode).gamma_multiply(0.6));
    let line = |value: f32| {
        ui.painter().line_segment([pos2(x(value), plot.top()), pos2(x(value), plot.bottom())], stroke);
    };
    if now.boxes.is_empty() {
        levels.windows(2).for_each(|w| line((w[0] + w[1]) / 2.0));
        return;
    }
    let mut boxes: Vec<_> = now.boxes.iter().map(|b| (b.low[0], b.high[0])).collect();
    boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
    boxes.windows(2).for_each(|w| line((w[0].1 + w[1].0) / 2.0));
}
