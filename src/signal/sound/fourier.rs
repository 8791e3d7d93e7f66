//! The discrete Fourier transform, in place: X_k = Σ x_n·e^(−2πi·nk/N), by halves (Cooley and Tukey 1965).
//! Lengths are powers of two. Cost: N·log2 N complex multiplications, in f64.

use std::f64::consts::TAU;

pub(super) type Complex = (f64, f64);

pub(super) fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// e^(iφ).
pub(super) fn turn(angle: f64) -> Complex {
    (angle.cos(), angle.sin())
}

/// The turns of one length, worked out once.
#[derive(Clone, Debug)]
pub(super) struct Fourier {
    turns: Vec<Complex>,
}

impl Fourier {
    /// `length` is rounded up to a power of two.
    pub(super) fn new(length: usize) -> Self {
        let length = length.next_power_of_two();
        Self { turns: (0..length / 2).map(|k| turn(-TAU * k as f64 / length as f64)).collect() }
    }

    /// # Panics
    /// In debug builds, when `x` is not of this length.
    pub(super) fn transform(&self, x: &mut [Complex]) {
        let n = x.len();
        debug_assert_eq!(n, (2 * self.turns.len()).max(1));
        let bits = n.trailing_zeros();
        for i in 1..n {
            let j = i.reverse_bits() >> (usize::BITS - bits);
            if i < j {
                x.swap(i, j);
            }
        }
        let mut half = 1;
        while half < n {
            let step = n / (2 * half);
            for pair in x.chunks_exact_mut(2 * half) {
                let (low, high) = pair.split_at_mut(half);
                for ((a, b), turn) in low.iter_mut().zip(high).zip(self.turns.iter().step_by(step)) {
                    let turned = times(*b, *turn);
                    (*a, *b) = ((a.0 + turned.0, a.1 + turned.1), (a.0 - turned.0, a.1 - turned.1));
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

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
}
