//! How long work is watched and stopped from outside.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use thiserror::Error;

/// The work was cancelled by its owner; there is no result and nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the work was stopped")]
pub struct Stopped;

/// Why work of a worker ended without a result, as its owner shows it: the edge where the errors of all rooms become text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// The work was superseded or cancelled; nothing is wrong.
    #[error("the work was stopped")]
    Stopped,
    /// What is wrong, in a line for people.
    #[error("{0}")]
    Message(String),
}

impl From<Stopped> for Failure {
    fn from(_: Stopped) -> Self {
        Failure::Stopped
    }
}

/// A room's error with a variant `Stopped`: made of a stop and of the errors of other rooms, whose stops stay stops, and
/// told to the owner of the work.
macro_rules! stoppable {
    ($error:ident $(, $inner:ident => $variant:ident)*) => {
        impl From<$crate::engine::control::Stopped> for $error {
            fn from(_: $crate::engine::control::Stopped) -> Self {
                Self::Stopped
            }
        }

        impl From<$error> for $crate::engine::control::Failure {
            fn from(error: $error) -> Self {
                match error {
                    $error::Stopped => Self::Stopped,
                    error => Self::Message(error.to_string()),
                }
            }
        }

        $(impl From<$inner> for $error {
            fn from(error: $inner) -> Self {
                match error {
                    $inner::Stopped => Self::Stopped,
                    error => Self::$variant(error),
                }
            }
        })*
    };
}

pub(crate) use stoppable;

/// A stop flag to look at and a place to report progress (0 to 1).
#[derive(Clone, Copy)]
pub struct Control<'a> {
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn(f32) + Sync),
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl<'a> Control<'a> {
    /// Control of work that ends soon after `stop` is set and tells `progress` its share done, 0 to 1.
    pub fn new(stop: &'a AtomicBool, progress: &'a (dyn Fn(f32) + Sync)) -> Self {
        Self { stop, progress }
    }

    /// This stop flag with another place to report to.
    pub fn with_progress<'b>(&self, progress: &'b (dyn Fn(f32) + Sync)) -> Control<'b>
    where
        'a: 'b,
    {
        Control { stop: self.stop, progress }
    }

    /// For work that is not watched: tests, benchmarks.
    pub fn unwatched() -> Control<'static> {
        Control { stop: &NEVER, progress: &|_| {} }
    }

    /// Whether to go on. Call at least every 33 ms of work.
    ///
    /// # Errors
    /// `Stopped` once the owner wants no more of this.
    pub fn check(&self) -> Result<(), Stopped> {
        if self.stop.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }

    /// `done` in 0..=1.
    pub fn progress(&self, done: f32) {
        (self.progress)(done);
    }
}

/// Progress in steps of equal work, from any thread.
pub(crate) struct Milestones<'a> {
    control: &'a Control<'a>,
    steps: usize,
    done: AtomicUsize,
}

impl<'a> Milestones<'a> {
    pub(crate) fn new(control: &'a Control<'a>, steps: usize) -> Self {
        Self { control, steps: steps.max(1), done: AtomicUsize::new(0) }
    }

    pub(crate) fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.control.progress(done as f32 / self.steps as f32);
    }
}
