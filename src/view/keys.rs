//! The keyboard: what this frame's keys ask for, and what keys are called.

use egui::{Context, Event, Key, Modifiers};

use super::clipboard;
use super::command::Command;
use super::command_table::{ORIGINAL, Place, of_key};
use super::learn::Learn;
use super::state::State;

/// The commands of this frame's keys. All presses count, also those that came while one frame was drawn.
pub fn pressed(ctx: &Context, state: &State, learn: &Learn) -> Vec<Command> {
    clipboard::pass_to_texts(ctx);
    let place = Place::of(ctx, state, learn);
    let (mut commands, mut closed) = (Vec::new(), false);
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, modifiers, pressed: true, .. } = event else { return true };
            let Some(command) = of_key(*key, *modifiers, &place) else { return true };
            // What a second one would close is known in the next frame.
            if *key != Key::Escape || !std::mem::replace(&mut closed, true) {
                commands.push(command);
            }
            false
        });
    });
    commands
}

/// Whether the original is to be shown in place of the reductions.
pub fn original_is_held(ctx: &Context) -> bool {
    !ctx.egui_wants_keyboard_input() && ctx.input(|i| ORIGINAL.keys.iter().any(|s| i.key_down(s.logical_key)))
}

/// A key with those that are held, as they are printed.
pub fn name(key: Key, held: Modifiers) -> String {
    let key = match key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Escape => "Esc",
        other => other.symbol_or_name(),
    };
    let (command, shift) = (if held.command { "Ctrl " } else { "" }, if held.shift { "Shift " } else { "" });
    format!("{command}{shift}{key}")
}
