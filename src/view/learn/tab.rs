//! The lessons' tab.

use egui::Ui;

use super::contents::contents_ui;
use super::player::player_ui;
use super::state::Learn;
use crate::view::command::Command;
use crate::view::results::Results;
use crate::view::shell::drops::Drops;
use crate::view::state::State;

/// Draws the tab: the lesson on show or the list of lessons, and the pressed keys over it.
pub(crate) fn learn_ui(
    learn: &mut Learn,
    (state, results): (&State, &Results),
    drops: &Drops,
    ui: &mut Ui,
    commands: &mut Vec<Command>,
) {
    if learn.show_keys {
        // The status bar is hidden from the room.
        let above = if learn.presenting { 4.0 } else { 34.0 };
        learn.keycaps.ui(ui.ctx(), above);
    }
    if learn.presenting {
        learn.fit(ui.ctx());
    }
    if learn.place.is_some() {
        player_ui(learn, (state, results), drops, ui, commands);
    } else {
        contents_ui(learn, ui, commands);
    }
}
