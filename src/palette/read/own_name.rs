//! The names that files give their colours.

use crate::palette::parse_hex;

/// The name of a colour, unless that is its code, as files without names of their own are written.
pub(super) fn own_name(name: &str, color: [u8; 4]) -> &str {
    let name = name.trim();
    if parse_hex(name).is_ok_and(|code| code[..3] == color[..3]) { "" } else { name }
}
