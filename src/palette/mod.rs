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

/// 1 to [`MOST_COLORS`] colours, where it comes from this module: a list, in which a colour's place counts and the same
/// colour may stand twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NamedPalette {
    pub name: String,
    /// sRGB and straight alpha, in the order of the list.
    pub colors: Vec<[u8; 4]>,
    /// What the colours are called, in the same order; empty for one without a name. May be shorter than the list.
    pub names: Vec<String>,
}

impl NamedPalette {
    /// Colours without names.
    pub fn new(name: impl Into<String>, colors: Vec<[u8; 4]>) -> Self {
        Self { name: name.into(), colors, names: Vec::new() }
    }

    /// The name of the colour at a place in the list.
    pub fn name_of(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// A list that was made of this one, its colours called as they are here.
    pub fn with_colors(&self, name: String, colors: Vec<[u8; 4]>) -> Self {
        let called = |color: &[u8; 4]| {
            let mut same = (0..self.colors.len()).filter(|&place| self.colors[place] == *color);
            same.find_map(|place| self.name_of(place)).unwrap_or_default().to_owned()
        };
        let names = if self.names.is_empty() { Vec::new() } else { colors.iter().map(called).collect() };
        Self { name, colors, names }
    }
}

/// A palette entry and how many pixels use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub rgba: [u8; 4],
    pub count: u64,
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

    /// With the names of its colours.
    pub fn list(self) -> &'static NamedPalette {
        self.0
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
