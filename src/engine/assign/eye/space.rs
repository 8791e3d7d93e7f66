//! The space in which the eye's errors are measured: the opponent planes of JPEG XL's XYB, scaled as SSIMULACRA2 scales
//! them.
//!
//! `LMS = M·rgb + bias` of linear light, `t = ∛LMS`, and `(Y, X, B) = ((t_L + t_M) ÷ 2, 7·(t_L − t_M), t_S − Y)`.
//! Source: the JPEG XL standard, ISO/IEC 18181-1, annex L (opsin absorbance), and the scaling of SSIMULACRA2.

use crate::engine::colour::{cube_root, linear_from_srgb8, srgb8_from_linear};

/// What is added to the response of each cone.
const BIAS: f32 = 0.003_793_073_3;
/// The response of the long, middle and short cones to linear red, green and blue.
const CONES: [[f32; 3]; 3] = [[0.3, 0.622, 0.078], [0.23, 0.692, 0.078], [0.243_422_69, 0.204_767_45, 0.551_809_86]];
/// How much longer the red-green plane is made.
const RED_GREEN: f32 = 7.0;

/// The response of the cones to linear light, 0 to 1 a channel.
#[inline(always)]
pub(super) fn cones(light: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|c| CONES[c][0] * light[0] + CONES[c][1] * light[1] + CONES[c][2] * light[2] + BIAS)
}

/// Opponent planes (Y, X, B) of what the cones give: linear, so that it serves for differences too.
#[inline(always)]
pub(super) fn opponent([l, m, s]: [f32; 3]) -> [f32; 3] {
    let y = (l + m) * 0.5;
    [y, (l - m) * RED_GREEN, s - y]
}

/// The transpose of [`opponent`].
#[inline(always)]
pub(super) fn opponent_transposed([y, x, b]: [f32; 3]) -> [f32; 3] {
    let half = (y - b) * 0.5;
    [half + RED_GREEN * x, half - RED_GREEN * x, b]
}

/// The inverse of [`opponent`].
#[inline(always)]
pub(super) fn opponent_inverted([y, x, b]: [f32; 3]) -> [f32; 3] {
    let half = x * (0.5 / RED_GREEN);
    [y + half, y - half, b + y]
}

/// The transpose of [`opponent_inverted`].
#[inline(always)]
pub(super) fn opponent_inverted_transposed([l, m, s]: [f32; 3]) -> [f32; 3] {
    [l + m + s, (l - m) * (0.5 / RED_GREEN), s]
}

/// The point of an sRGB colour; alpha is left out.
#[inline(always)]
pub(super) fn point_of([r, g, b, _]: [u8; 4]) -> [f32; 3] {
    opponent(cones([r, g, b].map(linear_from_srgb8)).map(cube_root))
}

/// Cones' responses of a point.
#[inline(always)]
pub(super) fn cones_of_point(point: [f32; 3]) -> [f32; 3] {
    opponent_inverted(point).map(|t| t * t * t)
}

/// The nearest opaque sRGB colour of a point, channel by channel.
pub(super) fn colour_of(point: [f32; 3]) -> [u8; 4] {
    let [r, g, b] = light_of(point).map(srgb8_from_linear);
    [r, g, b, 255]
}

/// Linear light of a point; outside 0 to 1 where no screen has such a colour.
fn light_of(point: [f32; 3]) -> [f32; 3] {
    // The inverse of CONES.
    const INVERSE: [[f32; 3]; 3] = [
        [11.031_567, -9.866_944, -0.164_622_99],
        [-3.254_147_4, 4.418_770_4, -0.164_622_99],
        [-3.658_851_3, 2.712_923, 1.945_928_2],
    ];
    let cones = cones_of_point(point).map(|c| c - BIAS);
    std::array::from_fn(|c| INVERSE[c][0] * cones[0] + INVERSE[c][1] * cones[1] + INVERSE[c][2] * cones[2])
}

/// The point within the colours that a screen has: each channel of light is clamped.
pub(super) fn clamped(point: [f32; 3]) -> [f32; 3] {
    let light = light_of(point);
    if light.iter().all(|l| (0.0..=1.0).contains(l)) {
        return point;
    }
    opponent(cones(light.map(|l| l.clamp(0.0, 1.0))).map(cube_root))
}
