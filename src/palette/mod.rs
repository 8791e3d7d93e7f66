//! Palettes that were not found by a fit: lists that are part of the program, and palette files.

pub mod builtin;
pub mod edit;
pub mod error;
pub mod files;
pub mod hex;
mod named;
mod one_line;
pub mod order;

use std::sync::{Arc, OnceLock};

pub use builtin::{BUILTIN, Builtin, find};
pub use error::{FileFault, PaletteError};
pub(crate) use files::has_ending;
pub use files::{Evidence, FileKind, kind_of, read};
pub use hex::{hex_line, parse_hex};
pub use named::{MOST_COLORS, NamedPalette};

/// A palette entry and how many pixels use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// sRGB and straight alpha.
    pub rgba: [u8; 4],
    /// Pixels that use the entry.
    pub count: u64,
}

/// A palette as a plain, comparable part of a specification: a clone shares the list, and equal lists are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fixed(Arc<NamedPalette>);

impl Fixed {
    /// Wraps a list of 1 to [`MOST_COLORS`] colours.
    pub fn new(palette: NamedPalette) -> Self {
        Self(Arc::new(palette))
    }

    /// What the list is called, for people and as the name in a palette file.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// 1 to [`MOST_COLORS`] colours.
    pub fn colors(&self) -> &[[u8; 4]] {
        &self.0.colors
    }

    /// The list with the names of its colours, as all clones share it.
    pub fn list(&self) -> &Arc<NamedPalette> {
        &self.0
    }
}

/// The program's own palettes, ready to be used.
pub fn builtin_palettes() -> &'static [Fixed] {
    static PALETTES: OnceLock<Vec<Fixed>> = OnceLock::new();
    PALETTES.get_or_init(|| BUILTIN.iter().map(|b| Fixed::new(b.palette())).collect())
}
