use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use quantscope::engine::control::{Control, Failure};
use quantscope::jobs::{self, Emit, Running, Slot};

use crate::support::jobs::{Number, test_wake, wait_until};

fn slot() -> (Slot<u32, Number>, Receiver<()>) {
    let (wake, woken) = test_wake();
    (Slot::new("Testing", wake), woken)
}

fn settle(slot: &mut Slot<u32, Number>, woken: &Receiver<()>) {
    wait_until(woken, || {
        slot.poll();
        !slot.is_busy()
    });
}

fn until_shown(slot: &mut Slot<u32, Number>, woken: &Receiver<()>, key: u32) {
    wait_until(woken, || {
        slot.poll();
        slot.shown().is_some_and(|(shown, _)| *shown == key)
    });
}

fn until_stopped(control: &Control<'_>) -> Result<(), Failure> {
    Ok(jobs::settle(Duration::MAX, control)?)
}

#[test]
fn an_identical_request_does_nothing() {
    let runs = Arc::new(AtomicUsize::new(0));
    let (mut slot, woken) = slot();
    for _ in 0..5 {
        let runs = runs.clone();
        slot.request(1, move |emit, _| {
            runs.fetch_add(1, Ordering::SeqCst);
            emit.emit(Number(10));
            Ok(())
        });
        settle(&mut slot, &woken);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(slot.shown().map(|(k, v)| (*k, v.0)), Some((1, 10)));
}

#[test]
fn the_newest_wins_and_a_superseded_job_never_shows() {
    let (mut slot, woken) = slot();
    for key in 0..50 {
        slot.request(key, move |emit, control| {
            if key < 49 {
                let _ = until_stopped(control);
            }
            emit.emit(Number(key));
            Ok(())
        });
    }
    settle(&mut slot, &woken);
    assert_eq!(slot.shown().map(|(k, v)| (*k, v.0)), Some((49, 49)));
}

#[test]
fn where_wishes_come_faster_than_values_some_are_seen_on_the_way_and_the_last_one_wins() {
    let (slot, woken) = slot();
    let mut slot = slot.keep_previews();
    let ((begin, begun), (value, values)) = (channel(), channel());
    let values = Arc::new(Mutex::new(values));
    let wish = |slot: &mut Slot<u32, Number>, key| {
        let (begin, values) = (begin.clone(), values.clone());
        slot.request(key, move |emit, control| {
            begin.send(key).unwrap();
            let value = values.lock().unwrap().recv().unwrap();
            control.check()?;
            emit.emit(Number(value));
            until_stopped(control)
        });
    };
    wish(&mut slot, 0);
    for key in 0..4 {
        assert_eq!(begun.recv_timeout(Duration::from_secs(60)), Ok(key));
        // The first of these never begins.
        wish(&mut slot, key + 100);
        wish(&mut slot, key + 1);
        value.send(10 * key).unwrap();
        until_shown(&mut slot, &woken, key);
        assert_eq!(slot.shown().map(|(_, v)| v.0), Some(10 * key));
        assert!(slot.is_busy(), "the newest wish is not fulfilled by what is seen on the way");
    }
    value.send(40).unwrap();
    until_shown(&mut slot, &woken, 4);
    slot.cancel();
    slot.poll();
    assert!(slot.is_cancelled() && slot.shown().is_some_and(|(k, _)| *k == 4));
}

#[test]
fn the_previous_value_stays_with_its_own_key_until_the_next_arrives() {
    let (mut slot, woken) = slot();
    slot.request_value(1, |_| Ok::<_, Failure>(Number(10)));
    settle(&mut slot, &woken);
    slot.request(2, |_, control| until_stopped(control));
    slot.poll();
    assert_eq!((slot.wanted(), slot.shown().map(|(k, v)| (*k, v.0))), (Some(&2), Some((1, 10))));
    assert!(slot.is_busy());
}

#[test]
fn a_panic_becomes_a_message_and_the_worker_goes_on() {
    let (mut slot, woken) = slot();
    slot.request(1, |_, _| panic!("broken {}", 7));
    settle(&mut slot, &woken);
    assert!(slot.error().is_some_and(|e| e.contains("broken 7")));
    slot.request_value(2, |_| Ok::<_, Failure>(Number(20)));
    settle(&mut slot, &woken);
    assert_eq!((slot.error(), slot.shown().map(|(_, v)| v.0)), (None, Some(20)));
}

#[test]
fn cancel_keeps_what_is_shown_and_retry_starts_again() {
    let (mut slot, woken) = slot();
    let work = |emit: &Emit<'_, Number>, control: &Control<'_>| {
        emit.emit(Number(1));
        until_stopped(control)
    };
    slot.request(1, work);
    until_shown(&mut slot, &woken, 1);
    slot.cancel();
    slot.request(1, work);
    assert!(!slot.is_busy() && slot.is_cancelled() && slot.shown().is_some());
    slot.retry();
    slot.request(1, work);
    assert!(slot.is_busy());
}

#[test]
fn a_final_value_is_shown_again_without_work() {
    let (mut slot, woken) = slot();
    for key in [1, 2] {
        slot.request_value(key, move |_| Ok::<_, Failure>(Number(key * 10)));
        settle(&mut slot, &woken);
    }
    slot.request(1, |_, _| panic!("no work was expected"));
    assert!(!slot.is_busy());
    assert_eq!(slot.shown().map(|(k, v)| (*k, v.0)), Some((1, 10)));
}

#[test]
fn an_offered_value_is_shown_without_work_once_it_is_wanted() {
    let (mut slot, _) = slot();
    slot.offer(7, Arc::new(Number(70)));
    assert!(slot.shown().is_none());
    slot.request(7, |_, _| panic!("no work was expected"));
    assert_eq!((slot.is_busy(), slot.shown().map(|(k, v)| (*k, v.0))), (false, Some((7, 70))));
}

#[test]
fn the_wake_comes_after_the_value_is_there() {
    let (mut slot, woken) = slot();
    slot.request(1, |emit, control| {
        emit.emit(Number(5));
        until_stopped(control)
    });
    woken.recv_timeout(Duration::from_secs(60)).expect("no wake");
    slot.poll();
    assert_eq!(slot.shown().map(|(_, v)| v.0), Some(5));
}

#[test]
fn what_is_looked_at_is_never_forgotten_and_what_is_forgotten_is_made_again() {
    let (mut slot, woken) = slot();
    let mut before = Instant::now();
    for key in [1, 2] {
        before = Instant::now();
        slot.request_value(key, move |_| Ok::<_, Failure>(Number(key)));
        settle(&mut slot, &woken);
    }
    assert_eq!(slot.spares(before).len(), 1, "one is on show");
    let later = Instant::now();
    assert_eq!(slot.spares(later).len(), 2, "nobody has asked since");
    slot.forget(later, before);
    assert_eq!((slot.spares(before).len(), slot.shown().map(|(k, _)| *k)), (0, Some(2)));
    slot.forget(later, later);
    assert!(slot.shown().is_none() && slot.spares(later).is_empty());
    slot.request_value(2, |_| Ok::<_, Failure>(Number(20)));
    settle(&mut slot, &woken);
    assert_eq!(slot.shown().map(|(k, v)| (*k, v.0)), Some((2, 20)));
}

#[test]
fn work_that_says_it_was_stopped_when_nobody_stopped_it_has_failed() {
    let (mut slot, woken) = slot();
    slot.request(1, |_, _| Err(Failure::Stopped));
    settle(&mut slot, &woken);
    assert!(!slot.is_cancelled() && slot.error().is_some());
}

#[test]
fn work_that_one_act_asked_for_is_over_when_it_is_cancelled_and_says_so() {
    let (slot, _) = slot();
    let mut slot = slot.once();
    slot.request(1, |_, control| until_stopped(control));
    slot.cancel();
    assert_eq!((slot.is_cancelled(), slot.error()), (false, Some("cancelled")));
}

#[test]
fn dropping_a_slot_stops_its_work() {
    let (mut slot, woken) = slot();
    let (send, ended) = channel();
    slot.request(1, move |emit, control| {
        emit.emit(Number(1));
        send.send(until_stopped(control)).unwrap();
        Ok(())
    });
    until_shown(&mut slot, &woken, 1);
    drop(slot);
    assert_eq!(ended.recv_timeout(Duration::from_secs(60)), Ok(Err(Failure::Stopped)));
}
