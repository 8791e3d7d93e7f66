//! Long work on many items, behind whatever is looked at.
//!
//! A thread of a pool takes the next part of the work that it is in before it takes new work: a sweep over all
//! tensors, once begun, would keep the pool that all jobs share from every other job until it is done. So each sweep
//! has a pool of its own for as long as it runs, and the system lets the shared pool's threads go first: on two cores
//! a sweep beside a reduction gets about a tenth of the time, and all of it when nothing else runs.

/// Added to the niceness of the thread that asks: two parts in three go to work that is not in the background, and even beside a
/// window that draws all the time enough is left to come to an end.
#[cfg(target_os = "linux")]
const NICE: i32 = 3;

/// Does the work on threads of its own, as many as there are cores; `rayon`'s parallel iterators inside use those.
pub fn in_background<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let name = |i: usize| format!("quantscope-sweep-{i}");
    match rayon::ThreadPoolBuilder::new().thread_name(name).start_handler(|_| go_last()).build() {
        Ok(pool) => pool.install(work),
        // Without threads of its own it takes its turn among the others.
        Err(_) => work(),
    }
}

fn go_last() {
    // Where the system refuses, the threads share the time evenly.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICE);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use rayon::prelude::*;

    use super::*;
    use crate::engine::control::Failure;
    use crate::jobs::{Running, Slot, Sweep, settle, test_wake, wait_until};

    #[test]
    fn a_sweep_that_is_stuck_on_every_thread_it_has_holds_up_no_other_job_and_no_other_sweep() {
        let (wake, woken) = test_wake();
        let threads = rayon::current_num_threads().min(64);
        let mut sweeps = [0, 1].map(|_| Sweep::<u32, ()>::new("Testing", wake.clone()));
        for sweep in &mut sweeps {
            let (send, stuck) = channel();
            sweep.request(1, move |_, control| {
                in_background(|| {
                    (0..64).into_par_iter().try_for_each(|_| {
                        send.send(()).unwrap();
                        Ok(settle(Duration::MAX, control)?)
                    })
                })
            });
            let is_stuck = |_| stuck.recv_timeout(Duration::from_secs(60)).is_ok();
            assert!((0..threads).all(is_stuck), "fewer threads than there are cores");
        }
        let mut slot = Slot::<u32, u64>::new("Testing", wake);
        slot.request_value(1, |_| Ok::<_, Failure>((0..1000u64).into_par_iter().sum()));
        wait_until(&woken, || {
            slot.poll();
            slot.shown().is_some()
        });
        assert_eq!(slot.shown().map(|(_, sum)| **sum), Some(499_500));
    }
}
