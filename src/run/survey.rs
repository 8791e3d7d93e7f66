//! Cells of the table of tensors: each a tensor under a format, or a tensor's statistics. What is asked for is
//! a list of cells, so that a new column costs itself and nothing else.

use rayon::prelude::*;

use super::Steps;
use super::statistics::{Statistics, statistics};
use super::tensor;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::run::error::RunError;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// What is to be found of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// Index in the model's list of tensors.
    pub tensor: usize,
    /// None: its statistics.
    pub format: Option<Format>,
}

/// What was found, or what is wrong with the tensor.
#[derive(Clone, Debug)]
pub enum Finding {
    /// A tensor under a format.
    Error {
        /// Index in the model's list of tensors.
        tensor: usize,
        /// The format that was tried.
        format: Format,
        /// The error and the bits.
        outcome: Result<(ScalarError, Rate), RunError>,
    },
    /// The statistics of a tensor as it is stored.
    Statistics {
        /// Index in the model's list of tensors.
        tensor: usize,
        /// Moments and outliers.
        outcome: Result<Statistics, RunError>,
    },
}

/// Works through the tasks on all cores, from the first; `emit` gets each finding as soon as it is there.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn survey(
    model: &Model,
    tasks: &[Task],
    emit: &(dyn Fn(Finding) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, tasks.len());
    tasks.par_iter().try_for_each(|task| {
        let unwatched = |_: f32| {};
        emit(find(model, *task, &control.with_progress(&unwatched))?);
        steps.one_more();
        Ok(())
    })
}

fn find(model: &Model, Task { tensor, format }: Task, control: &Control<'_>) -> Result<Finding, Stopped> {
    Ok(match format {
        Some(format) => {
            let outcome = RunError::of_item(tensor::measure(model, TensorSpec { tensor, format }, control))?;
            Finding::Error { tensor, format, outcome }
        }
        None => Finding::Statistics { tensor, outcome: RunError::of_item(statistics(model, tensor, control))? },
    })
}
