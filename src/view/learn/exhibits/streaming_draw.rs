//! The line over time in two rows, the tiles by their rungs, and the bits of each matrix.

use egui::{Align2, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::figures;
use crate::language::architecture::{Architecture, LAYER_PARTS, Part};
use crate::lesson::exhibits::streaming::compute::{Arrival, Ladder, ModelLadder, PhotoLadder, Step, Streams};
use crate::view::learn::drawing::{caption, hairline, image_area};
use crate::view::theme;

/// Room for the names of the rows.
const NAMES: f32 = 52.0;

/// What the line carries in each moment and what of it was used; the moment that was clicked.
pub(super) fn trace_ui(ui: &mut Ui, rect: Rect, streams: &Streams, moment: usize) -> Option<usize> {
    let steps = streams.trace.0.len().max(1);
    let plot = rect.with_min_x(rect.left() + NAMES);
    let response = ui.interact(plot, egui::Id::unique("lesson-timeline"), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, "Timeline of the line"));
    let each = plot.width() / steps as f32;
    let (upper, lower) = plot.split_top_bottom_at_fraction(0.5);
    let rows = [
        ("Photo", upper, &streams.photo_steps, streams.photo.ladder.best_bits()),
        ("Model", lower, &streams.model_steps, streams.model.ladder.best_bits()),
    ];
    let dark = ui.visuals().dark_mode;
    let colors = [theme::photo_color(dark), theme::weights_color(dark)];
    for ((name, row, row_steps, best), color) in rows.into_iter().zip(colors) {
        let row = row.with_min_y(row.top() + 3.0);
        ui.painter().rect_filled(row, 2.0, ui.visuals().extreme_bg_color);
        caption(ui, pos2(rect.left(), row.center().y), Align2::LEFT_CENTER, name, true);
        for (i, step) in row_steps.iter().enumerate() {
            let left = row.left() + each * i as f32;
            let column = Rect::from_min_max(pos2(left, row.top()), pos2(left + each - 1.0, row.bottom()));
            column_ui(ui, column, step, best, color);
        }
    }
    let x = plot.left() + each * (moment as f32 + 0.5);
    let line = [pos2(x, plot.top()), pos2(x, plot.bottom())];
    ui.painter().line_segment(line, Stroke::new(2.0, ui.visuals().strong_text_color()));
    let pointer = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged())?;
    Some((((pointer.x - plot.left()) / each).max(0.0) as usize).min(steps - 1))
}

/// Faint: what the line carries. Full: what was sent. A stall fills the column with the colour of errors.
fn column_ui(ui: &Ui, column: Rect, step: &Step, best: u64, color: egui::Color32) {
    let share = |bits: u64| (bits as f32 / best.max(1) as f32).min(1.0);
    let part = |bits: u64| column.with_min_y(column.bottom() - column.height() * share(bits));
    match step.arrival {
        Arrival::Delivered { bits, .. } => {
            ui.painter().rect_filled(part(step.budget_bits), 0.0, color.gamma_multiply(0.35));
            ui.painter().rect_filled(part(bits), 0.0, color);
        }
        Arrival::Stalled { .. } => {
            let error = theme::error(ui.visuals().dark_mode);
            ui.painter().rect_filled(column, 0.0, error.gamma_multiply(0.3));
            ui.painter().rect_filled(part(step.budget_bits), 0.0, error);
        }
    }
}

/// How many tiles stand on each rung, as parts of one bar.
pub(super) fn rungs_ui(ui: &mut Ui, rect: Rect, ladder: &Ladder, chosen: &[usize]) {
    let counts = ladder.rung_counts(chosen);
    let total = chosen.len().max(1) as f32;
    let bar = rect.with_max_y(rect.top() + 18.0);
    let response = image_area(ui, rect, "Tiles by their rungs");
    let dark = ui.visuals().dark_mode;
    let mut left = bar.left();
    let mut free = bar.left();
    for (rung, &count) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let part = Rect::from_min_size(pos2(left, bar.top()), vec2(bar.width() * count as f32 / total, bar.height()));
        ui.painter().rect_filled(part, 0.0, rung_color(dark, PhotoLadder::bits_of(rung)));
        left = part.right();
        // Names that would overlap are not drawn.
        let name = ladder.rungs.get(rung).map_or("", |name| name.split(' ').next().unwrap_or_default());
        if part.center().x - 10.0 >= free {
            free =
                caption(ui, pos2(part.center().x, bar.bottom() + 2.0), Align2::CENTER_TOP, name, false).right() + 4.0;
        }
    }
    response.on_hover_ui_at_pointer(|ui| {
        for (name, count) in ladder.rungs.iter().zip(&counts) {
            ui.label(format!("{name} a tile: {} tiles", figures::count(*count as u64)));
        }
    });
}

/// The bits of every matrix at its rung, layer by layer.
pub(super) fn matrices_ui(ui: &mut Ui, rect: Rect, architecture: &Architecture, chosen: &[usize]) {
    caption(ui, rect.left_top(), Align2::LEFT_TOP, "Bits of each matrix, layer by layer", true);
    let plot = Rect::from_min_max(rect.min + vec2(0.0, 18.0), rect.max - vec2(0.0, 16.0));
    let response = image_area(ui, plot, "Bits of each matrix");
    ui.painter().rect_filled(plot, 2.0, ui.visuals().extreme_bg_color);
    let count = architecture.matrices.len().max(1);
    let each = plot.width() / count as f32;
    let dark = ui.visuals().dark_mode;
    for (place, rung) in chosen.iter().enumerate() {
        let bits = ModelLadder::bits_of(*rung);
        let left = plot.left() + each * place as f32;
        let top = plot.bottom() - (plot.height() - 2.0) * f32::from(bits) / 8.0;
        let bar = Rect::from_min_max(pos2(left, top), pos2(left + (each - 1.0).max(1.0), plot.bottom()));
        ui.painter().rect_filled(bar, 0.0, rung_color(dark, bits));
    }
    for layer in 0..architecture.config.layers {
        let first = Architecture::place(layer, Part::Query) as f32;
        let x = plot.left() + each * first;
        ui.painter().line_segment([pos2(x, plot.top()), pos2(x, plot.bottom() + 4.0)], hairline(ui));
        let middle = x + each * LAYER_PARTS.len() as f32 / 2.0;
        if each * LAYER_PARTS.len() as f32 > 16.0 {
            let name = (layer + 1).to_string();
            caption(ui, pos2(middle, plot.bottom() + 2.0), Align2::CENTER_TOP, &name, false);
        }
    }
    let under = response.hover_pos().map(|p| ((p.x - plot.left()) / each).max(0.0) as usize);
    let matrix = under.and_then(|place| architecture.matrices.get(place).zip(chosen.get(place)));
    if let Some((m, rung)) = matrix {
        let layer = if m.part == Part::Embedding { String::new() } else { format!(" of layer {}", m.layer + 1) };
        response.on_hover_text_at_pointer(format!("{}{layer}: {} bits", m.part.label(), ModelLadder::bits_of(*rung)));
    }
}

/// Rungs of no bits are grey.
fn rung_color(dark: bool, bits: u8) -> egui::Color32 {
    match bits {
        0 => theme::tick_ground(dark),
        bits => theme::bits_color(dark, bits),
    }
}
