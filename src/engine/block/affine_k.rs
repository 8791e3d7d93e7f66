//! Q2_K, Q4_K and Q5_K: 256 weights in sub-blocks with a scale and a least value each, which are small
//! integers times one f16 for all scales and one for all least values.
//!
//! Layout (ggml). Q2_K: 16 bytes with the scale (low half) and the least value (high half) of a sub-block
//! of 16; 2-bit codes; f16 scale; f16 least. Q4_K, Q5_K: f16 scale; f16 least; eight 6-bit scales and
//! eight 6-bit least values of sub-blocks of 32 in 12 bytes; fifth bits (Q5_K); 4-bit codes. Least values
//! are stored without their sign: they are 0 or negative.

use super::affine_search::{Trials, search};
use super::integer::{pack, unpack};
use super::lanes::{Lanes, WIDTH, side_by_side};
use super::number::{clamped, f16_bytes, f16_value, integer};

pub(super) const LEN: usize = 256;

pub(super) type Codes = [u8; LEN];

/// Scales and least values of S sub-blocks as integers, their f16 units, and the codes.
pub(super) struct Parts<const S: usize> {
    pub scales: [u8; S],
    pub leasts: [u8; S],
    pub scale_unit: [u8; 2],
    pub least_unit: [u8; 2],
    pub codes: Codes,
}

const Q2: Trials = Trials { top: 3.0, first: -0.5, step: 0.1, last: 15 };
const Q4: Trials = Trials { top: 15.0, first: -1.0, step: 0.1, last: 20 };
const Q5: Trials = Trials { top: 31.0, first: -0.5, step: 0.1, last: 15 };

pub(super) fn encode_q2_k(x: &[f32; LEN]) -> [u8; 84] {
    write_q2_k(&parts::<16, 16, true>(x, &Q2, 15.0, size))
}

#[inline(always)]
pub(super) fn write_q2_k(parts: &Parts<16>) -> [u8; 84] {
    let mut out = [0; 84];
    for (byte, (scale, least)) in out.iter_mut().zip(parts.scales.iter().zip(parts.leasts)) {
        *byte = scale | least << 4;
    }
    pack_twos(&parts.codes, &mut out[16..80]);
    out[80..82].copy_from_slice(&parts.scale_unit);
    out[82..].copy_from_slice(&parts.least_unit);
    out
}

pub(super) fn decode_q2_k(block: &[u8; 84]) -> [f32; LEN] {
    let (scale, least) = (f16_value([block[80], block[81]]), f16_value([block[82], block[83]]));
    let codes = unpack_twos(&block[16..80]);
    let mut x = [0.0; LEN];
    for ((x, codes), &byte) in x.chunks_exact_mut(16).zip(codes.chunks_exact(16)).zip(block) {
        lines(x, codes, scale * f32::from(byte & 15), least * f32::from(byte >> 4));
    }
    x
}

pub(super) fn encode_q4_k(x: &[f32; LEN]) -> [u8; 144] {
    write_q4_k(&parts::<32, 8, false>(x, &Q4, 63.0, size_and_spread))
}

#[inline(always)]
pub(super) fn write_q4_k(parts: &Parts<8>) -> [u8; 144] {
    let mut out = [0; 144];
    head(parts, &mut out);
    pack_fours(&parts.codes, &mut out[16..]);
    out
}

pub(super) fn decode_q4_k(block: &[u8; 144]) -> [f32; LEN] {
    from_head(block, &unpack_fours(&block[16..]))
}

pub(super) fn encode_q5_k(x: &[f32; LEN]) -> [u8; 176] {
    write_q5_k(&parts::<32, 8, false>(x, &Q5, 63.0, size_and_spread))
}

#[inline(always)]
pub(super) fn write_q5_k(parts: &Parts<8>) -> [u8; 176] {
    let mut out = [0; 176];
    head(parts, &mut out);
    // Bit s of byte m is the fifth bit of code m of sub-block s.
    for (m, byte) in out[16..48].iter_mut().enumerate() {
        *byte = (0..8).fold(0, |bits, s| bits | (parts.codes[s * 32 + m] >> 4 & 1) << s);
    }
    pack_fours(&parts.codes, &mut out[48..]);
    out
}

pub(super) fn decode_q5_k(block: &[u8; 176]) -> [f32; LEN] {
    let mut codes = unpack_fours(&block[48..]);
    for (s, codes) in codes.chunks_exact_mut(32).enumerate() {
        for (code, byte) in codes.iter_mut().zip(&block[16..48]) {
            *code |= (byte >> s & 1) << 4;
        }
    }
    from_head(block, &codes)
}

/// Weights of the error for Q4_K and Q5_K: the root mean square of the sub-block and the size itself.
#[inline(always)]
fn size_and_spread(x: &[Lanes; 32]) -> [Lanes; 32] {
    let mut squares = Lanes([0.0; WIDTH]);
    for &x in x {
        squares = squares + x * x;
    }
    let spread = squares.map(|sum| (sum / 32.0).sqrt());
    let mut weights = *x;
    for weight in &mut weights {
        *weight = spread + weight.abs();
    }
    weights
}

/// Weights of the error for Q2_K.
#[inline(always)]
fn size(x: &[Lanes; 16]) -> [Lanes; 16] {
    let mut weights = *x;
    for weight in &mut weights {
        *weight = weight.abs();
    }
    weights
}

#[inline(always)]
fn parts<const N: usize, const S: usize, const ABSOLUTE: bool>(
    x: &[f32; LEN],
    trials: &Trials,
    finest: f32,
    weights: impl Fn(&[Lanes; N]) -> [Lanes; N],
) -> Parts<S> {
    let search_from = |first: usize| {
        let lanes = side_by_side::<N>(x, first);
        let fit = search::<N, ABSOLUTE>(&lanes, &weights(&lanes), trials);
        (lanes, fit)
    };
    let (mut scales, mut leasts, mut codes) = ([0.0f32; S], [0.0f32; S], [0; LEN]);
    for first in (0..S).step_by(WIDTH) {
        let fit = search_from(first).1;
        scales[first..first + WIDTH].copy_from_slice(&fit.scale.0);
        leasts[first..first + WIDTH].copy_from_slice(&fit.least.map(|x| -x).0);
    }
    let (scales, scale_unit) = in_units(&scales, finest);
    let (leasts, least_unit) = in_units(&leasts, finest);
    for s in 0..S {
        let scale = f16_value(scale_unit) * f32::from(scales[s]);
        let least = f16_value(least_unit) * f32::from(leasts[s]);
        let codes = &mut codes[s * N..][..N];
        if scale != 0.0 {
            for (code, x) in codes.iter_mut().zip(&x[s * N..]) {
                *code = integer(clamped((x + least) / scale, 0.0, trials.top)) as u8;
            }
        } else {
            // The codes of the search stay, though they decode to one value. Rare enough to search again.
            let (lanes, fit) = search_from(s - s % WIDTH);
            for (code, x) in codes.iter_mut().zip(lanes) {
                *code = integer(fit.codes(x).0[s % WIDTH]) as u8;
            }
        }
    }
    Parts { scales, leasts, scale_unit, least_unit, codes }
}

/// The greatest value as `finest` units, and the unit.
#[inline(always)]
fn in_units<const S: usize>(values: &[f32; S], finest: f32) -> ([u8; S], [u8; 2]) {
    let greatest = values.iter().fold(0.0, |kept, &x| if x > kept { x } else { kept });
    if greatest > 0.0 {
        let inverse = finest / greatest;
        // Cut to a byte, then bounded: for values that are not finite this is what the reference does.
        let count = |x: f32| (integer(inverse * x) as u8).min(finest as u8);
        (values.map(count), f16_bytes(greatest / finest))
    } else {
        ([0; S], f16_bytes(0.0))
    }
}

/// f16 scale, f16 least value, then the 6-bit integers: those of the first four sub-blocks in the low six
/// bits of eight bytes, those of the last four with their low half in four more and the rest on top of the
/// eight.
#[inline(always)]
fn head(parts: &Parts<8>, out: &mut [u8]) {
    out[..2].copy_from_slice(&parts.scale_unit);
    out[2..4].copy_from_slice(&parts.least_unit);
    for s in 0..4 {
        let (scale, least) = (parts.scales[s + 4], parts.leasts[s + 4]);
        out[4 + s] = parts.scales[s] | scale >> 4 << 6;
        out[8 + s] = parts.leasts[s] | least >> 4 << 6;
        out[12 + s] = scale & 15 | (least & 15) << 4;
    }
}

#[inline(always)]
fn from_head(block: &[u8], codes: &Codes) -> [f32; LEN] {
    let (scale, least) = (f16_value([block[0], block[1]]), f16_value([block[2], block[3]]));
    let mut x = [0.0; LEN];
    for (s, (x, codes)) in x.chunks_exact_mut(32).zip(codes.chunks_exact(32)).enumerate() {
        let [low, middle, high] = [block[4 + s % 4], block[8 + s % 4], block[12 + s % 4]];
        let (k, m) =
            if s < 4 { (low & 63, middle & 63) } else { (high & 15 | low >> 6 << 4, high >> 4 | middle >> 6 << 4) };
        lines(x, codes, scale * f32::from(k), least * f32::from(m));
    }
    x
}

#[inline(always)]
fn lines(x: &mut [f32], codes: &[u8], scale: f32, least: f32) {
    for (x, &code) in x.iter_mut().zip(codes) {
        *x = scale * f32::from(code) - least;
    }
}

/// Two bits each: byte m of each half holds the codes m, m + 32, m + 64 and m + 96.
#[inline(always)]
pub(super) fn pack_twos(codes: &Codes, packed: &mut [u8]) {
    for (codes, bytes) in codes.chunks_exact(128).zip(packed.chunks_exact_mut(32)) {
        for (m, byte) in bytes.iter_mut().enumerate() {
            *byte = codes[m] | codes[m + 32] << 2 | codes[m + 64] << 4 | codes[m + 96] << 6;
        }
    }
}

#[inline(always)]
pub(super) fn unpack_twos(packed: &[u8]) -> Codes {
    let mut codes = [0; LEN];
    for (codes, bytes) in codes.chunks_exact_mut(128).zip(packed.chunks_exact(32)) {
        for (m, byte) in bytes.iter().enumerate() {
            codes[m] = byte & 3;
            codes[m + 32] = byte >> 2 & 3;
            codes[m + 64] = byte >> 4 & 3;
            codes[m + 96] = byte >> 6;
        }
    }
    codes
}

/// Four bits each: byte m of each quarter holds the codes m and m + 32.
#[inline(always)]
fn pack_fours(codes: &Codes, out: &mut [u8]) {
    for (codes, bytes) in codes.as_chunks::<64>().0.iter().zip(out.chunks_exact_mut(32)) {
        pack(codes, bytes);
    }
}

#[inline(always)]
fn unpack_fours(packed: &[u8]) -> Codes {
    let mut codes = [0; LEN];
    for (codes, bytes) in codes.as_chunks_mut::<64>().0.iter_mut().zip(packed.chunks_exact(32)) {
        *codes = unpack(bytes);
    }
    codes
}
