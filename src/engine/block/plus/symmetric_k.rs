//! Q3_K, Q6_K and IQ4_XS: one unit and a signed integer for each sub-block, chosen together.
//!
//! Each sub-block gets its best scale of either sign first. Then units are tried that bring the greatest
//! scale to the finest multiple or a little short of it; under each of them every sub-block takes the
//! multiple of least true error near its scales. The best units are fitted to their codes (least squares
//! over the whole block) and tried again.

use super::super::iq4;
use super::super::lanes::{Lanes, WIDTH, side_by_side};
use super::super::number::{clamped, f16_bytes, f16_value, integer};
use super::super::symmetric_k::{LEN, SUBS, write_q3_k, write_q6_k};
use super::super::symmetric_search::SUB;
use super::block::Block;
use super::scale::{Tries, best, error};

#[inline(always)]
pub(crate) fn q3_k(block: &Block<LEN>) -> [u8; 110] {
    let tries = Tries { from: 2.2, step: 0.1, count: 28 };
    let level = |x: Lanes| x.nearest_within(-4.0, 3.0);
    let (unit, scales) = searched::<SUB, SUBS, 2>(block, 32.0, 31.0, &tries, 2, level);
    let stored = scales.map(|s| unit * s as f32);
    let codes = codes(block, &stored, 4.0);
    write_q3_k(&scales.map(|s| (s + 32) as u8), f16_bytes(unit), &codes)
}

#[inline(always)]
pub(crate) fn q6_k(block: &Block<LEN>) -> [u8; 210] {
    let tries = Tries { from: 24.0, step: 0.15, count: 64 };
    let level = |x: Lanes| x.nearest_within(-32.0, 31.0);
    let (unit, scales) = searched::<SUB, SUBS, 2>(block, 128.0, 127.0, &tries, 4, level);
    let codes = codes(block, &scales.map(|s| unit * s as f32), 32.0);
    write_q6_k(&scales.map(|s| s as i8), f16_bytes(unit), &codes)
}

#[inline(always)]
pub(crate) fn iq4_xs(block: &Block<LEN>) -> [u8; 136] {
    let tries = Tries { from: 80.0, step: 0.75, count: 80 };
    let (unit, scales) = searched::<{ iq4::RUN }, { iq4::RUNS }, 1>(block, 32.0, 31.0, &tries, 1, iq4::level);
    iq4::write_xs(&block.original, unit, &scales)
}

#[inline(always)]
fn codes(block: &Block<LEN>, stored: &[f32; SUBS], half: f32) -> [u8; LEN] {
    let mut codes = [half as u8; LEN];
    for ((codes, x), &scale) in codes.chunks_exact_mut(SUB).zip(block.original.chunks_exact(SUB)).zip(stored) {
        if scale != 0.0 {
            for (code, x) in codes.iter_mut().zip(x) {
                *code = (integer(clamped(x / scale, -half, half - 1.0)) + half as i32) as u8;
            }
        }
    }
    codes
}

/// Units tried at first.
const STEPS: u8 = 24;
const ROUNDS: usize = 4;

/// The unit as stored, and the multiples.
#[inline(always)]
fn searched<const N: usize, const S: usize, const G: usize>(
    block: &Block<LEN>,
    finest_below: f32,
    finest: f32,
    tries: &Tries,
    reach: i8,
    level: impl Fn(Lanes) -> Lanes + Copy,
) -> (f32, [i32; S]) {
    let x: [[Lanes; N]; G] = std::array::from_fn(|g| side_by_side(&block.x, g * WIDTH));
    let w: [[Lanes; N]; G] = std::array::from_fn(|g| side_by_side(&block.w, g * WIDTH));
    let mut starts: [Lanes; G] = std::array::from_fn(|g| best(&x[g], &w[g], tries, level));
    let stored = |x: f32| f16_value(f16_bytes(clamped(x * block.unit, -65504.0, 65504.0))) / block.unit;
    let zero = Lanes::all(0.0);
    let multiples = |unit: f32, starts: &[Lanes; G], both: bool| {
        let (mut kept, mut sum) = ([zero; G], 0.0f32);
        for g in 0..G {
            let first = (starts[g] / Lanes::all(unit)).nearest_within(-finest_below, finest);
            let mut least = Lanes::all(f32::MAX);
            let signs: &[f32] = if both { &[1.0, -1.0] } else { &[1.0] };
            for &sign in signs {
                for step in -reach..=reach {
                    let s =
                        (first * Lanes::all(sign) + Lanes::all(f32::from(step))).nearest_within(-finest_below, finest);
                    let scale = s * Lanes::all(unit);
                    let error = error(&x[g], &w[g], scale, level);
                    let better = error.below(least);
                    least = better.pick(error, least);
                    kept[g] = better.pick(s, kept[g]);
                }
            }
            sum += least.0.iter().sum::<f32>();
        }
        (sum, unit, kept)
    };
    let greatest =
        starts.iter().flat_map(|lanes| lanes.0).fold(0.0f32, |kept, x| if x.abs() > kept { x.abs() } else { kept });
    let mut chosen = (f32::MAX, 0.0, [zero; G]);
    for n in 0..STEPS {
        let unit = stored(greatest / finest * (0.95 + 0.015 * f32::from(n)));
        let new = multiples(unit, &starts, true);
        if new.0 < chosen.0 {
            chosen = new;
        }
    }
    for _ in 0..ROUNDS {
        // x ≈ unit · (s q).
        let (mut xq, mut qq) = (0.0f64, 0.0f64);
        for g in 0..G {
            let scale = chosen.2[g] * Lanes::all(chosen.1);
            starts[g] = scale;
            let inverse = Lanes::all(1.0) / scale;
            for (&x, &w) in x[g].iter().zip(&w[g]) {
                let q = chosen.2[g] * level(inverse * x);
                for k in 0..WIDTH {
                    xq += f64::from(w.0[k] * x.0[k] * q.0[k]);
                    qq += f64::from(w.0[k] * q.0[k] * q.0[k]);
                }
            }
        }
        let new = multiples(stored((xq / qq) as f32), &starts, false);
        if new.0 < chosen.0 {
            chosen = new;
        } else {
            break;
        }
    }
    let unit = f16_value(f16_bytes(clamped(chosen.1 * block.unit, -65504.0, 65504.0)));
    (unit, std::array::from_fn(|s| integer(chosen.2[s / WIDTH].0[s % WIDTH])))
}
