//! One result that is wanted, and the last one that came.

use std::sync::Arc;

use super::worker::{Content, Giving, Message, Worker};
use super::{Emit, Failure, Wake};
use crate::engine::control::Control;

/// Final values kept for when the same is asked for again, unless the owner says otherwise.
const KEPT: usize = 8;

pub struct Slot<K, T> {
    worker: Worker<T>,
    wanted: Option<K>,
    giving: Giving,
    /// The requests whose values are still of use, the wanted one last.
    asked: Vec<(u64, K)>,
    state: Progress,
    shown: Option<(K, Arc<T>)>,
    /// Most recent last.
    kept: Vec<(K, Arc<T>)>,
    most_kept: usize,
}

#[derive(PartialEq)]
enum Progress {
    Idle,
    Running,
    Cancelled,
    Failed(String),
}

impl<K: Clone + PartialEq + Send + 'static, T: Send + Sync + 'static> Slot<K, T> {
    pub fn new(name: &str, wake: Wake) -> Self {
        let worker = Worker::new(name, wake);
        Self {
            worker,
            wanted: None,
            giving: Giving::AtOnce,
            asked: Vec::new(),
            state: Progress::Idle,
            shown: None,
            kept: Vec::new(),
            most_kept: KEPT,
        }
    }

    /// For work whose first value comes soon: a newer wish lets the running job hand that over, and it is shown, before
    /// it gives way. Where wishes follow each other faster than values, as under a hand that drags, something is
    /// seen on the way all the same.
    #[must_use]
    pub fn seen_on_the_way(self) -> Self {
        Self { giving: Giving::AfterAValue, ..self }
    }

    /// Forgets the kept values (their keys will not be asked for again) and sets how many to keep from
    /// now on: fewer where they are large.
    pub fn renew(&mut self, most_kept: usize) {
        self.kept.clear();
        self.most_kept = most_kept;
    }

    /// Wants the value of `key`. Does nothing when it is wanted already, even if it was cancelled or
    /// has failed: see [`Slot::retry`]. A value that is still kept is shown at once.
    pub fn request(
        &mut self,
        key: K,
        work: impl FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send + 'static,
    ) {
        if self.wanted.as_ref() == Some(&key) {
            return;
        }
        self.wanted = Some(key.clone());
        if let Some(at) = self.kept.iter().position(|(k, _)| *k == key) {
            self.stop();
            let found = self.kept.remove(at);
            self.kept.push(found.clone());
            self.shown = Some(found);
            self.state = Progress::Idle;
        } else {
            if self.giving == Giving::AtOnce {
                self.asked.clear();
            }
            self.asked.push((self.worker.start(Box::new(work), self.giving), key));
            self.state = Progress::Running;
        }
    }

    /// Puts a final value that is already there among the kept ones: its key, when it is wanted, takes no work.
    pub fn offer(&mut self, key: K, value: Arc<T>) {
        self.keep(key, value);
    }

    /// Takes what has come. Call once a frame.
    pub fn poll(&mut self) {
        for Message { request, content } in self.worker.receive() {
            self.asked.retain(|(asked, _)| *asked >= request);
            let Some((_, key)) = self.asked.first().filter(|(asked, _)| *asked == request).cloned() else { continue };
            let is_wanted = self.asked.len() == 1;
            match content {
                Content::Value { value, last } => {
                    let value = Arc::new(value);
                    if last {
                        self.keep(key.clone(), value.clone());
                    }
                    self.shown = Some((key, value));
                }
                _ if !is_wanted => {}
                Content::Failed(Failure::Message(why)) => self.state = Progress::Failed(why),
                Content::Failed(Failure::Stopped) => self.state = Progress::Cancelled,
                Content::Done => self.state = Progress::Idle,
            }
        }
    }

    fn keep(&mut self, key: K, value: Arc<T>) {
        self.kept.retain(|(k, _)| *k != key);
        self.kept.push((key, value));
        let surplus = self.kept.len().saturating_sub(self.most_kept);
        self.kept.drain(..surplus);
    }

    pub fn wanted(&self) -> Option<&K> {
        self.wanted.as_ref()
    }

    /// The last value and the key that made it, which need not be the wanted one.
    pub fn shown(&self) -> Option<(&K, &Arc<T>)> {
        self.shown.as_ref().map(|(k, v)| (k, v))
    }

    pub fn is_busy(&self) -> bool {
        self.state == Progress::Running
    }

    /// 0 to 1 while a job runs.
    pub fn progress(&self) -> Option<f32> {
        if self.is_busy() { self.worker.progress() } else { None }
    }

    /// What went wrong with the wanted key.
    pub fn error(&self) -> Option<&str> {
        match &self.state {
            Progress::Failed(why) => Some(why),
            _ => None,
        }
    }

    /// Stops the running job and keeps what is shown.
    pub fn cancel(&mut self) {
        if self.is_busy() {
            self.stop();
            self.state = Progress::Cancelled;
        }
    }

    fn stop(&mut self) {
        self.worker.stop();
        self.asked.clear();
    }

    pub fn is_cancelled(&self) -> bool {
        self.state == Progress::Cancelled
    }

    /// Lets the next request start again what was cancelled or has failed.
    pub fn retry(&mut self) {
        if matches!(self.state, Progress::Cancelled | Progress::Failed(_)) {
            self.wanted = None;
            self.state = Progress::Idle;
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.stop();
        (self.wanted, self.shown, self.state) = (None, None, Progress::Idle);
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    use super::*;

    fn quiet() -> Wake {
        Arc::new(|| {})
    }

    fn wait_until(mut done: impl FnMut() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(20), "waited too long");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn settle<T: Send + Sync + 'static>(slot: &mut Slot<u32, T>) {
        wait_until(|| {
            slot.poll();
            !slot.is_busy()
        });
    }

    fn until_stopped(control: &Control<'_>) -> Result<(), Failure> {
        loop {
            control.check()?;
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn an_identical_request_does_nothing() {
        let runs = Arc::new(AtomicUsize::new(0));
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        for _ in 0..5 {
            let runs = runs.clone();
            slot.request(1, move |emit, _| {
                runs.fetch_add(1, Ordering::SeqCst);
                emit.emit(10);
                Ok(())
            });
            settle(&mut slot);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(slot.shown().map(|(k, v)| (*k, **v)), Some((1, 10)));
    }

    #[test]
    fn the_newest_wins_and_a_superseded_job_never_shows() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        for key in 0..50 {
            slot.request(key, move |emit, control| {
                if key < 49 {
                    let _ = until_stopped(control);
                }
                emit.emit(key);
                Ok(())
            });
        }
        settle(&mut slot);
        assert_eq!(slot.shown().map(|(k, v)| (*k, **v)), Some((49, 49)));
    }

    #[test]
    fn where_wishes_come_faster_than_values_some_are_seen_on_the_way_and_the_last_one_wins() {
        let mut slot = Slot::<u32, u32>::new("test", quiet()).seen_on_the_way();
        let (mut seen, mut key) = (Vec::new(), 0);
        // A wish a millisecond, each worth five of them for a value and far more for the next.
        wait_until(|| {
            key += 1;
            slot.request(key, move |emit, control| {
                std::thread::sleep(Duration::from_millis(5));
                control.check()?;
                emit.emit(key);
                until_stopped(control)
            });
            std::thread::sleep(Duration::from_millis(1));
            slot.poll();
            seen.extend(slot.shown().map(|(k, v)| (*k, **v)));
            seen.dedup();
            seen.len() > 3
        });
        assert!(seen.iter().all(|(k, v)| k == v) && seen.is_sorted() && seen[2].0 < key, "{seen:?} before {key}");
        assert!(slot.is_busy(), "the newest wish is not fulfilled by what is seen on the way");
        wait_until(|| {
            slot.poll();
            slot.shown().is_some_and(|(k, _)| *k == key)
        });
        slot.cancel();
        slot.poll();
        assert!(slot.is_cancelled() && slot.shown().is_some_and(|(k, _)| *k == key));
    }

    #[test]
    fn the_previous_value_stays_with_its_own_key_until_the_next_arrives() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        slot.request(1, |emit, _| {
            emit.emit(10);
            Ok(())
        });
        settle(&mut slot);
        slot.request(2, |_, control| until_stopped(control));
        slot.poll();
        assert_eq!((slot.wanted(), slot.shown().map(|(k, v)| (*k, **v))), (Some(&2), Some((1, 10))));
        assert!(slot.is_busy());
    }

    #[test]
    fn a_panic_becomes_a_message_and_the_worker_goes_on() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        slot.request(1, |_, _| panic!("broken {}", 7));
        settle(&mut slot);
        assert!(slot.error().is_some_and(|e| e.contains("broken 7")));
        slot.request(2, |emit, _| {
            emit.emit(20);
            Ok(())
        });
        settle(&mut slot);
        assert_eq!((slot.error(), slot.shown().map(|(_, v)| **v)), (None, Some(20)));
    }

    #[test]
    fn cancel_keeps_what_is_shown_and_retry_starts_again() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        let work = |emit: &Emit<'_, u32>, control: &Control<'_>| {
            emit.emit(1);
            until_stopped(control)
        };
        slot.request(1, work);
        wait_until(|| {
            slot.poll();
            slot.shown().is_some()
        });
        slot.cancel();
        slot.request(1, work);
        assert!(!slot.is_busy() && slot.is_cancelled() && slot.shown().is_some());
        slot.retry();
        slot.request(1, work);
        assert!(slot.is_busy());
    }

    #[test]
    fn a_final_value_is_shown_again_without_work() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        for key in [1, 2] {
            slot.request(key, move |emit, _| {
                emit.emit_final(key * 10);
                Ok(())
            });
            settle(&mut slot);
        }
        slot.request(1, |_, _| panic!("no work was expected"));
        assert!(!slot.is_busy());
        assert_eq!(slot.shown().map(|(k, v)| (*k, **v)), Some((1, 10)));
    }

    #[test]
    fn an_offered_value_is_shown_without_work_once_it_is_wanted() {
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        slot.offer(7, Arc::new(70));
        assert!(slot.shown().is_none());
        slot.request(7, |_, _| panic!("no work was expected"));
        assert_eq!((slot.is_busy(), slot.shown().map(|(k, v)| (*k, **v))), (false, Some((7, 70))));
    }

    #[test]
    fn the_wake_comes_after_the_value_is_there() {
        let woken = Arc::new(AtomicBool::new(false));
        let flag = woken.clone();
        let mut slot = Slot::<u32, u32>::new("test", Arc::new(move || flag.store(true, Ordering::SeqCst)));
        slot.request(1, |emit, control| {
            emit.emit(5);
            until_stopped(control)
        });
        wait_until(|| woken.load(Ordering::SeqCst));
        slot.poll();
        assert_eq!(slot.shown().map(|(_, v)| **v), Some(5));
    }

    #[test]
    fn dropping_a_slot_stops_its_work() {
        let ended = Arc::new(AtomicBool::new(false));
        let flag = ended.clone();
        let mut slot = Slot::<u32, u32>::new("test", quiet());
        slot.request(1, move |_, control| {
            let outcome = until_stopped(control);
            flag.store(true, Ordering::SeqCst);
            outcome
        });
        wait_until(|| {
            slot.poll();
            slot.is_busy()
        });
        std::thread::sleep(Duration::from_millis(20));
        drop(slot);
        wait_until(|| ended.load(Ordering::SeqCst));
    }
}
