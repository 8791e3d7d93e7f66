//! The tray: a strip of the photos that are open, where there are several, with whom settings are for and what is saved
//! of all.

use egui::{
    Align, Button, Color32, ColorImage, Id, Key, Layout, Modifiers, Panel, Rect, Response, RichText, ScrollArea, Sense,
    Stroke, StrokeKind, TextureOptions, Ui, UiBuilder, pos2, vec2,
};

use crate::export::exporters::PICTURES;
use crate::figures;
use crate::view::command::Command;
use crate::view::command_table::{PHOTO_AFTER, PHOTO_BEFORE};
use crate::view::document::DocumentId;
use crate::view::photo::photos::{OpenPhoto, Photos};
use crate::view::photo::save_menu::item;
use crate::view::photo::tray_state::{Scope, TrayAction, TrayState};
use crate::view::results::Results;
use crate::view::shell::batch_state::BatchState;
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::theme;
use crate::view::widgets::compare::pane::paint_squares;
use crate::view::widgets::frames::controls_frame;

const HEIGHT: f32 = 62.0;
/// A photo's place in the strip, with the gap after it.
const CELL: f32 = 70.0;
const GAP: f32 = 6.0;

/// Draws the strip where there are several photos, or where files of a batch are written.
pub(crate) fn tray_ui(
    state: &mut State,
    results: &Results,
    batch: Option<&BatchState>,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    let photos = &results.photos;
    if state.panels_hidden || (photos.list().len() < 2 && batch.is_none()) {
        return;
    }
    Panel::bottom("photo-tray").frame(controls_frame(ui)).exact_size(HEIGHT).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(batch) = batch {
                ui.label(format!("Saving: {}", batch.progress_text()));
            }
            if photos.list().len() > 1 {
                if batch.is_none() {
                    save_ui(ui, commands);
                }
                scope_ui(ui, state.tray.scope, commands);
                let place = photos.place().map_or(0, |place| place + 1);
                ui.label(RichText::new(format!("{place} of {}", photos.list().len())).weak());
                ui.separator();
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    strip_ui(&mut state.tray, photos, ui, commands);
                });
            }
        });
    });
}

fn save_ui(ui: &mut Ui, commands: &mut Vec<Command>) {
    let response = ui.menu_button("Save all ⏷", |ui| {
        for &kind in PICTURES {
            let text = format!("Every photo as {}…", kind.label);
            item(ui, true, &text, "Each as its chosen pane, into one folder", Savable::Photos(kind), commands);
        }
    });
    response.response.on_hover_text("Every photo of the tray, reduced as its chosen pane, into one folder");
}

fn scope_ui(ui: &mut Ui, scope: Scope, commands: &mut Vec<Command>) {
    // From right to left.
    let choices = [
        (Scope::This, "This photo", "Settings are for the photo on show alone"),
        (Scope::All, "All photos", "Settings are for all photos; locked and edited colours stay each one's own"),
    ];
    for (choice, text, hint) in choices {
        if ui.selectable_label(scope == choice, text).on_hover_text(hint).clicked() {
            commands.push(Command::Tray(TrayAction::SetScope(choice)));
        }
    }
    ui.label("Settings for");
}

fn strip_ui(tray: &mut TrayState, photos: &Photos, ui: &mut Ui, commands: &mut Vec<Command>) {
    let list = photos.list();
    ui.style_mut().always_scroll_the_only_direction = true;
    ScrollArea::horizontal().auto_shrink(false).show_viewport(ui, |ui, viewport| {
        let (left, height) = (ui.max_rect().left_top(), ui.available_height());
        ui.set_width(CELL * list.len() as f32);
        let place = |at: usize| Rect::from_min_size(left + vec2(CELL * at as f32, 0.0), vec2(CELL - GAP, height));
        // One more at each end, for the keyboard to go on to.
        let first = ((viewport.left() / CELL) as usize).saturating_sub(1);
        let last = (viewport.right() / CELL) as usize + 1;
        for (at, photo) in list.iter().enumerate().take(last + 1).skip(first) {
            let is_chosen = photos.chosen() == Some(photo.id);
            photo_ui(tray, photo, (at, list.len()), is_chosen, place(at), ui, commands);
        }
        if tray.scrolled_to != photos.chosen() {
            tray.scrolled_to = photos.chosen();
            if let Some(at) = photos.place() {
                ui.scroll_to_rect(place(at), None);
            }
        }
    });
}

fn photo_ui(
    tray: &mut TrayState,
    photo: &OpenPhoto,
    (at, of): (usize, usize),
    is_chosen: bool,
    rect: Rect,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    let response = ui.interact(rect, id_of(photo.id), Sense::click());
    let name = format!("Photo {} of {of}: {}", at + 1, photo.name);
    response.widget_info(|| egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, is_chosen, &name));
    if tray.focus == Some(at) {
        tray.focus = None;
        response.request_focus();
    }
    let key = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let by_key = response.has_focus() && [Key::Delete, Key::Backspace].map(key).contains(&true);
    paint(tray, photo, is_chosen, &response, ui);
    let close = close_ui(photo, &response, is_chosen, ui);
    if by_key || close || response.middle_clicked() {
        tray.focus = by_key.then(|| at.min(of.saturating_sub(2)));
        commands.push(Command::Tray(TrayAction::Close(photo.id)));
    } else if response.clicked() {
        commands.push(Command::Tray(TrayAction::Choose(photo.id)));
    }
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(&photo.name).strong());
        let (width, height) = photo.extent;
        let bytes =
            if photo.file_bytes > 0 { format!(", {}", figures::kilobytes(photo.file_bytes)) } else { String::new() };
        ui.label(format!("{width} × {height}{bytes}"));
        if let Some(folder) = photo.path().and_then(|path| path.parent()) {
            ui.weak(folder.display().to_string());
        }
        ui.weak(format!("{PHOTO_BEFORE} and {PHOTO_AFTER} go through the photos; Delete or a middle click closes one"));
    });
}

fn id_of(photo: DocumentId) -> Id {
    Id::unique(("photo of the tray", photo))
}

fn paint(tray: &mut TrayState, photo: &OpenPhoto, is_chosen: bool, response: &Response, ui: &Ui) {
    let small = &photo.thumbnail;
    let texture = tray.textures.entry(photo.id).or_insert_with(|| {
        let image = ColorImage::from_rgba_unmultiplied([small.width, small.height], small.rgba.as_flattened());
        ui.ctx().load_texture("photo of the tray", image, TextureOptions::LINEAR)
    });
    let size = vec2(small.width as f32, small.height as f32);
    let room = response.rect.shrink(4.0);
    let at = Rect::from_center_size(room.center(), size * (room.width() / size.x).min(room.height() / size.y));
    if small.rgba.iter().any(|c| c[3] < 255) {
        paint_squares(ui, at, 5.0);
    }
    let uv = Rect::from_min_max(egui::Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(texture.id(), at, uv, theme::UNTINTED);
    let accent = theme::accent(ui.visuals().dark_mode);
    let outline = |rect: Rect, width: f32, color: Color32| {
        ui.painter().rect_stroke(rect, 3.0, Stroke::new(width, color), StrokeKind::Inside);
    };
    if is_chosen {
        outline(response.rect, 2.0, accent);
    } else if response.hovered() {
        outline(response.rect, 1.0, ui.visuals().weak_text_color());
    }
    if response.has_focus() {
        outline(response.rect.shrink(3.0), 1.0, ui.visuals().strong_text_color());
    }
}

/// A small × in the corner of the photo under the pointer and of the chosen one.
fn close_ui(photo: &OpenPhoto, response: &Response, is_chosen: bool, ui: &mut Ui) -> bool {
    let corner =
        Rect::from_min_max(response.rect.right_top() + vec2(-17.0, 1.0), response.rect.right_top() + vec2(-1.0, 17.0));
    let is_near = ui.rect_contains_pointer(response.rect);
    if !is_chosen && !is_near && !response.has_focus() {
        return false;
    }
    let place = UiBuilder::new().max_rect(corner).id_salt(("close", photo.id));
    let close = ui.scope_builder(place, |ui| ui.add(Button::new(RichText::new("×").small()).small())).inner;
    close.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, format!("Close {}", photo.name))
    });
    close.on_hover_text("Close this photo; its file stays").clicked()
}
