//! Candidates that were made elsewhere, measured against their original with the same figures as reductions of our own.

pub mod photo;
