//! Pixels: pictures with the colours that are in them, pictures as they are scaled for the screen, colour maps.

pub mod area;
pub mod coarse;
pub mod colourmap;
pub mod colours;
pub mod edited;
pub mod edits;
pub mod error;
pub mod flats;
pub mod image;
pub mod png;
mod scaled;

pub use scaled::*;
