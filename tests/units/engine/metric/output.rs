use quantscope::engine::metric::{Gram, OutputError};
use quantscope::engine::random::Random;

#[test]
fn a_case_worked_by_hand() {
    // Inputs (1, 2) and (3, −1): H = [[10, −1], [−1, 5]].
    let mut gram = Gram::new(2);
    gram.add(&[1.0, 2.0]);
    gram.add(&[3.0, -1.0]);
    assert_eq!([gram.at(0, 0), gram.at(0, 1), gram.at(1, 0), gram.at(1, 1)], [10.0, -1.0, -1.0, 5.0]);
    // W = (1, 1), Ŵ = (0, 2): E = (1, −1). Outputs 3 and 2, errors −1 and 4.
    let found = OutputError::measure(&[1.0, 1.0], &[0.0, 2.0], &gram);
    assert_eq!((found.signal, found.noise), (13.0, 17.0));
    assert!((found.sqnr_db() - 10.0 * (13f64 / 17.0).log10()).abs() < 1e-12);
    // Without the correlation: 10 + 5 of each.
    let apart = OutputError::measure(&[1.0, 1.0], &[0.0, 2.0], &gram.uncorrelated());
    assert_eq!((apart.signal, apart.noise), (15.0, 15.0));
    assert!((gram.correlation(0, 1) + 1.0 / 50f64.sqrt()).abs() < 1e-12);
}

#[test]
fn it_is_the_squared_error_of_the_outputs_themselves() {
    let mut random = Random::seeded(2);
    let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| random.next_gaussian()).collect() };
    let (w, y, x) = (numbers(5 * 7), numbers(5 * 7), numbers(40 * 7));
    let mut gram = Gram::new(7);
    x.chunks(7).for_each(|x| gram.add(x));
    let out = |m: &[f32], r: usize, x: &[f32]| -> f64 {
        m[r * 7..(r + 1) * 7].iter().zip(x).map(|(w, x)| f64::from(*w) * f64::from(*x)).sum()
    };
    let (mut signal, mut noise) = (0.0, 0.0);
    for (x, r) in x.chunks(7).flat_map(|x| (0..5).map(move |r| (x, r))) {
        signal += out(&w, r, x).powi(2);
        noise += (out(&w, r, x) - out(&y, r, x)).powi(2);
    }
    let found = OutputError::measure(&w, &y, &gram);
    assert!((found.signal / signal - 1.0).abs() < 1e-6 && (found.noise / noise - 1.0).abs() < 1e-6);
}

#[test]
fn with_inputs_of_power_one_it_is_the_weights_own_error() {
    let (w, y) = ([1.0, -2.0, 3.0, 0.5], [1.5, -2.0, 2.0, 0.5]);
    let found = OutputError::measure(&w, &y, &Gram::identity(2));
    assert_eq!(found.relative(), 1.25 / 14.25);
    assert_eq!(OutputError::measure(&w, &w, &Gram::identity(2)).sqnr_db(), f64::INFINITY);
}
