//! The tests of each file of `src`, under the same path.

mod cli;
mod engine;
mod export;
mod figures;
mod jobs;
mod language;
mod lesson;
mod palette;
mod panics;
mod picture;
mod run;
mod signal;
mod source;
mod spec;
mod support;
