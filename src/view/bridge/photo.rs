//! How the bridge reduces the photo, whatever is chosen on the photo's own tab: to the nearest colours of a palette of
//! least squared error, without dither. Pixels are then coded as weights are.

use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::spec::{FittedPalette, PaletteSpec, PhotoSpec};

/// How palettes are fitted on the bridge.
pub const METHOD: Method = Method::KMeans;
/// Where colours are compared on the bridge.
pub const SPACE: Space = Space::Srgb;

/// The reduction of the photo at a stop of the dial: to 2^`bits` colours.
pub fn photo_spec(bits: u8) -> PhotoSpec {
    let palette = FittedPalette { method: METHOD, ..FittedPalette::new(1 << bits) };
    PaletteSpec { space: SPACE, ..palette.into() }.into()
}
