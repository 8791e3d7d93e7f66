//! Palettes that were not found by a fit: lists that are part of the program, and palette files.

pub mod builtin;
pub mod edit;
pub mod hex;
pub mod order;
pub mod read;
pub mod write;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use builtin::{BUILTIN, Builtin, find};
pub use hex::{hex_line, parse_hex};
pub use write::FileKind;

/// Codes are bytes.
pub const MOST_COLORS: usize = 256;

/// A name is shown in one line of a list.
const MOST_NAME_CHARS: usize = 64;

/// 1 to [`MOST_COLORS`] different colours, where it comes from this module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedPalette {
    pub name: String,
    /// sRGB and straight alpha, in the order of the list.
    pub colors: Vec<[u8; 4]>,
}

/// A palette as a plain, comparable part of a specification: it stays for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fixed(&'static NamedPalette);

impl Fixed {
    /// Takes at most some kilobyte, for good: for palettes that people choose.
    pub fn new(palette: NamedPalette) -> Self {
        Self(Box::leak(Box::new(palette)))
    }

    pub fn name(self) -> &'static str {
        &self.0.name
    }

    /// 1 to [`MOST_COLORS`] colours.
    pub fn colors(self) -> &'static [[u8; 4]] {
        &self.0.colors
    }

    /// Whether all its colours are opaque greys.
    pub fn is_grey(self) -> bool {
        self.0.colors.iter().all(|c| c[0] == c[1] && c[1] == c[2] && c[3] == 255)
    }
}

/// The program's own palettes, ready to be used.
pub fn builtin_palettes() -> &'static [Fixed] {
    static PALETTES: OnceLock<Vec<Fixed>> = OnceLock::new();
    PALETTES.get_or_init(|| BUILTIN.iter().map(|b| Fixed::new(b.palette())).collect())
}

/// A name in one line of bounded length; none when nothing is left of it.
fn tidy_name(raw: &str) -> Option<String> {
    let clean: String =
        raw.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_NAME_CHARS).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// The beginning of a text, to quote it in a message.
fn excerpt(text: &str) -> String {
    const MOST_CHARS: usize = 24;
    let mut start: String =
        text.chars().take(MOST_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST_CHARS).is_some() {
        start.push('…');
    }
    start
}
