//! A pixel as a point: in R¹ when grey or of lightness alone, R³ when opaque, R⁴ with translucency; in sRGB codes or
//! Oklab.

use crate::engine::colour::Space;
use crate::engine::colour::{
    cube_root, linear_from_srgb8, oklab_from_codes_each, oklab_from_linear, oklab_from_srgb8, oklab_from_srgb8_each,
    srgb_code_from_linear, srgb8_from_oklab,
};
use crate::picture::image::Image;
use crate::spec::{Entries, PaletteSpec};

/// Codes of red, green and blue that need not be whole, as points.
pub(super) type Between<const D: usize> = fn(&[[f32; 3]]) -> Vec<[f32; D]>;

/// The dimensions of points that have alpha.
pub(super) const WITH_ALPHA: usize = 4;

/// A pixel as a point in R^D and back. `colour` rounds to what a file can hold.
#[derive(Clone, Copy)]
pub(super) struct Axes<const D: usize> {
    pub point: fn([u8; 4]) -> [f32; D],
    /// [`Axes::point`] of many colours at once.
    pub points: fn(&[[u8; 4]]) -> Vec<[f32; D]>,
    /// The points of means of opaque colours; none where a mean of codes is not one of points.
    pub between: Option<Between<D>>,
    pub colour: fn([f32; D]) -> [u8; 4],
    /// `point(colour(x))`: where a palette entry lies once it is stored.
    pub stored: fn([f32; D]) -> [f32; D],
    /// A colour in linear light, 0 to 1, where blends are what the eye sees from afar.
    pub light: fn([u8; 4]) -> [f32; D],
    /// The point of linear light, before any rounding; nothing where no screen has such light, which sums of errors
    /// come to.
    pub of_light: fn([f32; D]) -> Option<[f32; D]>,
    /// Where given entries are a ramp: the light that a point stands for, since its entry's own is another.
    pub ramp: Option<fn([f32; D]) -> [f32; D]>,
}

impl<const D: usize> Axes<D> {
    /// Where given entries lie: each at its own point, as a codebook has it, whose zeros have no sign. As a ramp they
    /// are stretched, so that the darkest that can be seen lies at black and the lightest at white.
    pub(super) fn of_given(&self, colors: &[[u8; 4]]) -> Vec<[f32; D]> {
        let points = colors.iter().map(|&c| (self.point)(c).map(|x| x + 0.0));
        if self.ramp.is_none() {
            return points.collect();
        }
        let tones: Vec<(f32, f32)> = points.map(off_ramp).collect();
        let seen = || tones.iter().zip(colors).filter(|(_, color)| color[3] > 0).map(|((tone, _), _)| *tone);
        let (low, high) = (seen().fold(f32::INFINITY, f32::min), seen().fold(0.0, f32::max));
        let stretched = |tone: f32| if high > low { ((tone - low) / (high - low)).clamp(0.0, 1.0) } else { tone };
        tones.iter().map(|&(tone, alpha)| on_ramp(stretched(tone), alpha)).collect()
    }
}

/// Grey pixels are numbers: one axis, the 8-bit code.
fn grey_point(c: [u8; 4]) -> [f32; 1] {
    [f32::from(c[0])]
}

fn grey_stored(p: [f32; 1]) -> [f32; 1] {
    grey_point(grey_colour(p))
}

fn grey_colour(p: [f32; 1]) -> [u8; 4] {
    let v = code8(p[0]);
    [v, v, v, 255]
}

fn srgb_point(c: [u8; 4]) -> [f32; 3] {
    [c[0], c[1], c[2]].map(f32::from)
}

fn srgb_colour(p: [f32; 3]) -> [u8; 4] {
    let [r, g, b] = p.map(code8);
    [r, g, b, 255]
}

/// What a and b of Oklab are multiplied by: plain Oklab weighs them too little beside lightness. On photos
/// a palette fitted so has a mean ΔE2000 10 % lower.
/// Source: the colour difference ΔEOK2 of color.js, after Ottosson's remark on Oklab's scale.
const OKLAB_CHROMA: f32 = 2.0;

fn oklab_point(c: [u8; 4]) -> [f32; 3] {
    let [l, a, b] = oklab_from_srgb8([c[0], c[1], c[2]]);
    [l, a * OKLAB_CHROMA, b * OKLAB_CHROMA]
}

fn oklab_points(colors: &[[u8; 4]]) -> Vec<[f32; 3]> {
    with_chroma(oklab_from_srgb8_each(colors))
}

fn with_chroma(mut points: Vec<[f32; 3]>) -> Vec<[f32; 3]> {
    points.iter_mut().for_each(|[_, a, b]| (*a, *b) = (*a * OKLAB_CHROMA, *b * OKLAB_CHROMA));
    points
}

fn each<const D: usize>(colors: &[[u8; 4]], point: impl Fn([u8; 4]) -> [f32; D]) -> Vec<[f32; D]> {
    colors.iter().map(|&c| point(c)).collect()
}

fn oklab_colour([l, a, b]: [f32; 3]) -> [u8; 4] {
    let [r, g, b] = srgb8_from_oklab([l, a / OKLAB_CHROMA, b / OKLAB_CHROMA]);
    [r, g, b, 255]
}

/// Translucent pixels: colour times alpha, and alpha as a fourth axis as long as white's first.
fn with_alpha(opaque: [f32; 3], alpha: u8, unit: f32) -> [f32; 4] {
    let a = f32::from(alpha) / 255.0;
    [opaque[0] * a, opaque[1] * a, opaque[2] * a, a * unit]
}

fn without_alpha(p: [f32; 4], unit: f32, colour: fn([f32; 3]) -> [u8; 4]) -> [u8; 4] {
    let alpha = code8(p[3] / unit * 255.0);
    if alpha == 0 {
        return [0; 4];
    }
    let a = p[3] / unit;
    let [r, g, b, _] = colour([p[0] / a, p[1] / a, p[2] / a]);
    [r, g, b, alpha]
}

fn srgba_point(c: [u8; 4]) -> [f32; 4] {
    with_alpha(srgb_point(c), c[3], 255.0)
}

fn srgba_colour(p: [f32; 4]) -> [u8; 4] {
    without_alpha(p, 255.0, srgb_colour)
}

fn oklaba_point(c: [u8; 4]) -> [f32; 4] {
    with_alpha(oklab_point(c), c[3], 1.0)
}

fn oklaba_colour(p: [f32; 4]) -> [u8; 4] {
    without_alpha(p, 1.0, oklab_colour)
}

fn code8(x: f32) -> u8 {
    x.round().clamp(0.0, 255.0) as u8
}

fn grey_light(c: [u8; 4]) -> [f32; 1] {
    [linear_from_srgb8(c[0])]
}

fn light(c: [u8; 4]) -> [f32; 3] {
    [c[0], c[1], c[2]].map(linear_from_srgb8)
}

fn light_with_alpha(c: [u8; 4]) -> [f32; 4] {
    with_alpha(light(c), c[3], 1.0)
}

fn srgb_of_light(light: [f32; 3]) -> Option<[f32; 3]> {
    is_shown(light, 1.0).then(|| light.map(srgb_code_from_linear))
}

fn oklab_of_light(light: [f32; 3]) -> Option<[f32; 3]> {
    let [l, a, b] = is_shown(light, 1.0).then(|| oklab_from_linear(light))?;
    Some([l, a * OKLAB_CHROMA, b * OKLAB_CHROMA])
}

/// Whether each channel is between none and `full`.
fn is_shown(light: [f32; 3], full: f32) -> bool {
    light.iter().all(|v| (0.0..=full).contains(v))
}

/// Light that is multiplied by its alpha, to the point that [`with_alpha`] would give.
fn of_light_with_alpha(
    [r, g, b, a]: [f32; 4],
    unit: f32,
    of_light: fn([f32; 3]) -> Option<[f32; 3]>,
) -> Option<[f32; 4]> {
    if a <= 0.0 || a > 1.0 || !is_shown([r, g, b], a) {
        return None;
    }
    // A quotient may come out a rounding above 1.
    let [x, y, z] = of_light([r, g, b].map(|v| (v / a).min(1.0)))?;
    Some([x * a, y * a, z * a, a * unit])
}

const GREY: Axes<1> = Axes {
    point: grey_point,
    points: |colors| each(colors, grey_point),
    between: None,
    colour: grey_colour,
    stored: grey_stored,
    light: grey_light,
    // On a line the nearest level stays the nearest, however far off.
    of_light: |[l]| Some([srgb_code_from_linear(l)]),
    ramp: None,
};
const SRGB: Axes<3> = Axes {
    point: srgb_point,
    points: |colors| each(colors, srgb_point),
    between: Some(|codes| codes.to_vec()),
    colour: srgb_colour,
    stored: |p| srgb_point(srgb_colour(p)),
    light,
    of_light: srgb_of_light,
    ramp: None,
};
const OKLAB: Axes<3> = Axes {
    point: oklab_point,
    points: oklab_points,
    between: Some(|codes| with_chroma(oklab_from_codes_each(codes))),
    colour: oklab_colour,
    stored: |p| oklab_point(oklab_colour(p)),
    light,
    of_light: oklab_of_light,
    ramp: None,
};
const SRGBA: Axes<4> = Axes {
    point: srgba_point,
    points: |colors| each(colors, srgba_point),
    between: None,
    colour: srgba_colour,
    stored: |p| srgba_point(srgba_colour(p)),
    light: light_with_alpha,
    of_light: |l| of_light_with_alpha(l, 255.0, srgb_of_light),
    ramp: None,
};
const OKLABA: Axes<4> = Axes {
    point: oklaba_point,
    points: |colors| each(colors, oklaba_point),
    between: None,
    colour: oklaba_colour,
    stored: |p| oklaba_point(oklaba_colour(p)),
    light: light_with_alpha,
    of_light: |l| of_light_with_alpha(l, 1.0, oklab_of_light),
    ramp: None,
};

/// A tone from 0 to 1 times its alpha on the first axis, and the alpha on the fourth where there is one.
fn on_ramp<const D: usize>(tone: f32, alpha: f32) -> [f32; D] {
    let alpha = if D == WITH_ALPHA { alpha } else { 1.0 };
    std::array::from_fn(|axis| match axis {
        0 => tone * alpha,
        3 => alpha,
        _ => 0.0,
    })
}

/// The tone and the alpha of a point.
fn off_ramp<const D: usize>(p: [f32; D]) -> (f32, f32) {
    let alpha = if D == WITH_ALPHA { p[D - 1] } else { 1.0 };
    (if alpha > 0.0 { p[0] / alpha } else { 0.0 }, alpha)
}

fn lightness_point<const D: usize>([r, g, b, alpha]: [u8; 4]) -> [f32; D] {
    on_ramp(oklab_from_srgb8([r, g, b])[0], f32::from(alpha) / 255.0)
}

fn lightness_colour<const D: usize>(p: [f32; D]) -> [u8; 4] {
    let (tone, alpha) = off_ramp(p);
    let alpha = code8(alpha * 255.0);
    let [r, g, b] = srgb8_from_oklab([tone, 0.0, 0.0]);
    if alpha == 0 { [0; 4] } else { [r, g, b, alpha] }
}

/// Oklab's lightness of a grey is the cube root of its light.
fn light_of_ramp<const D: usize>(p: [f32; D]) -> [f32; D] {
    let (tone, alpha) = off_ramp(p);
    on_ramp(tone.powi(3), alpha)
}

/// The lightness of colours: in R¹ where all are opaque, in R⁴ where they are not.
const fn lightness<const D: usize>() -> Axes<D> {
    Axes {
        point: lightness_point,
        points: |colors| {
            let oklab = oklab_from_srgb8_each(colors).into_iter().zip(colors);
            oklab.map(|([tone, ..], color)| on_ramp(tone, f32::from(color[3]) / 255.0)).collect()
        },
        between: if D == WITH_ALPHA {
            None
        } else {
            Some(|codes| oklab_from_codes_each(codes).into_iter().map(|[tone, ..]| on_ramp(tone, 1.0)).collect())
        },
        colour: lightness_colour,
        stored: |p| lightness_point(lightness_colour(p)),
        light: |color| light_of_ramp(lightness_point(color)),
        of_light: |p| {
            let (light, alpha) = off_ramp(p);
            (alpha > 0.0 && alpha <= 1.0 && is_shown([light; 3], 1.0)).then(|| on_ramp(cube_root(light), alpha))
        },
        ramp: Some(light_of_ramp),
    }
}

/// Where opaque colours are compared.
pub(super) fn of_opaque(space: Space) -> Axes<3> {
    match space {
        Space::Srgb => SRGB,
        Space::Oklab => OKLAB,
        Space::Lightness => lightness(),
    }
}

/// Work that is written once for any dimension.
pub(super) trait InAnyDimension {
    type Out;
    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out;
}

/// Runs `work` in the fewest dimensions that hold the picture and its palette.
pub(super) fn with_axes<W: InAnyDimension>(image: &Image, spec: &PaletteSpec, work: W) -> W::Out {
    let fixed = match &spec.entries {
        Entries::Fitted(palette) => palette.locked_colors().collect(),
        Entries::Given(palette) => palette.colors().to_vec(),
    };
    let grey = image.is_grey() && fixed.iter().copied().all(is_grey);
    let translucent = image.has_translucency() || fixed.iter().any(|c| (1..255).contains(&c[3]));
    match (grey, translucent, spec.space) {
        (true, _, Space::Srgb) => work.run(GREY),
        (_, false, Space::Srgb) => work.run(SRGB),
        (_, false, Space::Oklab) => work.run(OKLAB),
        (_, true, Space::Srgb) => work.run(SRGBA),
        (_, true, Space::Oklab) => work.run(OKLABA),
        (_, false, Space::Lightness) => work.run(lightness::<1>()),
        (_, true, Space::Lightness) => work.run(lightness::<WITH_ALPHA>()),
    }
}

fn is_grey([r, g, b, a]: [u8; 4]) -> bool {
    r == g && g == b && a == 255
}
