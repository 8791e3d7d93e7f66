//! The error of each row of a tensor, of the pictured ones: which rows a format hurts most.
//!
//! Cost: one pass over the pictured weights.

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::metric::ScalarError;
use crate::run::report::{TensorOriginal, TensorReport};

/// One error a line of the heat map.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn row_errors(
    original: &TensorOriginal,
    report: &TensorReport,
    control: &Control<'_>,
) -> Result<Vec<ScalarError>, Stopped> {
    let row = original.picture_width.max(1);
    let lines = original.values.par_chunks(row).zip(report.decoded.par_chunks(row));
    lines
        .map(|(x, y)| {
            control.check()?;
            Ok(ScalarError::measure(x, y))
        })
        .collect()
}
