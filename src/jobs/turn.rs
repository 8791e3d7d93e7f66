//! Work that waits: for newer wishes that may make it needless, or for its turn.

use std::sync::{Mutex, TryLockError};
use std::time::{Duration, Instant};

use crate::engine::control::{Control, Stopped};

/// Between two looks at the stop flag.
const NAP: Duration = Duration::from_millis(10);

/// Waits, unless it is stopped: for work that is not worth beginning while newer wishes may follow.
///
/// # Errors
/// `Stopped` when the job was superseded or cancelled meanwhile.
pub fn settle(wait: Duration, control: &Control<'_>) -> Result<(), Stopped> {
    let start = Instant::now();
    while start.elapsed() < wait {
        control.check()?;
        std::thread::sleep(NAP);
    }
    control.check()
}

/// Does work that cannot be stopped half-way, one such piece at a time in the whole program.
///
/// # Errors
/// `Stopped` when the job was superseded or cancelled while it waited for its turn.
pub fn in_turn<T>(control: &Control<'_>, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    static TURN: Mutex<()> = Mutex::new(());
    loop {
        control.check()?;
        match TURN.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(NAP),
            // A panic in another's turn leaves nothing behind that could be wrong.
            turn @ (Ok(_) | Err(TryLockError::Poisoned(_))) => {
                let done = work();
                drop(turn);
                return Ok(done);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_waits_for_its_turn_goes_one_at_a_time_and_can_be_stopped() {
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    in_turn(&Control::unwatched(), || {
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(5));
                        inside.fetch_sub(1, Ordering::SeqCst);
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), 1);
        let stop = AtomicBool::new(true);
        let control = Control::new(&stop, &|_| {});
        assert_eq!(in_turn(&control, || panic!("stopped work must not begin")), Err::<(), _>(Stopped));
        assert_eq!(settle(Duration::from_secs(60), &control), Err(Stopped));
    }
}
