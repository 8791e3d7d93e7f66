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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::colour::lab_from_srgb8;

    fn lightness(c: [u8; 4]) -> f32 {
        lab_from_srgb8([c[0], c[1], c[2]])[0]
    }

    #[test]
    fn lightness_rises_evenly_along_the_sequential_map() {
        let l: Vec<f32> = sequential().map(lightness).to_vec();
        assert!(l.windows(2).all(|w| w[1] >= w[0] - 0.35), "{l:?}");
        assert!(l.windows(17).all(|w| w[16] > w[0]), "{l:?}");
        assert!(l[0] < 12.0 && l[255] > 88.0, "{} {}", l[0], l[255]);
    }

    #[test]
    fn the_diverging_map_is_neutral_at_zero_and_as_dark_at_both_ends() {
        let map = diverging();
        let [r, g, b, _] = map[127];
        assert!(r == g && g == b);
        for k in 0..127 {
            let (low, high) = (lightness(map[127 - k]), lightness(map[127 + k]));
            assert!((low - high).abs() < 6.0, "{k}: {low} {high}");
        }
        assert!((0..127).all(|k| lightness(map[k + 1]) > lightness(map[k]) - 0.3));
        assert!(map[..255].iter().all(|c| *c != NOT_A_NUMBER));
    }
}
