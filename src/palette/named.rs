//! A palette as a list of colours with its name and theirs.

use super::one_line::{bare_hex, tidy_name};

/// Before the colour as which an entry is seen, at the end of its name in a palette file: "Red, shown #871300".
pub(super) const SHOWN: &str = "shown ";

/// Codes are bytes.
pub const MOST_COLORS: usize = 256;

/// 1 to [`MOST_COLORS`] colours, where it comes from [`palette`](super): a list, in which a colour's place counts and
/// the same colour may stand twice. On some devices a colour is not seen as it is written: then the list has both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NamedPalette {
    /// What the palette is called, in lists and in palette files.
    pub name: String,
    /// sRGB and straight alpha, in the order of the list: as they are seen, which is what pixels are compared with.
    pub colors: Vec<[u8; 4]>,
    /// What the colours are called, in the same order; empty for one without a name. May be shorter than the list.
    pub names: Vec<String>,
    /// What is written for each colour, in the same order: the nominal codes of a device on which [`Self::colors`] were
    /// measured. Empty where every colour is written as it is seen.
    pub nominal: Vec<[u8; 4]>,
}

impl NamedPalette {
    /// Colours without names.
    pub fn new(name: impl Into<String>, colors: Vec<[u8; 4]>) -> Self {
        Self { name: name.into(), colors, ..Self::default() }
    }

    /// The colours as files hold them, in the order of the list.
    pub fn written(&self) -> &[[u8; 4]] {
        if self.is_measured() { &self.nominal } else { &self.colors }
    }

    /// Whether colours are seen otherwise than they are written.
    pub fn is_measured(&self) -> bool {
        !self.nominal.is_empty()
    }

    /// The name of the colour at a place in the list.
    pub fn name_of(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The name of a colour that is written, in one line, or else its code; and how it is seen where that is measured.
    pub(super) fn called(&self, place: usize, written: [u8; 4]) -> String {
        let name = self.name_of(place).and_then(tidy_name).unwrap_or_else(|| bare_hex(written));
        match self.colors.get(place).filter(|_| self.is_measured()) {
            Some(&seen) => format!("{name}, {SHOWN}#{}", bare_hex(seen)),
            None => name,
        }
    }

    /// A list that was made of this one: colours in their order, and where each stood here, with what belongs to it. One
    /// that is new has no name and is written as it is.
    pub fn with_colors(&self, name: String, colors: Vec<([u8; 4], Option<usize>)>) -> Self {
        let (colors, places): (Vec<[u8; 4]>, Vec<Option<usize>>) = colors.into_iter().unzip();
        let name_at =
            |place: &Option<usize>| place.and_then(|place| self.name_of(place)).unwrap_or_default().to_owned();
        let names = if self.names.is_empty() { Vec::new() } else { places.iter().map(name_at).collect() };
        let written = |(place, &color): (&Option<usize>, &[u8; 4])| {
            place.and_then(|place| self.nominal.get(place)).copied().unwrap_or(color)
        };
        let nominal = if self.is_measured() { places.iter().zip(&colors).map(written).collect() } else { Vec::new() };
        Self { name, colors, names, nominal }
    }
}
