//! Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0: 32 integers and one scale, with or without a least value.
//!
//! Layout (ggml): f16 scale; f16 least value (`_1`); four bytes of fifth bits (Q5); 4-bit codes, where
//! weight i is the low half of byte i and weight i + 16 the high half.
//!
//! The codes are chosen with the unrounded f32 inverse of the scale, as the reference does.

use super::number::{at_most, extreme, f16_bytes, f16_value, greatest_size, integer, inverse};
use super::number::{least_and_greatest, nearest_away, whole};

pub(super) const LEN: usize = 32;

pub(super) type Codes = [u8; LEN];

#[inline(always)]
pub(super) fn encode_q8_0(x: &[f32; LEN]) -> [u8; 34] {
    let scale = greatest_size(x) / 127.0;
    let inverse = inverse(scale);
    let mut codes = [0; LEN];
    for (code, x) in codes.iter_mut().zip(x) {
        *code = integer(nearest_away(x * inverse)) as u8;
    }
    write_q8_0(scale, &codes)
}

#[inline(always)]
pub(super) fn write_q8_0(scale: f32, codes: &Codes) -> [u8; 34] {
    let mut out = [0; 34];
    out[..2].copy_from_slice(&f16_bytes(scale));
    out[2..].copy_from_slice(codes);
    out
}

pub(super) fn decode_q8_0(block: &[u8; 34]) -> [f32; LEN] {
    let scale = f16_value([block[0], block[1]]);
    std::array::from_fn(|i| f32::from(block[i + 2] as i8) * scale)
}

#[inline(always)]
pub(super) fn encode_q4_0(x: &[f32; LEN]) -> [u8; 18] {
    let (scale, codes) = about_zero(x, 8.0);
    write_q4_0(scale, &codes)
}

#[inline(always)]
pub(super) fn write_q4_0(scale: f32, codes: &Codes) -> [u8; 18] {
    let mut out = [0; 18];
    out[..2].copy_from_slice(&f16_bytes(scale));
    pack(codes, &mut out[2..]);
    out
}

pub(super) fn decode_q4_0(block: &[u8; 18]) -> [f32; LEN] {
    let scale = f16_value([block[0], block[1]]);
    unpack(&block[2..]).map(|code| f32::from(code as i8 - 8) * scale)
}

#[inline(always)]
pub(super) fn encode_q4_1(x: &[f32; LEN]) -> [u8; 20] {
    let (scale, least, codes) = from_least(x, 15.0);
    write_q4_1(scale, least, &codes)
}

#[inline(always)]
pub(super) fn write_q4_1(scale: f32, least: f32, codes: &Codes) -> [u8; 20] {
    let mut out = [0; 20];
    out[..2].copy_from_slice(&f16_bytes(scale));
    out[2..4].copy_from_slice(&f16_bytes(least));
    pack(codes, &mut out[4..]);
    out
}

pub(super) fn decode_q4_1(block: &[u8; 20]) -> [f32; LEN] {
    let (scale, least) = (f16_value([block[0], block[1]]), f16_value([block[2], block[3]]));
    unpack(&block[4..]).map(|code| f32::from(code) * scale + least)
}

#[inline(always)]
pub(super) fn encode_q5_0(x: &[f32; LEN]) -> [u8; 22] {
    let (scale, codes) = about_zero(x, 16.0);
    write_q5_0(scale, &codes)
}

#[inline(always)]
pub(super) fn write_q5_0(scale: f32, codes: &Codes) -> [u8; 22] {
    let mut out = [0; 22];
    out[..2].copy_from_slice(&f16_bytes(scale));
    out[2..6].copy_from_slice(&fifth_bits(codes));
    pack(codes, &mut out[6..]);
    out
}

pub(super) fn decode_q5_0(block: &[u8; 22]) -> [f32; LEN] {
    let scale = f16_value([block[0], block[1]]);
    with_fifth_bits(&block[2..]).map(|code| f32::from(code as i8 - 16) * scale)
}

#[inline(always)]
pub(super) fn encode_q5_1(x: &[f32; LEN]) -> [u8; 24] {
    let (scale, least, codes) = from_least(x, 31.0);
    write_q5_1(scale, least, &codes)
}

#[inline(always)]
pub(super) fn write_q5_1(scale: f32, least: f32, codes: &Codes) -> [u8; 24] {
    let mut out = [0; 24];
    out[..2].copy_from_slice(&f16_bytes(scale));
    out[2..4].copy_from_slice(&f16_bytes(least));
    out[4..8].copy_from_slice(&fifth_bits(codes));
    pack(codes, &mut out[8..]);
    out
}

pub(super) fn decode_q5_1(block: &[u8; 24]) -> [f32; LEN] {
    let (scale, least) = (f16_value([block[0], block[1]]), f16_value([block[2], block[3]]));
    with_fifth_bits(&block[4..]).map(|code| f32::from(code) * scale + least)
}

/// The value of greatest size takes the code 0, which means −`half`: so one side has a level more.
#[inline(always)]
fn about_zero(x: &[f32; LEN], half: f32) -> (f32, Codes) {
    let scale = extreme(x) / -half;
    let inverse = inverse(scale);
    let mut codes = [0; LEN];
    for (to, x) in codes.iter_mut().zip(x) {
        *to = code(x * inverse + (half + 0.5), 2.0 * half - 1.0);
    }
    (scale, codes)
}

#[inline(always)]
fn from_least(x: &[f32; LEN], top: f32) -> (f32, f32, Codes) {
    let (least, greatest) = least_and_greatest(x);
    let scale = (greatest - least) / top;
    let inverse = inverse(scale);
    let mut codes = [0; LEN];
    for (to, x) in codes.iter_mut().zip(x) {
        *to = code((x - least) * inverse + 0.5, top);
    }
    (scale, least, codes)
}

/// min(top, whole part), for x ≥ 0.
#[inline(always)]
fn code(x: f32, top: f32) -> u8 {
    integer(whole(at_most(x, top))) as u8
}

/// The lower four bits of N codes: byte i holds those of the codes i and i + N / 2.
#[inline(always)]
pub(super) fn pack<const N: usize>(codes: &[u8; N], out: &mut [u8]) {
    for (i, byte) in out.iter_mut().enumerate().take(N / 2) {
        *byte = (codes[i] & 15) | (codes[i + N / 2] << 4);
    }
}

#[inline(always)]
pub(super) fn unpack<const N: usize>(packed: &[u8]) -> [u8; N] {
    let mut codes = [0; N];
    for (i, byte) in packed.iter().enumerate().take(N / 2) {
        codes[i] = byte & 15;
        codes[i + N / 2] = byte >> 4;
    }
    codes
}

/// Bit i is the fifth bit of code i.
#[inline(always)]
fn fifth_bits(codes: &Codes) -> [u8; 4] {
    let (eights, _) = codes.as_chunks::<8>();
    std::array::from_fn(|k| {
        // The product brings the bit of byte k to bit 56 + k, and no two terms meet.
        let bits = (u64::from_le_bytes(eights[k]) >> 4) & 0x0101_0101_0101_0101;
        (bits.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
    })
}

/// The codes of a block from its fifth bits on.
#[inline(always)]
fn with_fifth_bits(tail: &[u8]) -> Codes {
    let mut codes = unpack(&tail[4..]);
    for (codes, &bits) in codes.as_chunks_mut::<8>().0.iter_mut().zip(tail) {
        // Bit k alone in byte k, carried to the top bit of the byte, and down to the fifth.
        let bits_apart = u64::from(bits).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
        let fifth = (bits_apart + 0x7F7F_7F7F_7F7F_7F7F) >> 3 & 0x1010_1010_1010_1010;
        *codes = (u64::from_le_bytes(*codes) | fifth).to_le_bytes();
    }
    codes
}
