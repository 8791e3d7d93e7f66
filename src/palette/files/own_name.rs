//! The names that files give their colours, and what stands where a colour has none.

use crate::palette::hex::parse_hex;
use crate::palette::named::NamedPalette;
use crate::palette::one_line::tidy_name;

/// The name of a colour, unless that is its code, as files without names of their own are written.
pub(super) fn own_name(name: &str, color: [u8; 4]) -> &str {
    let name = name.trim();
    if parse_hex(name).is_ok_and(|code| code[..3] == color[..3]) { "" } else { name }
}

pub(super) fn bare_hex([r, g, b, _]: [u8; 4]) -> String {
    format!("{r:02x}{g:02x}{b:02x}")
}

/// The name of a colour, or else its code.
pub(super) fn called(palette: &NamedPalette, place: usize, color: [u8; 4]) -> String {
    palette.name_of(place).and_then(tidy_name).unwrap_or_else(|| bare_hex(color))
}
