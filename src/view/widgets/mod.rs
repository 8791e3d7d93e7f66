//! What the tabs of the window draw with: panes side by side, plots, swatches, figures, the dial.

pub mod bounds;
pub mod codebook;
pub mod compare;
pub(crate) mod controls;
pub mod dial;
pub mod figure_rows;
pub mod frames;
pub mod keys;
pub mod lettering;
pub mod look;
pub mod names;
pub mod orbit;
pub mod plots;
pub(crate) mod receipt;
pub mod swatch;
pub mod swatches;
