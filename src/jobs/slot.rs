//! One result that is wanted, and the last one that came.

use std::sync::Arc;
use std::time::Instant;

use super::running::{Held, Running};
use super::worker::{Content, Emit, Message, State, StopWhen, Wake, Work, Worker};
use crate::engine::control::{Control, Failure};

/// Final values kept for when the same is asked for again, at most; all slots together share a bound in bytes.
const KEPT: usize = 8;

/// A value kept for when its key is wanted again.
struct Kept<K, T> {
    key: K,
    value: Arc<T>,
    used: Instant,
}

/// A background job whose value is asked for by a key: it holds the last value and keeps some earlier ones.
pub struct Slot<K, T> {
    worker: Worker<T>,
    wanted: Option<K>,
    stop_when: StopWhen,
    /// The requests whose values are still of use, the wanted one last.
    asked: Vec<(u64, K)>,
    shown: Option<(K, Arc<T>)>,
    /// Most recent last.
    kept: Vec<Kept<K, T>>,
    /// When something was last asked for: if that is long ago, it is not on show now.
    asked_at: Instant,
    /// What was stopped is not asked for again.
    once: bool,
}

impl<K: Clone + PartialEq + Send + 'static, T: Held> Slot<K, T> {
    /// `doing` says in words for people what it works at.
    pub fn new(doing: &'static str, wake: Wake) -> Self {
        Self {
            worker: Worker::new(doing, wake),
            wanted: None,
            stop_when: StopWhen::AtOnce,
            asked: Vec::new(),
            shown: None,
            kept: Vec::new(),
            asked_at: Instant::now(),
            once: false,
        }
    }

    /// For work that one act asks for, such as writing a file: when it is cancelled, that is told as its failure and
    /// nothing is there to be resumed.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// For work whose first value comes soon: a newer wish lets the running job hand that over, and it is shown, before
    /// it gives way. Where wishes follow each other faster than values, as under a hand that drags, something is
    /// seen on the way all the same.
    #[must_use]
    pub fn keep_previews(self) -> Self {
        Self { stop_when: StopWhen::AfterAValue, ..self }
    }

    /// Wants the value of `key`. Does nothing when it is wanted already, even if it was cancelled or
    /// has failed: see [`Running::retry`]. A value that is still kept is shown at once.
    pub fn request(
        &mut self,
        key: K,
        work: impl FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send + 'static,
    ) {
        self.asked_at = Instant::now();
        if self.wanted.as_ref() == Some(&key) {
            return;
        }
        self.wanted = Some(key.clone());
        if let Some(at) = self.kept.iter().position(|kept| kept.key == key) {
            self.stop();
            let value = self.kept.remove(at).value;
            self.offer(key.clone(), value.clone());
            self.shown = Some((key, value));
            self.worker.work.state = State::Complete;
        } else {
            if self.stop_when == StopWhen::AtOnce {
                self.asked.clear();
            }
            self.asked.push((self.worker.start(Box::new(work), self.stop_when), key));
            self.worker.work.state = State::Running;
        }
    }

    /// Wants the value of `key`, as [`Slot::request`] does, where the work brings one value that stays as it is.
    pub fn request_value<E: Into<Failure>>(
        &mut self,
        key: K,
        work: impl FnOnce(&Control<'_>) -> Result<T, E> + Send + 'static,
    ) {
        self.request(key, move |emit, control| {
            emit.emit_final(work(control).map_err(Into::into)?);
            Ok(())
        });
    }

    /// Puts a final value that is already there among the kept ones: its key, when it is wanted, takes no work.
    pub fn offer(&mut self, key: K, value: Arc<T>) {
        self.kept.retain(|kept| kept.key != key);
        self.kept.push(Kept { key, value, used: Instant::now() });
        let surplus = self.kept.len().saturating_sub(KEPT);
        self.kept.drain(..surplus);
    }

    /// Whether anything was asked for since then, or is still to come.
    fn is_looked_at(&self, since: Instant) -> bool {
        self.asked_at >= since || self.is_busy()
    }

    fn is_shown(&self, value: &Arc<T>) -> bool {
        self.shown.as_ref().is_some_and(|(_, shown)| Arc::ptr_eq(shown, value))
    }

    fn last_use(&self, kept: &Kept<K, T>) -> Instant {
        if self.is_shown(&kept.value) { self.asked_at.max(kept.used) } else { kept.used }
    }

    /// The key last asked for; `None` before the first request, after [`Slot::clear`], and after a retry.
    pub fn wanted(&self) -> Option<&K> {
        self.wanted.as_ref()
    }

    /// The last value and the key that made it, which need not be the wanted one.
    pub fn shown(&self) -> Option<(&K, &Arc<T>)> {
        self.shown.as_ref().map(|(k, v)| (k, v))
    }

    fn stop(&mut self) {
        self.worker.work.stop();
        self.asked.clear();
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.stop();
        (self.wanted, self.shown, self.worker.work.state) = (None, None, State::Idle);
        self.kept.clear();
    }
}

impl<K: Clone + PartialEq + Send + 'static, T: Held> Running for Slot<K, T> {
    fn work(&self) -> &Work {
        &self.worker.work
    }

    fn work_mut(&mut self) -> &mut Work {
        &mut self.worker.work
    }

    fn forget_wanted(&mut self) {
        self.wanted = None;
    }

    fn poll(&mut self) {
        for Message { request, content } in self.worker.receive() {
            self.asked.retain(|(asked, _)| *asked >= request);
            let Some((_, key)) = self.asked.first().filter(|(asked, _)| *asked == request).cloned() else { continue };
            let is_wanted = self.asked.len() == 1;
            match content {
                Content::Value { value, last } => {
                    let value = Arc::new(value);
                    if last {
                        self.offer(key.clone(), value.clone());
                    }
                    self.shown = Some((key, value));
                }
                _ if !is_wanted => {}
                Content::Failed(failure) => self.worker.work.state = failure.into(),
                Content::Done => self.worker.work.state = State::Complete,
            }
        }
    }

    fn cancel(&mut self) {
        if self.is_busy() {
            self.stop();
            self.worker.work.state = if self.once { State::Failed("cancelled".to_owned()) } else { State::Cancelled };
        }
    }

    fn spares(&self, since: Instant) -> Vec<(Instant, usize)> {
        let looked_at = self.is_looked_at(since);
        let kept = self.kept.iter().filter(|kept| !looked_at || !self.is_shown(&kept.value));
        let kept = kept.map(|kept| (self.last_use(kept), kept.value.bytes()));
        let not_kept =
            self.shown.iter().filter(|_| !looked_at && !self.kept.iter().any(|kept| self.is_shown(&kept.value)));
        kept.chain(not_kept.map(|(_, value)| (self.asked_at, value.bytes()))).collect()
    }

    fn forget(&mut self, until: Instant, since: Instant) {
        let looked_at = self.is_looked_at(since);
        let mut kept = std::mem::take(&mut self.kept);
        kept.retain(|kept| self.last_use(kept) > until || (looked_at && self.is_shown(&kept.value)));
        self.kept = kept;
        if !looked_at && self.asked_at <= until {
            self.shown = None;
            if self.worker.work.state == State::Complete {
                self.wanted = None;
            }
        }
    }
}
