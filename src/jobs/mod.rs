//! Long work beside an immediate-mode window.
//!
//! A [`Slot`] holds one result that is wanted: `request` may be called every frame and does nothing
//! while the key stays the same; a new key stops the running job, so dragging a slider needs no
//! debounce. What is shown is the last value that arrived, together with the key that made it. A
//! [`Sweep`] is the same for work that brings many items.

mod slot;
mod sweep;
mod worker;

use std::sync::Arc;

use crate::engine::control::Stopped;

pub use slot::Slot;
pub use sweep::Sweep;
pub use worker::Emit;

/// Called after a result was sent, from the worker's thread: wakes the window.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Lets the window's own thread go first from now on. For threads that work for it: on a machine with few
/// cores a frame would otherwise wait behind them.
pub fn step_back() {
    // Where the system refuses, work goes on as it was.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(5);
}

/// Why a job ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It was superseded or cancelled; nothing is wrong.
    Stopped,
    /// For people: what happened.
    Message(String),
}

impl From<Stopped> for Failure {
    fn from(_: Stopped) -> Self {
        Failure::Stopped
    }
}
