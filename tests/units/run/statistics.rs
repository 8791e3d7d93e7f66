use quantscope::engine::control::Control;
use quantscope::run::coding::PART;
use quantscope::run::statistics::*;
use quantscope::source::builtin;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::one_tensor;

fn of(values: &[f32]) -> Statistics {
    let file = one_tensor("w", &[values.len()], values).unwrap();
    let Ok(Source::Model(model)) = open_bytes("w.safetensors", file) else { panic!("opens") };
    statistics(&model, 0, &Control::unwatched()).unwrap()
}

#[test]
fn outliers_are_told_from_the_spread_of_all_parts_together() {
    // Longer than a part; the two far values lie in different ones.
    let mut values = [1.0, -1.0].repeat(PART);
    (values[3], values[PART + 3], values[5]) = (9.0, -9.0, f32::NAN);
    let found = of(&values);
    assert_eq!((found.outliers, found.moments.nan, found.moments.min, found.moments.max), (2, 1, -9.0, 9.0));
    assert_eq!(found.moments.values, 2 * PART as u64 - 1);
}

#[test]
fn every_tensor_of_the_sample_has_figures_that_are_numbers() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    for t in 0..model.tensors.len() {
        let s = statistics(&model, t, &Control::unwatched()).unwrap();
        assert_eq!(s.moments.values, model.tensors[t].values as u64);
        assert!(s.moments.std() > 0.0 && s.moments.kurtosis() >= 1.0 && f64::from(s.moments.min) <= s.moments.mean);
    }
}
