//! A palette as a list of colours with its name and theirs.

use super::one_line::{bare_hex, tidy_name};

/// Codes are bytes.
pub const MOST_COLORS: usize = 256;

/// 1 to [`MOST_COLORS`] colours, where it comes from [`palette`](super): a list, in which a colour's place counts and
/// the same colour may stand twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NamedPalette {
    /// What the palette is called, in lists and in palette files.
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

    /// The name of the colour at a place in one line, or else its code.
    pub(super) fn called(&self, place: usize, color: [u8; 4]) -> String {
        self.name_of(place).and_then(tidy_name).unwrap_or_else(|| bare_hex(color))
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
