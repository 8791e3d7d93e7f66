//! The discrete Fourier transform, in place: X_k = Σ x_n·e^(−2πi·nk/N), by halves (Cooley and Tukey 1965).
//! Lengths are powers of two. Cost: N·log2 N complex multiplications, in f64.

use std::f64::consts::TAU;

/// A complex number as its real and its imaginary part.
pub type Complex = (f64, f64);

/// The product of two complex numbers.
pub fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// e^(iφ), with φ in radians.
pub fn turn(angle: f64) -> Complex {
    (angle.cos(), angle.sin())
}

/// The transform of one length: its factors e^(−2πi·k/N) are worked out once.
#[derive(Clone, Debug)]
pub struct Fourier {
    turns: Vec<Complex>,
}

impl Fourier {
    /// The transform of `length` samples, rounded up to a power of two.
    pub fn new(length: usize) -> Self {
        let length = length.next_power_of_two();
        Self { turns: (0..length / 2).map(|k| turn(-TAU * k as f64 / length as f64)).collect() }
    }

    /// Puts the transform of `x` in its place, frequency 0 first.
    ///
    /// # Panics
    /// In debug builds, when `x` is not of this length.
    pub fn transform(&self, x: &mut [Complex]) {
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
