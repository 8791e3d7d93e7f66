//! What several exhibits draw: a bar with its name and figure, rows that can be chosen, small pictures stretched over a
//! rectangle, and small text.

use std::sync::{Arc, Weak};

use egui::{
    Align2, Color32, ColorImage, Pos2, Rect, Response, Sense, Stroke, TextureHandle, TextureOptions, Ui, pos2, vec2,
};

use crate::picture::Picture;
use crate::view::theme;

/// A bar of this share of the room between its name and its figure.
pub(super) fn bar_ui(ui: &mut Ui, (name, text): (&str, &str), (names, texts): (f32, f32), share: f32, color: Color32) {
    let height = theme::BODY + 6.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, format!("{name}: {text}")));
    let (plain, strong) = (ui.visuals().text_color(), ui.visuals().strong_text_color());
    let painter = ui.painter();
    painter.text(rect.left_center(), Align2::LEFT_CENTER, name, theme::body_font(), plain);
    let room = Rect::from_min_max(rect.min + vec2(names, 4.0), rect.max - vec2(texts, 4.0));
    painter.rect_filled(room, 2.0, ui.visuals().extreme_bg_color);
    let bar = room.with_max_x(room.left() + room.width().max(0.0) * share.clamp(0.0, 1.0));
    painter.rect_filled(bar, 2.0, color);
    painter.text(pos2(room.right() + 8.0, rect.center().y), Align2::LEFT_CENTER, text, theme::body_font(), strong);
}

/// A row of a list over the whole width; `name` is what a screen reader says of it.
pub(super) fn row_ui(ui: &mut Ui, height: f32, is_chosen: bool, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::accesskit::Role::Row, true, is_chosen, name));
    let visuals = ui.visuals();
    if is_chosen {
        ui.painter().rect_filled(rect, 3.0, visuals.selection.bg_fill.gamma_multiply(0.6));
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, visuals.widgets.hovered.weak_bg_fill);
    }
    response
}

/// Twelve points; strong or plain.
pub(super) fn text(ui: &Ui, at: Pos2, align: Align2, words: &str, strong: bool) {
    let visuals = ui.visuals();
    let color = if strong { visuals.strong_text_color() } else { visuals.text_color() };
    ui.painter().text(at, align, words, theme::small_font(), color);
}

/// A small picture as a texture, made anew only when the picture is another.
#[derive(Default)]
pub(super) struct Painted {
    texture: Option<TextureHandle>,
    /// A weak reference keeps the address from being used for another picture, and lets the pixels be freed.
    made_from: Option<Weak<Picture>>,
}

impl Painted {
    /// Stretches all of it over the rectangle.
    pub(super) fn paint(&mut self, ui: &Ui, name: &str, picture: &Arc<Picture>, rect: Rect, smooth: bool) {
        let fresh = self.made_from.as_ref().is_some_and(|made| made.as_ptr() == Arc::as_ptr(picture));
        if !fresh {
            let size = [picture.width as usize, picture.height as usize];
            let pixels = (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| picture.pixel(x, y)));
            let rgba: Vec<u8> = pixels.flatten().collect();
            let image = ColorImage::from_rgba_unmultiplied(size, &rgba);
            let options = if smooth { TextureOptions::LINEAR } else { TextureOptions::NEAREST };
            self.texture = Some(ui.ctx().load_texture(name, image, options));
            self.made_from = Some(Arc::downgrade(picture));
        }
        if let Some(texture) = &self.texture {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            ui.painter().image(texture.id(), rect, whole, theme::UNTINTED);
        }
    }
}

/// A rectangle that is an image to the pointer and to who does not see it.
pub(super) fn image_area(ui: &mut Ui, rect: Rect, name: &str) -> Response {
    let response = ui.interact(rect, egui::Id::unique(("lesson-image", name)), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Image, true, name));
    response
}

pub(super) fn caption(ui: &Ui, at: Pos2, align: Align2, text: &str, strong: bool) -> Rect {
    let visuals = ui.visuals();
    let color = if strong { visuals.strong_text_color() } else { visuals.weak_text_color() };
    ui.painter().text(at, align, text, theme::small_font(), color)
}

pub(super) fn hairline(ui: &Ui) -> Stroke {
    Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color)
}
