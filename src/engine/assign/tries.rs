//! Eight scales tried at once on the same values, a lane each: what a search for the best clipping spends
//! its time on.
//!
//! The compiler makes a poor job of this loop, so on AVX2 it is written out; both versions give the same
//! bits. Measured on 22.7 million weights in groups of 32: three times faster than one scale at a time.

/// Scales that are tried together.
pub const TRIES: usize = 8;

/// Values between two sums in f64.
const BLOCK: usize = 256;

/// For each 1 ÷ scale (Σ x·q, Σ q²) over the integers q in `first..=last` nearest to x ÷ scale.
pub fn integer_correlations<const D: usize>(
    values: &[[f32; D]],
    inverses: [f32; TRIES],
    (first, last): (f32, f32),
) -> [(f64, f64); TRIES] {
    let mut sums = [(0.0, 0.0); TRIES];
    for block in values.chunks(BLOCK) {
        let (xq, qq) = block_sums(block, inverses, (first, last));
        for (sum, (xq, qq)) in sums.iter_mut().zip(xq.into_iter().zip(qq)) {
            sum.0 += f64::from(xq);
            sum.1 += f64::from(qq);
        }
    }
    sums
}

/// A value for each of the scales.
pub type Lanes = [f32; TRIES];

/// For each 1 ÷ scale Σ x·q, and for each Σ q², in f32: what [`integer_correlations`] adds up, over few values.
#[inline]
pub fn block_sums<const D: usize>(values: &[[f32; D]], inverses: Lanes, bounds: (f32, f32)) -> (Lanes, Lanes) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: AVX2 was just found on this machine.
        return unsafe { block_sums_avx2(values, inverses, bounds) };
    }
    block_sums_anywhere(values, inverses, bounds)
}

/// Adding and taking away 1.5 · 2^23 rounds to the nearest integer, ties to even.
const ROUNDER: f32 = 12_582_912.0;

/// The same on processors of every kind: to the bit what the version that is written out gives.
pub fn block_sums_anywhere<const D: usize>(
    values: &[[f32; D]],
    inverses: Lanes,
    (first, last): (f32, f32),
) -> (Lanes, Lanes) {
    // Even and odd values apart, as the vector version keeps them.
    let (mut xq, mut qq) = ([[0.0f32; TRIES]; 2], [[0.0f32; TRIES]; 2]);
    for (i, x) in values.iter().enumerate() {
        let half = i % 2;
        for lane in 0..TRIES {
            let q = ((x[0] * inverses[lane]).max(first).min(last) + ROUNDER) - ROUNDER;
            xq[half][lane] += x[0] * q;
            qq[half][lane] += q * q;
        }
    }
    let both = |s: [Lanes; 2]| std::array::from_fn(|lane| s[0][lane] + s[1][lane]);
    (both(xq), both(qq))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn block_sums_avx2<const D: usize>(values: &[[f32; D]], inverses: Lanes, (first, last): (f32, f32)) -> (Lanes, Lanes) {
    use std::arch::x86_64::*;
    let [a, b, c, d, e, f, g, h] = inverses;
    let inverses = _mm256_setr_ps(a, b, c, d, e, f, g, h);
    let (low, high) = (_mm256_set1_ps(first), _mm256_set1_ps(last));
    let nearest = |x: __m256| {
        let t = _mm256_min_ps(_mm256_max_ps(_mm256_mul_ps(x, inverses), low), high);
        _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(t)
    };
    let zero = _mm256_setzero_ps();
    let (mut xq, mut qq) = ([zero; 2], [zero; 2]);
    let mut add = |half: usize, x: f32| {
        let x = _mm256_set1_ps(x);
        let q = nearest(x);
        xq[half] = _mm256_add_ps(xq[half], _mm256_mul_ps(x, q));
        qq[half] = _mm256_add_ps(qq[half], _mm256_mul_ps(q, q));
    };
    let (pairs, rest) = values.as_chunks::<2>();
    for [x, y] in pairs {
        add(0, x[0]);
        add(1, y[0]);
    }
    rest.iter().for_each(|x| add(0, x[0]));
    (lanes(_mm256_add_ps(xq[0], xq[1])), lanes(_mm256_add_ps(qq[0], qq[1])))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn lanes(v: std::arch::x86_64::__m256) -> Lanes {
    use std::arch::x86_64::*;
    std::array::from_fn(|lane| _mm256_cvtss_f32(_mm256_permutevar8x32_ps(v, _mm256_set1_epi32(lane as i32))))
}
