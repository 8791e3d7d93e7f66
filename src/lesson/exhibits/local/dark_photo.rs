//! A dark photo with one bright pixel, coded as weights are: sixteen greys, their steps set by one scale for the
//! picture, by a clipped one, or by one for each tile.
//!
//! The photo is made eight times darker and shown eight times brighter, so that the steps are seen.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::standalone;
use crate::engine::colour::luma_from_srgb8;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::{decibels, over_white};
use crate::engine::rate::Rate;
use crate::picture::Picture;
use crate::picture::image::Image;

/// How the picture's scales are shared, and what a class is told of it.
pub const CASES: [(&str, &str); 3] = [
    ("int4-tensor-affine", "One scale"),
    ("int4-tensor-affine-p99.9", "One scale, clipped"),
    ("int4-t16-affine", "A scale for each 16 × 16"),
];

/// The photo's greys are divided by it.
const DARKER: f32 = 8.0;
/// Pixels looked at: a subsample of a larger photo.
const MOST: usize = 400_000;

/// The dark photo with its bright pixel, and what each of [`CASES`] makes of it.
#[derive(Clone, Debug)]
pub struct DarkPhoto {
    /// Pixels across, after a large photo is subsampled.
    pub width: u32,
    /// Pixels down, after a large photo is subsampled.
    pub height: u32,
    /// As it is, brightened.
    pub original: Arc<Picture>,
    /// Where the bright pixel is.
    pub pixel: (u32, u32),
    /// One for each of [`CASES`], in their order.
    pub cases: Vec<Case>,
}

/// The dark photo under one format.
#[derive(Clone, Debug)]
pub struct Case {
    /// The format's name, as in [`CASES`].
    pub name: &'static str,
    /// Brightened.
    pub picture: Arc<Picture>,
    /// The PSNR of the brightened picture, without the bright pixel.
    pub psnr_db: f64,
    /// Bits of the whole picture, scales included.
    pub rate: Rate,
    /// Different greys of the result.
    pub greys: usize,
}

/// One pixel made `factor` times as bright as the brightest, up to white.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn measure(image: &Image, factor: f32, control: &Control<'_>) -> Result<DarkPhoto, Stopped> {
    let small = image.preview(MOST);
    let (width, height) = (small.width as usize, small.height as usize);
    let dark = |&c: &[u8; 4]| (luma_from_srgb8(over_white(c)) / DARKER).floor();
    let mut greys: Vec<f32> = small.rgba.iter().map(dark).collect();
    control.check()?;
    let bright = height / 2 * width + width / 2;
    let most = greys.iter().copied().fold(1.0, f32::max);
    if let Some(grey) = greys.get_mut(bright).filter(|_| factor > 1.0) {
        *grey = (most * factor).min(255.0);
    }
    let original = brightened(&greys);
    let mut cases = Vec::new();
    for (k, (name, _)) in CASES.into_iter().enumerate() {
        let coded = standalone::code(Format::built_in(name), &greys, width, control)?;
        let shown = brightened(&coded.decoded);
        cases.push(Case {
            name,
            psnr_db: psnr(&original, &shown, bright),
            picture: picture(&shown, &small),
            rate: coded.rate,
            greys: shown.iter().collect::<HashSet<_>>().len(),
        });
        control.progress((k + 1) as f32 / CASES.len() as f32);
    }
    Ok(DarkPhoto {
        width: small.width,
        height: small.height,
        original: picture(&original, &small),
        pixel: ((bright % width.max(1)) as u32, (bright / width.max(1)) as u32),
        cases,
    })
}

fn brightened(greys: &[f32]) -> Vec<u8> {
    greys.iter().map(|g| (g * DARKER).round().clamp(0.0, 255.0) as u8).collect()
}

fn picture(greys: &[u8], like: &Image) -> Arc<Picture> {
    let palette = (0..=255u8).map(|v| [v, v, v, 255]).collect();
    Arc::new(Picture::new_indexed(like.width, like.height, greys.to_vec(), palette))
}

fn psnr(original: &[u8], shown: &[u8], without: usize) -> f64 {
    let pairs = original.iter().zip(shown).enumerate().filter(|(i, _)| *i != without);
    let squares: f64 = pairs.map(|(_, (&a, &b))| (f64::from(a) - f64::from(b)).powi(2)).sum();
    decibels(255.0 * 255.0 * original.len().saturating_sub(1) as f64, squares)
}
