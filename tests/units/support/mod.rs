//! What tests of several rooms share.

pub(crate) mod jobs;
pub(crate) mod wake;
