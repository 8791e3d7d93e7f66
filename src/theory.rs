//! What is possible on a Gaussian source: the lines that measured errors are held against.

/// Bits and dB of the Lloyd–Max quantizer of a unit Gaussian.
/// Source: J. Max, "Quantizing for minimum distortion", IRE Trans. Inf. Theory 6 (1960).
pub const LLOYD_MAX: [(f64, f64); 6] =
    [(1.0, 4.40), (2.0, 9.30), (3.0, 14.62), (4.0, 20.22), (5.0, 26.01), (6.0, 31.91)];

/// Bits and dB of the best uniform quantizer of a unit Gaussian (Max 1960).
pub const BEST_UNIFORM: [(f64, f64); 6] =
    [(1.0, 4.40), (2.0, 9.25), (3.0, 14.27), (4.0, 19.38), (5.0, 24.57), (6.0, 29.83)];

/// Shannon's bound on the SQNR of a Gaussian source at a rate in bits a sample: D(R) = 2^(−2R).
pub fn shannon_db(bits: f64) -> f64 {
    20.0 * bits * 2f64.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decibels_a_bit() {
        for (bits, db) in [(1.0, 6.02), (2.0, 12.04), (3.0, 18.06), (4.0, 24.08), (6.0, 36.12)] {
            assert!((shannon_db(bits) - db).abs() < 0.006);
        }
    }

    #[test]
    fn no_quantizer_beats_the_bound_and_uniform_never_beats_lloyd_max() {
        for ((bits, best), (_, uniform)) in LLOYD_MAX.into_iter().zip(BEST_UNIFORM) {
            assert!(uniform <= best && best < shannon_db(bits));
            // Panter–Dite: the gap tends to 4.35 dB.
            assert!(shannon_db(bits) - best < 4.35);
        }
    }
}
