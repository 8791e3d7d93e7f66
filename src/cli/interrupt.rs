//! Ctrl-C on the command line: what runs stops where it next looks, so that a file that was begun is taken
//! away again. A second one ends the program at once.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::engine::control::Control;

/// What a shell shows of a program that SIGINT has ended.
pub(super) const EXIT_STATUS: u8 = 130;

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

fn stop() -> &'static Arc<AtomicBool> {
    STOP.get_or_init(Arc::default)
}

/// From now on a signal asks for a stop instead of ending the program.
pub(super) fn watch() {
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down and raises it, the second finds it up. Where no
        // handler can be had, the signal ends the program as it always did.
        let _ = flag::register_conditional_shutdown(signal, 128 + signal, stop().clone())
            .and_then(|_| flag::register(signal, stop().clone()));
    }
}

/// Whether a signal has come.
pub(super) fn is_stopped() -> bool {
    stop().load(Ordering::Relaxed)
}

/// For work on the command line: it stops when a signal comes.
pub(super) fn control() -> Control<'static> {
    with_progress(&|_| {})
}

pub(super) fn with_progress(progress: &(dyn Fn(f32) + Sync)) -> Control<'_> {
    Control::new(stop(), progress)
}
