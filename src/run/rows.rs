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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tensor;
    use crate::source::builtin;
    use crate::source::open::Source;
    use crate::spec::{Stage, WeightSettings};

    #[test]
    fn the_errors_of_all_rows_add_up_to_the_tensors() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        let control = Control::unwatched();
        for (t, info) in model.tensors.iter().enumerate() {
            let original = tensor::original(&model, t, &control).unwrap();
            let format = WeightSettings::default().format(4);
            let report = tensor::reduce(&model, &original, format, Stage::Full, &control).unwrap().unwrap();
            let rows = row_errors(&original, &report, &control).unwrap();
            assert_eq!(rows.len(), info.values.div_ceil(original.picture_width), "{}", info.name);
            let sum = rows.iter().fold(ScalarError::default(), |sum, &row| sum + row);
            assert_eq!(sum.values, report.error.values);
            assert!((sum.sum_e2 - report.error.sum_e2).abs() <= 1e-9 * report.error.sum_e2, "{}", info.name);
        }
    }
}
