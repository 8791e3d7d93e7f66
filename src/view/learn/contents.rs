//! The list of lessons.

use egui::{Align, CentralPanel, Layout, RichText, Sense, Stroke, StrokeKind, Ui, UiBuilder, vec2};

use super::prose::paragraphs;
use crate::view::command::Command;
use crate::view::command_table::{OPEN_CHOSEN, PRESENT};
use crate::view::learn::act::Act;
use crate::view::learn::state::Learn;
use crate::view::theme;
use crate::view::widgets::frames::content_frame;

const GAP: f32 = 12.0;

pub(super) fn contents_ui(learn: &Learn, ui: &mut Ui, commands: &mut Vec<Command>) {
    CentralPanel::default().frame(content_frame(ui)).show(ui, |ui| {
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new("Lessons").size(theme::HEADING + 5.0).strong());
            ui.add_space(8.0);
            let hint = format!("Arrow keys and {OPEN_CHOSEN}, or a click. {PRESENT} presents to a room.");
            ui.label(RichText::new(hint).weak());
        });
        ui.add_space(6.0);
        egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let columns = if ui.available_width() > 1000.0 { 4 } else { 3 };
            learn.columns.set(columns as i32);
            let count = learn.lessons.len();
            let rows = count.div_ceil(columns);
            let width = (ui.available_width() - GAP * (columns as f32 - 1.0)) / columns as f32;
            let height = ((ui.available_height() - GAP * rows as f32) / rows as f32).clamp(96.0, 190.0);
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            for row in 0..rows {
                ui.horizontal(|ui| {
                    for place in row * columns..((row + 1) * columns).min(count) {
                        card_ui(learn, ui, place, vec2(width, height), commands);
                    }
                });
            }
        });
    });
}

fn card_ui(learn: &Learn, ui: &mut Ui, place: usize, size: egui::Vec2, commands: &mut Vec<Command>) {
    let Some(lesson) = learn.lessons.get(place) else { return };
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &lesson.title));
    let chosen = learn.chosen == place;
    let visuals = ui.visuals();
    let lively = response.hovered() || response.has_focus();
    let fill = if lively { visuals.widgets.hovered.weak_bg_fill } else { visuals.widgets.inactive.weak_bg_fill };
    let accent = theme::accent(visuals.dark_mode);
    ui.painter().rect_filled(rect, 8.0, fill);
    if chosen {
        ui.painter().rect_stroke(rect, 8.0, Stroke::new(2.0, accent), StrokeKind::Inside);
    }
    let inner = UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 8.0))).layout(Layout::top_down(Align::Min));
    // A child that takes no room of its own: the card has its room already.
    let mut card = ui.new_child(inner);
    card.spacing_mut().item_spacing.y = 3.0;
    let number = if place < learn.builtin { format!("{}", place + 1) } else { "From a file".to_owned() };
    card.label(RichText::new(number).color(accent).strong());
    card.label(RichText::new(&lesson.title).size(theme::HEADING - 1.0).strong());
    card.label(RichText::new(paragraphs(&lesson.summary).join(" ")).size(theme::BODY));
    if response.clicked() {
        commands.push(Command::Learn(Act::Open(place)));
    }
}
