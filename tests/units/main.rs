//! The tests of each file of `src`, under the same path.

mod engine;
mod jobs;
mod support;
