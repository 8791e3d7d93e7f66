use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use quantscope::jobs::Sweep;

use crate::support::jobs::test_wake;

#[test]
fn no_piece_waits_behind_another() {
    const AT_ONCE: usize = 8;
    let (wake, _woken) = test_wake();
    let (send, done) = channel();
    for _ in 0..50 {
        let all_are_there = Arc::new(Barrier::new(AT_ONCE));
        let mut sweeps = [(); AT_ONCE].map(|()| Sweep::<u32, ()>::new("Testing", wake.clone()));
        for sweep in &mut sweeps {
            let (barrier, send) = (all_are_there.clone(), send.clone());
            sweep.request(1, move |_, _| {
                barrier.wait();
                send.send(()).unwrap();
                Ok(())
            });
        }
        for _ in 0..AT_ONCE {
            done.recv_timeout(Duration::from_secs(60)).expect("a piece waits for a thread");
        }
    }
}
