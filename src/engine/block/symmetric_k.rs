//! Q3_K and Q6_K: 256 weights in sub-blocks of 16 with a signed integer scale each, times one f16.
//!
//! Layout (ggml). Q3_K: the third bits; 2-bit codes; sixteen 6-bit scales, with 32 added, in 12 bytes; f16
//! unit. Q6_K: low halves of the codes; their upper two bits; sixteen 8-bit scales; f16 unit. Codes are
//! stored with 4 (32) added.

use super::affine_k::{pack_twos, unpack_twos};
use super::lanes::{WIDTH, side_by_side};
use super::number::{self, clamped, f16_bytes, f16_value, integer, nearest};
use super::symmetric_search::{Fit, GROUP_SIZE_LEAST, SUB, by_descent, by_trials};

pub(super) const LEN: usize = 256;
pub(super) const SUBS: usize = 16;

pub(super) type Codes = [u8; LEN];

#[inline(always)]
pub(super) fn encode_q3_k(x: &[f32; LEN]) -> [u8; 110] {
    let [first, second] = halves(x);
    // One by one: inside a `map` they would be compiled for any machine.
    let fits = [by_descent(first, 4.0), by_descent(second, 4.0)];
    let scales = in_order(&fits);
    let extreme = first_of_greatest_size(&scales);
    let (mut integers, mut stored) = ([0u8; SUBS], [0.0; SUBS]);
    let mut unit = f16_bytes(0.0);
    if extreme != 0.0 {
        let inverse = -32.0 / extreme;
        unit = f16_bytes(1.0 / inverse);
        let read = f16_value(unit);
        for ((integer, stored), scale) in integers.iter_mut().zip(&mut stored).zip(scales) {
            let k = nearest(clamped(inverse * scale, -32.0, 31.0));
            *integer = (number::integer(k) + 32) as u8;
            *stored = read * k;
        }
    }
    write_q3_k(&integers, unit, &recoded(x, &stored, 4.0, &fits))
}

/// Scales with 32 added, codes with 4.
#[inline(always)]
pub(super) fn write_q3_k(scales: &[u8; SUBS], unit: [u8; 2], codes: &Codes) -> [u8; 110] {
    let mut out = [0; 110];
    // Bit s of byte m is the third bit of code m of the s-th run of 32.
    for (m, byte) in out[..32].iter_mut().enumerate() {
        *byte = (0..8).fold(0, |bits, s| bits | (codes[s * 32 + m] >> 2) << s);
    }
    let mut twos = *codes;
    for code in &mut twos {
        *code &= 3;
    }
    pack_twos(&twos, &mut out[32..96]);
    for (k, byte) in out[96..104].iter_mut().enumerate() {
        *byte = scales[k] & 15 | scales[k + 8] << 4;
    }
    for (k, byte) in out[104..108].iter_mut().enumerate() {
        *byte = (0..4).fold(0, |bits, n| bits | (scales[k + 4 * n] >> 4) << (2 * n));
    }
    out[108..].copy_from_slice(&unit);
    out
}

pub(super) fn decode_q3_k(block: &[u8; 110]) -> [f32; LEN] {
    let unit = f16_value([block[108], block[109]]);
    let (third, scales) = (&block[..32], &block[96..108]);
    let mut codes = unpack_twos(&block[32..96]);
    for (s, codes) in codes.chunks_exact_mut(32).enumerate() {
        for (code, byte) in codes.iter_mut().zip(third) {
            *code |= (byte >> s & 1) << 2;
        }
    }
    let scale = |s: usize| {
        let low = scales[s % 8] >> (s / 8 * 4) & 15;
        let high = scales[8 + s % 4] >> (s / 4 * 2) & 3;
        unit * (f32::from(low | high << 4) - 32.0)
    };
    products(&codes, 4, scale)
}

pub(super) fn encode_q6_k(x: &[f32; LEN]) -> [u8; 210] {
    let fits = halves(x).map(|half| by_trials(&side_by_side::<SUB>(half.as_flattened(), 0), 32.0));
    let scales = in_order(&fits);
    let extreme = first_of_greatest_size(&scales);
    if extreme.abs() < GROUP_SIZE_LEAST {
        return [0; 210];
    }
    let inverse = -128.0 / extreme;
    let unit = f16_bytes(1.0 / inverse);
    let integers = scales.map(|scale| integer(inverse * scale).min(127) as i8);
    let stored = integers.map(|k| f16_value(unit) * f32::from(k));
    write_q6_k(&integers, unit, &recoded(x, &stored, 32.0, &fits))
}

/// Codes with 32 added.
#[inline(always)]
pub(super) fn write_q6_k(scales: &[i8; SUBS], unit: [u8; 2], codes: &Codes) -> [u8; 210] {
    let mut out = [0; 210];
    let (low, high) = out.split_at_mut(128);
    let halves = codes.chunks_exact(128).zip(low.chunks_exact_mut(64).zip(high.chunks_exact_mut(32)));
    for (codes, (low, high)) in halves {
        for m in 0..32 {
            let [a, b, c, d] = [codes[m], codes[m + 32], codes[m + 64], codes[m + 96]];
            low[m] = a & 15 | c << 4;
            low[m + 32] = b & 15 | d << 4;
            high[m] = a >> 4 | b >> 4 << 2 | c >> 4 << 4 | d >> 4 << 6;
        }
    }
    for (byte, k) in out[192..208].iter_mut().zip(scales) {
        *byte = *k as u8;
    }
    out[208..].copy_from_slice(&unit);
    out
}

pub(super) fn decode_q6_k(block: &[u8; 210]) -> [f32; LEN] {
    let unit = f16_value([block[208], block[209]]);
    let mut codes = [0; LEN];
    let halves = codes.chunks_exact_mut(128).zip(block[..128].chunks_exact(64).zip(block[128..192].chunks_exact(32)));
    for (codes, (low, high)) in halves {
        for m in 0..32 {
            codes[m] = low[m] & 15 | (high[m] & 3) << 4;
            codes[m + 32] = low[m + 32] & 15 | (high[m] >> 2 & 3) << 4;
            codes[m + 64] = low[m] >> 4 | (high[m] >> 4 & 3) << 4;
            codes[m + 96] = low[m + 32] >> 4 | (high[m] >> 6) << 4;
        }
    }
    products(&codes, 32, |s| unit * f32::from(block[192 + s] as i8))
}

type Fits = [Fit<SUB>; SUBS / WIDTH];

/// Each as WIDTH sub-blocks.
#[inline(always)]
fn halves(x: &[f32; LEN]) -> [&[[f32; SUB]; WIDTH]; SUBS / WIDTH] {
    let halves = x.as_chunks().0.as_chunks().0;
    [&halves[0], &halves[1]]
}

#[inline(always)]
fn in_order(fits: &Fits) -> [f32; SUBS] {
    let mut scales = [0.0; SUBS];
    for (scales, fit) in scales.chunks_exact_mut(WIDTH).zip(fits) {
        scales.copy_from_slice(&fit.scale.0);
    }
    scales
}

/// The codes that fit the scales as stored, with `half` added. Where a stored scale is 0 they are those of the
/// search.
#[inline(always)]
fn recoded(x: &[f32; LEN], stored: &[f32; SUBS], half: f32, fits: &Fits) -> Codes {
    let mut out = [0; LEN];
    for (s, (out, x)) in out.chunks_exact_mut(SUB).zip(x.chunks_exact(SUB)).enumerate() {
        if stored[s] != 0.0 {
            for (code, x) in out.iter_mut().zip(x) {
                *code = (integer(clamped(x / stored[s], -half, half - 1.0)) + half as i32) as u8;
            }
        } else {
            for (code, lanes) in out.iter_mut().zip(&fits[s / WIDTH].codes) {
                *code = integer(lanes.0[s % WIDTH] + half) as u8;
            }
        }
    }
    out
}

#[inline(always)]
fn products(codes: &Codes, half: i8, scale: impl Fn(usize) -> f32) -> [f32; LEN] {
    let mut x = [0.0; LEN];
    for (s, (x, codes)) in x.chunks_exact_mut(SUB).zip(codes.chunks_exact(SUB)).enumerate() {
        let scale = scale(s);
        for (x, &code) in x.iter_mut().zip(codes) {
            *x = scale * f32::from(code as i8 - half);
        }
    }
    x
}

#[inline(always)]
fn first_of_greatest_size(scales: &[f32; SUBS]) -> f32 {
    scales.iter().fold(0.0, |kept: f32, &scale| if scale.abs() > kept.abs() { scale } else { kept })
}
