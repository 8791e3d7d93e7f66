//! Rounding and scales as the block formats need them, in steps that a compiler turns into SIMD.
//!
//! Everything is plain f32 in a fixed order: no fused multiply-add, no reassociation. So the bytes are the
//! same on every machine.

use half::f16;

/// 1.5 · 2^23: an f32 of this size has a unit in the last place of 1.
const MAGIC: f32 = 12_582_912.0;

/// The nearest integer, ties to even, for |x| < 2^22.
#[inline(always)]
pub fn nearest(x: f32) -> f32 {
    (x + MAGIC) - MAGIC
}

/// The nearest integer, ties away from zero, for |x| < 2^22.
#[inline(always)]
pub fn nearest_away(x: f32) -> f32 {
    let size = x.abs();
    let even = nearest(size);
    let up = if size - even >= 0.5 { 1.0 } else { 0.0 };
    (even + up).copysign(x)
}

/// The integer that the f32 holds, for |x| < 2^22; anything at all beyond that, but never a panic.
#[inline(always)]
pub fn integer(x: f32) -> i32 {
    (x + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits()) as i32
}

/// The whole part of x ≥ 0, for x < 2^22.
#[inline(always)]
pub fn whole(x: f32) -> f32 {
    let even = nearest(x);
    even - if even > x { 1.0 } else { 0.0 }
}

/// x, or `low` where x is less or not a number.
#[inline(always)]
pub(super) fn at_least(x: f32, low: f32) -> f32 {
    if x > low { x } else { low }
}

/// x, or `high` where x is more or not a number.
#[inline(always)]
pub(super) fn at_most(x: f32, high: f32) -> f32 {
    if x < high { x } else { high }
}

/// x between bounds; `low` where it is not a number.
#[inline(always)]
pub fn clamped(x: f32, low: f32, high: f32) -> f32 {
    at_most(at_least(x, low), high)
}

/// 1 ÷ x, or 0 for 0: the inverse scale of a block of zeros.
#[inline(always)]
pub(super) fn inverse(x: f32) -> f32 {
    if x != 0.0 { 1.0 / x } else { 0.0 }
}

/// The middles between neighbouring levels.
pub(super) const fn half_way(levels: &[f32; 16]) -> [f32; 15] {
    let mut borders = [0.0; 15];
    let mut i = 0;
    while i < 15 {
        borders[i] = (levels[i] + levels[i + 1]) / 2.0;
        i += 1;
    }
    borders
}

#[inline(always)]
pub(super) fn f16_bytes(x: f32) -> [u8; 2] {
    f16::from_f32(x).to_le_bytes()
}

#[inline(always)]
pub(super) fn f16_value(bytes: [u8; 2]) -> f32 {
    f16::from_le_bytes(bytes).to_f32()
}

/// The least and the greatest value, in eight lanes: their order does not change the result.
#[inline(always)]
pub fn least_and_greatest(x: &[f32]) -> (f32, f32) {
    let (mut least, mut greatest) = ([x[0]; 8], [x[0]; 8]);
    let (eights, rest) = x.as_chunks::<8>();
    for eight in eights {
        for (lane, &x) in eight.iter().enumerate() {
            least[lane] = at_most(x, least[lane]);
            greatest[lane] = at_least(x, greatest[lane]);
        }
    }
    let all = |lanes: [f32; 8], pick: fn(f32, f32) -> f32| {
        rest.iter().copied().chain(lanes).fold(lanes[0], |kept, x| pick(x, kept))
    };
    (all(least, at_most), all(greatest, at_least))
}

/// The greatest |x|.
#[inline(always)]
pub fn greatest_size(x: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (eights, rest) = x.as_chunks::<8>();
    for eight in eights {
        for (lane, x) in lanes.iter_mut().zip(eight) {
            *lane = at_least(x.abs(), *lane);
        }
    }
    rest.iter().map(|x| x.abs()).chain(lanes).fold(0.0, |kept, x| at_least(x, kept))
}

/// The value of greatest size, with its sign; of equal ones the first.
#[inline(always)]
pub fn extreme(x: &[f32]) -> f32 {
    let (least, greatest) = least_and_greatest(x);
    if greatest > -least {
        greatest
    } else if greatest < -least {
        least
    } else {
        // Rare: both signs reach the same size, or all is zero.
        x.iter().copied().find(|x| x.abs() == greatest.abs()).unwrap_or(0.0)
    }
}
