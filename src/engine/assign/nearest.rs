//! Nearest level. A sample exactly between two levels takes the lower one.
//!
//! Levels that are consecutive integers (INT8, INT4, …) are found by arithmetic that the compiler
//! turns into SIMD; other codebooks search. Both follow the same rule: the level nearest to
//! (x − offset) ÷ scale, judged in f32.

use super::tries::{TRIES, integer_correlations};
use crate::engine::block::{integer, nearest};
use crate::engine::codebook::Codebook;
use crate::engine::quantized::Affine;
use crate::engine::simd::{Kernel, widest};

/// Writes the code of each value to `out` (of the same length).
pub fn codes<const D: usize>(values: &[[f32; D]], affine: &Affine<D>, book: &Codebook<D>, out: &mut [u16]) {
    if let Some(first) = book.first_integer().filter(|_| affine.scale != 0.0) {
        widest(IntegerCodes { line: IntegerLine::new(affine, first, book.len()), values, out });
    } else if *affine == Affine::IDENTITY {
        book.nearest_each(values, out);
    } else {
        let mut scaled = [[0.0; D]; 256];
        for (out, values) in out.chunks_mut(256).zip(values.chunks(256)) {
            scaled.iter_mut().zip(values).for_each(|(s, x)| *s = affine.invert(*x));
            book.nearest_each(&scaled[..values.len()], out);
        }
    }
}

struct IntegerCodes<'a, const D: usize> {
    line: IntegerLine,
    values: &'a [[f32; D]],
    out: &'a mut [u16],
}

impl<const D: usize> Kernel for IntegerCodes<'_, D> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (code, x) in self.out.iter_mut().zip(self.values) {
            *code = self.line.code(x[0]);
        }
    }
}

/// Σ weight · |x − x̂|² for the nearest codes, in f64 over blocks summed in f32.
pub fn squared_error<const D: usize>(
    values: &[[f32; D]],
    weights: Option<&[f32]>,
    affine: &Affine<D>,
    book: &Codebook<D>,
) -> f64 {
    if let (Some(first), None) = (book.first_integer().filter(|_| affine.scale != 0.0), weights) {
        let line = IntegerLine::new(affine, first, book.len());
        return widest(IntegerError { line, values });
    }
    let error = |i: usize, x: [f32; D]| {
        let level = book.points()[usize::from(book.nearest(affine.invert(x)))];
        let back = affine.apply(level);
        let e: f32 = (0..D).map(|c| (x[c] - back[c]) * (x[c] - back[c])).sum();
        f64::from(e * weights.map_or(1.0, |w| w[i]))
    };
    values.iter().enumerate().map(|(i, &x)| error(i, x)).sum()
}

/// Σ weight · |x|².
pub fn power<const D: usize>(values: &[[f32; D]], weights: Option<&[f32]>) -> f64 {
    let size = |x: &[f32; D]| x.iter().map(|c| f64::from(*c) * f64::from(*c)).sum::<f64>();
    match weights {
        None => values.iter().map(size).sum(),
        Some(weights) => values.iter().zip(weights).map(|(x, w)| size(x) * f64::from(*w)).sum(),
    }
}

/// For each of [`TRIES`] scales (Σ weight · x·q, Σ weight · q²) over the levels q nearest to x ÷ scale:
/// their ratio is the scale that fits these levels best. Only for searches: it multiplies by 1 ÷ scale,
/// so that a value that lies within rounding of a tie may be counted at the other level.
pub fn correlations<const D: usize>(
    values: &[[f32; D]],
    weights: Option<&[f32]>,
    scales: [f32; TRIES],
    book: &Codebook<D>,
) -> [(f64, f64); TRIES] {
    if let (Some(first), None) = (book.first_integer(), weights) {
        let inverses = scales.map(|s| if s == 0.0 { 0.0 } else { 1.0 / s });
        return integer_correlations(values, inverses, (first, first + (book.len() - 1) as f32));
    }
    scales.map(|scale| {
        let affine = Affine { scale, offset: [0.0; D] };
        let mut sums = (0.0, 0.0);
        for (i, x) in values.iter().enumerate() {
            let w = weights.map_or(1.0, |w| f64::from(w[i]));
            let level = book.points()[usize::from(book.nearest(affine.invert(*x)))];
            for (x, q) in x.iter().zip(level) {
                sums.0 += w * f64::from(*x) * f64::from(q);
                sums.1 += w * f64::from(q) * f64::from(q);
            }
        }
        sums
    })
}

struct IntegerError<'a, const D: usize> {
    line: IntegerLine,
    values: &'a [[f32; D]],
}

impl<const D: usize> Kernel for IntegerError<'_, D> {
    type Out = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        self.values.chunks(256).map(|block| f64::from(self.line.squared_error(block))).sum()
    }
}

/// Levels offset + scale · k for the integers k from `first` to `last`.
pub struct IntegerLine {
    scale: f32,
    offset: f32,
    first: f32,
    last: f32,
}

impl IntegerLine {
    /// So many consecutive levels from `first` on, with the scale and the offset of a group; `levels` is at least 1.
    #[inline(always)]
    pub fn new<const D: usize>(affine: &Affine<D>, first: f32, levels: usize) -> Self {
        Self { scale: affine.scale, offset: affine.offset[0], first, last: first + (levels - 1) as f32 }
    }

    /// The nearest level, an integer; of two as near the lesser. The difference to the nearest even is exact in
    /// f32, so ties are seen for what they are. 0 for what is not a number.
    #[inline(always)]
    fn level(&self, x: f32) -> f32 {
        let t = ((x - self.offset) / self.scale).clamp(self.first, self.last);
        let even = nearest(t);
        let lesser = if t - even <= -0.5 { even - 1.0 } else { even };
        if t.is_nan() { 0.0 } else { lesser }
    }

    #[inline(always)]
    fn code(&self, x: f32) -> u16 {
        integer(self.level(x) - self.first) as u16
    }

    /// What the nearest level decodes to.
    #[inline(always)]
    pub fn nearest(&self, x: f32) -> f32 {
        self.offset + self.scale * self.level(x)
    }

    #[inline(always)]
    fn squared_error<const D: usize>(&self, block: &[[f32; D]]) -> f32 {
        let mut sums = [0.0f32; 8];
        let error = |x: f32| {
            let back = self.nearest(x);
            (x - back) * (x - back)
        };
        let eights = block.chunks_exact(8);
        let rest = eights.remainder();
        for eight in eights {
            for (sum, x) in sums.iter_mut().zip(eight) {
                *sum += error(x[0]);
            }
        }
        sums.iter().sum::<f32>() + rest.iter().map(|x| error(x[0])).sum::<f32>()
    }
}
