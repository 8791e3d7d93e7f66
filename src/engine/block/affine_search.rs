//! The search for the scale and the least value of a sub-block of Q2_K, Q4_K and Q5_K.
//!
//! It starts from least and greatest value and tries a row of inverse scales; each gives codes, and the
//! codes give the scale and the least value that fit them best (weighted least squares). A better fit also
//! moves the least value that the next trial starts from.

use super::lanes::{Lanes, WIDTH};

/// What differs between the formats.
pub struct Trials {
    /// The greatest code.
    pub top: f32,
    /// Trial i divides the range into `top` + first + step · i.
    pub first: f32,
    /// How much each trial divides the range more finely than the one before it.
    pub step: f32,
    /// The number of the last trial; the first is 0.
    pub last: u16,
}

/// What the search finds for each of WIDTH sub-blocks.
pub struct Fit {
    /// How far one code is from the next.
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

/// Scales and least values for WIDTH sub-blocks of N values `x` with weights `w`. ABSOLUTE: the error is Σ w·|e|, not
/// Σ w·e².
pub fn search<const N: usize, const ABSOLUTE: bool>(x: &[Lanes; N], w: &[Lanes; N], trials: &Trials) -> Fit {
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
