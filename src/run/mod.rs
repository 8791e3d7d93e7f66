//! (source, spec, stage) → report: the one headless entry point, used by the window's jobs, the
//! command line and the tests.

mod alpha;
mod axes;
pub mod bin_members;
pub mod bytes;
pub mod cloud;
pub mod coding;
pub mod compare;
mod counted;
mod decoded;
pub mod error;
mod eye;
mod fitted;
pub mod format_comparison;
mod locked;
pub mod microscope;
pub mod mix;
pub mod model;
pub mod numbers;
mod palette;
pub mod photo;
mod pixels;
pub mod reconstruct;
pub mod report;
pub mod rows;
pub mod sketch;
pub mod spread;
pub mod statistics;
pub mod survey;
pub mod target;
pub mod tensor;
pub mod tile_allocation;
mod tiles;

use std::sync::Mutex;

use crate::engine::control::Control;

/// The dial's positions: bits of a weight's code, and 2^bits colours.
pub const DIAL: [u8; 7] = [8, 6, 5, 4, 3, 2, 1];

/// Counts finished parts of parallel work and reports them as progress.
pub(crate) struct Steps<'a> {
    control: Control<'a>,
    total: usize,
    done: Mutex<usize>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(control: &Control<'a>, total: usize) -> Self {
        Self { control: *control, total: total.max(1), done: Mutex::new(0) }
    }

    pub(crate) fn one_more(&self) {
        let mut done = self.done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *done += 1;
        self.control.progress(*done as f32 / self.total as f32);
    }
}
