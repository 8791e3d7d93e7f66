//! A photo against its reduction as an eye at a distance sees them: what dither is for, the error that is left once
//! neighbours have been averaged. Both are blurred with a Gaussian in linear light, 0 to 1, as distance does.
//!
//! - PSNR: σ = 1.5 pixels, then −10·log10 mean(e²) over pixels and the three channels.
//! - Oklab: σ = 2 pixels, then the mean over pixels of the Oklab distance of the two, × 100. About 2 is the least
//!   difference that is noticed, side by side. Source of that: CSS Color Module Level 4, "Gamut mapping".
//!
//! The definitions are our own. Translucent pixels are laid over white first. Pixels with alpha 0 in the original, and
//! what lies beyond the edges, weigh nothing: they neither count nor lend their colour to their neighbours. For the
//! PSNR it is the difference that is blurred, the blur being linear. Cost: some 50 multiplications a pixel for the PSNR,
//! some 200 for Oklab, in bands shared by the cores and merged in order.

use rayon::prelude::*;

use super::blur::{BAND_ROWS, Band, Planes};
use super::colour::{map_byte, over_white};
use super::squared::decibels;
use super::structure::sum_of_bands;
use crate::engine::colour::{light_of_codes, oklab_from_linear};
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Indexed;
use crate::engine::simd::{Kernel, widest};

const PSNR_SIGMA: f64 = 1.5;
/// Beyond these taps lie 2.5 ten-thousandths of the Gaussian.
const PSNR_REACH: usize = 5;
const OKLAB_SIGMA: f64 = 2.0;
/// Beyond these taps lie 2 ten-thousandths of the Gaussian.
const OKLAB_REACH: usize = 7;
/// What a distance in Oklab is multiplied by.
const PERCENT: f32 = 100.0;

/// Compares a photo with an indexed picture of the same size; every code must be within the palette.
/// Infinite when all visible pixels are exact, or when there are none.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn psnr_afar(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<f64, Stopped> {
    let lights = Lights::new(original, indexed);
    let rows = |y: usize, [red, green, blue, weights]: [&mut [f32]; 4]| {
        for (i, (x, y, weight)) in lights.row(y).enumerate() {
            [red[i], green[i], blue[i]] = std::array::from_fn(|c| (x[c] - y[c]) * weight);
            weights[i] = weight;
        }
    };
    let (noise, pixels) = sum_of_bands(lights.size.1, BAND_ROWS, |range| {
        let mut sum = (0.0, 0);
        let take = |blurred: &Planes<4>, visible: &[f32]| {
            let (noise, pixels) = tally(blurred, visible);
            sum = (sum.0 + noise, sum.1 + pixels);
        };
        Band::<4, PSNR_REACH>::new(lights.size, PSNR_SIGMA).blur(range, &rows, control, take)?;
        Ok(sum)
    })?;
    Ok(decibels(1.0, noise / (3 * pixels.max(1)) as f64))
}

/// The mean Oklab distance × 100 of a photo and an indexed picture of the same size, both blurred; 0 when no pixel is
/// visible.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn oklab_afar(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<f64, Stopped> {
    let lights = Lights::new(original, indexed);
    let (sum, pixels) = sum_of_bands(lights.size.1, BAND_ROWS, |range| {
        let mut sum = (0.0, 0);
        lights.distances(range, control, |distances, visible| {
            sum.0 += distances.iter().map(|&d| f64::from(d)).sum::<f64>();
            sum.1 += visible.iter().filter(|weight| **weight > 0.0).count() as u64;
        })?;
        Ok(sum)
    })?;
    Ok(sum / pixels.max(1) as f64)
}

/// The distance of each pixel that [`oklab_afar`] is the mean of: 255 stands for `map_top` and more; 0 for hidden pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn oklab_afar_map(
    original: &[[u8; 4]],
    indexed: Indexed<'_>,
    map_top: f32,
    control: &Control<'_>,
) -> Result<Vec<u8>, Stopped> {
    let lights = Lights::new(original, indexed);
    let (width, height) = lights.size;
    let mut map = vec![0u8; original.len()];
    map.par_chunks_mut(BAND_ROWS * width.max(1)).enumerate().try_for_each(|(band, map)| {
        let range = band * BAND_ROWS..((band + 1) * BAND_ROWS).min(height);
        let mut rows = map.chunks_mut(width);
        lights.distances(range, control, |distances, _| {
            for (out, &distance) in rows.next().into_iter().flatten().zip(distances) {
                *out = map_byte(distance, 255.0 / map_top);
            }
        })
    })?;
    Ok(map)
}

/// Both pictures in linear light.
struct Lights<'a> {
    original: &'a [[u8; 4]],
    indexed: Indexed<'a>,
    light: &'static [f32; 256],
    entries: Vec<[f32; 3]>,
    /// Width and height.
    size: (usize, usize),
}

impl<'a> Lights<'a> {
    fn new(original: &'a [[u8; 4]], indexed: Indexed<'a>) -> Self {
        let light = light_of_codes();
        let entries = indexed.palette.iter().map(|&c| over_white(c).map(|v| light[usize::from(v)])).collect();
        let size = (indexed.width, original.len() / indexed.width.max(1));
        Self { original, indexed, light, entries, size }
    }

    /// The light of each pixel of a row and of its entry, and the weight of both.
    fn row(&self, y: usize) -> impl Iterator<Item = ([f32; 3], [f32; 3], f32)> {
        let original = &self.original[y * self.size.0..(y + 1) * self.size.0];
        original.iter().zip(self.indexed.row(y)).map(|(&c, k)| {
            let weight = if c[3] == 0 { 0.0 } else { 1.0 };
            (over_white(c).map(|v| self.light[usize::from(v)]), self.entries[k], weight)
        })
    }

    /// Hands on, for each row of the range, the distances of its pixels as seen from afar, 0 for hidden ones, and the
    /// weights of its pixels.
    fn distances(
        &self,
        range: std::ops::Range<usize>,
        control: &Control<'_>,
        mut each: impl FnMut(&[f32], &[f32]),
    ) -> Result<(), Stopped> {
        let rows = |y: usize, planes: [&mut [f32]; 7]| {
            for (i, (x, y, weight)) in self.row(y).enumerate() {
                for c in 0..3 {
                    (planes[c][i], planes[3 + c][i]) = (x[c] * weight, y[c] * weight);
                }
                planes[6][i] = weight;
            }
        };
        let mut distances = vec![0.0; self.size.0];
        let take = |blurred: &Planes<7>, visible: &[f32]| {
            widest(Distances { blurred, visible, out: &mut distances });
            each(&distances, visible);
        };
        Band::<7, OKLAB_REACH>::new(self.size, OKLAB_SIGMA).blur(range, &rows, control, take)
    }
}

/// Σ|e|² over a row's visible pixels, and how many they are.
fn tally([red, green, blue, weight]: &Planes<4>, visible: &[f32]) -> (f64, u64) {
    let (mut noise, mut pixels) = (0.0, 0);
    for i in 0..visible.len() {
        if visible[i] > 0.0 {
            let squares = red[i] * red[i] + green[i] * green[i] + blue[i] * blue[i];
            noise += f64::from(squares / (weight[i] * weight[i]));
            pixels += 1;
        }
    }
    (noise, pixels)
}

/// The Oklab distances × 100 of a row's pixels, of both pictures' blurred light and the weight it is to be divided by.
struct Distances<'a> {
    blurred: &'a Planes<7>,
    visible: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Distances<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let n = self.out.len();
        let planes = self.blurred.each_ref().map(|plane| &plane[..n]);
        let visible = &self.visible[..n];
        for i in 0..n {
            // A visible pixel's blurred weight is at least its own tap.
            let share = visible[i] / planes[6][i].max(f32::MIN_POSITIVE);
            let x = oklab_from_linear([planes[0][i] * share, planes[1][i] * share, planes[2][i] * share]);
            let y = oklab_from_linear([planes[3][i] * share, planes[4][i] * share, planes[5][i] * share]);
            let [l, a, b] = [x[0] - y[0], x[1] - y[1], x[2] - y[2]];
            self.out[i] = PERCENT * (l * l + a * a + b * b).sqrt();
        }
    }
}
