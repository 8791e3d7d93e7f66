//! Many results of one piece of work, taken as they come; a cancel keeps what has come.

use super::running::Running;
use super::worker::{Content, Emit, Message, State, StopWhen, Wake, Work, Worker};
use crate::engine::control::{Control, Failure};

/// A background job that brings many values of type `T` for one key, each taken as it comes.
pub struct Sweep<K, T> {
    worker: Worker<T>,
    wanted: Option<K>,
    /// The request for what is wanted; none when it was stopped.
    request: Option<u64>,
    arrived: Vec<T>,
}

impl<K: Clone + PartialEq + Send + 'static, T: Send + 'static> Sweep<K, T> {
    /// `doing` says in words for people what it works at.
    pub fn new(doing: &'static str, wake: Wake) -> Self {
        Self { worker: Worker::new(doing, wake), wanted: None, request: None, arrived: Vec::new() }
    }

    /// Wants the items of `key`; does nothing when they are wanted already. Another key drops the items before it.
    pub fn request(
        &mut self,
        key: K,
        work: impl FnOnce(&Emit<'_, T>, &Control<'_>) -> Result<(), Failure> + Send + 'static,
    ) {
        if self.wanted.as_ref() == Some(&key) {
            return;
        }
        self.wanted = Some(key);
        self.arrived.clear();
        self.request = Some(self.worker.start(Box::new(work), StopWhen::AtOnce));
        self.worker.work.state = State::Running;
    }

    /// The key last asked for; `None` before the first request, after [`Sweep::clear`], and after a retry.
    pub fn wanted(&self) -> Option<&K> {
        self.wanted.as_ref()
    }

    /// The items that have come since the last call.
    pub fn drain(&mut self) -> Vec<T> {
        std::mem::take(&mut self.arrived)
    }

    /// Whether the thread is at a job still, wanted or not: a cancel is obeyed when it next looks.
    pub fn is_working(&self) -> bool {
        self.worker.is_working()
    }

    /// Whether all items of the wanted key have come, those not yet drained included.
    pub fn is_complete(&self) -> bool {
        self.worker.work.state == State::Complete
    }

    /// Wants nothing any more.
    pub fn clear(&mut self) {
        self.worker.work.stop();
        (self.wanted, self.request, self.worker.work.state) = (None, None, State::Idle);
        self.arrived.clear();
    }
}

impl<K: Clone + PartialEq + Send + 'static, T: Send + 'static> Running for Sweep<K, T> {
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
            if self.request != Some(request) {
                continue;
            }
            match content {
                Content::Value { value, .. } => self.arrived.push(value),
                Content::Failed(failure) => self.worker.work.state = failure.into(),
                Content::Done => self.worker.work.state = State::Complete,
            }
        }
    }

    fn cancel(&mut self) {
        if self.is_busy() {
            self.poll();
            self.worker.work.stop();
            self.request = None;
            self.worker.work.state = State::Cancelled;
        }
    }
}
