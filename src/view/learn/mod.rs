//! Learn: lessons for a room. A list of them, and the player that goes through one by arrow keys.

pub mod act;
pub(crate) mod contents;
pub(crate) mod drawing;
pub(crate) mod exhibit;
pub mod exhibits;
pub mod figure;
pub(crate) mod keycaps;
pub(crate) mod player;
pub mod prose;
pub mod state;
pub mod stops;
pub mod tab;
