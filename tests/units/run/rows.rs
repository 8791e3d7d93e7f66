use quantscope::engine::control::Control;
use quantscope::engine::metric::ScalarError;
use quantscope::run::rows::*;
use quantscope::run::tensor;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::{Stage, WeightSettings};

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
