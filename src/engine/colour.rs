//! Colour spaces and the colour difference: sRGB, linear light, Oklab, CIELAB, CIEDE2000.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::simd::{Kernel, widest};

/// The colour space in which colours are compared while a palette is fitted and pixels are mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// The 8-bit codes as they are: least squared error, highest PSNR.
    Srgb,
    /// Oklab (Björn Ottosson, 2020): distances that follow the eye.
    Oklab,
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
                let found = (self.light)(item);
                (0..3).for_each(|c| light[c][i] = found[c]);
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
fn cube_root(x: f32) -> f32 {
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

/// The same of linear light, 0 to 1 a channel.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Sharma, Wu, Dalal 2005, table 1: L a b, L a b, difference.
    const PAIRS: [[f32; 7]; 34] = [
        [50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425],
        [50.0, 3.1571, -77.2803, 50.0, 0.0, -82.7485, 2.8615],
        [50.0, 2.8361, -74.0200, 50.0, 0.0, -82.7485, 3.4412],
        [50.0, -1.3802, -84.2814, 50.0, 0.0, -82.7485, 1.0],
        [50.0, -1.1848, -84.8006, 50.0, 0.0, -82.7485, 1.0],
        [50.0, -0.9009, -85.5211, 50.0, 0.0, -82.7485, 1.0],
        [50.0, 0.0, 0.0, 50.0, -1.0, 2.0, 2.3669],
        [50.0, -1.0, 2.0, 50.0, 0.0, 0.0, 2.3669],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.0009, 7.1792],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.0010, 7.1792],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.0011, 7.2195],
        [50.0, 2.49, -0.001, 50.0, -2.49, 0.0012, 7.2195],
        [50.0, -0.001, 2.49, 50.0, 0.0009, -2.49, 4.8045],
        [50.0, -0.001, 2.49, 50.0, 0.0010, -2.49, 4.8045],
        [50.0, -0.001, 2.49, 50.0, 0.0011, -2.49, 4.7461],
        [50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.3065],
        [50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492],
        [50.0, 2.5, 0.0, 61.0, -5.0, 29.0, 22.8977],
        [50.0, 2.5, 0.0, 56.0, -27.0, -3.0, 31.9030],
        [50.0, 2.5, 0.0, 58.0, 24.0, 15.0, 19.4535],
        [50.0, 2.5, 0.0, 50.0, 3.1736, 0.5854, 1.0],
        [50.0, 2.5, 0.0, 50.0, 3.2972, 0.0, 1.0],
        [50.0, 2.5, 0.0, 50.0, 1.8634, 0.5757, 1.0],
        [50.0, 2.5, 0.0, 50.0, 3.2592, 0.3350, 1.0],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ];

    #[test]
    fn all_34_published_pairs_agree_both_ways() {
        for [l1, a1, b1, l2, a2, b2, expected] in PAIRS {
            for (x, y) in [([l1, a1, b1], [l2, a2, b2]), ([l2, a2, b2], [l1, a1, b1])] {
                let found = delta_e2000(x, y);
                assert!((found - expected).abs() < 1e-4, "{x:?} {y:?}: {found} against {expected}");
            }
        }
    }

    /// The formula as it was published, with angles.
    fn by_angles(first: [f32; 3], second: [f32; 3]) -> f64 {
        let [l1, a1, b1] = first.map(f64::from);
        let [l2, a2, b2] = second.map(f64::from);
        let pow7 = |c: f64| c.powi(7) / (c.powi(7) + 25f64.powi(7));
        let g = 0.5 * (1.0 - pow7((a1.hypot(b1) + a2.hypot(b2)) / 2.0).sqrt());
        let (a1, a2) = ((1.0 + g) * a1, (1.0 + g) * a2);
        let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
        let hue = |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
        let (h1, h2) = (hue(a1, b1), hue(a2, b2));
        let dh = match h2 - h1 {
            _ if c1 * c2 == 0.0 => 0.0,
            d if d > 180.0 => d - 360.0,
            d if d < -180.0 => d + 360.0,
            d => d,
        };
        let h = match h1 + h2 {
            sum if c1 * c2 == 0.0 => sum,
            sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
            sum if sum < 360.0 => (sum + 360.0) / 2.0,
            sum => (sum - 360.0) / 2.0,
        };
        let big_dh = 2.0 * (c1 * c2).sqrt() * (dh / 2.0).to_radians().sin();
        let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
        let cos = |degrees: f64| degrees.to_radians().cos();
        let t =
            1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.20 * cos(4.0 * h - 63.0);
        let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
        let turn = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
        let rt = -2.0 * pow7(c).sqrt() * (2.0 * turn).to_radians().sin();
        let (l, c, h) = ((l2 - l1) / sl, (c2 - c1) / (1.0 + 0.045 * c), big_dh / (1.0 + 0.015 * c * t));
        (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
    }

    #[test]
    fn the_formula_without_angles_is_the_published_one() {
        let mut random = crate::engine::random::Random::seeded(12);
        let mut lab = |spread: f32| -> [f32; 3] {
            [random.next_f32() * 100.0, (random.next_f32() - 0.5) * spread, (random.next_f32() - 0.5) * spread]
        };
        for round in 0..60_000 {
            let first = lab([250.0, 40.0, 1.0][round % 3]);
            let mut second = lab([250.0, 40.0, 1.0][round / 3 % 3]);
            match round % 5 {
                // Near each other, on an axis, without chroma.
                0 => second = std::array::from_fn(|c| first[c] + (second[c] - 50.0) / 1000.0),
                1 => second[1] = 0.0,
                2 => second[2] = 0.0,
                3 => (second[1], second[2]) = (0.0, 0.0),
                _ => {}
            }
            let (found, published) = (delta_e2000(first, second), by_angles(first, second));
            assert!((f64::from(found) - published).abs() < 1e-5, "{first:?} {second:?}: {found} {published}");
            assert_eq!(delta_e2000(first, first), 0.0);
        }
    }

    #[test]
    fn lightness_and_its_two_axes_are_those_of_the_standard() {
        // Lindbloom's calculator, D65: white, the primaries, a dark grey below the linear part's end.
        let known: [([u8; 3], [f32; 3]); 5] = [
            ([255, 255, 255], [100.0, 0.0053, -0.0104]),
            ([255, 0, 0], [53.2408, 80.0925, 67.2032]),
            ([0, 255, 0], [87.7347, -86.1827, 83.1793]),
            ([0, 0, 255], [32.2970, 79.1875, -107.8602]),
            ([3, 3, 3], [0.8226, 0.0, 0.0]),
        ];
        for (rgb, lab) in known {
            let found = lab_from_srgb8(rgb);
            assert!(found.iter().zip(lab).all(|(x, y)| (x - y).abs() < 0.02), "{rgb:?}: {found:?} {lab:?}");
        }
    }

    #[test]
    fn the_cube_root_is_true_to_the_last_digits() {
        for step in 1..=1_000_000u32 {
            let x = step as f32 / 1e6;
            let exact = f64::from(x).cbrt();
            assert!((f64::from(cube_root(x)) / exact - 1.0).abs() < 2.5e-7, "{x}: {} {exact}", cube_root(x));
        }
        assert_eq!(cube_root(0.0), 0.0);
    }

    #[test]
    fn oklab_of_many_is_oklab_of_each() {
        let colors: Vec<[u8; 4]> = (0..5001u32).map(|i| (i * 3367).to_le_bytes()).collect();
        let each: Vec<[f32; 3]> = colors.iter().map(|c| oklab_from_srgb8([c[0], c[1], c[2]])).collect();
        assert_eq!(oklab_from_srgb8_each(&colors), each);
        let codes: Vec<[f32; 3]> = colors.iter().map(|c| [c[0], c[1], c[2]].map(f32::from)).collect();
        assert_eq!(oklab_from_codes_each(&codes), each);
        // Between codes the path is straight in light.
        let [below, between, above] = [[9.0; 3], [9.25; 3], [10.0; 3]];
        let light = |p: [f32; 3]| oklab_from_codes_each(&[p])[0][0].powi(3);
        assert!((light(between) - 0.75 * light(below) - 0.25 * light(above)).abs() < 1e-6);
    }

    #[test]
    fn oklab_gives_every_colour_back() {
        // A lattice of 52³ colours, the corners among them.
        let steps = || (0..=255u8).step_by(5);
        for r in steps() {
            for g in steps() {
                for b in steps() {
                    assert_eq!(srgb8_from_oklab(oklab_from_srgb8([r, g, b])), [r, g, b]);
                }
            }
        }
    }

    #[test]
    fn known_colours_have_their_known_coordinates() {
        let close = |a: [f32; 3], b: [f32; 3], within: f32| {
            assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < within), "{a:?} {b:?}");
        };
        close(lab_from_srgb8([255, 255, 255]), [100.0, 0.0, 0.0], 0.01);
        close(lab_from_srgb8([255, 0, 0]), [53.24, 80.09, 67.20], 0.02);
        close(oklab_from_srgb8([255, 255, 255]), [1.0, 0.0, 0.0], 1e-4);
        close(oklab_from_srgb8([255, 0, 0]), [0.627_96, 0.224_86, 0.125_85], 1e-4);
    }

    #[test]
    fn the_table_of_codes_is_true_to_the_formula() {
        for step in 0..=100_000 {
            let linear = step as f32 / 100_000.0;
            let code = srgb_code_from_linear(linear);
            let l = f64::from(linear);
            let exact = 255.0 * if l <= 0.003_130_8 { l * 12.92 } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 };
            assert!((f64::from(code) - exact).abs() < 0.01, "{linear} {code} {exact}");
        }
        for code in 0..=255 {
            assert!((srgb_code_from_linear(linear_from_srgb8(code)) - f32::from(code)).abs() < 0.01, "{code}");
        }
    }

    #[test]
    fn linear_light_gives_every_code_back() {
        for code in 0..=255 {
            assert_eq!(srgb8_from_linear(linear_from_srgb8(code)), code);
        }
    }
}
