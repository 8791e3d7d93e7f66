//! A picture of a sound: time to the right, frequency upwards in Barks, so that a height is as much as the
//! ear makes of it; power in decibels as colours.
//!
//! Each column is a Hann-windowed Fourier transform of 1024 samples, 256 after the one before; a row shows
//! the greatest power of the frequencies it covers. Colours run from −100 dB (dark) to 0 dB, a full-scale
//! sine.

use std::f64::consts::TAU;

use rayon::prelude::*;

use super::RATE;
use super::bands::bark_of_hertz;
use super::fourier::Fourier;
use crate::engine::control::{Control, Stopped};
use crate::picture::Picture;
use crate::picture::colourmap;

/// Samples that one column looks at.
pub const WINDOW: usize = 1024;
const HOP: usize = 256;
/// Rows of the picture.
pub const ROWS: usize = 192;
/// The level of the darkest colour, in decibels; 0 is a full-scale sine.
pub const FLOOR_DB: f64 = -100.0;

/// The picture of a sound at [`RATE`]: one column for every 256 samples, one row for each of 192 equal steps in Barks.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn of(samples: &[f32], control: &Control<'_>) -> Result<Picture, Stopped> {
    let columns = samples.len().div_ceil(HOP).max(1);
    let fourier = Fourier::new(WINDOW);
    let rows = rows();
    let codes: Vec<Vec<u8>> = (0..columns)
        .into_par_iter()
        .map(|column| {
            control.check()?;
            let powers = powers(samples, column * HOP, &fourier);
            Ok(rows.iter().map(|bins| code(&powers[bins.clone()])).collect())
        })
        .collect::<Result<_, Stopped>>()?;
    let codes = (0..ROWS).flat_map(|row| codes.iter().map(move |column| column[row])).collect();
    Ok(Picture::of_scale(columns as u32, ROWS as u32, codes, &colourmap::sequential()))
}

/// The frequency at the middle of a row, counted from the top.
pub fn hertz_of_row(row: usize) -> f64 {
    let bins = rows().into_iter().nth(row).unwrap_or(0..1);
    (bins.start + bins.end - 1) as f64 / 2.0 * f64::from(RATE) / WINDOW as f64
}

/// The transform's frequencies that each row stands for, as multiples of [`RATE`] ÷ [`WINDOW`], the highest row first.
pub fn rows() -> Vec<std::ops::Range<usize>> {
    let top = bark_of_hertz(f64::from(RATE) / 2.0);
    // Barks grow with frequency: the first bin at or above a row's lower edge.
    let bin = |bark: f64| {
        (0..WINDOW / 2)
            .find(|k| bark_of_hertz(*k as f64 * f64::from(RATE) / WINDOW as f64) >= bark)
            .unwrap_or(WINDOW / 2)
    };
    let edges: Vec<usize> = (0..=ROWS).map(|row| bin(top * row as f64 / ROWS as f64)).collect();
    // Low rows are finer than the transform: they share a bin.
    let row = |r: usize| {
        let start = edges[r].min(WINDOW / 2 - 1);
        start..edges[r + 1].max(start + 1)
    };
    (0..ROWS).rev().map(row).collect()
}

fn powers(samples: &[f32], from: usize, fourier: &Fourier) -> Vec<f64> {
    let hann = |i: usize| 0.5 - 0.5 * (TAU * (i as f64 + 0.5) / WINDOW as f64).cos();
    // The column stands for the middle of its window.
    let at = |i: usize| (from + i).checked_sub(WINDOW / 2).and_then(|i| samples.get(i)).map_or(0.0, |x| f64::from(*x));
    let mut work: Vec<(f64, f64)> = (0..WINDOW).map(|i| (hann(i) * at(i), 0.0)).collect();
    fourier.transform(&mut work);
    // A sine of size 1 comes out as a quarter of the window's length.
    let full = (WINDOW as f64 / 4.0).powi(2);
    work[..WINDOW / 2].iter().map(|(re, im)| (re * re + im * im) / full).collect()
}

fn code(powers: &[f64]) -> u8 {
    let db = 10.0 * powers.iter().copied().fold(1e-20, f64::max).log10();
    (255.0 * (1.0 - db / FLOOR_DB).clamp(0.0, 1.0)).round() as u8
}
