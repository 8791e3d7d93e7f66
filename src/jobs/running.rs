//! What can be asked of every slot and sweep, whatever it holds: so that all jobs of a window can be walked.

use std::time::Instant;

use super::worker::{State, Work};

/// A job that may be asked for, whatever comes of it.
pub trait Running {
    /// The work itself: what the answers below are read from.
    fn work(&self) -> &Work;

    /// As [`Running::work`], to be changed.
    fn work_mut(&mut self) -> &mut Work;

    /// Takes what has come. Call once a frame.
    fn poll(&mut self);

    /// Stops what runs; what is shown stays.
    fn cancel(&mut self);

    /// Wants nothing any more, so that any request starts work; what is shown stays.
    fn forget_wanted(&mut self);

    /// What it does, in words for people.
    fn doing(&self) -> &'static str {
        self.work().doing
    }

    /// Whether what is wanted is still to come.
    fn is_busy(&self) -> bool {
        self.work().state == State::Running
    }

    /// From 0 to 1, where it is known.
    fn progress(&self) -> Option<f32> {
        if self.is_busy() { self.work().progress() } else { None }
    }

    /// What went wrong with what is wanted, for people.
    fn error(&self) -> Option<&str> {
        match &self.work().state {
            State::Failed(why) => Some(why),
            _ => None,
        }
    }

    /// Whether the user has stopped what is still wanted.
    fn is_cancelled(&self) -> bool {
        self.work().state == State::Cancelled
    }

    /// Lets the next request start again what was cancelled or has failed.
    fn retry(&mut self) {
        if matches!(self.work().state, State::Cancelled | State::Failed(_)) {
            self.forget_wanted();
            self.work_mut().state = State::Idle;
        }
    }

    /// When each value was last of use, and its bytes, of those that are not on show: kept ones, and what is shown where
    /// nothing was asked for since then.
    fn spares(&self, _since: Instant) -> Vec<(Instant, usize)> {
        Vec::new()
    }

    /// Lets go of those of the spares that were of no use after `until`.
    fn forget(&mut self, _until: Instant, _since: Instant) {}
}

/// A value of a slot, which may be kept for when it is wanted again.
pub trait Held: Send + Sync + 'static {
    /// What it takes in memory, about; of what grows with the photo or the tensor it is of.
    fn bytes(&self) -> usize;
}

/// Jobs of one type as members of a walk.
pub fn each<'a, R: Running + 'a>(
    jobs: impl IntoIterator<Item = &'a mut R>,
) -> impl Iterator<Item = &'a mut dyn Running> {
    jobs.into_iter().map(|job| job as &mut dyn Running)
}
