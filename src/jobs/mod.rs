//! Long work beside an immediate-mode window.
//!
//! A [`Slot`] holds one result that is wanted: `request` may be called every frame and does nothing
//! while the key stays the same; a new key stops the running job, at once or at its first value, so
//! dragging a slider needs no debounce. What is shown is the last value that arrived, together with the
//! key that made it. A [`Sweep`] is the same for work that brings many items.

mod background;
mod running;
mod slot;
mod sweep;
mod threads;
mod turn;
mod worker;

pub use background::{in_background, lower_priority};
pub use running::{Held, Running, each};
pub use slot::Slot;
pub use sweep::Sweep;
pub use turn::{in_turn, settle};
pub use worker::{Emit, Wake, Work};
