//! The menu of all that can be saved of the photo.

use egui::{Button, RichText, Ui};

use crate::export::exporters::{PICTURES, TABLES};
use crate::export::packed::PNG;
use crate::palette::FileKind;
use crate::view::command::{Command, Copied};
use crate::view::command_table::{COPY_PICTURE, SAVE_PNG};
use crate::view::photo::size_text::size_text;
use crate::view::results::Results;
use crate::view::shell::savable::Savable;
use crate::view::state::State;

/// All that can be saved of the photo.
pub(crate) fn save_menu_ui(ui: &mut Ui, (state, results): (&State, &Results), commands: &mut Vec<Command>) {
    let pane = state.photo_pane;
    let response = ui.menu_button("Save ⏷", |ui| {
        let file = results.work.photo_panes.get(pane).and_then(|slots| slots.file());
        let title = state.pane_title(pane);
        ui.label(RichText::new(format!("Of the chosen pane, {title}")).small().weak());
        for &kind in PICTURES {
            let (size, hint) = match file.filter(|_| *kind == PNG) {
                Some(file) => (format!("  {}", size_text(file.size)), SAVE_PNG.tip()),
                None => (String::new(), "The same pixels".to_owned()),
            };
            item(ui, file.is_some(), &format!("{}…{size}", kind.label), &hint, Savable::Picture(pane, kind), commands);
        }
        ui.add_enabled_ui(file.is_some(), |ui| {
            ui.menu_button("Palette", |ui| {
                for kind in FileKind::written() {
                    let text = format!("{}…", kind.label);
                    item(ui, true, &text, "In the order of the swatches", Savable::Palette(pane, kind), commands);
                }
            });
        });
        let copy = ui.add_enabled(file.is_some(), Button::new(COPY_PICTURE.text));
        if copy.on_hover_text(COPY_PICTURE.tip()).clicked() {
            commands.push(Command::Copy(Copied::Picture));
            ui.close();
        }
        ui.separator();
        ui.label(RichText::new("Of all panes").small().weak());
        let all = results.work.photo_panes.iter().all(|p| p.file().is_some());
        item(ui, all, "Side-by-side sheet…", SHEET_HINT, Savable::Sheet, commands);
        for &kind in PICTURES {
            let text = format!("Each pane as {}…", kind.label);
            item(ui, true, &text, "A file a pane, into one folder", Savable::Panes(kind), commands);
        }
        ui.add_enabled_ui(all, |ui| {
            ui.menu_button("Figures", |ui| {
                for kind in TABLES {
                    let text = format!("{}…", kind.label);
                    item(ui, true, &text, "A row a reduction", Savable::Figures(kind), commands);
                }
            });
        });
    });
    response
        .response
        .on_hover_text("The chosen reduction as PNG, GIF or WebP, its palette, a sheet of all, the figures");
}

pub(crate) const SHEET_HINT: &str = "Original and reductions with titles, palettes and figures in one PNG";

pub(crate) fn item(ui: &mut Ui, enabled: bool, text: &str, hint: &str, what: Savable, commands: &mut Vec<Command>) {
    if ui.add_enabled(enabled, Button::new(text)).on_hover_text(hint).clicked() {
        commands.push(Command::Save(what));
        ui.close();
    }
}
