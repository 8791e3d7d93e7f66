//! How far a reconstruction is from its original. Each figure states its formula.

mod colour;
mod squared;
mod structure;

pub use colour::{ColourError, Comparison, compare_indexed, over_white};
pub use squared::{ScalarError, decibels};
pub use structure::ssim;
