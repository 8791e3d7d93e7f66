//! What the engine reads: a run of points in R^D, laid out in rows.

/// `values.len()` points; `width` of them make a row (the last row may be short).
///
/// A pixel is a point in R³ (R¹ when grey, R⁴ with translucency), a weight a point in R¹.
/// `weights`, where given, has one non-negative number a point: how often the point counts in a
/// fit (a colour's pixel count, a weight's importance). Points must be finite: see
/// [`crate::source::tensor`] for how NaN and infinity are kept out.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a, const D: usize> {
    pub values: &'a [[f32; D]],
    pub width: usize,
    pub weights: Option<&'a [f32]>,
}

impl<'a, const D: usize> Samples<'a, D> {
    pub fn new(values: &'a [[f32; D]], width: usize) -> Self {
        Self { values, width: width.max(1), weights: None }
    }

    /// # Panics
    /// In debug builds, when there is not exactly one weight a point.
    pub fn weighted(values: &'a [[f32; D]], weights: &'a [f32]) -> Self {
        debug_assert_eq!(values.len(), weights.len());
        Self { values, width: values.len().max(1), weights: Some(weights) }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The weight of point `i`: 1 where none were given.
    pub fn weight(&self, i: usize) -> f32 {
        self.weights.map_or(1.0, |w| w[i])
    }
}
