use std::sync::mpsc::channel;
use std::time::Duration;

use quantscope::engine::control::Failure;
use quantscope::jobs::{Running, Slot, Sweep, in_background, settle};
use rayon::prelude::*;

use crate::support::jobs::{Number, test_wake, wait_until};

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
    let mut slot = Slot::<u32, Number>::new("Testing", wake);
    slot.request_value(1, |_| Ok::<_, Failure>(Number((0..1000).into_par_iter().sum())));
    wait_until(&woken, || {
        slot.poll();
        slot.shown().is_some()
    });
    assert_eq!(slot.shown().map(|(_, sum)| sum.0), Some(499_500));
}
