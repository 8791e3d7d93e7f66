//! How tests wait for jobs: they block on what wakes a window.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use quantscope::jobs::Wake;

/// A wake, and what tells of each of its calls.
pub(crate) fn test_wake() -> (Wake, Receiver<()>) {
    let (send, woken) = channel();
    let wake = move || {
        // Nobody may be waiting any more.
        let _ = send.send(());
    };
    (Arc::new(wake), woken)
}

/// Looks again after each wake.
pub(crate) fn wait_until(woken: &Receiver<()>, mut done: impl FnMut() -> bool) {
    while !done() {
        woken.recv_timeout(Duration::from_secs(60)).expect("waited too long");
    }
}
