//! Colour maps for heat maps: even in lightness, safe for colour-blind eyes, made in Oklab.

use crate::engine::colour::srgb8_from_oklab;

/// For signed values: entries 0 to 254 run from blue through a light neutral (exactly at 127) to
/// orange-red; entry 255 stands for what is not a number.
pub fn diverging() -> [[u8; 4]; 256] {
    std::array::from_fn(|i| if i == 255 { NOT_A_NUMBER } else { diverging_at((i as f32 - 127.0) / 127.0) })
}

/// In neither map: a strong green.
pub const NOT_A_NUMBER: [u8; 4] = [0, 190, 60, 255];

/// For sizes: from near black through purple and orange to light yellow.
pub fn sequential() -> [[u8; 4]; 256] {
    std::array::from_fn(|i| {
        let t = i as f32 / 255.0;
        let hue = 285.0 + 180.0 * t;
        let chroma = 0.16 * (std::f32::consts::PI * t.powf(0.8)).sin().max(0.0) + 0.03;
        polar(0.10 + 0.86 * t, chroma, hue)
    })
}

fn diverging_at(t: f32) -> [u8; 4] {
    let size = t.abs();
    let hue = if t < 0.0 { 255.0 } else { 42.0 };
    let chroma = 0.155 * (size * 1.15).min(1.0).powf(0.9);
    polar(0.965 - 0.53 * size, if size == 0.0 { 0.0 } else { chroma }, hue)
}

/// Oklab lightness, chroma and hue (degrees).
fn polar(lightness: f32, chroma: f32, hue: f32) -> [u8; 4] {
    let (sin, cos) = hue.to_radians().sin_cos();
    let [r, g, b] = srgb8_from_oklab([lightness, chroma * cos, chroma * sin]);
    [r, g, b, 255]
}
