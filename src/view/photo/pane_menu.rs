//! What a right click on one of the photo's panes offers: the colour there, and what can be done with what is shown.

use egui::{Button, RichText, Ui};

use super::pane::{color_at, entry_and_color_at, shown_report};
use crate::export::packed::PNG;
use crate::palette::edit::Edit;
use crate::view::command::{Command, Copied};
use crate::view::command_table::{COPY_COMMAND, COPY_FIGURES, COPY_PALETTE, COPY_PICTURE, KEEP, PANELS, Row, SAVE_PNG};
use crate::view::photo::shelf::kept::Action;
use crate::view::results::Results;
use crate::view::shell::savable::Savable;
use crate::view::state::State;
use crate::view::widgets::codebook::hex;

/// The menu of a reduction (0 to 2), which is the chosen one since the click, or of the original.
pub(crate) fn pane_menu_ui(
    ui: &mut Ui,
    (state, results): (&State, &Results),
    pane: Option<usize>,
    commands: &mut Vec<Command>,
) {
    let mut item = |ui: &mut Ui, is_on: bool, text: &str, hint: &str, command: Command| {
        if ui.add_enabled(is_on, Button::new(text)).on_hover_text(hint).clicked() {
            commands.push(command);
            ui.close();
        }
    };
    let row = |row: &'static Row| (row.text, row.tip());
    colours_ui(ui, (state, results), pane, &mut item);
    if let Some(pane) = pane {
        let is_ready = results.work.photo_panes.get(pane).is_some_and(|pane| pane.file().is_some());
        let copies = [
            (&COPY_PICTURE, Copied::Picture),
            (&COPY_PALETTE, Copied::Palette),
            (&COPY_FIGURES, Copied::Figures),
            (&COPY_COMMAND, Copied::CommandLine),
        ];
        for (of, what) in copies {
            let (text, hint) = row(of);
            item(ui, is_ready || what == Copied::CommandLine, text, &hint, Command::Copy(what));
        }
        ui.separator();
        let (text, hint) = row(&KEEP);
        item(ui, is_ready, text, &hint, Command::Shelf(Action::Keep));
        let save = Command::Save(Savable::Picture(pane, &PNG));
        item(ui, is_ready, &format!("Save {}", SAVE_PNG.text), &SAVE_PNG.tip(), save);
        ui.separator();
    }
    let text = if state.is_bare() { "Show panels" } else { PANELS.text };
    item(ui, true, text, &PANELS.tip(), Command::TogglePanels);
}

/// The colour of the pixel in the original and what it became, and what keeps either in the palette.
fn colours_ui(
    ui: &mut Ui,
    (state, results): (&State, &Results),
    pane: Option<usize>,
    item: &mut impl FnMut(&mut Ui, bool, &str, &str, Command),
) {
    let (Some(document), Some(at)) = (results.photos.current(), state.menu_pixel) else { return };
    let image = &document.photo.image;
    let Some(original) = color_at(image, at) else { return };
    let report = pane.and_then(|pane| shown_report(results.work.photo_panes.get(pane)?, document.id));
    let entry = report.and_then(|report| entry_and_color_at(report, (image.width, image.height), at));
    let became = entry.map_or_else(String::new, |(k, color)| format!("  →  entry {k}  {}", hex(color)));
    ui.label(RichText::new(format!("{}{became}", hex(original))).small().weak());
    for color in
        [Some(original), entry.map(|(_, color)| color).filter(|color| *color != original)].into_iter().flatten()
    {
        if ui.button(format!("Copy {}", hex(color))).clicked() {
            ui.ctx().copy_text(hex(color));
            ui.close();
        }
    }
    let editable = results.editable(state, state.photo_pane);
    if let (Some((_, color)), Some(report)) = (entry, report) {
        let is_locked = report.spec.locked_colors().any(|locked| locked == color);
        let is_on = editable.is_some_and(|report| report.spec.given().is_none()) && color[3] > 0;
        let (text, edit) = match is_locked {
            true => ("Unlock", Edit::Unlock(color)),
            false => ("Lock", Edit::Lock(color)),
        };
        let hint = "What the pixel became: a locked colour stays whatever is fitted";
        item(ui, is_on, &format!("{text} {}", hex(color)), hint, Command::EditPalette(edit));
    }
    let hint = "The pixel's colour in the original goes into the chosen palette and stays there";
    let is_on = editable.is_some() && original[3] > 0;
    item(ui, is_on, &format!("Force in {}", hex(original)), hint, Command::EditPalette(Edit::Force(original)));
    ui.separator();
}
