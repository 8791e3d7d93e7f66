//! Texts out of files brought into one line: names, and beginnings to quote.

/// A name is shown in one line of a list.
const MOST_NAME_CHARS: usize = 64;

/// A name in one line of bounded length; none when nothing is left of it.
pub(super) fn tidy_name(raw: &str) -> Option<String> {
    let clean: String =
        raw.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_NAME_CHARS).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// The beginning of a text, to quote it in a message.
pub(super) fn excerpt(text: &str) -> String {
    const MOST_CHARS: usize = 24;
    let mut start: String =
        text.chars().take(MOST_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST_CHARS).is_some() {
        start.push('…');
    }
    start
}

pub(super) fn bare_hex([r, g, b, _]: [u8; 4]) -> String {
    format!("{r:02x}{g:02x}{b:02x}")
}

/// The colour as it is copied: `#a0b1c2`, and `#a0b1c280` when it is not opaque.
pub fn hex_line(color: [u8; 4]) -> String {
    let code = bare_hex(color);
    if color[3] == u8::MAX { format!("#{code}") } else { format!("#{code}{:02x}", color[3]) }
}
