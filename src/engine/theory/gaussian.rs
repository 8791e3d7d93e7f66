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

/// Φ(z), the share of a unit Gaussian below z: by its power series, in the tails by the continued fraction of
/// Mills' ratio, both to about 1e-15 of the smaller side.
/// Source: G. Marsaglia, "Evaluating the normal distribution", J. Stat. Software 11(4) (2004).
pub fn normal_cdf(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    if z.abs() < 3.0 {
        let (mut term, mut sum) = (z, z);
        for k in 1..60 {
            term *= z * z / f64::from(2 * k + 1);
            sum += term;
        }
        return 0.5 + density * sum;
    }
    let ratio = (1..=80).rev().fold(z.abs(), |below, k| z.abs() + f64::from(k) / below);
    let beyond = density / ratio;
    if z < 0.0 { beyond } else { 1.0 - beyond }
}

/// The z with Φ(z) = p, by halving; ±38 where p is 0 or 1.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let (mut low, mut high) = (-38.0, 0.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if normal_cdf(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_gaussian_are_those_of_the_tables() {
        for (z, share) in
            [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (1.96, 0.975_002_104_851_780), (-3.0, 1.349_898_031_630_095e-3)]
        {
            assert!((normal_cdf(z) - share).abs() < 1e-13, "{z}: {}", normal_cdf(z));
        }
        assert!((normal_cdf(-6.0) / 9.865_876_450_376_98e-10 - 1.0).abs() < 1e-12, "{:e}", normal_cdf(-6.0));
        // The two ways meet.
        assert!((normal_cdf(2.999_999_9) - normal_cdf(3.000_000_1)).abs() < 1e-8);
    }

    #[test]
    fn a_quantile_is_where_that_share_lies_below() {
        for p in [1e-9, 0.001, 0.25, 0.5, 0.9, 0.999_999] {
            assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-9, "{p}");
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
        assert!(normal_quantile(0.0) < -37.0 && normal_quantile(1.0) > 37.0);
    }

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
