use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use quantscope::engine::control::{Control, Stopped};
use quantscope::jobs::{Running, Sweep, in_turn, settle};

use crate::support::jobs::test_wake;

#[test]
fn what_waits_for_its_turn_goes_one_at_a_time() {
    let count = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    in_turn(&Control::unwatched(), || {
                        let before = count.load(Ordering::Relaxed);
                        std::thread::yield_now();
                        count.store(before + 1, Ordering::Relaxed);
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(count.load(Ordering::Relaxed), 4 * 500);
}

#[test]
fn a_stop_ends_every_wait_and_stopped_work_does_not_begin() {
    let ((begun, begins), (send, ended)) = (channel(), channel());
    let (wake, _woken) = test_wake();
    let waiting = |wait: fn(&Control<'_>) -> Result<(), Stopped>| {
        let (begun, send) = (begun.clone(), send.clone());
        let mut sweep = Sweep::<u32, ()>::new("Testing", wake.clone());
        sweep.request(1, move |_, control| {
            begun.send(()).unwrap();
            send.send(wait(control)).unwrap();
            Ok(())
        });
        begins.recv_timeout(Duration::from_secs(60)).expect("it begins");
        sweep
    };
    in_turn(&Control::unwatched(), || {
        let settling = waiting(|control| settle(Duration::from_secs(120), control));
        let in_line = waiting(|control| in_turn(control, || panic!("stopped work must not begin")));
        for mut sweep in [settling, in_line] {
            sweep.cancel();
            assert_eq!(ended.recv_timeout(Duration::from_secs(60)), Ok(Err(Stopped)));
        }
    })
    .unwrap();
}
