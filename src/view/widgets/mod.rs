//! What the tabs of the window draw with: panes side by side, plots, swatches, figures, the dial.

pub(crate) mod bounds;
pub(crate) mod codebook;
pub mod compare;
pub(crate) mod controls;
pub(crate) mod dial;
pub(crate) mod figure_rows;
pub mod frames;
pub mod keys;
pub mod lettering;
pub mod look;
pub(crate) mod names;
pub mod orbit;
pub mod plots;
pub(crate) mod receipt;
pub mod swatch;
pub mod swatches;
