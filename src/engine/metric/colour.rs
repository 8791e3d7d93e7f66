//! A photo against its reduction: squared error on 8-bit sRGB codes, CIEDE2000, SSIM.
//!
//! Pixels with alpha 0 in the original are left out of every figure. Translucent pixels are laid over
//! white first. Figures are over pixels and the three channels:
//! MSE = mean(e²), PSNR = 10·log10(255²/MSE), SQNR = 10·log10(Σx²/Σe²).
//! Cost: one pass for the errors and one for SSIM, in bands shared by the cores and merged in order.

use rayon::prelude::*;

use super::squared::decibels;
use super::structure::ssim_of_rows;
use crate::engine::colour::{delta_e2000, lab_from_linear, lab_from_srgb8, light_of_codes, luma_from_srgb8};
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Indexed;
use crate::engine::simd::{Kernel, widest};

/// How far a reduced photo is from the original, over the pixels that are visible in the original.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourError {
    /// Pixels compared.
    pub pixels: u64,
    /// Mean squared difference of pixels and channels, in 8-bit sRGB codes.
    pub mse: f64,
    /// Infinite when exact, as is `sqnr_db`.
    pub psnr_db: f64,
    /// Σ x² ÷ Σ e² of all channels, in dB.
    pub sqnr_db: f64,
    /// The largest difference of any channel.
    pub max_abs: u8,
    /// Mean SSIM of luma: 1 for equal pictures, less for others.
    pub ssim: f64,
    /// Mean CIEDE2000.
    pub delta_e_mean: f64,
    /// 95 % of pixels differ by no more than this (to 0.01).
    pub delta_e_p95: f64,
    /// The largest CIEDE2000 of any pixel.
    pub delta_e_max: f64,
}

/// A reduced photo against its original: the figures, and a map of the error.
pub struct Comparison {
    /// Figures over all visible pixels.
    pub error: ColourError,
    /// CIEDE2000 of each pixel, 255 standing for `map_top` and more; 0 for hidden pixels.
    pub delta_e_map: Vec<u8>,
}

/// A photo whose pixels of one colour all have the same code: reduced without dither.
#[derive(Clone, Copy)]
pub struct ByColour<'a> {
    /// The different colours, none of alpha 0.
    pub colors: &'a [[u8; 4]],
    /// How many pixels have each.
    pub counts: &'a [u32],
    /// Their codes.
    pub codes: &'a [u8],
}

/// [`compare_indexed`] by the photo's colours: the same figures in a fraction of the time. The map has
/// an entry a colour. `ssim` is left for [`ssim_indexed`] to fill in.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn compare_colours(
    by: ByColour<'_>,
    palette: &[[u8; 4]],
    map_top: f32,
    control: &Control<'_>,
) -> Result<Comparison, Stopped> {
    const SLICE: usize = 4096;
    let entries = Entries::new(palette);
    let mut map = vec![0u8; by.colors.len()];
    let tallies: Vec<Tally> = map
        .par_chunks_mut(SLICE)
        .zip(by.colors.par_chunks(SLICE).zip(by.counts.par_chunks(SLICE).zip(by.codes.par_chunks(SLICE))))
        .map(|(map, (colors, (counts, codes)))| {
            control.check()?;
            let places = codes.iter().map(|&k| usize::from(k));
            Ok(Tally::of(colors, places, |i| counts[i], &entries, map, 255.0 / map_top))
        })
        .collect::<Result<_, Stopped>>()?;
    Ok(Comparison { error: Tally::merged(tallies).error(1.0), delta_e_map: map })
}

/// SSIM of a photo and an indexed picture of the same size.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn ssim_indexed(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<f64, Stopped> {
    let width = indexed.width;
    let luma: Vec<f32> = indexed.palette.iter().map(|&c| luma_from_srgb8(over_white(c))).collect();
    let rows = |y: usize, a: &mut [f32], b: &mut [f32], hidden: &mut [bool]| {
        for (i, (&c, k)) in original[y * width..(y + 1) * width].iter().zip(indexed.row(y)).enumerate() {
            hidden[i] = c[3] == 0;
            (a[i], b[i]) = if hidden[i] { (0.0, 0.0) } else { (luma_from_srgb8(over_white(c)), luma[k]) };
        }
    };
    ssim_of_rows((width, original.len() / width.max(1)), rows, control)
}

/// Rows that one task compares.
const BAND_ROWS: usize = 64;
/// Differences are counted in steps of 0.01 up to 150, beyond the largest there is in sRGB.
const STEPS: usize = 15_000;
const STEPS_PER_UNIT: f32 = 100.0;

/// A colour as it looks on white paper, in 8-bit codes.
#[inline]
pub fn over_white(c: [u8; 4]) -> [u8; 3] {
    let mix = |v: u8| ((u32::from(v) * u32::from(c[3]) + 255 * (255 - u32::from(c[3])) + 127) / 255) as u8;
    if c[3] == 255 { [c[0], c[1], c[2]] } else { [mix(c[0]), mix(c[1]), mix(c[2])] }
}

/// Compares a photo with an indexed picture of the same size; every code must be within the palette.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn compare_indexed(
    original: &[[u8; 4]],
    indexed: Indexed<'_>,
    map_top: f32,
    control: &Control<'_>,
) -> Result<Comparison, Stopped> {
    let entries = Entries::new(indexed.palette);
    let band = BAND_ROWS * indexed.width.max(1);
    let mut map = vec![0u8; original.len()];
    let tallies: Vec<Tally> = map
        .par_chunks_mut(band)
        .zip(original.par_chunks(band))
        .enumerate()
        .map(|(i, (map, original))| {
            control.check()?;
            let codes = (i * BAND_ROWS..).take(original.len() / indexed.width.max(1)).flat_map(|y| indexed.row(y));
            Ok(Tally::of(original, codes, |_| 1, &entries, map, 255.0 / map_top))
        })
        .collect::<Result<_, Stopped>>()?;
    let ssim = ssim_indexed(original, indexed, control)?;
    Ok(Comparison { error: Tally::merged(tallies).error(ssim), delta_e_map: map })
}

/// The squared error of each pixel, mean of (e)² over its three channels, in 8-bit sRGB codes: 255 stands for
/// `map_top` and more; 0 for hidden pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn squared_error_map(
    original: &[[u8; 4]],
    indexed: Indexed<'_>,
    map_top: f32,
    control: &Control<'_>,
) -> Result<Vec<u8>, Stopped> {
    let entries: Vec<[u8; 3]> = indexed.palette.iter().map(|&c| over_white(c)).collect();
    let width = indexed.width.max(1);
    let mut map = vec![0u8; original.len()];
    map.par_chunks_mut(width).zip(original.par_chunks(width)).enumerate().try_for_each(|(y, (map, original))| {
        control.check()?;
        for ((out, &c), k) in map.iter_mut().zip(original).zip(indexed.row(y)).filter(|((_, c), _)| c[3] > 0) {
            let pairs = over_white(c).into_iter().zip(entries[k]);
            let sum: u32 = pairs.map(|(x, y)| u32::from(x.abs_diff(y)).pow(2)).sum();
            *out = map_byte(sum as f32 / 3.0, 255.0 / map_top);
        }
        Ok(())
    })?;
    Ok(map)
}

/// The palette in all the coordinates that are compared.
struct Entries {
    rgb: Vec<[u8; 3]>,
    lab: Vec<[f32; 3]>,
}

impl Entries {
    fn new(palette: &[[u8; 4]]) -> Self {
        let rgb: Vec<[u8; 3]> = palette.iter().map(|&c| over_white(c)).collect();
        // Tiles have many palettes.
        Self { lab: rgb.par_iter().map(|&c| lab_from_srgb8(c)).collect(), rgb }
    }
}

pub(super) fn map_byte(error: f32, scale: f32) -> u8 {
    (error * scale).min(255.0) as u8
}

struct Tally {
    pixels: u64,
    signal: u64,
    noise: u64,
    max_abs: u8,
    delta_e_sum: f64,
    delta_e_max: f32,
    steps: Vec<u64>,
}

impl Tally {
    fn empty() -> Self {
        Self { pixels: 0, signal: 0, noise: 0, max_abs: 0, delta_e_sum: 0.0, delta_e_max: 0.0, steps: vec![0; STEPS] }
    }

    /// Of colours, the places of their entries and how many pixels have each.
    fn of(
        original: &[[u8; 4]],
        mut places: impl Iterator<Item = usize>,
        count: impl Fn(usize) -> u32,
        entries: &Entries,
        map: &mut [u8],
        map_scale: f32,
    ) -> Self {
        let mut t = Self::empty();
        let (mut colors, mut at, light) = ([[0; 3]; LANES], [0; LANES], light_of_codes());
        for (block, (original, map)) in original.chunks(LANES).zip(map.chunks_mut(LANES)).enumerate() {
            for (i, (&c, k)) in original.iter().zip(&mut places).enumerate() {
                (colors[i], at[i]) = (over_white(c), k);
            }
            let differences = widest(Differences { light, entries, colors: &colors, places: &at });
            for (i, (_, out)) in original.iter().zip(map).enumerate().filter(|(_, (c, _))| c[3] > 0) {
                t.add(colors[i], entries.rgb[at[i]], differences[i], count(block * LANES + i));
                *out = map_byte(differences[i], map_scale);
            }
        }
        t
    }

    /// `count` pixels of one colour and one code.
    #[inline]
    fn add(&mut self, x: [u8; 3], y: [u8; 3], delta_e: f32, count: u32) {
        let (mut signal, mut noise) = (0, 0);
        for (x, y) in x.into_iter().zip(y) {
            let e = x.abs_diff(y);
            signal += u64::from(x) * u64::from(x);
            noise += u64::from(e) * u64::from(e);
            self.max_abs = self.max_abs.max(e);
        }
        let n = u64::from(count);
        self.signal += n * signal;
        self.noise += n * noise;
        self.pixels += n;
        self.delta_e_sum += f64::from(delta_e) * f64::from(count);
        self.delta_e_max = self.delta_e_max.max(delta_e);
        self.steps[((delta_e * STEPS_PER_UNIT) as usize).min(STEPS - 1)] += n;
    }

    fn merged(tallies: Vec<Tally>) -> Self {
        tallies.into_iter().fold(Self::empty(), |mut all, t| {
            all.pixels += t.pixels;
            all.signal += t.signal;
            all.noise += t.noise;
            all.max_abs = all.max_abs.max(t.max_abs);
            all.delta_e_sum += t.delta_e_sum;
            all.delta_e_max = all.delta_e_max.max(t.delta_e_max);
            all.steps.iter_mut().zip(t.steps).for_each(|(a, b)| *a += b);
            all
        })
    }

    fn error(&self, ssim: f64) -> ColourError {
        let n = self.pixels.max(1) as f64;
        let mse = self.noise as f64 / (3.0 * n);
        ColourError {
            pixels: self.pixels,
            mse,
            psnr_db: decibels(255.0 * 255.0, mse),
            sqnr_db: decibels(self.signal as f64, self.noise as f64),
            max_abs: self.max_abs,
            ssim,
            delta_e_mean: self.delta_e_sum / n,
            delta_e_p95: self.percentile(0.95),
            delta_e_max: f64::from(self.delta_e_max),
        }
    }

    fn percentile(&self, share: f64) -> f64 {
        let wanted = (self.pixels as f64 * share).ceil() as u64;
        let mut below = 0u64;
        for (step, &count) in self.steps.iter().enumerate() {
            below += count;
            if below >= wanted {
                return if step == 0 { 0.0 } else { (step as f64 + 0.5) / f64::from(STEPS_PER_UNIT) };
            }
        }
        0.0
    }
}

/// Colours that are compared together.
const LANES: usize = 16;

/// CIEDE2000 of up to [`LANES`] colours and their entries.
struct Differences<'a> {
    light: &'a [f32; 256],
    entries: &'a Entries,
    colors: &'a [[u8; 3]; LANES],
    places: &'a [usize; LANES],
}

impl Kernel for Differences<'_> {
    type Out = [f32; LANES];

    #[inline(always)]
    fn run(self) -> Self::Out {
        let (mut light, mut lab, mut out) = ([[0.0f32; LANES]; 3], [[0.0f32; LANES]; 3], [0.0; LANES]);
        for i in 0..LANES {
            for c in 0..3 {
                light[c][i] = self.light[usize::from(self.colors[i][c])];
                lab[c][i] = self.entries.lab[self.places[i]][c];
            }
        }
        for i in 0..LANES {
            let color = lab_from_linear([light[0][i], light[1][i], light[2][i]]);
            out[i] = delta_e2000(color, [lab[0][i], lab[1][i], lab[2][i]]);
        }
        out
    }
}
