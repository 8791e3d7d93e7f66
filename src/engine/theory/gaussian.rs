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
