use std::sync::mpsc::channel;
use std::time::Duration;

use quantscope::jobs::{Running, Sweep};

use crate::support::jobs::{test_wake, wait_until};

#[test]
fn items_stream_in_and_a_cancel_keeps_them() {
    let (wake, woken) = test_wake();
    let mut sweep = Sweep::<u32, u32>::new("Testing", wake);
    let ((give, given), (send, ended)) = (channel(), channel());
    sweep.request(1, move |emit, _| {
        given.iter().for_each(|item| emit.emit(item));
        // Too late to be stopped, as far as it knows.
        send.send(()).unwrap();
        Ok(())
    });
    (0..5).for_each(|item| give.send(item).unwrap());
    let mut items = Vec::new();
    wait_until(&woken, || {
        sweep.poll();
        items.extend(sweep.drain());
        items.len() == 5
    });
    sweep.cancel();
    give.send(5).unwrap();
    drop(give);
    ended.recv_timeout(Duration::from_secs(60)).expect("the work goes on");
    sweep.poll();
    assert_eq!((items, sweep.drain()), (vec![0, 1, 2, 3, 4], vec![]), "nothing comes after the cancel");
    assert!(sweep.is_cancelled() && !sweep.is_complete());
}
