//! How the photo is reduced, pane by pane.

use crate::engine::assign::dithering::Dithering;
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::format::Format;
use crate::palette::Fixed;
use crate::palette::edit::PaletteSource;
use crate::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

/// How photos are reduced; each pane adds its number of colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoSettings {
    /// How palettes are fitted.
    pub method: Method,
    /// The space in which colours are compared while palettes are fitted and pixels are mapped.
    pub space: Space,
    /// The dither pattern with its settings.
    pub dither: Dithering,
    /// Entries of each pane's palette, 1 to 256, a transparent one included.
    pub pane_colors: [u16; 3],
    /// Panes that show given colours instead.
    pub pane_palettes: [Option<Fixed>; 3],
    /// Panes that show the photo under a number format instead.
    pub pane_formats: [Option<Format>; 3],
    /// Colours that each pane's fitted palette holds as they are.
    pub pane_locked: [Option<Fixed>; 3],
    /// The side of tiles with a palette of their own.
    pub tile: Option<u16>,
    /// Whether each tile gets as many colours as it deserves, at the same size.
    pub tile_budget: bool,
}

/// Sides of tiles to choose from, in pixels.
pub const TILES: [u16; 4] = [4, 8, 16, 32];

impl Default for PhotoSettings {
    fn default() -> Self {
        Self {
            method: Method::KMeans,
            space: Space::Srgb,
            dither: Dithering::NONE,
            pane_colors: [256, 16, 4],
            pane_palettes: Default::default(),
            pane_formats: [None; 3],
            pane_locked: Default::default(),
            tile: None,
            tile_budget: false,
        }
    }
}

impl PhotoSettings {
    /// What a pane shows; `pane` is 0, 1 or 2.
    pub fn pane_spec(&self, pane: usize) -> PhotoSpec {
        if let Some(format) = self.pane_formats[pane] {
            return PhotoSpec::Numbers(format);
        }
        let budget = self.tile_budget.then_some(TileBudget::SameSize);
        self.of_palette(match self.pane_palettes[pane].clone() {
            Some(given) => Entries::Given(given),
            None => Entries::Fitted(FittedPalette {
                method: self.method,
                colors: self.pane_colors[pane],
                locked: self.pane_locked[pane].clone(),
                tiles: self.tile.map(|side| TileSpec { side, budget }),
            }),
        })
    }

    /// Where the palette of a pane comes from; `pane` is 0, 1 or 2.
    pub fn palette_source(&self, pane: usize) -> PaletteSource {
        let (given, locked) = (self.pane_palettes[pane].clone(), self.pane_locked[pane].clone());
        PaletteSource { given, locked, count: self.pane_colors[pane] }
    }

    /// Sets where the palette of a pane comes from; `pane` is 0, 1 or 2.
    pub fn set_palette_source(&mut self, pane: usize, PaletteSource { given, locked, count }: PaletteSource) {
        (self.pane_palettes[pane], self.pane_locked[pane], self.pane_colors[pane]) = (given, locked, count);
    }

    /// A reduction that no pane's edits and no tiles touch.
    pub fn spec(&self, colors: u16) -> PhotoSpec {
        self.of_palette(Entries::Fitted(FittedPalette { method: self.method, ..FittedPalette::new(colors) }))
    }

    fn of_palette(&self, entries: Entries) -> PhotoSpec {
        PaletteSpec { entries, space: self.space, dither: self.dither.canonical() }.into()
    }
}
