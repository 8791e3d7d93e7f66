//! One scale a block and fixed levels: Q4_0, Q5_0, Q8_0, IQ4_NL, NF4, FP4.
//!
//! A row of inverse scales of both signs is tried. Each gives codes, and for given codes the best scale is
//! Σ w·x·q ÷ Σ w·q² and leaves Σ w·x² − (Σ w·x·q)² ÷ Σ w·q². The best one is repeated until the codes stay, then
//! rounded as it is stored, to the neighbour that leaves the least error.

use super::super::lanes::{Lanes, WIDTH};
use super::super::number::{at_most, clamped, f16_bytes, f16_value, integer};
use super::super::{bnb, integer as integers, iq4};
use super::block::Blocks;

/// Tried are the scales that bring the value of greatest size to `from`, `from` + `step`, … .
pub(crate) struct Tries {
    pub from: f32,
    pub step: f32,
    pub count: u16,
}

const REPEATS: usize = 4;

#[inline(always)]
pub(crate) fn q4_0(blocks: &Blocks<32>) -> [[u8; 18]; WIDTH] {
    let scale = uniform(blocks, -8.0, 7.0, &Tries { from: 5.0, step: 0.05, count: 80 });
    std::array::from_fn(|k| integers::write_q4_0(scale.0[k], &codes(&blocks.original[k], scale.0[k], -8.0, 7.0, 8)))
}

#[inline(always)]
pub(crate) fn q5_0(blocks: &Blocks<32>) -> [[u8; 22]; WIDTH] {
    let scale = uniform(blocks, -16.0, 15.0, &Tries { from: 11.0, step: 0.06, count: 100 });
    std::array::from_fn(|k| integers::write_q5_0(scale.0[k], &codes(&blocks.original[k], scale.0[k], -16.0, 15.0, 16)))
}

/// The code −128 is left out, as the reference leaves it out.
#[inline(always)]
pub(crate) fn q8_0(blocks: &Blocks<32>) -> [[u8; 34]; WIDTH] {
    let scale = uniform(blocks, -127.0, 127.0, &Tries { from: 116.0, step: 0.1, count: 120 });
    std::array::from_fn(|k| integers::write_q8_0(scale.0[k], &codes(&blocks.original[k], scale.0[k], -127.0, 127.0, 0)))
}

#[inline(always)]
pub(crate) fn iq4_nl(blocks: &Blocks<32>) -> [[u8; 18]; WIDTH] {
    let tries = Tries { from: 80.0, step: 0.75, count: 80 };
    let scale = best_stored(blocks, best(&blocks.x, &blocks.w, &tries, iq4::level), iq4::level);
    std::array::from_fn(|k| iq4::write_nl(&blocks.original[k], scale.0[k], scale.0[k]))
}

#[inline(always)]
pub(crate) fn nf4(blocks: &Blocks<64>) -> [[u8; bnb::BYTES]; WIDTH] {
    normal(blocks, &bnb::NF4)
}

#[inline(always)]
pub(crate) fn fp4(blocks: &Blocks<64>) -> [[u8; bnb::BYTES]; WIDTH] {
    normal(blocks, &bnb::FP4)
}

#[inline(always)]
fn normal(blocks: &Blocks<64>, table: &bnb::Table) -> [[u8; bnb::BYTES]; WIDTH] {
    let tries = Tries { from: 0.7, step: 0.01, count: 60 };
    let scale = best(&blocks.x, &blocks.w, &tries, |x| table_level(table, x));
    std::array::from_fn(|k| {
        let scale = scale.0[k] * blocks.unit.0[k];
        bnb::write(&blocks.original[k], scale, 1.0 / scale, table)
    })
}

#[inline(always)]
fn table_level(table: &bnb::Table, x: Lanes) -> Lanes {
    let mut level = Lanes::all(table.levels[0]);
    for (i, &border) in table.borders.iter().enumerate() {
        level = x.above(Lanes::all(border)).pick(Lanes::all(table.levels[i + 1]), level);
    }
    level
}

#[inline(always)]
fn uniform<const N: usize>(blocks: &Blocks<N>, low: f32, high: f32, tries: &Tries) -> Lanes {
    let level = |x: Lanes| x.nearest_within(low, high);
    best_stored(blocks, best(&blocks.x, &blocks.w, tries, level), level)
}

/// The codes nearest to the weights, with `add` added.
#[inline(always)]
fn codes<const N: usize>(x: &[f32; N], scale: f32, low: f32, high: f32, add: i32) -> [u8; N] {
    let mut codes = [0; N];
    if scale != 0.0 {
        for (code, x) in codes.iter_mut().zip(x) {
            *code = (integer(clamped(x / scale, low, high)) + add) as u8;
        }
    }
    codes
}

/// The scale of the least error among the tries.
#[inline(always)]
pub(crate) fn best<const N: usize>(
    x: &[Lanes; N],
    w: &[Lanes; N],
    tries: &Tries,
    level: impl Fn(Lanes) -> Lanes + Copy,
) -> Lanes {
    let zero = Lanes::all(0.0);
    let mut greatest = zero;
    for &x in x {
        greatest = x.abs().at_least(greatest);
    }
    let (mut scale, mut gain) = (zero, zero);
    let mut take = |inverse: Lanes, scale: &mut Lanes| {
        let (xq, qq) = sums(x, w, inverse, level);
        let fitted = xq / qq;
        let better = (fitted * xq).above(gain);
        gain = better.pick(fitted * xq, gain);
        *scale = better.pick(fitted, *scale);
    };
    for n in 0..tries.count {
        let at = tries.from + tries.step * f32::from(n);
        take(Lanes::all(at) / greatest, &mut scale);
        take(Lanes::all(-at) / greatest, &mut scale);
    }
    for _ in 0..REPEATS {
        take(Lanes::all(1.0) / scale, &mut scale);
    }
    scale
}

/// Σ w·x·q and Σ w·q² for the codes of an inverse scale.
#[inline(always)]
fn sums<const N: usize>(
    x: &[Lanes; N],
    w: &[Lanes; N],
    inverse: Lanes,
    level: impl Fn(Lanes) -> Lanes,
) -> (Lanes, Lanes) {
    let (mut xq, mut qq) = (Lanes::all(0.0), Lanes::all(0.0));
    for (&x, &w) in x.iter().zip(w) {
        let q = level(inverse * x);
        let wq = w * q;
        xq = xq + wq * x;
        qq = qq + wq * q;
    }
    (xq, qq)
}

/// Σ w·(x − s·q)² for the codes nearest under s.
#[inline(always)]
pub(crate) fn error<const N: usize>(
    x: &[Lanes; N],
    w: &[Lanes; N],
    scale: Lanes,
    level: impl Fn(Lanes) -> Lanes,
) -> Lanes {
    let mut sum = Lanes::all(0.0);
    let inverse = Lanes::all(1.0) / scale;
    for (&x, &w) in x.iter().zip(w) {
        let e = x - scale * level(inverse * x);
        sum = sum + w * e * e;
    }
    sum
}

/// The f16 of least error among the one at the scale and its two neighbours, as a scale of the blocks.
#[inline(always)]
fn best_stored<const N: usize>(blocks: &Blocks<N>, scale: Lanes, level: impl Fn(Lanes) -> Lanes + Copy) -> Lanes {
    let stored = |steps: i16| {
        Lanes(std::array::from_fn(|k| {
            let bits = u16::from_le_bytes(f16_bytes(at_most(scale.0[k] * blocks.unit.0[k], 65504.0)));
            f16_value(bits.saturating_add_signed(steps).to_le_bytes())
        }))
    };
    let mut kept = stored(0);
    let mut least = error(&blocks.x, &blocks.w, kept / blocks.unit, level);
    for steps in [-1, 1] {
        let other = stored(steps);
        let error = error(&blocks.x, &blocks.w, other / blocks.unit, level);
        let better = error.below(least);
        least = better.pick(error, least);
        kept = better.pick(other, kept);
    }
    kept
}
