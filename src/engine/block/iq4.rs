//! IQ4_NL and IQ4_XS: 4-bit codes into a table of sixteen levels that lie closer together near zero.
//!
//! Layout (ggml). IQ4_NL: f16 scale, then the codes of 32 weights, weight i low and weight i + 16 high in
//! byte i. IQ4_XS: f16 unit; upper two bits of eight 6-bit scales in two bytes; their lower four bits in
//! four bytes; the codes of eight runs of 32, each as in IQ4_NL.

use super::integer::pack;
use super::lanes::{Lanes, Mask, WIDTH, side_by_side};
use super::number::{clamped, f16_bytes, f16_value, half_way, integer, inverse};
use super::symmetric_search::extremes;

pub(super) const LEN_NL: usize = 32;
pub(super) const LEN_XS: usize = 256;
pub(super) const RUN: usize = 32;
pub(super) const RUNS: usize = 8;

/// The levels of the format (ggml).
pub(super) const LEVELS: [f32; 16] =
    [-127.0, -104.0, -83.0, -65.0, -49.0, -35.0, -22.0, -10.0, 1.0, 13.0, 25.0, 38.0, 53.0, 69.0, 89.0, 113.0];

/// Half way between neighbours: from here on the upper one is taken.
const BORDERS: [f32; 15] = half_way(&LEVELS);

/// Blocks a search works on at once.
pub(super) const AT_ONCE: usize = WIDTH;

/// WIDTH blocks of IQ4_NL.
pub(super) fn encode_nl(x: &[f32; AT_ONCE * LEN_NL]) -> [[u8; 18]; AT_ONCE] {
    let scales = search(&side_by_side::<RUN>(x, 0)).0;
    std::array::from_fn(|k| write_nl(&x.as_chunks().0[k], scales[k], scales[k]))
}

/// The nearest codes under one scale, with another stored: the reference does not round before it chooses.
#[inline(always)]
pub(super) fn write_nl(x: &[f32; LEN_NL], scale: f32, stored: f32) -> [u8; 18] {
    let mut out = [0; 18];
    out[..2].copy_from_slice(&f16_bytes(stored));
    codes(x, scale, &mut out[2..]);
    out
}

pub(super) fn decode_nl(block: &[u8; 18]) -> [f32; LEN_NL] {
    let mut x = [0.0; LEN_NL];
    levels(&block[2..], f16_value([block[0], block[1]]), &mut x);
    x
}

pub(super) fn encode_xs(x: &[f32; LEN_XS]) -> [u8; 136] {
    let mut scales = [0.0f32; RUNS];
    for first in (0..RUNS).step_by(WIDTH) {
        scales[first..first + WIDTH].copy_from_slice(&search(&side_by_side::<RUN>(x, first)).0);
    }
    let extreme = scales.iter().fold(0.0f32, |kept, &scale| if scale.abs() > kept.abs() { scale } else { kept });
    let unit = -extreme / 32.0;
    let per_unit = inverse(unit);
    // The reference chooses the codes with the f32 unit, not with the f16 that it stores.
    write_xs(x, unit, &scales.map(|scale| integer(clamped(per_unit * scale, -32.0, 31.0))))
}

/// The nearest codes under a unit and its multiples.
#[inline(always)]
pub(super) fn write_xs(x: &[f32; LEN_XS], unit: f32, scales: &[i32; RUNS]) -> [u8; 136] {
    let mut out = [0; 136];
    out[..2].copy_from_slice(&f16_bytes(unit));
    for (s, &k) in scales.iter().enumerate() {
        let stored = (k + 32) as u8;
        out[2 + s / 4] |= stored >> 4 << (s % 4 * 2);
        out[4 + s / 2] |= (stored & 15) << (s % 2 * 4);
        codes(&x[s * RUN..][..RUN], unit * k as f32, &mut out[8 + s * 16..][..16]);
    }
    out
}

pub(super) fn decode_xs(block: &[u8; 136]) -> [f32; LEN_XS] {
    let unit = f16_value([block[0], block[1]]);
    let mut x = [0.0; LEN_XS];
    for (s, x) in x.chunks_exact_mut(RUN).enumerate() {
        let low = block[4 + s / 2] >> (s % 2 * 4) & 15;
        let high = block[2 + s / 4] >> (s % 4 * 2) & 3;
        let scale = unit * (f32::from(low | high << 4) - 32.0);
        levels(&block[8 + s * 16..][..16], scale, x);
    }
    x
}

/// The scale of each of WIDTH runs. Tried are inverse scales that bring the value of greatest size to
/// 127, and to −127 with up to 7 more or less; kept is the one that leaves the least error weighted by x².
fn search(x: &[Lanes; RUN]) -> Lanes {
    const STEPS: i8 = 7;
    let zero = Lanes::all(0.0);
    let (extreme, empty) = extremes(x);
    let first = Lanes::all(1.0) / (extreme.map(|x| -x) / Lanes::all(LEVELS[0]));
    let (xq, qq) = sums(x, |_, x| level(first * x));
    let mut scale = xq / qq;
    let mut best = scale * xq;

    let inverse = |step: i8| Lanes::all(f32::from(step) + LEVELS[0]) / extreme;
    let (most, least) = (inverse(-STEPS), inverse(STEPS));
    let mut choices = [Choice { border: zero, lower: zero, upper: zero }; RUN];
    for (choice, &x) in choices.iter_mut().zip(x) {
        *choice = Choice::between(least * x, most * x);
    }
    for step in -STEPS..=STEPS {
        let inverse = inverse(step);
        let (xq, qq) = sums(x, |i, x| choices[i].level(inverse * x));
        let better = qq.above(zero).and((xq * xq).above(best * qq));
        scale = better.pick(xq / qq, scale);
        best = better.pick(scale * xq, best);
    }
    empty.pick(zero, scale)
}

/// Σ w·x·q and Σ w·q², with w = x².
#[inline(always)]
fn sums(x: &[Lanes; RUN], level: impl Fn(usize, Lanes) -> Lanes) -> (Lanes, Lanes) {
    let (mut xq, mut qq) = (Lanes::all(0.0), Lanes::all(0.0));
    for (i, &x) in x.iter().enumerate() {
        let q = level(i, x);
        let wq = x * x * q;
        xq = xq + wq * x;
        qq = qq + wq * q;
    }
    (xq, qq)
}

/// The trials move a value by so little that it passes one border at most: the level it starts from, the
/// next one and the border between them stand for the whole table.
#[derive(Clone, Copy)]
pub struct Choice {
    border: Lanes,
    lower: Lanes,
    upper: Lanes,
}

impl Choice {
    /// The choice for all that lies between two places, on the same side of zero.
    #[inline(always)]
    pub fn between(a: Lanes, b: Lanes) -> Self {
        let low = a.at_most(b);
        let zero = Lanes::all(0.0);
        let [mut lower, mut upper, mut border] = [LEVELS[0], LEVELS[1], BORDERS[0]].map(Lanes::all);
        for i in 0..14 {
            let above = at_or_above(low, BORDERS[i]);
            lower = lower + above.pick(Lanes::all(LEVELS[i + 1] - LEVELS[i]), zero);
            upper = upper + above.pick(Lanes::all(LEVELS[i + 2] - LEVELS[i + 1]), zero);
            border = border + above.pick(Lanes::all(BORDERS[i + 1] - BORDERS[i]), zero);
        }
        Self { border, lower, upper }
    }

    /// The level nearest to x.
    #[inline(always)]
    pub fn level(&self, x: Lanes) -> Lanes {
        x.below(self.border).pick(self.lower, self.upper)
    }
}

#[inline(always)]
fn at_or_above(x: Lanes, border: f32) -> Mask {
    Lanes::all(border).not_above(x)
}

/// The level nearest to x. Sums of differences of integers: exact.
#[inline(always)]
pub fn level(x: Lanes) -> Lanes {
    let mut level = Lanes::all(LEVELS[0]);
    for (i, border) in BORDERS.iter().enumerate() {
        let rise = Lanes::all(LEVELS[i + 1] - LEVELS[i]);
        level = level + at_or_above(x, *border).pick(rise, Lanes::all(0.0));
    }
    level
}

#[inline(always)]
fn codes(x: &[f32], scale: f32, packed: &mut [u8]) {
    let inverse = inverse(scale);
    let mut codes = [0u8; RUN];
    for (code, x) in codes.iter_mut().zip(x) {
        let at = inverse * x;
        *code = BORDERS.iter().map(|border| i32::from(at >= *border)).sum::<i32>() as u8;
    }
    pack(&codes, packed);
}

#[inline(always)]
fn levels(packed: &[u8], scale: f32, x: &mut [f32]) {
    let scaled = LEVELS.map(|level| scale * level);
    for (m, byte) in packed.iter().enumerate().take(16) {
        x[m] = scaled[usize::from(byte & 15)];
        x[m + 16] = scaled[usize::from(byte >> 4)];
    }
}
