//! MXFP8 and MXFP6: 32 small floats and one power of two (OCP Microscaling Formats specification v1.0).
//!
//! Layout: one E8M0 scale, then the elements. The specification leaves the order of bits open; here 8-bit
//! elements stand one to a byte, and four 6-bit ones are 24 bits in three bytes, the first one lowest.

use super::minifloat::Mini;
use super::number::greatest_size;

pub(super) const LEN: usize = 32;
pub(super) const BYTES_8: usize = 33;
pub(super) const BYTES_6: usize = 25;

#[inline(always)]
pub(super) fn encode_8(x: &[f32; LEN], mini: Mini) -> [u8; BYTES_8] {
    shared_exponent(x, mini).map_or([0; BYTES_8], |exponent| write_8(x, mini, exponent))
}

/// The elements under a given exponent of the scale, which has 127 added.
#[inline(always)]
pub(super) fn write_8(x: &[f32; LEN], mini: Mini, exponent: u8) -> [u8; BYTES_8] {
    let mut out = [exponent; BYTES_8];
    out[1..].copy_from_slice(&elements(x, mini, exponent));
    out
}

#[inline(always)]
pub(super) fn decode_8(block: &[u8; BYTES_8], mini: Mini) -> [f32; LEN] {
    let [exponent, codes @ ..] = block;
    decoded(*exponent, codes, mini)
}

#[inline(always)]
pub(super) fn encode_6(x: &[f32; LEN], mini: Mini) -> [u8; BYTES_6] {
    shared_exponent(x, mini).map_or([0; BYTES_6], |exponent| write_6(x, mini, exponent))
}

/// The elements under a given exponent of the scale, which has 127 added.
#[inline(always)]
pub(super) fn write_6(x: &[f32; LEN], mini: Mini, exponent: u8) -> [u8; BYTES_6] {
    let elements = elements(x, mini, exponent);
    let mut out = [exponent; BYTES_6];
    for (bytes, four) in out[1..].as_chunks_mut::<3>().0.iter_mut().zip(elements.as_chunks::<4>().0) {
        let [a, b, c, d] = *four;
        *bytes = [a | b << 6, b >> 2 | c << 4, c >> 4 | d << 2];
    }
    out
}

#[inline(always)]
pub(super) fn decode_6(block: &[u8; BYTES_6], mini: Mini) -> [f32; LEN] {
    // All codes first: the loop over them then becomes vector instructions.
    let mut codes = [0; LEN];
    for (four, &[a, b, c]) in codes.as_chunks_mut::<4>().0.iter_mut().zip(block[1..].as_chunks::<3>().0) {
        *four = [a & 63, (a >> 6 | b << 2) & 63, (b >> 4 | c << 4) & 63, c >> 2];
    }
    decoded(block[0], &codes, mini)
}

#[inline(always)]
fn decoded(exponent: u8, codes: &[u8; LEN], mini: Mini) -> [f32; LEN] {
    let scale = e8m0(exponent);
    let mut x = [0.0; LEN];
    for (x, &code) in x.iter_mut().zip(codes) {
        *x = mini.decode(code) * scale;
    }
    x
}

/// The exponent that brings the greatest size into the elements' highest octave, with 127 added; none for a
/// block of zeros.
#[inline(always)]
pub(super) fn shared_exponent(x: &[f32; LEN], mini: Mini) -> Option<u8> {
    let greatest = greatest_size(x);
    (greatest != 0.0).then(|| (floor_log2(greatest) - mini.reach() + 127).clamp(0, 254) as u8)
}

#[inline(always)]
fn elements(x: &[f32; LEN], mini: Mini, exponent: u8) -> [u8; LEN] {
    // Dividing by a power of two is multiplying by its inverse, to the bit.
    let inverse = e8m0(254 - exponent);
    let mut codes = [0; LEN];
    for (code, x) in codes.iter_mut().zip(x) {
        *code = mini.encode(x * inverse);
    }
    codes
}

/// ⌊log2 x⌋ for x > 0.
fn floor_log2(x: f32) -> i32 {
    let bits = x.to_bits();
    if bits >= 0x0080_0000 { (bits >> 23) as i32 - 127 } else { -118 - bits.leading_zeros() as i32 }
}

/// 2^(e − 127); what the code for "not a number" stands for is one.
fn e8m0(e: u8) -> f32 {
    match e {
        0 => f32::from_bits(0x0040_0000),
        255 => f32::NAN,
        _ => f32::from_bits(u32::from(e) << 23),
    }
}
