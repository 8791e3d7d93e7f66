//! Colours that are entries whatever is fitted, and what the engine is asked for beside them.

use super::axes::Axes;
use crate::engine::assign::dithering::Dithering;
use crate::engine::grouping::Grouping;
use crate::engine::recipe::{Levels, Recipe};
use crate::spec::FittedPalette;

/// The order of a palette: most transparent first (so that a PNG's table of alphas is short), then
/// from dark to light.
pub(super) fn darkness(c: [u8; 4]) -> f32 {
    f32::from(c[3]) * 1000.0 + crate::engine::colour::luma_from_srgb8([c[0], c[1], c[2]])
}

/// Colours that are entries whatever is fitted: where they stand, and exactly as they were given.
pub(super) struct Locked<const D: usize> {
    pub points: Vec<[f32; D]>,
    colors: Vec<[u8; 4]>,
}

impl<const D: usize> Locked<D> {
    /// At most `room` of them, all at different places.
    pub(super) fn new(palette: &FittedPalette, axes: Axes<D>, room: usize) -> Self {
        let mut locked = Self { points: Vec::new(), colors: Vec::new() };
        for color in palette.locked_colors() {
            // As a codebook has it, whose zeros have no sign.
            let point = (axes.point)(color).map(|c| c + 0.0);
            if locked.points.len() < room && !locked.points.contains(&point) {
                locked.points.push(point);
                locked.colors.push(color);
            }
        }
        locked
    }

    /// The locked colour at a place.
    pub(super) fn colour(&self, point: [f32; D]) -> Option<[u8; 4]> {
        self.points.iter().position(|p| *p == point).map(|i| self.colors[i])
    }
}

/// A colour that fills more than this share of the picture keeps its exact value, where there is room.
const EXACT_IN_PICTURE: f64 = 0.01;

/// The share for a tile, which has too few pixels for every hundredth to count.
const EXACT_IN_TILE: f64 = 0.25;

/// Palettes as the engine's recipe: no scales, a fitted codebook a group. `count` entries can be seen.
pub(super) fn palette_recipe<const D: usize>(
    palette: &FittedPalette,
    grouping: Grouping,
    axes: Axes<D>,
    locked: &Locked<D>,
    count: usize,
) -> Recipe<D> {
    let levels = Levels::Fitted {
        method: palette.method,
        count: count.max(1),
        kept: locked.points.clone(),
        stored: axes.stored,
        exact: Some(if palette.tiles.is_some() { EXACT_IN_TILE } else { EXACT_IN_PICTURE }),
        entry_bits: 24,
        code_bits: None,
    };
    Recipe { grouping, scale: None, levels, dither: Dithering::NONE }
}
