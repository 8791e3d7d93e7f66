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
///
/// Each change waits for the one before it, so M times WIDTH sub-blocks go side by side: while one waits the
/// others go on.
#[inline(always)]
pub fn by_descent<const N: usize, const M: usize>(x: &[[Lanes; N]; M], half: f32) -> [Fit<N>; M] {
    const ROUNDS: usize = 5;
    let zero = Lanes([0.0; WIDTH]);
    let ends = x.each_ref().map(extremes);
    let mut codes: [[Lanes; N]; M] = std::array::from_fn(|m| codes(&x[m], Lanes::all(-half) / ends[m].0, half));
    let mut sums = [Sums { xq: zero, qq: zero }; M];
    for i in 0..N {
        for m in 0..M {
            sums[m] = sums[m].with(x[m][i], codes[m][i]);
        }
    }
    for _ in 0..ROUNDS {
        let mut changed = Mask::none();
        for i in 0..N {
            for m in 0..M {
                let better;
                (sums[m], codes[m][i], better) = sums[m].with_better_code(x[m][i], codes[m][i], half);
                changed = changed.or(better);
            }
        }
        if !changed.any() {
            break;
        }
    }
    std::array::from_fn(|m| {
        let Sums { xq, qq } = sums[m];
        let scale = qq.above(zero).pick(xq / qq, zero);
        with_empty(Fit { scale, codes: codes[m] }, ends[m].1, half)
    })
}

/// Σ w·x·q and Σ w·q².
#[derive(Clone, Copy)]
struct Sums {
    xq: Lanes,
    qq: Lanes,
}

impl Sums {
    #[inline(always)]
    fn with(self, x: Lanes, q: Lanes) -> Self {
        let w = x * x;
        Self { xq: self.xq + w * x * q, qq: self.qq + w * q * q }
    }

    /// The code that is best while all others stay, where that raises the quotient.
    #[inline(always)]
    fn with_better_code(self, x: Lanes, q: Lanes, half: f32) -> (Self, Lanes, Mask) {
        let zero = Lanes([0.0; WIDTH]);
        let w = x * x;
        let rest = Self { xq: self.xq - w * x * q, qq: self.qq - w * q * q };
        let other = (x * rest.qq / rest.xq).nearest_within(-half, half - 1.0);
        let sums = rest.with(x, other);
        let better = rest
            .xq
            .above(zero)
            .and(other.differs(q))
            .and(sums.qq.above(zero))
            .and((sums.xq * sums.xq * self.qq).above(self.xq * self.xq * sums.qq));
        let sums = Self { xq: better.pick(sums.xq, self.xq), qq: better.pick(sums.qq, self.qq) };
        (sums, better.pick(other, q), better)
    }
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
