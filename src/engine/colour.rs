//! Colour spaces and the colour difference: sRGB, linear light, Oklab, CIELAB, CIEDE2000.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::simd::{Kernel, widest};

/// A colour space as it is named.
pub struct SpaceRow {
    /// As on the command line and in files.
    pub name: &'static str,
    /// As the window and titles show it.
    pub label: &'static str,
    /// One line that says when to choose it, without a full stop.
    pub hint: &'static str,
    /// Whether colours of one lightness can lie apart.
    pub tells_hues: bool,
}

rows! {
    /// The colour space in which colours are compared while a palette is fitted and pixels are mapped.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    Space: SpaceRow, "colour space";

    /// The 8-bit codes as they are: least squared error, highest PSNR.
    Srgb = SpaceRow {
        name: "srgb",
        label: "sRGB",
        hint: "The codes as they are: least squared error",
        tells_hues: true,
    },

    /// Oklab (Björn Ottosson, 2020): distances that follow the eye.
    Oklab = SpaceRow { name: "oklab", label: "Oklab", hint: "Distances that follow the eye", tells_hues: true },

    /// Oklab's lightness alone. Given colours are a ramp, the darkest of them for black and the lightest for white, so
    /// that a screen of few greens or inks shows all tones; a fitted palette is of greys.
    Lightness = SpaceRow {
        name: "lightness",
        label: "Lightness",
        hint: "Hue does not count: given colours are a ramp from the darkest to the lightest, as of a Game Boy",
        tells_hues: false,
    },
}

impl Space {
    /// The name of the space as people read it.
    pub fn label(self) -> &'static str {
        self.row().label
    }
}

/// Linear light, 0 to 1, of an 8-bit sRGB code (IEC 61966-2-1).
#[inline]
pub fn linear_from_srgb8(code: u8) -> f32 {
    light_of_codes()[usize::from(code)]
}

/// [`linear_from_srgb8`] of every code.
#[inline]
pub fn light_of_codes() -> &'static [f32; 256] {
    static TABLE: OnceLock<[f32; 256]> = OnceLock::new();
    TABLE.get_or_init(|| {
        std::array::from_fn(|v| {
            let s = v as f64 / 255.0;
            let linear = if s <= 0.040_45 { s / 12.92 } else { ((s + 0.055) / 1.055).powf(2.4) };
            linear as f32
        })
    })
}

/// The nearest 8-bit sRGB code of linear light; what is outside 0 to 1 is clamped.
#[inline]
pub fn srgb8_from_linear(linear: f32) -> u8 {
    let l = linear.clamp(0.0, 1.0);
    let s = if l <= 0.003_130_8 { l * 12.92 } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 };
    (s * 255.0).round() as u8
}

/// The sRGB code of linear light before it is rounded, 0 to 255; what is outside 0 to 1 is clamped. Within 0.01 of
/// a code: a table of even steps in the square root, in which the curve is nearly straight.
#[inline]
pub fn srgb_code_from_linear(linear: f32) -> f32 {
    const STEPS: usize = 1024;
    static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let code = |step: usize| {
            let l = (step as f64 / STEPS as f64).powi(2);
            255.0 * if l <= 0.003_130_8 { l * 12.92 } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 }
        };
        (0..=STEPS + 1).map(|step| code(step) as f32).collect()
    });
    let at = linear.clamp(0.0, 1.0).sqrt() * STEPS as f32;
    let (step, part) = (at as usize, at.fract());
    table[step] + part * (table[step + 1] - table[step])
}

/// Oklab (L 0 to 1, a and b about ±0.4) of an sRGB colour.
/// Source: Björn Ottosson, "A perceptual color space for image processing", 2020.
pub fn oklab_from_srgb8(rgb: [u8; 3]) -> [f32; 3] {
    oklab_from_linear(rgb.map(linear_from_srgb8))
}

/// [`oklab_from_srgb8`] of many colours, alpha left out: the same bits in an eighth of the time.
pub fn oklab_from_srgb8_each(colors: &[[u8; 4]]) -> Vec<[f32; 3]> {
    let table = light_of_codes();
    oklab_of_each(colors, |color| std::array::from_fn(|c| table[usize::from(color[c])]))
}

/// Oklab of codes from 0 to 255 that need not be whole, such as means: between two of them light is taken to grow evenly.
pub fn oklab_from_codes_each(codes: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let table = light_of_codes();
    oklab_of_each(codes, |codes| {
        codes.map(|code| {
            let below = code as u8;
            let [low, high] = [below, below.saturating_add(1)].map(|code| table[usize::from(code)]);
            low + (code - f32::from(below)) * (high - low)
        })
    })
}

fn oklab_of_each<T>(items: &[T], light: impl Fn(&T) -> [f32; 3]) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; items.len()];
    widest(OklabOfEach { items, light, out: &mut out });
    out
}

struct OklabOfEach<'a, T, L> {
    items: &'a [T],
    light: L,
    out: &'a mut [[f32; 3]],
}

impl<T, L: Fn(&T) -> [f32; 3]> Kernel for OklabOfEach<'_, T, L> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        const LANES: usize = 16;
        for (items, out) in self.items.chunks(LANES).zip(self.out.chunks_mut(LANES)) {
            let mut light = [[0.0f32; LANES]; 3];
            for (i, item) in items.iter().enumerate() {
                let light_of_item = (self.light)(item);
                (0..3).for_each(|c| light[c][i] = light_of_item[c]);
            }
            let mut oklab = [[0.0f32; LANES]; 3];
            for i in 0..LANES {
                let point = oklab_from_linear([light[0][i], light[1][i], light[2][i]]);
                (0..3).for_each(|c| oklab[c][i] = point[c]);
            }
            out.iter_mut().enumerate().for_each(|(i, out)| *out = [oklab[0][i], oklab[1][i], oklab[2][i]]);
        }
    }
}

/// The cube root of a number that is not negative, to within 2 units in the last place: a third of the exponent, then
/// two of Halley's steps, each of which triples the digits.
#[inline(always)]
pub fn cube_root(x: f32) -> f32 {
    let mut y = f32::from_bits(x.to_bits() / 3 + 0x2a51_37a0);
    for _ in 0..2 {
        let cubed = y * y * y;
        y *= (cubed + 2.0 * x) / (2.0 * cubed + x);
    }
    if x > 0.0 { y } else { 0.0 }
}

/// Oklab of linear light, 0 to 1 a channel.
#[inline(always)]
pub fn oklab_from_linear([r, g, b]: [f32; 3]) -> [f32; 3] {
    let l = cube_root(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
    let m = cube_root(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
    let s = cube_root(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// The nearest sRGB colour, channel by channel; out-of-gamut channels are clamped.
pub fn srgb8_from_oklab([lightness, a, b]: [f32; 3]) -> [u8; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(srgb8_from_linear)
}

/// CIELAB (L* 0 to 100) under D65 of an sRGB colour. Sources: IEC 61966-2-1; CIE 15:2004.
pub fn lab_from_srgb8(rgb: [u8; 3]) -> [f32; 3] {
    lab_from_linear(rgb.map(linear_from_srgb8))
}

/// CIELAB of linear light, 0 to 1 a channel.
#[inline(always)]
pub fn lab_from_linear(light: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = light.map(f64::from);
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b;
    let z = (0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b) / 1.088_83;
    let f = |t: f64| {
        // One more of Halley's steps makes it exact to a double's last digits.
        let y = f64::from(cube_root(t as f32));
        let cubed = y * y * y;
        let root = y * (cubed + 2.0 * t) / (2.0 * cubed + t);
        if t > 216.0 / 24389.0 { root } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
    };
    let (fx, fy, fz) = (f(x), f(y), f(z));
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)].map(|v| v as f32)
}

/// Luma, 0 to 255, of sRGB codes by the weights of ITU-R BT.601, as is customary for SSIM.
#[inline]
pub fn luma_from_srgb8(rgb: [u8; 3]) -> f32 {
    0.299 * f32::from(rgb[0]) + 0.587 * f32::from(rgb[1]) + 0.114 * f32::from(rgb[2])
}

/// CIEDE2000 colour difference of two CIELAB colours, kL = kC = kH = 1.
///
/// Angles are never looked at but one: sines and cosines of hues and of their multiples follow from the coordinates, and
/// the mean hue is the direction in which both hues add up. So there are no branches, and many pairs are worked out at once.
/// Source: Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula", Color Res. Appl. 30 (2005).
#[inline(always)]
pub fn delta_e2000(first: [f32; 3], second: [f32; 3]) -> f32 {
    let [l1, a1, b1] = first.map(f64::from);
    let [l2, a2, b2] = second.map(f64::from);
    let length = |a: f64, b: f64| (a * a + b * b).sqrt();
    let pow7 = |c: f64| {
        let third = c * c * c;
        let seventh = third * third * c;
        seventh / (seventh + 6_103_515_625.0)
    };
    let g = 0.5 * (1.0 - pow7((length(a1, b1) + length(a2, b2)) / 2.0).sqrt());
    let (a1, a2) = ((1.0 + g) * a1, (1.0 + g) * a2);
    let (c1, c2) = (length(a1, b1), length(a2, b2));
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);

    // 2·√(c₁c₂)·sin(Δh/2), without loss of digits where hues are near each other.
    let (product, dot, cross) = (c1 * c2, a1 * a2 + b1 * b2, a1 * b2 - a2 * b1);
    let is_first_less = if b1 == 0.0 { a1 > 0.0 } else { b1 > 0.0 };
    let sign = if cross > 0.0 || (cross == 0.0 && is_first_less) { 1.0 } else { -1.0 };
    let near = cross * (2.0 / (product + dot)).sqrt();
    let far = sign * (2.0 * (product - dot)).max(0.0).sqrt();
    let big_dh = if dot >= 0.0 { near } else { far };
    let big_dh = if product == 0.0 { 0.0 } else { big_dh };

    let [x, y] = mean_hue([a1, b1, c1], [a2, b2, c2], is_first_less);
    // cos(h − 30°), cos 2h, cos(3h + 6°), cos(4h − 63°).
    let (x2, y2) = (x * x - y * y, 2.0 * x * y);
    let (x3, y3) = (x2 * x - y2 * y, x2 * y + y2 * x);
    let (x4, y4) = (x2 * x2 - y2 * y2, 2.0 * x2 * y2);
    let t = 1.0 - 0.17 * (x * COS_30 + y * 0.5) + 0.24 * x2 + 0.32 * (x3 * COS_6 - y3 * SIN_6)
        - 0.20 * (x4 * COS_63 + y4 * SIN_63);
    let lightness = (l - 50.0) * (l - 50.0);
    let sl = 1.0 + 0.015 * lightness / (20.0 + lightness).sqrt();
    let sc = 1.0 + 0.045 * c;
    let sh = 1.0 + 0.015 * c * t;
    let rt = -2.0 * pow7(c).sqrt() * sine(2.0 * 30f64.to_radians() * near_blue(x, y));
    let (l, c, h) = ((l2 - l1) / sl, (c2 - c1) / sc, big_dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt() as f32
}

const COS_6: f64 = 0.994_521_895_368_273_3;
const SIN_6: f64 = 0.104_528_463_267_653_47;
const COS_30: f64 = 0.866_025_403_784_438_6;
const COS_63: f64 = 0.453_990_499_739_546_8;
const SIN_63: f64 = 0.891_006_524_188_367_9;

/// Cosine and sine of the mean of two hues on the shorter way between them, of (a, b, chroma) each. Of opposite ones it
/// is 90° on from the one of less hue; where one has no chroma it is the hue of the other, where none has it is 0.
#[inline(always)]
fn mean_hue([a1, b1, c1]: [f64; 3], [a2, b2, c2]: [f64; 3], is_first_less: bool) -> [f64; 2] {
    let (a, b) = (a1 * c2 + a2 * c1, b1 * c2 + b2 * c1);
    let (a90, b90) = if is_first_less { (-b1, a1) } else { (-b2, a2) };
    let is_opposite = a == 0.0 && b == 0.0;
    let (a, b) = if is_opposite { (a90, b90) } else { (a, b) };
    let (a, b) = if c1 * c2 == 0.0 { (a1 + a2, b1 + b2) } else { (a, b) };
    let length = (a * a + b * b).sqrt();
    if length == 0.0 { [1.0, 0.0] } else { [a / length, b / length] }
}

/// exp(−((h − 275°) ÷ 25°)²) of a hue's cosine and sine, h from 0° up to 360°.
#[inline(always)]
fn near_blue(x: f64, y: f64) -> f64 {
    const COS_275: f64 = 0.087_155_742_747_658_17;
    const SIN_275: f64 = -0.996_194_698_091_745_5;
    const COS_95: f64 = -0.087_155_742_747_658_17;
    // The tangent of half the angle from 275°, then of an eighth of it: at most 0.42, where few terms are enough.
    let (cos, sin) = (x * COS_275 + y * SIN_275, y * COS_275 - x * SIN_275);
    let half = |t: f64| t / (1.0 + (1.0 + t * t).sqrt());
    let t = half(half(sin / (1.0 + cos).max(1e-9)));
    let square = t * t;
    let arc = (0..10).rev().fold(0.0, |sum, k| {
        let term = 1.0 / f64::from(2 * k + 1);
        (if k % 2 == 0 { term } else { -term }) + square * sum
    });
    let steps = 8.0 * t * arc * (180.0 / std::f64::consts::PI / 25.0);
    // Beyond 180° below it there is nothing left: hues do not wrap here.
    if y >= 0.0 && x > COS_95 { 0.0 } else { exponential(-steps * steps) }
}

/// e^x for x from -700 to 0, to 11 digits.
#[inline(always)]
fn exponential(x: f64) -> f64 {
    // Added to a number, this leaves its nearest integer in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let rest = x - (shifted - ROUND) * std::f64::consts::LN_2;
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    power * (1..=10).rev().fold(1.0, |sum, k| 1.0 + sum * rest / f64::from(k))
}

/// The sine of 0 to 60°, in radians, to 11 digits.
#[inline(always)]
fn sine(x: f64) -> f64 {
    x * (1..=6).rev().fold(1.0, |sum, k| 1.0 - sum * x * x / f64::from(2 * k * (2 * k + 1)))
}
