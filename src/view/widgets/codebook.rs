//! A codebook as one sees it: a palette of colours as swatches, a palette of numbers as ticks on a
//! line. Both stand in the same place on their side and take the same gestures.

use egui::{Align2, Color32, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::swatch::{entry_ui, outline, swatch};
use super::swatches::{lines_ui, strip_cells};
use crate::engine::colour::luma_from_srgb8;
use crate::figures;
use crate::palette::Entry;
use crate::run::report::{LevelAxis, Levels};
use crate::view::theme;
use crate::view::widgets::look::Look;

pub(crate) use super::swatch::{Swatches, SwatchesResponse, hex, swatch_ui};

/// All entries as swatches, one of them outlined.
pub(crate) fn palette_ui(ui: &mut Ui, palette: &[Entry], height: f32, highlighted: Option<usize>) {
    let arranged: Vec<u8> = (0..palette.len().min(256)).map(|k| k as u8).collect();
    swatches_ui(
        ui,
        &Swatches {
            entries: palette,
            arranged: &arranged,
            locked: &[],
            given: None,
            highlighted,
            chosen: None,
            look: Look::Grid,
        },
        height,
    );
}

/// Swatches that can be clicked.
pub(crate) fn swatches_ui(ui: &mut Ui, swatches: &Swatches<'_>, height: f32) -> SwatchesResponse {
    if swatches.look == Look::Lines {
        return lines_ui(ui, swatches, height);
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let name = format!("Palette of {} colours", swatches.entries.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let (mut clicked, mut chosen, mut outlined) = (None, None, None);
    let cells = match swatches.look {
        Look::Strip => strip_cells(swatches.entries, swatches.arranged, rect),
        _ => grid_cells(swatches.arranged.len(), rect),
    };
    for (place, (&k, at)) in swatches.arranged.iter().zip(cells).enumerate() {
        let k = usize::from(k);
        let Some(entry) = swatches.entries.get(k) else { continue };
        let is_locked = swatches.locked.contains(&entry.rgba);
        swatch(ui, at.shrink(if at.width() > 5.0 { 0.5 } else { 0.0 }), entry.rgba);
        if is_locked {
            lock_mark(ui, at, entry.rgba);
        }
        let response = ui.interact(at, response.id.with(place), Sense::click());
        let label = format!("Swatch {}{}", hex(entry.rgba), if is_locked { ", locked" } else { "" });
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &label));
        if response.clicked() {
            clicked = Some(k);
        }
        if swatches.chosen == Some(k) {
            chosen = Some(at);
        }
        if response.hovered() || (outlined.is_none() && swatches.highlighted == Some(k)) {
            outlined = Some(at);
        }
        if swatches.chosen != Some(k) {
            response.on_hover_ui_at_pointer(|ui| entry_ui(ui, k, swatches, is_locked));
        }
    }
    [outlined, chosen].into_iter().flatten().for_each(|at| outline(ui, at));
    SwatchesResponse { clicked, chosen }
}

/// Rows of equal cells, as large as there is room for.
fn grid_cells(entries: usize, rect: Rect) -> Vec<Rect> {
    let columns = columns_for(entries, rect.width(), rect.height());
    let rows = entries.div_ceil(columns).max(1);
    let width = rect.width() / columns as f32;
    let cell = vec2(width, (rect.height() / rows as f32).min(width * 3.0));
    let place = |place: usize| {
        let step = vec2(cell.x * (place % columns) as f32, cell.y * (place / columns) as f32);
        Rect::from_min_size(rect.min + step, cell)
    };
    (0..entries).map(place).collect()
}

/// A folded corner, dark on light and light on dark.
fn lock_mark(ui: &Ui, at: Rect, rgba: [u8; 4]) {
    let side = (at.width().min(at.height()) * 0.5).clamp(3.0, 9.0);
    let corner = at.shrink(0.5).right_top();
    let color = if luma_from_srgb8([rgba[0], rgba[1], rgba[2]]) > 127.0 { Color32::BLACK } else { Color32::WHITE };
    let points = vec![corner, corner - vec2(side, 0.0), corner + vec2(0.0, side)];
    ui.painter().add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
}

/// As many columns as make the swatches largest.
pub fn columns_for(entries: usize, width: f32, height: f32) -> usize {
    let side = |columns: usize| (width / columns as f32).min(height / entries.div_ceil(columns) as f32);
    (1..=entries.max(1)).max_by(|&a, &b| side(a).total_cmp(&side(b)).then(b.cmp(&a))).unwrap_or(1)
}

/// The levels on a number line, taller where more weights sit; returns the one under the pointer.
pub(crate) fn levels_ui(
    ui: &mut Ui,
    levels: &Levels,
    height: f32,
    color: Color32,
    highlighted: Option<usize>,
) -> Option<usize> {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let name = format!("{} levels on a number line", levels.points.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let (Some(&low), Some(&high)) = (levels.points.first(), levels.points.last()) else { return None };
    let span = (high - low).max(f32::MIN_POSITIVE);
    let line = rect.bottom() - 15.0;
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let x_of = |level: f32| inner.left() + (level - low) / span * inner.width();
    let painter = ui.painter();
    let weak = ui.visuals().weak_text_color();
    painter.line_segment([pos2(rect.left(), line), pos2(rect.right(), line)], Stroke::new(1.0, weak));
    let most = levels.counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let width = (inner.width() / levels.points.len() as f32 * 0.5).clamp(1.0, 6.0);
    for (k, level) in levels.points.iter().enumerate() {
        let count = levels.counts.get(k).copied().unwrap_or(0) as f32;
        // The square root keeps rare levels in sight beside common ones.
        let tall = 3.0 + (line - rect.top() - 5.0) * (count / most).sqrt();
        let stem = Rect::from_min_max(
            pos2(x_of(*level) - width / 2.0, line - tall),
            pos2(x_of(*level) + width / 2.0, line + 3.0),
        );
        let marked = highlighted == Some(k);
        painter.rect_filled(stem, 0.0, if marked { ui.visuals().strong_text_color() } else { color });
    }
    for (x, align, value) in [(rect.left(), Align2::LEFT_TOP, low), (rect.right(), Align2::RIGHT_TOP, high)] {
        painter.text(pos2(x, line + 3.0), align, figures::significant(f64::from(value)), theme::small_font(), weak);
    }
    let nearest = |x: f32| {
        let distance = |k: usize| (x_of(levels.points[k]) - x).abs();
        (0..levels.points.len()).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    };
    let hovered = response.hover_pos().and_then(|p| nearest(p.x));
    if let Some(k) = hovered {
        let total: u64 = levels.counts.iter().sum();
        let count = levels.counts.get(k).copied().unwrap_or(0);
        response.on_hover_ui_at_pointer(|ui| {
            ui.strong(format!("level {k}: {}", figures::significant(f64::from(levels.points[k]))));
            ui.label(format!("{} weights, {}", figures::count(count), figures::percent(count, total)));
        });
    }
    hovered
}

/// What the number line counts in.
pub(crate) fn axis_label(axis: LevelAxis, short: bool) -> &'static str {
    match (axis, short) {
        (LevelAxis::Value, _) => "weight",
        (LevelAxis::Scaled, true) => "÷ scale",
        (LevelAxis::Scaled, false) => "weight ÷ its group's scale",
        (LevelAxis::MeanOfGroups, true) => "mean levels",
        (LevelAxis::MeanOfGroups, false) => "weight (levels: mean of the groups')",
    }
}
