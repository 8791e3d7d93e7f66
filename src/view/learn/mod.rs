//! Learn: lessons for a room. A list of them, and the player that goes through one by arrow keys.

pub mod act;
pub(crate) mod contents;
pub(crate) mod drawing;
pub(crate) mod exhibit;
pub(crate) mod exhibits;
pub(crate) mod figure;
pub(crate) mod keycaps;
pub(crate) mod player;
pub(crate) mod prose;
pub mod state;
pub(crate) mod stops;
pub mod tab;
