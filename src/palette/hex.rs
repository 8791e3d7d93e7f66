//! Colours as people write them: `#a0b1c2`.

use super::one_line::excerpt;

/// The colour as it is copied: `#a0b1c2`, and `#a0b1c280` when it is not opaque.
pub fn hex_line([r, g, b, alpha]: [u8; 4]) -> String {
    if alpha == u8::MAX { format!("#{r:02x}{g:02x}{b:02x}") } else { format!("#{r:02x}{g:02x}{b:02x}{alpha:02x}") }
}

/// The colour of `#rrggbb`, `#rgb`, `#rrggbbaa` or `#rgba`; the `#` may be left out.
///
/// # Errors
/// One line with the text that is no colour.
pub fn parse_hex(text: &str) -> Result<[u8; 4], String> {
    let text = text.trim();
    let digits = nibbles(text.strip_prefix('#').unwrap_or(text)).unwrap_or_default();
    match *digits.as_slice() {
        [r, g, b] => Ok([r * 17, g * 17, b * 17, u8::MAX]),
        [r, g, b, a] => Ok([r, g, b, a].map(|nibble| nibble * 17)),
        [r, rr, g, gg, b, bb] => Ok([r << 4 | rr, g << 4 | gg, b << 4 | bb, u8::MAX]),
        [r, rr, g, gg, b, bb, a, aa] => Ok([r << 4 | rr, g << 4 | gg, b << 4 | bb, a << 4 | aa]),
        _ => Err(format!("'{}' is not a colour; write one as #a0b1c2", excerpt(text))),
    }
}

/// The values of hexadecimal digits, of which no colour has more than eight.
fn nibbles(text: &str) -> Option<Vec<u8>> {
    if text.len() > 8 {
        return None;
    }
    text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect()
}
