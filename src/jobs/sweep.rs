//! Many results of one piece of work, taken as they come; a cancel keeps what has come.

use super::wake::Wake;
use super::worker::{Content, Emit, Message, StopWhen, Worker};
use crate::engine::control::{Control, Failure};

pub struct Sweep<K, T> {
    pub(super) doing: &'static str,
    worker: Worker<T>,
    wanted: Option<K>,
    /// Of what is wanted; none when it was stopped.
    request: Option<u64>,
    arrived: Vec<T>,
    pub(super) state: State,
}

#[derive(PartialEq)]
pub(super) enum State {
    Idle,
    Running,
    Cancelled,
    Failed(String),
    Complete,
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

    /// Takes what has come. Call once a frame.
    pub fn poll(&mut self) {
        for Message { request, content } in self.worker.receive() {
            if self.request != Some(request) {
                continue;
            }
            match content {
                Content::Value { value, .. } => self.arrived.push(value),
                Content::Failed(Failure::Message(why)) => self.state = State::Failed(why),
                Content::Failed(Failure::Stopped) => self.state = State::Cancelled,
                Content::Done => self.state = State::Complete,
            }
        }
    }

    pub fn wanted(&self) -> Option<&K> {
        self.wanted.as_ref()
    }

    /// The items that have come since the last call.
    pub fn drain(&mut self) -> Vec<T> {
        std::mem::take(&mut self.arrived)
    }

    pub fn is_busy(&self) -> bool {
        self.state == State::Running
    }

    /// Whether the thread is at a job still, wanted or not: a cancel is obeyed when it next looks.
    pub fn is_working(&self) -> bool {
        self.worker.is_working()
    }

    pub fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    pub fn is_cancelled(&self) -> bool {
        self.state == State::Cancelled
    }

    pub fn progress(&self) -> Option<f32> {
        if self.is_busy() { self.worker.progress() } else { None }
    }

    pub fn error(&self) -> Option<&str> {
        match &self.state {
            State::Failed(why) => Some(why),
            _ => None,
        }
    }

    /// Stops the work and keeps what has come.
    pub fn cancel(&mut self) {
        if self.is_busy() {
            self.poll();
            self.worker.stop();
            self.request = None;
            self.state = State::Cancelled;
        }
    }

    /// Wants nothing any more.
    pub fn clear(&mut self) {
        self.worker.stop();
        (self.wanted, self.request, self.state) = (None, None, State::Idle);
        self.arrived.clear();
    }

    /// Lets the next request start again what was cancelled or has failed.
    pub fn retry(&mut self) {
        if matches!(self.state, State::Cancelled | State::Failed(_)) {
            self.wanted = None;
            self.state = State::Idle;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn items_stream_in_and_a_cancel_keeps_them() {
        let mut sweep = Sweep::<u32, u32>::new("Testing", Arc::new(|| {}));
        sweep.request(1, |emit, control| {
            for i in 0.. {
                control.check()?;
                emit.emit(i);
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        });
        let mut items = Vec::new();
        let start = Instant::now();
        while items.len() < 5 {
            sweep.poll();
            items.extend(sweep.drain());
            assert!(start.elapsed() < Duration::from_secs(20));
        }
        sweep.cancel();
        items.extend(sweep.drain());
        assert!(items.iter().copied().eq(0..items.len() as u32), "{items:?}");
        assert!(sweep.is_cancelled() && !sweep.is_complete());
        std::thread::sleep(Duration::from_millis(20));
        sweep.poll();
        assert!(sweep.drain().is_empty(), "nothing comes after the cancel");
    }
}
