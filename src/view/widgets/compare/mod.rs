//! Linked panes: the same part of the original and of its reductions, side by side, split,
//! alternating, or as error maps. One pan and zoom moves them all; a mark shows the pixel under the
//! pointer in every pane, and a magnifier shows its surroundings.

pub mod comparison;
pub mod draw;
pub mod legend;
pub mod lens;
pub mod mode;
pub(crate) mod pane;
pub mod viewport;
