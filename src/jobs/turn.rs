//! Work that waits: for newer wishes that may make it needless, or for its turn.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::threads::locked;
use crate::engine::control::{Control, Stopped};

/// Whether a job has the turn.
static TAKEN: Mutex<bool> = Mutex::new(false);
/// Notified when the turn is free again and when a job is stopped: each that waits then looks whether it still has to.
static CHANGED: Condvar = Condvar::new();

/// Waits, unless it is stopped: for work that is not worth beginning while newer wishes may follow.
///
/// # Errors
/// `Stopped` when the job was superseded or cancelled meanwhile.
pub fn settle(wait: Duration, control: &Control<'_>) -> Result<(), Stopped> {
    drop(CHANGED.wait_timeout_while(locked(&TAKEN), wait, |_| control.check().is_ok()));
    control.check()
}

/// Does work that cannot be stopped half-way, one such piece at a time in the whole program.
///
/// # Errors
/// `Stopped` when the job was superseded or cancelled while it waited for its turn.
pub fn in_turn<T>(control: &Control<'_>, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    let has_to_wait = |taken: &mut bool| *taken && control.check().is_ok();
    let mut taken = CHANGED.wait_while(locked(&TAKEN), has_to_wait).unwrap_or_else(PoisonError::into_inner);
    control.check()?;
    *taken = true;
    drop(taken);
    let _turn = Turn;
    Ok(work())
}

/// Gives the turn back, after a panic as well.
struct Turn;

impl Drop for Turn {
    fn drop(&mut self) {
        *locked(&TAKEN) = false;
        CHANGED.notify_all();
    }
}

/// Has jobs that wait look at their stop flags. To be called after one was set.
pub(super) fn wake_stopped() {
    // Under the lock: a job that has seen its flag down is waiting by now.
    let _taken = locked(&TAKEN);
    CHANGED.notify_all();
}
