//! What is made least: the errors of a reduction as the eye makes them out.
//!
//! For indices k(x) into a palette p,
//!
//! `E = Σ_c ω_c Σ_x [ α_c·w_c·e_c² + (g_c ∗ (√w_c·l_c))² ]`
//!
//! where e = v(p_k) − v(o) is the error that a close look sees, a difference of opponent points (Y, X, B), and l the same
//! difference in linear light, scaled to points around x, which the eye's optics blur by g. The weights w fall where the
//! original is textured, which masks errors. Small α: neighbours make up for each other (dither); large α: each pixel
//! takes its nearest entry.

/// ω: what an error of Y, X and B counts.
pub(super) const PLANES: [f32; 3] = [1.0, 0.22, 0.28];
/// α of Y, X and B at a grain of 1. Smaller ones of X and B please the metrics and leave coloured specks on white and skin.
const CLOSE: [f32; 3] = [0.12, 0.09, 0.09];

/// The energy's one dial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Energy {
    /// ω·α of each plane.
    pub close: [f32; 3],
}

impl Energy {
    /// `grain` divides α: 1 is the default, 2 dithers more, ¼ less.
    pub(super) fn new(grain: f32) -> Self {
        Self { close: std::array::from_fn(|c| PLANES[c] * CLOSE[c] / grain.max(1e-3)) }
    }
}
