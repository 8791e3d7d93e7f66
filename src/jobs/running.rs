//! What can be asked of every slot and sweep, whatever it holds: so that all jobs of a window can be walked.

use std::time::Instant;

/// A job that may be asked for, whatever comes of it.
pub trait Running {
    /// What it does, in words for people.
    fn doing(&self) -> &'static str;

    /// Takes what has come. Call once a frame.
    fn poll(&mut self);

    /// Whether what is wanted is still to come.
    fn is_busy(&self) -> bool;

    /// From 0 to 1, where it is known.
    fn progress(&self) -> Option<f32>;

    /// What went wrong with what is wanted, for people.
    fn error(&self) -> Option<&str>;

    /// Whether the user has stopped what is still wanted.
    fn is_cancelled(&self) -> bool;

    /// Stops what runs; what is shown stays.
    fn cancel(&mut self);

    /// Lets the next request start again what was cancelled or has failed.
    fn retry(&mut self);

    /// When each value was last of use, and its bytes, of those that nobody looks at: kept ones, and what is shown where
    /// nothing was asked for since then.
    fn spares(&self, _since: Instant) -> Vec<(Instant, usize)> {
        Vec::new()
    }

    /// Lets go of those of the spares that were of no use after `until`.
    fn forget(&mut self, _until: Instant, _since: Instant) {}

    /// As if it were at work, for a test.
    #[cfg(test)]
    fn set_busy(&mut self);

    /// As if it had failed, for a test.
    #[cfg(test)]
    fn set_failed(&mut self, why: &str);
}

/// Jobs of one type as members of a walk.
pub fn each<'a, R: Running + 'a>(
    jobs: impl IntoIterator<Item = &'a mut R>,
) -> impl Iterator<Item = &'a mut dyn Running> {
    jobs.into_iter().map(|job| job as &mut dyn Running)
}
