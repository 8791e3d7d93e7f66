//! How the photo is reduced, pane by pane.

use crate::engine::assign::dithering::Dithering;
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::format::Format;
use crate::palette::edit::PaletteSource;
use crate::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

/// How photos are reduced; each pane adds its colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoSettings {
    /// How palettes are fitted.
    pub method: Method,
    /// The space in which colours are compared while palettes are fitted and pixels are mapped.
    pub space: Space,
    /// The dither pattern with its settings.
    pub dither: Dithering,
    /// What each pane shows.
    pub panes: [PaneSettings; 3],
    /// The side of tiles with a palette of their own.
    pub tile: Option<u16>,
    /// Whether each tile gets as many colours as it deserves, at the same size.
    pub tile_budget: bool,
}

/// What one pane of the photo shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaneSettings {
    /// Where its palette comes from.
    pub source: PaletteSource,
    /// A number format in place of the palette, which comes back with the next choice of colours.
    pub format: Option<Format>,
}

/// Sides of tiles to choose from, in pixels.
pub const TILES: [u16; 4] = [4, 8, 16, 32];

impl Default for PhotoSettings {
    fn default() -> Self {
        Self {
            method: Method::KMeans,
            space: Space::Srgb,
            dither: Dithering::NONE,
            panes: [256, 16, 4]
                .map(|count| PaneSettings { source: PaletteSource { given: None, locked: None, count }, format: None }),
            tile: None,
            tile_budget: false,
        }
    }
}

impl PhotoSettings {
    /// What a pane shows; `pane` is 0, 1 or 2.
    pub fn pane_spec(&self, pane: usize) -> PhotoSpec {
        let PaneSettings { source, format } = self.panes[pane].clone();
        let budget = self.tile_budget.then_some(TileBudget::SameSize);
        match (format, source.given) {
            (Some(format), _) => PhotoSpec::Numbers(format),
            (None, Some(given)) => self.of_palette(Entries::Given(given)),
            (None, None) => self.of_palette(Entries::Fitted(FittedPalette {
                method: self.method,
                colors: source.count,
                locked: source.locked,
                tiles: self.tile.map(|side| TileSpec { side, budget }),
            })),
        }
    }

    /// A reduction that no pane's edits and no tiles touch.
    pub fn spec(&self, colors: u16) -> PhotoSpec {
        self.of_palette(Entries::Fitted(FittedPalette { method: self.method, ..FittedPalette::new(colors) }))
    }

    fn of_palette(&self, entries: Entries) -> PhotoSpec {
        PaletteSpec { entries, space: self.space, dither: self.dither.canonical() }.into()
    }
}
