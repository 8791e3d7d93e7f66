//! The picker of number formats: the engine's table, by family, for the chosen pane of the weights.

use egui::{RichText, ScrollArea, Ui};

use super::command::Command;
use super::figures;
use super::state::State;
use crate::engine::format::{Family, Format, LevelRule, Row, table};

/// Bits per weight are those of a matrix of this many rows and columns.
const LARGE: usize = 4096;

pub fn format_menu_ui(ui: &mut Ui, state: &State, commands: &mut Vec<Command>) {
    let pane = state.weights_pane;
    let chosen = state.pane_formats[pane];
    let response = ui.menu_button("Format ⏷", |ui| {
        ui.set_min_width(220.0);
        let preset = format!("From the settings: {}", state.weights.format(super::state::WEIGHT_BITS[pane]));
        if ui.radio(chosen.is_none(), preset).clicked() {
            commands.push(Command::SetPaneFormat(pane, None));
            ui.close();
        }
        ui.separator();
        for family in Family::ALL {
            let rows: Vec<&Row> = table().into_iter().filter(|row| row.family == family).collect();
            if !rows.is_empty() {
                ui.menu_button(family.label(), |ui| family_ui(ui, &rows, pane, chosen, commands));
            }
        }
    });
    response.response.on_hover_text("The number format of the chosen pane: every format there is, by family");
}

fn family_ui(ui: &mut Ui, rows: &[&Row], pane: usize, chosen: Option<Format>, commands: &mut Vec<Command>) {
    ScrollArea::vertical().max_height(520.0).show(ui, |ui| {
        ui.set_min_width(250.0);
        for row in rows {
            let bits = figures::bits(row.format.bits_per_weight(LARGE, LARGE));
            let text = format!("{}   {bits} bits", row.name);
            let hint = format!("{}\n{}\n{}", row.purpose, row.layout, row.source);
            if ui.radio(chosen == Some(row.format), RichText::new(text)).on_hover_text(hint).clicked() {
                commands.push(Command::SetPaneFormat(pane, Some(row.format)));
                ui.close();
            }
        }
    });
}

/// "4 bits" where the dial's bits say what it is, else the format's name.
pub fn format_title(format: Format) -> String {
    match format.rule {
        LevelRule::Block(_) | LevelRule::Coded(_) => format.to_string(),
        _ if format.bits == 1 => "1 bit".to_owned(),
        _ => format!("{} bits", format.bits),
    }
}
