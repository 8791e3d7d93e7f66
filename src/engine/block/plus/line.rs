//! A scale and a least value a block: Q4_1 and Q5_1, and where the K-quants begin.
//!
//! The range is cut short or drawn out at both ends by some part of a step. Each pair gives codes, and the
//! codes give the line of least squared error. The best one is repeated until the codes stay.

use super::super::integer as integers;
use super::super::lanes::{Lanes, WIDTH};
use super::super::number::{clamped, f16_bytes, f16_value, integer};
use super::block::Blocks;

/// A line x = scale · q + least, and how its error grows around it.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub scale: Lanes,
    pub least: Lanes,
    pub error: Lanes,
    /// Σ w·q and Σ w·q².
    pub q: Lanes,
    pub qq: Lanes,
}

const REPEATS: usize = 3;

#[inline(always)]
pub(crate) fn q4_1(blocks: &Blocks<32>) -> [[u8; 20]; WIDTH] {
    written(blocks, 15.0, integers::write_q4_1)
}

#[inline(always)]
pub(crate) fn q5_1(blocks: &Blocks<32>) -> [[u8; 24]; WIDTH] {
    written(blocks, 31.0, integers::write_q5_1)
}

#[inline(always)]
fn written<const B: usize>(
    blocks: &Blocks<32>,
    top: f32,
    write: impl Fn(f32, f32, &integers::Codes) -> [u8; B],
) -> [[u8; B]; WIDTH] {
    let line = best(&blocks.x, &blocks.w, top, false);
    std::array::from_fn(|k| {
        let stored = |x: f32| f16_value(f16_bytes(clamped(x * blocks.unit.0[k], -65504.0, 65504.0)));
        let (scale, least) = (stored(line.scale.0[k]), stored(line.least.0[k]));
        let mut codes = [0; 32];
        if scale != 0.0 {
            codes = blocks.original[k].map(|x| integer(clamped((x - least) / scale, 0.0, top)) as u8);
        }
        write(scale, least, &codes)
    })
}

/// The best line; `bounded` where its least value must not be above 0.
#[inline(always)]
pub(crate) fn best<const N: usize>(x: &[Lanes; N], w: &[Lanes; N], top: f32, bounded: bool) -> Line {
    let zero = Lanes::all(0.0);
    let (mut low, mut high) = (x[0], x[0]);
    let (mut sum_w, mut sum_x, mut sum_xx) = (zero, zero, zero);
    for (&x, &w) in x.iter().zip(w) {
        low = x.at_most(low);
        high = x.at_least(high);
        sum_w = sum_w + w;
        sum_x = sum_x + w * x;
        sum_xx = sum_xx + w * x * x;
    }
    if bounded {
        low = low.at_most(zero);
    }
    let sums = Sums { w: sum_w, x: sum_x, xx: sum_xx, bounded };
    let step = (high - low) / Lanes::all(top);
    let mut kept = Line { scale: zero, least: low.at_most(zero), error: Lanes::all(f32::MAX), q: zero, qq: zero };
    if !bounded {
        kept.least = sum_x / sum_w;
    }
    // Parts of a step at either end: at two bits clipping buys more than at five.
    for i in 0..8u8 {
        for j in 0..8u8 {
            let from = low + step * Lanes::all(-0.3 + 0.15 * f32::from(i));
            let to = high - step * Lanes::all(-0.3 + 0.15 * f32::from(j));
            sums.take(x, w, top, from, Lanes::all(top) / (to - from), &mut kept);
        }
    }
    for _ in 0..REPEATS {
        sums.take(x, w, top, kept.least, Lanes::all(1.0) / kept.scale, &mut kept);
    }
    kept
}

struct Sums {
    w: Lanes,
    x: Lanes,
    xx: Lanes,
    bounded: bool,
}

impl Sums {
    /// The line that fits the codes of an origin and an inverse scale, if it is better than the one kept.
    #[inline(always)]
    fn take<const N: usize>(
        &self,
        x: &[Lanes; N],
        w: &[Lanes; N],
        top: f32,
        origin: Lanes,
        inverse: Lanes,
        kept: &mut Line,
    ) {
        let zero = Lanes::all(0.0);
        let (mut sum_q, mut sum_qq, mut sum_xq) = (zero, zero, zero);
        for (&x, &w) in x.iter().zip(w) {
            let q = (inverse * (x - origin)).nearest_within(0.0, top);
            let wq = w * q;
            sum_q = sum_q + wq;
            sum_qq = sum_qq + wq * q;
            sum_xq = sum_xq + wq * x;
        }
        let determinant = self.w * sum_qq - sum_q * sum_q;
        let mut scale = (self.w * sum_xq - self.x * sum_q) / determinant;
        let mut least = (sum_qq * self.x - sum_q * sum_xq) / determinant;
        if self.bounded {
            let positive = least.above(zero);
            scale = positive.pick(sum_xq / sum_qq, scale);
            least = positive.pick(zero, least);
        }
        let error = self.xx - scale * sum_xq - least * self.x;
        let better = error.below(kept.error).and(determinant.above(zero)).and(scale.above(zero));
        kept.error = better.pick(error, kept.error);
        kept.scale = better.pick(scale, kept.scale);
        kept.least = better.pick(least, kept.least);
        kept.q = better.pick(sum_q, kept.q);
        kept.qq = better.pick(sum_qq, kept.qq);
    }
}
