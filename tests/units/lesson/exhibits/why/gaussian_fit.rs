use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::why::gaussian_fit::*;
use quantscope::source::builtin;
use quantscope::source::open::Source;

#[test]
fn the_bins_hold_all_weights_and_the_bell_as_many() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let matrices = (0..model.tensors.len()).filter(|&t| model.tensors[t].shape.len() == 2).take(4);
    for tensor in matrices {
        let bell = bell(&model, tensor, &Control::unwatched()).unwrap();
        let n = bell.moments.values as f64;
        let held: u64 = bell.counts.iter().sum();
        assert!(held as f64 > 0.99 * n && held <= bell.moments.values);
        assert!((bell.gaussian.iter().sum::<f64>() / n - 1.0).abs() < 1e-5);
        assert!(bell.within_one > 0.5 && bell.within_one < 0.95, "{}", bell.within_one);
        // The bins of one σ to either side hold what is within one σ, but for their edges.
        let inner: u64 = bell.counts[32..48].iter().sum();
        assert!((inner as f64 / n - bell.within_one).abs() < 0.01);
    }
    let far = model.tensors.len();
    assert!(bell(&model, far, &Control::unwatched()).is_err());
}
