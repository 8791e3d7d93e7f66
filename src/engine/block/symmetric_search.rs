//! The searches for the scale of a sub-block of Q3_K and Q6_K. Both maximise (Σ w·x·q)² ÷ Σ w·q² with
//! w = x², which minimises the weighted squared error: Q3_K by changing one code at a time, Q6_K by
//! trying inverse scales.

use super::lanes::{Lanes, Mask, WIDTH, side_by_side};

/// Values of a sub-block.
pub const SUB: usize = 16;

/// Sub-blocks whose values are all less than this are taken as zero.
pub(super) const GROUP_SIZE_LEAST: f32 = 1e-15;

/// What a search finds for each of WIDTH sub-blocks of N values.
pub struct Fit<const N: usize> {
    /// What a code is multiplied with.
    pub scale: Lanes,
    /// The code of each value: an integer from −half to half − 1.
    pub codes: [Lanes; N],
}

/// Scales and codes from −half to half − 1: at most five rounds over the codes, each changed where that raises the
/// quotient.
///
/// Each change waits for the one before it, but until there is one the sums stay: so all codes can be tried at
/// once. Most sub-blocks have nothing to change; that is seen of WIDTH of them side by side. The others go on
/// one by one, their values side by side.
#[inline(always)]
pub fn by_descent(x: &[[f32; SUB]; WIDTH], half: f32) -> Fit<SUB> {
    let zero = Lanes([0.0; WIDTH]);
    let lanes = side_by_side::<SUB>(x.as_flattened(), 0);
    let (extreme, empty) = extremes(&lanes);
    let inverse = Lanes::all(-half) / extreme;
    let mut fit = Fit { scale: zero, codes: [zero; SUB] };
    let mut sums = Sums { xq: zero, qq: zero };
    for (&x, code) in lanes.iter().zip(&mut fit.codes) {
        *code = (inverse * x).nearest_within(-half, half - 1.0);
        sums = sums.with(x, *code);
    }
    let mut unsettled = Mask::none();
    for (&x, &code) in lanes.iter().zip(&fit.codes) {
        unsettled = unsettled.or(sums.change(x, code, half).raises);
    }
    let mut bits = unsettled.bits();
    while bits != 0 {
        let k = bits.trailing_zeros() as usize % WIDTH;
        bits &= bits - 1;
        let codes;
        ([sums.xq.0[k], sums.qq.0[k]], codes) = descended(&x[k], inverse.0[k], [sums.xq.0[k], sums.qq.0[k]], half);
        for (lanes, code) in fit.codes.iter_mut().zip(codes.as_flattened()) {
            lanes.0[k] = *code;
        }
    }
    fit.scale = sums.qq.above(zero).pick(sums.xq / sums.qq, zero);
    with_empty(fit, empty, half)
}

/// The sums and codes at the end of one descent, which has a change before it.
#[inline(always)]
fn descended(x: &[f32; SUB], inverse: f32, mut sums: [f32; 2], half: f32) -> ([f32; 2], [[f32; WIDTH]; 2]) {
    const ROUNDS: usize = 5;
    const PLACES: [Lanes; 2] =
        [Lanes([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), Lanes([8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0])];
    let (first, second) = x.split_at(WIDTH);
    let x = [Lanes::of(first), Lanes::of(second)];
    let mut codes = codes(&x, Lanes::all(inverse), half);
    let mut turn = 0;
    loop {
        let same = Sums { xq: Lanes::all(sums[0]), qq: Lanes::all(sums[1]) };
        let changes = [same.change(x[0], codes[0], half), same.change(x[1], codes[1], half)];
        let raising = changes[0].raises.bits() | changes[1].raises.bits() << WIDTH;
        // Codes that had their turn in this round have it again in the next, where the sums are still the same.
        turn += ((raising | raising << SUB) >> (turn % SUB)).trailing_zeros() as usize;
        if raising == 0 || turn >= ROUNDS * SUB {
            return (sums, [codes[0].0, codes[1].0]);
        }
        let place = turn % SUB;
        sums = [
            [changes[0].sums.xq.0, changes[1].sums.xq.0].as_flattened()[place],
            [changes[0].sums.qq.0, changes[1].sums.qq.0].as_flattened()[place],
        ];
        for ((codes, change), places) in codes.iter_mut().zip(&changes).zip(PLACES) {
            *codes = places.equals(Lanes::all(place as f32)).pick(change.code, *codes);
        }
        turn += 1;
    }
}

/// Σ w·x·q and Σ w·q².
#[derive(Clone, Copy)]
struct Sums {
    xq: Lanes,
    qq: Lanes,
}

/// Another code, the sums with it, and where it raises the quotient.
struct Change {
    code: Lanes,
    sums: Sums,
    raises: Mask,
}

impl Sums {
    #[inline(always)]
    fn with(self, x: Lanes, q: Lanes) -> Self {
        let w = x * x;
        Self { xq: self.xq + w * x * q, qq: self.qq + w * q * q }
    }

    /// To the code that is best while all others stay.
    #[inline(always)]
    fn change(self, x: Lanes, q: Lanes, half: f32) -> Change {
        let zero = Lanes([0.0; WIDTH]);
        let w = x * x;
        let rest = Self { xq: self.xq - w * x * q, qq: self.qq - w * q * q };
        let code = (x * rest.qq / rest.xq).nearest_within(-half, half - 1.0);
        let sums = rest.with(x, code);
        let raises = rest
            .xq
            .above(zero)
            .and(code.differs(q))
            .and(sums.qq.above(zero))
            .and((sums.xq * sums.xq * self.qq).above(self.xq * self.xq * sums.qq));
        Change { code, sums, raises }
    }
}

/// The range divided into half − .9 … half + .9 steps.
pub(super) fn by_trials<const N: usize>(x: &[Lanes; N], half: f32) -> Fit<N> {
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
pub(super) fn extremes<const N: usize>(x: &[Lanes; N]) -> (Lanes, Mask) {
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
