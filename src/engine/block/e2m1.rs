//! MXFP4 and NVFP4: 4-bit floats 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives, with 8-bit float scales.
//!
//! Layout (ggml). MXFP4: one E8M0 scale, then 32 codes, weight i low and weight i + 16 high in byte i.
//! NVFP4: four unsigned E4M3 scales, then 64 codes, each run of 16 with weight i low and weight i + 8 high.
//! The elements and the E8M0 scale are those of the OCP Microscaling Formats specification v1.0. The
//! tables here hold twice the element and half the scale, so that all levels are integers.

use super::integer::pack;
use super::minifloat::E4M3;
use super::number::greatest_size;

pub(super) const LEN_MX: usize = 32;
pub(super) const LEN_NV: usize = 64;
pub(super) const RUN: usize = 16;

const LEVELS: [f32; 16] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 0.0, -1.0, -2.0, -3.0, -4.0, -6.0, -8.0, -12.0];

/// Half way between the sizes; a value in the middle takes the lesser one.
const BORDERS: [f32; 7] = [0.5, 1.5, 2.5, 3.5, 5.0, 7.0, 10.0];

/// What the codes stand for, in rising order; zero counts once.
pub(super) fn distinct_levels() -> Vec<f32> {
    let sizes = [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];
    sizes.iter().rev().map(|x| -x).chain([0.0]).chain(sizes).collect()
}

pub(super) fn encode_mxfp4(x: &[f32; LEN_MX]) -> [u8; 17] {
    write_mxfp4(x, shared_exponent(greatest_size(x)))
}

/// The codes under a given exponent of the scale, which has 127 added.
#[inline(always)]
pub(super) fn write_mxfp4(x: &[f32; LEN_MX], exponent: u8) -> [u8; 17] {
    let mut out = [0; 17];
    out[0] = exponent;
    pack(&codes(x, half_e8m0(exponent)), &mut out[1..]);
    out
}

pub(super) fn decode_mxfp4(block: &[u8; 17]) -> [f32; LEN_MX] {
    let mut x = [0.0; LEN_MX];
    levels(&block[1..], half_e8m0(block[0]), &mut x);
    x
}

pub(super) fn encode_nvfp4(x: &[f32; LEN_NV]) -> [u8; 36] {
    let mut out = [0; 36];
    let (scales, packed) = out.split_at_mut(4);
    for ((x, scale), packed) in x.as_chunks::<RUN>().0.iter().zip(scales).zip(packed.chunks_exact_mut(RUN / 2)) {
        *scale = to_ue4m3(greatest_size(x) / 6.0);
        write_run(x, *scale, packed);
    }
    out
}

/// The codes of a run under a given scale.
#[inline(always)]
pub(super) fn write_run(x: &[f32; RUN], scale: u8, packed: &mut [u8]) {
    pack(&codes(x, half_ue4m3(scale)), packed);
}

pub(super) fn decode_nvfp4(block: &[u8; 36]) -> [f32; LEN_NV] {
    let mut x = [0.0; LEN_NV];
    let runs = block[..4].iter().zip(block[4..].chunks_exact(RUN / 2)).zip(x.chunks_exact_mut(RUN));
    for ((&scale, packed), x) in runs {
        levels(packed, half_ue4m3(scale), x);
    }
    x
}

/// The E8M0 scale of a block: ⌊log2⌋ of its greatest size, less the 2 that the elements reach by themselves, with a bias
/// of 127.
pub fn shared_exponent(greatest: f32) -> u8 {
    if greatest > 0.0 { (log2_as_f32(greatest).floor() + 125.0) as u8 } else { 0 }
}

/// The logarithm rounded to f32, as the reference takes it: a value a hair below a power of two counts as
/// that power where f32 cannot tell the logarithms apart.
fn log2_as_f32(x: f32) -> f32 {
    // Far enough from the next power of two the exponent says it all.
    let bits = x.to_bits();
    if bits & 0x007F_FFFF < 0x007F_FF00 && bits >= 0x0080_0000 {
        return ((bits >> 23) as i32 - 127) as f32;
    }
    f64::from(x).log2() as f32
}

/// 2^(e − 128).
fn half_e8m0(e: u8) -> f32 {
    f32::from_bits(if e < 2 { 0x0020_0000 << e } else { u32::from(e - 1) << 23 })
}

/// To a float of four bits of exponent and three of mantissa without a sign. Half way is rounded up, but
/// not from the subnormals to the normals, and all from 248 on becomes the greatest finite one.
pub fn to_ue4m3(x: f32) -> u8 {
    if x.is_nan() || x <= 0.0 {
        return 0;
    }
    let bits = x.min(448.0).to_bits();
    let exponent = (bits >> 23) as i32 - 127 + 7;
    if exponent <= 0 {
        return (x * 512.0 + 0.5).min(7.0) as u8;
    }
    let mantissa = (bits >> 20 & 7) + (bits >> 19 & 1);
    let code = ((exponent as u32) << 3) + mantissa;
    if code >= 15 << 3 { 0x7E } else { code as u8 }
}

/// Half the value of an unsigned E4M3 float; 0 for the one that is not a number.
pub fn half_ue4m3(code: u8) -> f32 {
    match code {
        0x7F => 0.0,
        // ggml looks at the bit that would be the sign here and nowhere else.
        0xFF => 240.0,
        _ => E4M3.decode(code & 0x7F) / 2.0,
    }
}

/// The codes of the nearest levels, each of which is twice an element; of equally near ones the first is taken.
#[inline(always)]
pub fn codes<const N: usize>(x: &[f32; N], half_scale: f32) -> [u8; N] {
    let mut codes = [0; N];
    // Without a scale all levels are 0, and the first of them is taken.
    if half_scale != 0.0 {
        let borders = BORDERS.map(|border| border * half_scale);
        for (code, &x) in codes.iter_mut().zip(x) {
            let size = borders.iter().map(|&border| u32::from(x.abs() > border)).sum::<u32>();
            // There is no minus zero: of equal levels the first is taken.
            let sign = if size > 0 { x.to_bits() >> 28 & 8 } else { 0 };
            *code = (size | sign) as u8;
        }
    }
    codes
}

#[inline(always)]
pub(super) fn levels(packed: &[u8], half_scale: f32, x: &mut [f32]) {
    let scaled = LEVELS.map(|level| level * half_scale);
    let half = packed.len();
    for (m, byte) in packed.iter().enumerate() {
        x[m] = scaled[usize::from(byte & 15)];
        x[m + half] = scaled[usize::from(byte >> 4)];
    }
}
