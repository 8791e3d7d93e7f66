//! The searches for the scale of a sub-block of Q3_K and Q6_K. Both maximise (Σ w·x·q)² ÷ Σ w·q² with
//! w = x², which minimises the weighted squared error: Q3_K by changing one code at a time, Q6_K by
//! trying inverse scales.

use super::lanes::{Lanes, Mask, WIDTH};

/// Sub-blocks whose values are all less than this are taken as zero.
pub const GROUP_SIZE_LEAST: f32 = 1e-15;

/// For each of WIDTH sub-blocks, with codes from −half to half − 1.
pub struct Fit<const N: usize> {
    pub scale: Lanes,
    pub codes: [Lanes; N],
}

/// At most five rounds over the codes. A code that changes must raise the quotient.
pub fn by_descent<const N: usize>(x: &[Lanes; N], half: f32) -> Fit<N> {
    const ROUNDS: usize = 5;
    let zero = Lanes([0.0; WIDTH]);
    let (extreme, empty) = extremes(x);
    let mut codes = codes(x, Lanes::all(-half) / extreme, half);
    let (mut xq, mut qq) = (zero, zero);
    for (&x, &q) in x.iter().zip(&codes) {
        let w = x * x;
        xq = xq + w * x * q;
        qq = qq + w * q * q;
    }
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (&x, q) in x.iter().zip(&mut codes) {
            let w = x * x;
            let rest_xq = xq - w * x * *q;
            let rest_qq = qq - w * *q * *q;
            let new = (x * rest_qq / rest_xq).nearest_within(-half, half - 1.0);
            let new_xq = rest_xq + w * x * new;
            let new_qq = rest_qq + w * new * new;
            let better = rest_xq
                .above(zero)
                .and(new.differs(*q))
                .and(new_qq.above(zero))
                .and((new_xq * new_xq * qq).above(xq * xq * new_qq));
            *q = better.pick(new, *q);
            xq = better.pick(new_xq, xq);
            qq = better.pick(new_qq, qq);
            changed |= better.any();
        }
        if !changed {
            break;
        }
    }
    let scale = qq.above(zero).pick(xq / qq, zero);
    with_empty(Fit { scale, codes }, empty, half)
}

/// The range divided into half − .9 … half + .9 steps.
pub fn by_trials<const N: usize>(x: &[Lanes; N], half: f32) -> Fit<N> {
    let zero = Lanes([0.0; WIDTH]);
    let (extreme, empty) = extremes(x);
    let mut cubes = *x;
    for cube in &mut cubes {
        *cube = *cube * *cube * *cube;
    }
    let mut kept = Lanes::all(-half) / extreme;
    let (xq, qq) = quotient_sums(x, &cubes, kept, half);
    let mut scale = qq.differs(zero).pick(xq / qq, zero);
    let mut best = scale * xq;
    for step in (-9i8..=9).filter(|&step| step != 0) {
        let inverse = Lanes::all(-(half + 0.1 * f32::from(step))) / extreme;
        let (xq, qq) = quotient_sums(x, &cubes, inverse, half);
        let better: Mask = qq.above(zero).and((xq * xq).above(best * qq));
        scale = better.pick(xq / qq, scale);
        best = better.pick(scale * xq, best);
        kept = better.pick(inverse, kept);
    }
    with_empty(Fit { scale, codes: codes(x, kept, half) }, empty, half)
}

/// Σ w·x·q and Σ w·q² for the codes of an inverse scale.
#[inline(always)]
fn quotient_sums<const N: usize>(x: &[Lanes; N], cubes: &[Lanes; N], inverse: Lanes, half: f32) -> (Lanes, Lanes) {
    let (mut xq, mut qq) = (Lanes([0.0; WIDTH]), Lanes([0.0; WIDTH]));
    for (&x, &cube) in x.iter().zip(cubes) {
        let q = (inverse * x).nearest_within(-half, half - 1.0);
        xq = xq + cube * q;
        qq = qq + x * x * q * q;
    }
    (xq, qq)
}

#[inline(always)]
fn codes<const N: usize>(x: &[Lanes; N], inverse: Lanes, half: f32) -> [Lanes; N] {
    let mut codes = *x;
    for code in &mut codes {
        *code = (inverse * *code).nearest_within(-half, half - 1.0);
    }
    codes
}

/// The value of greatest size, of equal ones the first; and where there is next to nothing.
#[inline(always)]
fn extremes<const N: usize>(x: &[Lanes; N]) -> (Lanes, Mask) {
    let mut extreme = Lanes([0.0; WIDTH]);
    for &x in x {
        extreme = x.abs().above(extreme.abs()).pick(x, extreme);
    }
    (extreme, extreme.abs().below(Lanes::all(GROUP_SIZE_LEAST)))
}

/// Empty sub-blocks get scale 0 and the lowest code, which is stored as 0.
#[inline(always)]
fn with_empty<const N: usize>(mut fit: Fit<N>, empty: Mask, half: f32) -> Fit<N> {
    if empty.any() {
        fit.scale = empty.pick(Lanes([0.0; WIDTH]), fit.scale);
        for code in &mut fit.codes {
            *code = empty.pick(Lanes::all(-half), *code);
        }
    }
    fit
}
