//! A codebook as one sees it: a palette of colours as swatches, a palette of numbers as ticks on a
//! line. Both stand in the same place on their side and take the same gestures.

use egui::{Align2, Color32, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::compare::paint_squares;
use super::{figures, theme};
use crate::report::{Entry, LevelAxis, Levels};

/// All entries as swatches; returns the one under the pointer. `highlighted` is outlined.
pub fn palette_ui(ui: &mut Ui, palette: &[Entry], height: f32, highlighted: Option<usize>) -> Option<usize> {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let name = format!("Palette of {} colours", palette.len());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &name));
    let columns = columns_for(palette.len(), rect.width(), rect.height());
    let rows = palette.len().div_ceil(columns).max(1);
    let cell =
        vec2(rect.width() / columns as f32, (rect.height() / rows as f32).min(rect.width() / columns as f32 * 3.0));
    let place = |k: usize| {
        let corner = rect.min + vec2(cell.x * (k % columns) as f32, cell.y * (k / columns) as f32);
        Rect::from_min_size(corner, cell)
    };
    for (k, entry) in palette.iter().enumerate() {
        swatch(ui, place(k).shrink(if cell.x > 5.0 { 0.5 } else { 0.0 }), entry.rgba);
    }
    let pointer = response.hover_pos();
    let hovered = pointer.and_then(|p| (0..palette.len()).find(|&k| place(k).contains(p)));
    if let Some(k) = hovered.or(highlighted).filter(|&k| k < palette.len()) {
        outline(ui, place(k));
    }
    let total: u64 = palette.iter().map(|e| e.count).sum();
    if let Some((k, entry)) = hovered.and_then(|k| palette.get(k).map(|e| (k, e))) {
        response.on_hover_ui_at_pointer(|ui| {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(36.0, 36.0), Sense::hover());
                swatch(ui, rect, entry.rgba);
                ui.vertical(|ui| {
                    ui.strong(format!("{}   entry {k}", hex(entry.rgba)));
                    ui.label(format!(
                        "{} pixels, {}",
                        figures::count(entry.count),
                        figures::percent(entry.count, total)
                    ));
                });
            });
        });
    }
    hovered
}

/// "#1e90ff", with the alpha where it is not opaque.
pub fn hex([r, g, b, a]: [u8; 4]) -> String {
    if a == 255 { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{a:02x}") }
}

fn swatch(ui: &Ui, rect: Rect, rgba: [u8; 4]) {
    if rgba[3] < 255 {
        paint_squares(ui, rect, 5.0);
    }
    let [r, g, b, a] = rgba;
    ui.painter().rect_filled(rect, 1.0, Color32::from_rgba_unmultiplied(r, g, b, a));
}

fn outline(ui: &Ui, rect: Rect) {
    ui.painter().rect_stroke(rect, 1.0, Stroke::new(3.0, Color32::BLACK), StrokeKind::Middle);
    ui.painter().rect_stroke(rect, 1.0, Stroke::new(1.5, Color32::WHITE), StrokeKind::Middle);
}

/// As many columns as make the swatches largest.
fn columns_for(entries: usize, width: f32, height: f32) -> usize {
    let side = |columns: usize| (width / columns as f32).min(height / entries.div_ceil(columns) as f32);
    (1..=entries.max(1)).max_by(|&a, &b| side(a).total_cmp(&side(b)).then(b.cmp(&a))).unwrap_or(1)
}

/// The levels on a number line, taller where more weights sit; returns the one under the pointer.
pub fn levels_ui(
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
pub fn axis_label(axis: LevelAxis, short: bool) -> &'static str {
    match (axis, short) {
        (LevelAxis::Value, _) => "weight",
        (LevelAxis::Scaled, true) => "÷ scale",
        (LevelAxis::Scaled, false) => "weight ÷ its group's scale",
        (LevelAxis::MeanOfGroups, true) => "mean levels",
        (LevelAxis::MeanOfGroups, false) => "weight (levels: mean of the groups')",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swatches_fill_the_width_as_squarely_as_they_can() {
        assert_eq!(columns_for(16, 160.0, 10.0), 16);
        assert_eq!(columns_for(16, 100.0, 100.0), 4);
        assert_eq!(columns_for(256, 160.0, 40.0), 32);
        assert_eq!(columns_for(1, 50.0, 50.0), 1);
    }

    #[test]
    fn colours_are_written_in_hex_with_alpha_only_where_there_is_some() {
        assert_eq!(hex([30, 144, 255, 255]), "#1e90ff");
        assert_eq!(hex([0, 0, 0, 0]), "#00000000");
    }
}
