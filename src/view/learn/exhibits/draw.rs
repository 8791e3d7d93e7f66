//! What several exhibits draw alike: rows that can be chosen, and small text.

use egui::{Align2, Pos2, Response, Sense, Ui, vec2};

use crate::view::theme;

/// A row of a list over the whole width; `told` is what it says to who does not see it.
pub fn row_ui(ui: &mut Ui, height: f32, is_chosen: bool, told: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, is_chosen, told));
    let visuals = ui.visuals();
    if is_chosen {
        ui.painter().rect_filled(rect, 3.0, visuals.selection.bg_fill.gamma_multiply(0.6));
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, visuals.widgets.hovered.weak_bg_fill);
    }
    response
}

/// Twelve points; strong or plain.
pub fn text(ui: &Ui, at: Pos2, align: Align2, words: &str, strong: bool) {
    let visuals = ui.visuals();
    let color = if strong { visuals.strong_text_color() } else { visuals.text_color() };
    ui.painter().text(at, align, words, theme::small_font(), color);
}
