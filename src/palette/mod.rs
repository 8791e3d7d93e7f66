//! Palettes that were not found by a fit: lists that are part of the program, and palette files.

pub mod builtin;
pub mod hex;

pub use builtin::{BUILTIN, Builtin, find};
pub use hex::{hex_line, parse_hex};

/// Codes are bytes.
pub const MOST_COLORS: usize = 256;

/// 1 to [`MOST_COLORS`] different colours, where it comes from this module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPalette {
    pub name: String,
    /// sRGB and straight alpha, in the order of the list.
    pub colors: Vec<[u8; 4]>,
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
