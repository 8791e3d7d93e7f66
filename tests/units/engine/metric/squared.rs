use quantscope::engine::metric::{ScalarError, WeighedError};

#[test]
fn a_case_worked_by_hand_at_two_lengths() {
    // x = (3, 4), y = (3, 2): e = (0, 2).
    for repeat in [1, 1500] {
        let x = [3.0, 4.0].repeat(repeat);
        let y = [3.0, 2.0].repeat(repeat);
        let e = ScalarError::measure(&x, &y);
        assert_eq!(e.values, 2 * repeat as u64);
        assert!((e.mse() - 2.0).abs() < 1e-12);
        assert!((e.rmse() - 2f64.sqrt()).abs() < 1e-12);
        assert!((e.relative_error() - (4f64 / 25.0).sqrt()).abs() < 1e-12);
        assert!((e.sqnr_db() - 10.0 * (25f64 / 4.0).log10()).abs() < 1e-12);
        assert!((e.sqnr_db() + 20.0 * e.relative_error().log10()).abs() < 1e-9);
        assert!((e.cosine() - 17.0 / (5.0 * 13f64.sqrt())).abs() < 1e-12);
        assert_eq!(e.max_abs, 2.0);
    }
}

#[test]
fn an_error_weighs_as_much_as_it_is_told() {
    // e = (0, 2, 1) with weights (5, 3, 0): Σw·e² = 12, Σw·x² = 5·9 + 3·16 = 93.
    let w = WeighedError::measure(&[3.0, 4.0, 1.0], &[3.0, 2.0, f32::INFINITY], &[5.0, 3.0, 0.0]);
    assert_eq!((w.sum_x2, w.sum_e2), (93.0, 12.0));
    assert!((w.sqnr_db() - 10.0 * (93f64 / 12.0).log10()).abs() < 1e-12);
    let holes = WeighedError::measure(&[f32::NAN, 2.0], &[0.0, 1.0], &[1.0, 1.0]);
    assert_eq!((holes.sum_x2, holes.sum_e2), (4.0, 1.0));
}

#[test]
fn what_is_not_finite_is_counted_and_left_out() {
    let x = [1.0, f32::NAN, f32::INFINITY, 2.0, f32::NEG_INFINITY];
    let e = ScalarError::measure(&x, &[1.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!((e.values, e.nan, e.infinite, e.sum_e2), (2, 1, 2, 1.0));
}

#[test]
fn no_figure_is_ever_nan() {
    for (x, y) in [(vec![], vec![]), (vec![0.0], vec![0.0]), (vec![0.0], vec![1.0]), (vec![f32::NAN], vec![0.0])] {
        let e = ScalarError::measure(&x, &y);
        for figure in [e.mse(), e.rmse(), e.relative_error(), e.sqnr_db(), e.cosine()] {
            assert!(!figure.is_nan(), "{x:?} {y:?} {e:?}");
        }
    }
}
