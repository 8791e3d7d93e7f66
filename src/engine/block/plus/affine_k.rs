//! Q2_K, Q4_K, Q5_K: units and integers chosen together.
//!
//! Each sub-block gets its best line first, with no thought of storage. Then pairs of units are compared by
//! how much error the rounding of those lines to multiples of the units adds, as far as the codes stay; the
//! most promising pairs are settled with the true error: integers near the lines, then the units that fit
//! all codes best (least squares over the whole block), until nothing is won. All of it for the block and
//! for its negative, which the signs of the units undo.

use super::super::affine_k::{LEN, Parts, write_q2_k, write_q4_k, write_q5_k};
use super::super::lanes::{Lanes, WIDTH, side_by_side};
use super::super::number::{clamped, f16_bytes, f16_value, integer};
use super::block::Block;
use super::line::{self, Line};

#[inline(always)]
pub(crate) fn q2_k(block: &Block<LEN>) -> [u8; 84] {
    write_q2_k(&searched::<16, 16, 2>(block, 3.0, 15.0))
}

#[inline(always)]
pub(crate) fn q4_k(block: &Block<LEN>) -> [u8; 144] {
    write_q4_k(&searched::<32, 8, 1>(block, 15.0, 63.0))
}

#[inline(always)]
pub(crate) fn q5_k(block: &Block<LEN>) -> [u8; 176] {
    write_q5_k(&searched::<32, 8, 1>(block, 31.0, 63.0))
}

/// G groups of WIDTH sub-blocks of N weights.
struct View<const N: usize, const G: usize> {
    x: [[Lanes; N]; G],
    w: [[Lanes; N]; G],
    sum_w: [Lanes; G],
    sum_x: [Lanes; G],
    lines: [Line; G],
    top: f32,
    finest: f32,
    unit: f32,
}

/// Units and their multiples, and the error they leave.
#[derive(Clone, Copy)]
struct Choice<const G: usize> {
    scale: f32,
    least: f32,
    scales: [Lanes; G],
    leasts: [Lanes; G],
    error: f32,
}

/// Parts of the unit that just reaches the greatest scale.
const STEPS: u8 = 16;
const SETTLED: usize = 6;
const ROUNDS: usize = 4;

#[inline(always)]
fn searched<const N: usize, const S: usize, const G: usize>(block: &Block<LEN>, top: f32, finest: f32) -> Parts<S> {
    let plain = View::<N, G>::new(block, 1.0, top, finest).best();
    let mirrored = View::<N, G>::new(block, -1.0, top, finest).best();
    let (choice, sign) = if mirrored.error < plain.error { (mirrored, -1.0) } else { (plain, 1.0) };
    let stored = |x: f32| f16_bytes(clamped(x * sign * block.unit, -65504.0, 65504.0));
    let (scale_unit, least_unit) = (stored(choice.scale), stored(choice.least));
    let whole = |lanes: &[Lanes; G]| std::array::from_fn(|s| integer(lanes[s / WIDTH].0[s % WIDTH]) as u8);
    let (scales, leasts): ([u8; S], [u8; S]) = (whole(&choice.scales), whole(&choice.leasts));
    let mut codes = [0; LEN];
    for (s, (codes, x)) in codes.chunks_exact_mut(N).zip(block.original.chunks_exact(N)).enumerate() {
        let scale = f16_value(scale_unit) * f32::from(scales[s]);
        let least = f16_value(least_unit) * f32::from(leasts[s]);
        if scale != 0.0 {
            for (code, x) in codes.iter_mut().zip(x) {
                *code = integer(clamped((x + least) / scale, 0.0, top)) as u8;
            }
        }
    }
    Parts { scales, leasts, scale_unit, least_unit, codes }
}

impl<const N: usize, const G: usize> View<N, G> {
    #[inline(always)]
    fn new(block: &Block<LEN>, sign: f32, top: f32, finest: f32) -> Self {
        let x = block.x.map(|x| x * sign);
        let x: [[Lanes; N]; G] = std::array::from_fn(|g| side_by_side(&x, g * WIDTH));
        let w: [[Lanes; N]; G] = std::array::from_fn(|g| side_by_side(&block.w, g * WIDTH));
        let sum = |term: &dyn Fn(usize, usize) -> Lanes| -> [Lanes; G] {
            std::array::from_fn(|g| (0..N).fold(Lanes::all(0.0), |sum, i| sum + term(g, i)))
        };
        let (sum_w, sum_x) = (sum(&|g, i| w[g][i]), sum(&|g, i| w[g][i] * x[g][i]));
        let lines = std::array::from_fn(|g| line::best(&x[g], &w[g], top, true));
        Self { x, w, sum_w, sum_x, lines, top, finest, unit: block.unit }
    }

    #[inline(always)]
    fn best(&self) -> Choice<G> {
        let greatest = |values: &dyn Fn(&Line) -> Lanes| {
            self.lines.iter().flat_map(|line| values(line).0).fold(0.0f32, |kept, x| if x > kept { x } else { kept })
        };
        let scale = greatest(&|line| line.scale) / self.finest;
        let least = greatest(&|line| line.least.map(|x| -x)) / self.finest;
        let part = |n: u8| 0.92 + 0.025 * f32::from(n);
        let mut promising = [(f32::MAX, 0.0, 0.0); SETTLED];
        for i in 0..STEPS {
            for j in 0..STEPS {
                let (scale, least) = (self.stored(scale * part(i)), self.stored(least * part(j)));
                let mut new = (self.added(scale, least), scale, least);
                for kept in &mut promising {
                    if new.0 < kept.0 {
                        std::mem::swap(kept, &mut new);
                    }
                }
            }
        }
        let mut best = Choice {
            scale: 0.0,
            least: 0.0,
            scales: [Lanes::all(0.0); G],
            leasts: [Lanes::all(0.0); G],
            error: f32::MAX,
        };
        for (_, scale, least) in promising {
            let choice = self.settled(scale, least);
            if choice.error < best.error {
                best = choice;
            }
        }
        best
    }

    /// As f16 keeps it.
    #[inline(always)]
    fn stored(&self, x: f32) -> f32 {
        f16_value(f16_bytes(clamped(x * self.unit, -65504.0, 65504.0))) / self.unit
    }

    /// The error that rounding the lines to units adds while the codes stay as they are.
    #[inline(always)]
    fn added(&self, scale: f32, least: f32) -> f32 {
        let mut sum = Lanes::all(0.0);
        for (line, &w) in self.lines.iter().zip(&self.sum_w) {
            let exact = line.scale / Lanes::all(scale);
            let lower = exact.nearest_within(0.0, self.finest);
            let towards = exact.above(lower).pick(Lanes::all(1.0), Lanes::all(-1.0));
            let other = (lower + towards).nearest_within(0.0, self.finest);
            let cost = |multiple: Lanes| {
                let off = multiple * Lanes::all(scale) - line.scale;
                let offset = line.least - line.q / w * off;
                let m = (offset / Lanes::all(-least)).nearest_within(0.0, self.finest);
                let shift = Lanes::all(-least) * m - line.least;
                line.qq * off * off + Lanes::all(2.0) * line.q * off * shift + w * shift * shift
            };
            sum = sum + cost(lower).at_most(cost(other));
        }
        sum.0.iter().sum()
    }

    #[inline(always)]
    fn settled(&self, scale: f32, least: f32) -> Choice<G> {
        let mut best = self.integers(scale, least, &self.lines, 2);
        for _ in 0..ROUNDS {
            let (lines, fitted) = self.fitted(&best);
            let next = self.integers(self.stored(fitted.0), self.stored(fitted.1), &lines, 1);
            if next.error >= best.error {
                break;
            }
            best = next;
        }
        best
    }

    /// The multiples near the lines that leave the least error.
    #[inline(always)]
    fn integers(&self, scale: f32, least: f32, lines: &[Line; G], reach: i8) -> Choice<G> {
        let (scale_lanes, least_lanes) = (Lanes::all(scale), Lanes::all(least));
        let zero = Lanes::all(0.0);
        let mut choice = Choice { scale, least, scales: [zero; G], leasts: [zero; G], error: 0.0 };
        for (g, line) in lines.iter().enumerate() {
            let mean = line.q / self.sum_w[g];
            let first = (line.scale / scale_lanes).nearest_within(0.0, self.finest);
            let mut error = Lanes::all(f32::MAX);
            for ds in -reach..=reach {
                let s = (first + Lanes::all(f32::from(ds))).nearest_within(0.0, self.finest);
                let offset = line.least - mean * (s * scale_lanes - line.scale);
                let middle = (offset / (zero - least_lanes)).nearest_within(0.0, self.finest);
                for dm in -1..=1 {
                    let m = (middle + Lanes::all(f32::from(dm as i8))).nearest_within(0.0, self.finest);
                    let new = self.error(g, s * scale_lanes, m * least_lanes);
                    let better = new.below(error);
                    error = better.pick(new, error);
                    choice.scales[g] = better.pick(s, choice.scales[g]);
                    choice.leasts[g] = better.pick(m, choice.leasts[g]);
                }
            }
            choice.error += error.0.iter().sum::<f32>();
        }
        choice
    }

    #[inline(always)]
    fn error(&self, g: usize, scale: Lanes, least: Lanes) -> Lanes {
        let inverse = Lanes::all(1.0) / scale;
        let mut sum = Lanes::all(0.0);
        for (&x, &w) in self.x[g].iter().zip(&self.w[g]) {
            let above = x + least;
            let e = above - scale * (inverse * above).nearest_within(0.0, self.top);
            sum = sum + w * e * e;
        }
        sum
    }

    /// The lines of the codes as they are now, and the units that fit all codes best.
    #[inline(always)]
    fn fitted(&self, choice: &Choice<G>) -> ([Line; G], (f32, f32)) {
        let mut lines = self.lines;
        // x ≈ scale · (s q) − least · m: the normal equations.
        let (mut ss, mut sm, mut mm, mut sx, mut mx) = (0.0f64, 0.0f64, 0.0f64, 0.0f64, 0.0f64);
        for (g, line) in lines.iter_mut().enumerate() {
            let (scale, least) =
                (choice.scales[g] * Lanes::all(choice.scale), choice.leasts[g] * Lanes::all(choice.least));
            let inverse = Lanes::all(1.0) / scale;
            let (mut sum_q, mut sum_qq, mut sum_xq) = (Lanes::all(0.0), Lanes::all(0.0), Lanes::all(0.0));
            for (&x, &w) in self.x[g].iter().zip(&self.w[g]) {
                let q = (inverse * (x + least)).nearest_within(0.0, self.top);
                let wq = w * q;
                sum_q = sum_q + wq;
                sum_qq = sum_qq + wq * q;
                sum_xq = sum_xq + wq * x;
            }
            for k in 0..WIDTH {
                let (s, m) = (f64::from(choice.scales[g].0[k]), f64::from(choice.leasts[g].0[k]));
                ss += s * s * f64::from(sum_qq.0[k]);
                sm -= s * m * f64::from(sum_q.0[k]);
                mm += m * m * f64::from(self.sum_w[g].0[k]);
                sx += s * f64::from(sum_xq.0[k]);
                mx -= m * f64::from(self.sum_x[g].0[k]);
            }
            *line = Line { scale, least: Lanes::all(0.0) - least, q: sum_q, qq: sum_qq, error: scale };
        }
        let determinant = ss * mm - sm * sm;
        let fitted = if determinant > 1e-9 * ss * mm {
            ((sx * mm - mx * sm) / determinant, (ss * mx - sm * sx) / determinant)
        } else if ss > 0.0 {
            (sx / ss, f64::from(choice.least))
        } else {
            (f64::from(choice.scale), f64::from(choice.least))
        };
        (lines, (fitted.0.max(0.0) as f32, fitted.1.max(0.0) as f32))
    }
}
