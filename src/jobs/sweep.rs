//! Many results of one piece of work, taken as they come; a cancel keeps what has come.

use super::running::Running;
use super::wake::Wake;
use super::worker::{Content, Emit, Message, State, StopWhen, Worker};
use crate::engine::control::{Control, Failure};

/// A background job that brings many values of type `T` for one key, each taken as it comes.
pub struct Sweep<K, T> {
    doing: &'static str,
    worker: Worker<T>,
    wanted: Option<K>,
    /// Of what is wanted; none when it was stopped.
    request: Option<u64>,
    arrived: Vec<T>,
    state: State,
}

impl<K: Clone + PartialEq + Send + 'static, T: Send + 'static> Sweep<K, T> {
    /// `doing` says in words for people what it works at.
    pub fn new(doing: &'static str, wake: Wake) -> Self {
        let worker = Worker::new(wake);
        Self { doing, worker, wanted: None, request: None, arrived: Vec::new(), state: State::Idle }
    }

    /// Wants the items of `key`; does nothing when they are wanted already. Another key drops the
    /// items of the one before.
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
        self.state = State::Running;
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
        self.state == State::Complete
    }

    /// Wants nothing any more.
    pub fn clear(&mut self) {
        self.worker.stop();
        (self.wanted, self.request, self.state) = (None, None, State::Idle);
        self.arrived.clear();
    }
}

impl<K: Clone + PartialEq + Send + 'static, T: Send + 'static> Running for Sweep<K, T> {
    fn doing(&self) -> &'static str {
        self.doing
    }

    fn poll(&mut self) {
        for Message { request, content } in self.worker.receive() {
            if self.request != Some(request) {
                continue;
            }
            match content {
                Content::Value { value, .. } => self.arrived.push(value),
                Content::Failed(failure) => self.state = failure.into(),
                Content::Done => self.state = State::Complete,
            }
        }
    }

    fn is_busy(&self) -> bool {
        self.state == State::Running
    }

    fn progress(&self) -> Option<f32> {
        if self.is_busy() { self.worker.progress() } else { None }
    }

    fn error(&self) -> Option<&str> {
        self.state.error()
    }

    fn is_cancelled(&self) -> bool {
        self.state == State::Cancelled
    }

    fn cancel(&mut self) {
        if self.is_busy() {
            self.poll();
            self.worker.stop();
            self.request = None;
            self.state = State::Cancelled;
        }
    }

    fn retry(&mut self) {
        if matches!(self.state, State::Cancelled | State::Failed(_)) {
            self.wanted = None;
            self.state = State::Idle;
        }
    }

    #[cfg(test)]
    fn set_busy(&mut self) {
        self.state = State::Running;
    }

    #[cfg(test)]
    fn set_failed(&mut self, why: &str) {
        self.state = State::Failed(why.to_owned());
    }
}
