use quantscope::engine::control::Control;
use quantscope::lesson::exhibits::why::gaussian_fit::*;
use quantscope::source::builtin;
use quantscope::source::open::Source;

#[test]
fn the_bins_hold_all_weights_and_the_gaussian_as_many() {
    let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
    let matrices = (0..model.tensors.len()).filter(|&t| model.tensors[t].shape.len() == 2).take(4);
    for tensor in matrices {
        let fit = fit_gaussian(&model, tensor, &Control::unwatched()).unwrap();
        let n = fit.moments.values as f64;
        let held: u64 = fit.counts.iter().sum();
        assert!(held as f64 > 0.99 * n && held <= fit.moments.values);
        assert!((fit.gaussian.iter().sum::<f64>() / n - 1.0).abs() < 1e-5);
        assert!(fit.within_one > 0.5 && fit.within_one < 0.95, "{}", fit.within_one);
        // The bins of one σ to either side hold what is within one σ, but for their edges.
        let inner: u64 = fit.counts[32..48].iter().sum();
        assert!((inner as f64 / n - fit.within_one).abs() < 0.01);
    }
    let far = model.tensors.len();
    assert!(fit_gaussian(&model, far, &Control::unwatched()).is_err());
}
