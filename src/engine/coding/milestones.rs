//! Progress of work that several threads share.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::control::Control;

/// Progress in steps of equal work, from any thread.
pub(super) struct Milestones<'a> {
    control: &'a Control<'a>,
    steps: usize,
    done: AtomicUsize,
}

impl<'a> Milestones<'a> {
    pub(super) fn new(control: &'a Control<'a>, steps: usize) -> Self {
        Self { control, steps: steps.max(1), done: AtomicUsize::new(0) }
    }

    pub(super) fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.control.progress(done as f32 / self.steps as f32);
    }
}
