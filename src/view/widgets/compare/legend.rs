//! What the colours of an error map mean: the colour scale with its unit, under each map.

use egui::{Align2, Color32, Mesh, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::figures;
use crate::picture::colourmap;
use crate::view::theme;

/// The scale of an error map: black is 0, light yellow is `top` and more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorScale {
    /// The unit of the error, printed at the scale.
    pub unit: &'static str,
    /// The unit in a sentence.
    pub hint: &'static str,
    /// The error at which the colours end, in `unit`.
    pub top: f32,
}

/// Room for the bar and the figures below it.
pub(super) const HEIGHT: f32 = 32.0;
const BAR: f32 = 9.0;
/// Steps of colour along the bar.
const STEPS: usize = 64;

/// Draws the scale; `mark` is the code (0 to 255) of the pixel under the pointer.
pub(super) fn legend_ui(ui: &Ui, at: Rect, scale: ErrorScale, mark: Option<u8>, name: (&str, usize)) {
    let bar = Rect::from_min_size(at.min + vec2(1.0, 6.0), vec2(at.width() - 2.0, BAR));
    let response = ui.interact(at, egui::Id::unique((name, "error scale")), Sense::hover());
    let label = format!("Error scale: 0 to {} and more, {}", tick_text(scale.top), scale.unit);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, &label));
    response.on_hover_text(scale.hint);
    ui.painter().add(Shape::mesh(gradient(bar)));
    ticks(ui, at, bar, scale);
    if let Some(code) = mark {
        let x = bar.left() + bar.width() * f32::from(code) / 255.0;
        let color = ui.visuals().strong_text_color();
        let tip = vec![pos2(x - 4.0, at.top()), pos2(x + 4.0, at.top()), pos2(x, bar.top() + 1.0)];
        ui.painter().add(Shape::convex_polygon(tip, color, Stroke::NONE));
    }
}

fn gradient(bar: Rect) -> Mesh {
    let map = colourmap::sequential();
    let mut mesh = Mesh::default();
    for step in 0..=STEPS {
        let [r, g, b, _] = map[step * 255 / STEPS];
        let x = bar.left() + bar.width() * step as f32 / STEPS as f32;
        mesh.colored_vertex(pos2(x, bar.top()), Color32::from_rgb(r, g, b));
        mesh.colored_vertex(pos2(x, bar.bottom()), Color32::from_rgb(r, g, b));
    }
    for k in (0..STEPS as u32).map(|step| step * 2) {
        mesh.add_triangle(k, k + 1, k + 2);
        mesh.add_triangle(k + 1, k + 2, k + 3);
    }
    mesh
}

/// Figures below the bar, the last of them "≥ top", and the unit where there is most room for it.
fn ticks(ui: &Ui, at: Rect, bar: Rect, scale: ErrorScale) {
    let color = ui.visuals().text_color();
    let layout = |text: String| ui.painter().layout_no_wrap(text, theme::small_font(), color);
    let y = bar.bottom() + 2.0;
    let zero = layout("0".to_owned());
    let most = layout(format!("≥ {}", tick_text(scale.top)));
    let unit = layout(scale.unit.to_owned());
    let (left, right) = (bar.left() + zero.size().x, bar.right() - most.size().x);
    let unit_at = (left + right - unit.size().x) / 2.0;
    ui.painter().galley(pos2(right, y), most, color);
    ui.painter().galley(pos2(bar.left(), y), zero, color);
    let taken = (unit_at - 8.0, unit_at + unit.size().x + 8.0);
    if taken.0 > left {
        ui.painter().galley(pos2(unit_at, y), unit, color);
    }
    for quarter in [0.25, 0.75] {
        let (text, x) = (layout(tick_text(scale.top * quarter)), bar.left() + bar.width() * quarter);
        let (from, to) = (x - text.size().x / 2.0, x + text.size().x / 2.0);
        if (to < taken.0 && from > left + 8.0) || (from > taken.1 && to < right - 8.0) {
            ui.painter().text(pos2(x, y), Align2::CENTER_TOP, text.text(), theme::small_font(), color);
            ui.painter().line_segment([pos2(x, bar.bottom()), pos2(x, bar.bottom() + 3.0)], Stroke::new(1.0, color));
        }
    }
    ui.painter().rect_stroke(
        bar.intersect(at),
        0.0,
        Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color),
        egui::StrokeKind::Outside,
    );
}

/// A figure of the scale, whole where it can be.
pub fn tick_text(x: f32) -> String {
    if x >= 1.0 && x.fract() == 0.0 { format!("{x:.0}") } else { figures::significant(f64::from(x)) }
}
