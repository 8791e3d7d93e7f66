//! All that runs beside the window, walked in one place: whatever is asked of jobs is asked of every one.

use std::time::Instant;

use super::App;
use crate::jobs::Running;

/// Bytes of results that are not on show, kept for when they are wanted again.
const MOST_SPARE: usize = 64 << 20;

impl App {
    /// Every job of the window, in the order in which a user waits for them.
    pub fn jobs(&mut self) -> impl Iterator<Item = &mut dyn Running> {
        let Self { results, talk, budget_state, learn, .. } = self;
        results.work.jobs().chain(talk.jobs()).chain(budget_state.jobs()).chain(learn.jobs())
    }

    pub(super) fn poll_jobs(&mut self) {
        self.jobs().for_each(Running::poll);
    }

    /// Frees results that are not on show, the longest unused first, as far as they take more than the bound. Those of a
    /// view that is not on show stay until all is at rest: until then it may only wait for its turn.
    pub(super) fn bound_spares(&mut self) {
        let since = if self.busiest().is_none() { self.asked_at } else { self.started_at };
        let mut spares: Vec<_> = self.jobs().flat_map(|job| job.spares(since)).collect();
        spares.sort_unstable_by_key(|(last_use, _)| std::cmp::Reverse(*last_use));
        let mut bytes = 0;
        let surplus = spares.into_iter().find(|(_, more)| {
            bytes += more;
            bytes > MOST_SPARE
        });
        if let Some((until, _)) = surplus {
            self.jobs().for_each(|job| job.forget(until, since));
        }
    }

    /// Another document is open: what was kept of the last one is not asked for again.
    pub(super) fn forget_spares(&mut self) {
        let (now, since) = (Instant::now(), self.asked_at);
        self.jobs().for_each(|job| job.forget(now, since));
    }

    /// Stops what runs; what is shown stays.
    pub(super) fn cancel_jobs(&mut self) {
        self.jobs().for_each(Running::cancel);
    }

    /// Starts again what was cancelled or has failed.
    pub(super) fn retry_jobs(&mut self) {
        self.jobs().for_each(Running::retry);
    }

    /// What a user waits for first, in words, and how far it is; `None` when nothing runs.
    pub(in crate::view) fn busiest(&mut self) -> Option<(&'static str, Option<f32>)> {
        self.jobs().find(|job| job.is_busy()).map(|job| (job.doing(), job.progress()))
    }

    /// Whether the user has stopped something that is still wanted.
    pub(in crate::view) fn is_cancelled(&mut self) -> bool {
        self.jobs().any(|job| job.is_cancelled())
    }

    /// What went wrong with anything that is wanted, each cause once.
    pub(in crate::view) fn errors(&mut self) -> Vec<String> {
        let mut errors: Vec<String> = self.jobs().filter_map(|job| job.error().map(str::to_owned)).collect();
        errors.sort_unstable();
        errors.dedup();
        errors
    }
}
