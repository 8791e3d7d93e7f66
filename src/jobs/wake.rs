//! What the window's thread and the threads that work for it owe each other: these wake it, and let it go first.

use std::sync::Arc;

/// Called after a result was sent, from the worker's thread: wakes the window.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Lets the window's own thread go first from now on. For threads that work for it: on a machine with few
/// cores a frame would otherwise wait behind them.
pub fn lower_priority() {
    // Where the system refuses, work goes on as it was.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(5);
}
