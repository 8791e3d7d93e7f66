use quantscope::engine::metric::{Moments, count_beyond};
use quantscope::engine::random::Random;

#[test]
fn a_case_worked_by_hand_at_two_lengths() {
    // (−1, 0, 0, 3): mean 0.5, deviations −1.5, −.5, −.5, 2.5: Σd² = 9, Σd⁴ = 44.25.
    for repeat in [1, 700] {
        let m = Moments::measure(&[-1.0, 0.0, 0.0, 3.0].repeat(repeat));
        assert_eq!((m.values, m.zeros, m.min, m.max), (4 * repeat as u64, 2 * repeat as u64, -1.0, 3.0));
        assert!((m.mean - 0.5).abs() < 1e-12 && (m.std() - 1.5).abs() < 1e-12);
        assert!((m.kurtosis() - 4.0 * 44.25 / 81.0).abs() < 1e-12);
        assert_eq!(m.sparsity(), 0.5);
    }
}

#[test]
fn parts_add_up_to_the_whole_wherever_it_is_cut_and_however_large_the_mean() {
    let mut random = Random::seeded(11);
    for shift in [0.0, 1000.0] {
        let x: Vec<f32> = (0..5000).map(|_| random.next_gaussian() + shift).collect();
        let whole = Moments::measure(&x);
        for cut in [0, 1, 7, 2500, 4999, 5000] {
            let sum = Moments::measure(&x[..cut]) + Moments::measure(&x[cut..]);
            assert_eq!((sum.values, sum.min, sum.max), (whole.values, whole.min, whole.max));
            assert!((sum.mean - whole.mean).abs() < 1e-9 && (sum.std() - whole.std()).abs() < 1e-9);
            assert!((sum.kurtosis() - whole.kurtosis()).abs() < 1e-6, "{shift} {cut}");
        }
        assert!((whole.kurtosis() - 3.0).abs() < 0.3, "a Gaussian has 3: {}", whole.kurtosis());
    }
}

#[test]
fn what_is_not_finite_is_counted_and_left_out_and_nothing_is_nan() {
    let m = Moments::measure(&[f32::NAN, 1.0, f32::INFINITY, f32::NEG_INFINITY, 1.0]);
    assert_eq!((m.values, m.nan, m.infinite, m.mean, m.std(), m.kurtosis()), (2, 1, 2, 1.0, 0.0, 0.0));
    let none = Moments::measure(&[f32::NAN]) + Moments::measure(&[]);
    assert_eq!((none.values, none.nan, none.min, none.max, none.std(), none.kurtosis()), (0, 1, 0.0, 0.0, 0.0, 0.0));
    assert_eq!(Moments::measure(&[]) + m, m);
}

#[test]
fn what_lies_far_from_the_mean_is_counted_on_both_sides() {
    assert_eq!(count_beyond(&[0.0, 6.0, -6.1, 7.0, f32::NAN, f32::INFINITY], 0.0, 6.0), 2);
}
