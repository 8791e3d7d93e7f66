//! The filter with which the eye's optics average the errors of neighbouring pixels.

use super::blur::Taps;

/// How many pixels the widest filter reaches.
pub(super) const REACH: usize = 7;
/// The length of a row of the filter in memory: 2 · [`REACH`] + 1, and one more for whole vectors.
pub(super) const SPAN: usize = 16;

/// Standard deviation in pixels of the Gaussian g for Y, X and B: chroma is seen less sharply.
const SIGMA: [f64; 3] = [1.0, 1.5, 1.5];

/// K = g ∗ g for each plane: the weight of two errors together in the sum of squares of the errors filtered by g.
pub(super) struct Filters {
    /// K along a row or a column, from the middle outwards.
    pub taps: [Taps; 3],
    /// g itself.
    pub half: [Taps; 3],
    /// K at the pixel itself.
    pub own: [f32; 3],
    /// K along the row through its middle, which stands at [`REACH`].
    pub row: [[f32; SPAN]; 3],
}

impl Filters {
    pub(super) fn new() -> Self {
        let taps = SIGMA.map(|sigma| Taps::new(sigma * std::f64::consts::SQRT_2));
        let row = std::array::from_fn(|c| {
            let taps: &[f32] = &taps[c].0;
            std::array::from_fn(|x| taps[0] * taps.get(x.abs_diff(REACH)).copied().unwrap_or(0.0))
        });
        let own = std::array::from_fn(|c| taps[c].0[0] * taps[c].0[0]);
        Self { own, half: SIGMA.map(Taps::new), row, taps }
    }
}
