//! TQ1_0 and TQ2_0: 256 weights of −1, 0 or 1 times the greatest size of the block.
//!
//! Layout (ggml): TQ2_0 has 2-bit codes, 32 bytes for each 128 weights, then the f16 scale. TQ1_0 puts five
//! trits into a byte as the fraction t/243 in 256ths rounded up, so that each multiplication by 3 brings
//! the next trit out at the top; its last 16 weights stand four to a byte.

use super::affine_k::{pack_twos, unpack_twos};
use super::number::{f16_bytes, f16_value, greatest_size, integer, inverse, nearest_away};

pub(super) const LEN: usize = 256;

/// First weight, bytes, trits a byte. The trits of a byte lie as many weights apart as there are bytes.
const GROUPS: [(usize, usize, usize); 3] = [(0, 32, 5), (160, 16, 5), (240, 4, 4)];

pub(super) fn encode_tq1_0(x: &[f32; LEN]) -> [u8; 54] {
    let (scale, trits) = trits(x);
    write_tq1_0(scale, &trits)
}

pub(super) fn write_tq1_0(scale: f32, trits: &[u8; LEN]) -> [u8; 54] {
    let mut out = [0; 54];
    let mut at = 0;
    for (first, bytes, count) in GROUPS {
        for (m, byte) in out[at..at + bytes].iter_mut().enumerate() {
            let number = (0..5).fold(0u32, |number, n| {
                let trit = if n < count { trits[first + n * bytes + m] } else { 0 };
                number * 3 + u32::from(trit)
            });
            *byte = (number * 256).div_ceil(243) as u8;
        }
        at += bytes;
    }
    out[52..].copy_from_slice(&f16_bytes(scale));
    out
}

pub(super) fn decode_tq1_0(block: &[u8; 54]) -> [f32; LEN] {
    let scale = f16_value([block[52], block[53]]);
    let mut x = [0.0; LEN];
    let mut at = 0;
    for (first, bytes, count) in GROUPS {
        let mut power = 1u8;
        for n in 0..count {
            for m in 0..bytes {
                let fraction = block[at + m].wrapping_mul(power);
                let trit = (u16::from(fraction) * 3) >> 8;
                x[first + n * bytes + m] = f32::from(trit as i8 - 1) * scale;
            }
            power = power.wrapping_mul(3);
        }
        at += bytes;
    }
    x
}

pub(super) fn encode_tq2_0(x: &[f32; LEN]) -> [u8; 66] {
    let (scale, trits) = trits(x);
    write_tq2_0(scale, &trits)
}

pub(super) fn write_tq2_0(scale: f32, trits: &[u8; LEN]) -> [u8; 66] {
    let mut out = [0; 66];
    pack_twos(trits, &mut out[..64]);
    out[64..].copy_from_slice(&f16_bytes(scale));
    out
}

pub(super) fn decode_tq2_0(block: &[u8; 66]) -> [f32; LEN] {
    let scale = f16_value([block[64], block[65]]);
    let mut x = [0.0; LEN];
    for (x, trit) in x.iter_mut().zip(unpack_twos(&block[..64])) {
        *x = f32::from(trit as i8 - 1) * scale;
    }
    x
}

/// The scale, and 0, 1 or 2 for each weight.
#[inline(always)]
fn trits(x: &[f32; LEN]) -> (f32, [u8; LEN]) {
    let scale = greatest_size(x);
    let inverse = inverse(scale);
    let mut trits = [0; LEN];
    for (trit, x) in trits.iter_mut().zip(x) {
        // The mask matters only where the values are not finite.
        *trit = integer(nearest_away(x * inverse)).wrapping_add(1) as u8 & 3;
    }
    (scale, trits)
}
