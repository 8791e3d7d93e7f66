//! The search for the scale and the least value of a sub-block of Q2_K, Q4_K and Q5_K.
//!
//! It starts from least and greatest value and tries a row of inverse scales; each gives codes, and the
//! codes give the scale and the least value that fit them best (weighted least squares). A better fit also
//! moves the least value that the next trial starts from.

use super::lanes::{Lanes, WIDTH};

/// What differs between the formats.
pub(super) struct Trials {
    /// The greatest code.
    pub top: f32,
    /// Trial i divides the range into `top` + first + step · i.
    pub first: f32,
    pub step: f32,
    pub last: u16,
}

/// For each of WIDTH sub-blocks.
pub(super) struct Fit {
    pub scale: Lanes,
    /// The least value, 0 or less.
    pub least: Lanes,
    origin: Lanes,
    inverse: Lanes,
    top: f32,
}

impl Fit {
    /// The codes that the search ended with: needed only where the stored scale turns out to be 0.
    #[inline(always)]
    pub(super) fn codes(&self, x: Lanes) -> Lanes {
        (self.inverse * (x - self.origin)).nearest_within(0.0, self.top)
    }
}

/// ABSOLUTE: the error is Σ w·|e|, not Σ w·e².
pub(super) fn search<const N: usize, const ABSOLUTE: bool>(x: &[Lanes; N], w: &[Lanes; N], trials: &Trials) -> Fit {
    let zero = Lanes::all(0.0);
    let (mut least, mut greatest) = (x[0], x[0]);
    let (mut sum_w, mut sum_x) = (w[0], w[0] * x[0]);
    for (&x, &w) in x.iter().zip(w).skip(1) {
        least = x.at_most(least);
        greatest = x.at_least(greatest);
        sum_w = sum_w + w;
        sum_x = sum_x + w * x;
    }
    least = least.at_most(zero);

    let top = Lanes::all(trials.top);
    let inverse = top / (greatest - least);
    let mut fit = Fit { scale: Lanes::all(1.0) / inverse, least, origin: least, inverse, top: trials.top };
    let mut codes = [zero; N];
    for (code, &x) in codes.iter_mut().zip(x) {
        *code = fit.codes(x);
    }
    let mut error = weighted_error::<N, ABSOLUTE>(x, w, &codes, fit.scale, fit.least);

    for trial in 0..=trials.last {
        let levels = trials.first + trials.step * f32::from(trial) + trials.top;
        let inverse = Lanes::all(levels) / (greatest - fit.least);
        let origin = fit.least;
        let (mut sum_l, mut sum_l2, mut sum_xl) = (zero, zero, zero);
        for i in 0..N {
            let l = (inverse * (x[i] - origin)).nearest_within(0.0, trials.top);
            let wl = w[i] * l;
            sum_l = sum_l + wl;
            sum_l2 = sum_l2 + wl * l;
            sum_xl = sum_xl + wl * x[i];
            codes[i] = l;
        }
        let determinant = sum_w * sum_l2 - sum_l * sum_l;
        let scale = (sum_w * sum_xl - sum_x * sum_l) / determinant;
        let least = (sum_l2 * sum_x - sum_l * sum_xl) / determinant;
        let positive = least.above(zero);
        let scale = positive.pick(sum_xl / sum_l2, scale);
        let least = positive.pick(zero, least);
        let trial_error = weighted_error::<N, ABSOLUTE>(x, w, &codes, scale, least);
        let better = trial_error.below(error).and(determinant.above(zero));
        error = better.pick(trial_error, error);
        fit.scale = better.pick(scale, fit.scale);
        fit.least = better.pick(least, fit.least);
        fit.origin = better.pick(origin, fit.origin);
        fit.inverse = better.pick(inverse, fit.inverse);
    }

    // A sub-block of one value: that value, and all codes 0.
    let flat = greatest.equals(least);
    fit.scale = flat.pick(zero, fit.scale);
    fit.least = flat.pick(least, fit.least);
    fit.inverse = flat.pick(zero, fit.inverse);
    fit.origin = flat.pick(least, fit.origin);
    fit
}

#[inline(always)]
fn weighted_error<const N: usize, const ABSOLUTE: bool>(
    x: &[Lanes; N],
    w: &[Lanes; N],
    codes: &[Lanes; N],
    scale: Lanes,
    least: Lanes,
) -> Lanes {
    let mut sum = Lanes([0.0; WIDTH]);
    for i in 0..N {
        let e = scale * codes[i] + least - x[i];
        sum = sum + w[i] * if ABSOLUTE { e.abs() } else { e * e };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::block::lanes::side_by_side;
    use crate::engine::random::Random;

    /// One sub-block by itself, with integers and branches.
    fn plain(x: &[f32], w: &[f32], trials: &Trials, absolute: bool) -> (f32, f32) {
        let greatest = x.iter().copied().fold(f32::MIN, f32::max);
        let mut least = x.iter().copied().fold(0.0, f32::min);
        if greatest == least {
            return (0.0, least);
        }
        let codes = |levels: f32, least: f32| -> Vec<i32> {
            let inverse = levels / (greatest - least);
            let code = |x: &f32| (inverse * (x - least)).round_ties_even() as i32;
            x.iter().map(|x| code(x).clamp(0, trials.top as i32)).collect()
        };
        let sum = |term: &dyn Fn(usize) -> f32| (1..x.len()).fold(term(0), |sum, i| sum + term(i));
        let error = |codes: &[i32], scale: f32, least: f32| {
            sum(&|i| {
                let e = scale * codes[i] as f32 + least - x[i];
                w[i] * if absolute { e.abs() } else { e * e }
            })
        };
        let mut scale = 1.0 / (trials.top / (greatest - least));
        let mut best = error(&codes(trials.top, least), scale, least);
        let (sum_w, sum_x) = (sum(&|i| w[i]), sum(&|i| w[i] * x[i]));
        for trial in 0..=trials.last {
            let codes = codes(trials.first + trials.step * f32::from(trial) + trials.top, least);
            let sum_l = sum(&|i| w[i] * codes[i] as f32);
            let sum_l2 = sum(&|i| w[i] * codes[i] as f32 * codes[i] as f32);
            let sum_xl = sum(&|i| w[i] * codes[i] as f32 * x[i]);
            let determinant = sum_w * sum_l2 - sum_l * sum_l;
            if determinant > 0.0 {
                let mut fit =
                    ((sum_w * sum_xl - sum_x * sum_l) / determinant, (sum_l2 * sum_x - sum_l * sum_xl) / determinant);
                if fit.1 > 0.0 {
                    fit = (sum_xl / sum_l2, 0.0);
                }
                let error = error(&codes, fit.0, fit.1);
                if error < best {
                    best = error;
                    (scale, least) = fit;
                }
            }
        }
        (scale, least)
    }

    fn agrees<const N: usize, const ABSOLUTE: bool>(trials: &Trials) {
        let mut random = Random::seeded(17);
        for round in 0..400 {
            // Narrow and wide spreads, one-sided blocks, coarse grids with many ties, constant sub-blocks.
            let x: Vec<f32> = (0..WIDTH * N)
                .map(|i| {
                    let x = random.next_gaussian();
                    match round % 5 {
                        0 => x * 0.02,
                        1 => x * x * x,
                        2 => x.abs() + 3.0,
                        3 => (x * 4.0).round() / 4.0,
                        _ => [x, 0.0, 2.0, -2.0][i / N % 4],
                    }
                })
                .collect();
            let w: Vec<f32> = x.iter().map(|x| 0.125 + x.abs()).collect();
            let fit = search::<N, ABSOLUTE>(&side_by_side(&x, 0), &side_by_side(&w, 0), trials);
            for k in 0..WIDTH {
                let (x, w) = (&x[k * N..][..N], &w[k * N..][..N]);
                let (scale, least) = plain(x, w, trials, ABSOLUTE);
                assert_eq!((fit.scale.0[k], fit.least.0[k]), (scale, least), "round {round}, lane {k}");
            }
        }
    }

    #[test]
    fn the_lanes_find_what_a_plain_loop_finds() {
        agrees::<32, false>(&Trials { top: 15.0, first: -1.0, step: 0.1, last: 20 });
        agrees::<16, true>(&Trials { top: 3.0, first: -0.5, step: 0.1, last: 15 });
    }
}
