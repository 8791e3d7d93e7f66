//! What keys are called.

use egui::{Key, Modifiers};

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
