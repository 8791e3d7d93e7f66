//! Colours as people write them: `#a0b1c2`.

use super::error::PaletteError;
use super::one_line::excerpt;
pub use super::one_line::hex_line;

/// The colour of `#rrggbb`, `#rgb`, `#rrggbbaa` or `#rgba`; the `#` may be left out.
///
/// # Errors
/// [`PaletteError::NotAColor`] with the text that is none.
pub fn parse_hex(text: &str) -> Result<[u8; 4], PaletteError> {
    let text = text.trim();
    let digits = nibbles(text.strip_prefix('#').unwrap_or(text)).unwrap_or_default();
    match *digits.as_slice() {
        [r, g, b] => Ok([r * 17, g * 17, b * 17, u8::MAX]),
        [r, g, b, a] => Ok([r, g, b, a].map(|nibble| nibble * 17)),
        [r, rr, g, gg, b, bb] => Ok([r << 4 | rr, g << 4 | gg, b << 4 | bb, u8::MAX]),
        [r, rr, g, gg, b, bb, a, aa] => Ok([r << 4 | rr, g << 4 | gg, b << 4 | bb, a << 4 | aa]),
        _ => Err(PaletteError::NotAColor(excerpt(text))),
    }
}

/// The values of hexadecimal digits, of which no colour has more than eight.
fn nibbles(text: &str) -> Option<Vec<u8>> {
    if text.len() > 8 {
        return None;
    }
    text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect()
}
