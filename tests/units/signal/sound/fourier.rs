use std::f64::consts::TAU;

use quantscope::engine::random::Random;
use quantscope::signal::sound::fourier::{Complex, Fourier, times, turn};

#[test]
fn it_is_the_sum_of_the_definition_at_every_length() {
    let mut random = Random::seeded(6);
    for n in [1, 2, 4, 16, 64] {
        let x: Vec<Complex> =
            (0..n).map(|_| (f64::from(random.next_gaussian()), f64::from(random.next_gaussian()))).collect();
        let mut found = x.clone();
        Fourier::new(n).transform(&mut found);
        for (k, found) in found.iter().enumerate() {
            let term = |(i, x): (usize, &Complex)| times(*x, turn(-TAU * (i * k) as f64 / n as f64));
            let sum = x.iter().enumerate().map(term).fold((0.0, 0.0), |s, t| (s.0 + t.0, s.1 + t.1));
            assert!((found.0 - sum.0).abs() < 1e-9 && (found.1 - sum.1).abs() < 1e-9, "{n} {k}");
        }
    }
}
