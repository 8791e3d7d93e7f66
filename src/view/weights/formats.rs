//! The picker of number formats: the engine's table, by family, for a pane of the weights or of the photo, or
//! for a column of the table of tensors.

use egui::{RichText, ScrollArea, Ui};

use crate::engine::format::{Family, Format, LevelRule, Row, table};
use crate::figures;
use crate::view::command::Command;
use crate::view::state::{State, WEIGHT_BITS};

/// Bits per weight are those of a matrix of this many rows and columns.
const LARGE: usize = 4096;

/// For the chosen pane of the weights.
pub(crate) fn format_menu_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let pane = state.weights_pane;
    let chosen = state.pane_formats[pane];
    let response = ui.menu_button("Format ⏷", |ui| {
        ui.set_min_width(220.0);
        let preset = format!("From the settings: {}", state.weights.format(WEIGHT_BITS[pane]));
        if ui.radio(chosen.is_none(), preset).clicked() {
            commands.push(Command::SetPaneFormat(pane, None));
            ui.close();
        }
        ui.separator();
        if let Some(format) = families_ui(ui, &|format| chosen == Some(format)) {
            commands.push(Command::SetPaneFormat(pane, Some(format)));
        }
    });
    response.response.on_hover_text("The number format of the chosen pane: every format there is, by family");
}

/// A menu a family; returns the format that was clicked.
pub(crate) fn families_ui(ui: &mut Ui, is_chosen: &dyn Fn(Format) -> bool) -> Option<Format> {
    let mut clicked = None;
    for family in Family::ALL {
        let rows: Vec<&Row> = table().into_iter().filter(|row| row.family == family).collect();
        if !rows.is_empty() {
            ui.menu_button(family.label(), |ui| clicked = clicked.or(family_ui(ui, &rows, is_chosen)));
        }
    }
    clicked
}

fn family_ui(ui: &mut Ui, rows: &[&Row], is_chosen: &dyn Fn(Format) -> bool) -> Option<Format> {
    let mut clicked = None;
    ScrollArea::vertical().max_height(520.0).show(ui, |ui| {
        ui.set_min_width(250.0);
        for row in rows {
            let bits = figures::bits(row.format.bits_per_weight(LARGE, LARGE));
            let text = format!("{}   {bits} bits", row.name);
            let hint = format!("{}\n{}\n{}", row.purpose, row.layout, row.source);
            if ui.radio(is_chosen(row.format), RichText::new(text)).on_hover_text(hint).clicked() {
                clicked = Some(row.format);
                ui.close();
            }
        }
    });
    clicked
}

/// "4 bits" where the dial's bits say what it is, else the format's name.
pub(crate) fn format_title(format: Format) -> String {
    match format.rule {
        LevelRule::Block(_) | LevelRule::Coded(_) => format.to_string(),
        _ if format.bits == 1 => "1 bit".to_owned(),
        _ => format!("{} bits", format.bits),
    }
}
