//! What the engine reads: a run of points in R^D, laid out in rows.

use super::simd::{Kernel, widest};

/// `values.len()` points; `width` of them make a row (the last row may be short).
///
/// A pixel is a point in R³ (R¹ when grey, R⁴ with translucency), a weight a point in R¹.
/// `weights`, where given, has one non-negative number a point: how often the point counts in a
/// fit (a colour's pixel count, a weight's importance). Points must be finite: see
/// [`crate::source::tensor`] for how NaN and infinity are kept out.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a, const D: usize> {
    /// The points, row by row.
    pub values: &'a [[f32; D]],
    /// Points in a row, at least 1.
    pub width: usize,
    /// One a point, not negative; none: every point counts once.
    pub weights: Option<&'a [f32]>,
}

/// Whether all values are numbers and none is infinite.
pub fn all_finite(values: &[f32]) -> bool {
    values.chunks(FINITE_BLOCK).all(|block| widest(Finite(block)))
}

/// So many are looked at before there is an answer: without a branch for each, eight are looked at in one step.
const FINITE_BLOCK: usize = 1 << 10;

struct Finite<'a>(&'a [f32]);

impl Kernel for Finite<'_> {
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let size = |x: &f32| x.to_bits() & (u32::MAX >> 1);
        self.0.iter().map(size).fold(0, u32::max) < f32::INFINITY.to_bits()
    }
}

impl<'a, const D: usize> Samples<'a, D> {
    /// Points in rows of `width` (0 counts as 1), without weights.
    pub fn new(values: &'a [[f32; D]], width: usize) -> Self {
        Self { values, width: width.max(1), weights: None }
    }

    /// Points in a single row, with a weight for each.
    ///
    /// # Panics
    /// In debug builds, when there is not exactly one weight a point.
    pub fn weighted(values: &'a [[f32; D]], weights: &'a [f32]) -> Self {
        debug_assert_eq!(values.len(), weights.len());
        Self { values, width: values.len().max(1), weights: Some(weights) }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The weight of point `i`: 1 where none were given.
    pub fn weight(&self, i: usize) -> f32 {
        self.weights.map_or(1.0, |w| w[i])
    }
}
