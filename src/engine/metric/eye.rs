//! What models of the eye make of a reduction: SSIMULACRA2, butteraugli, and the colours that are left from afar.
//!
//! - SSIMULACRA2: 100 for equal pictures, 90 hardly seen, 70 good, 50 fair; below about 20 it ranks badly. Source: Jon
//!   Sneyers, "SSIMULACRA 2" (2022), as in `fast-ssim2`.
//! - butteraugli: 0 for equal pictures, below 1 hardly seen. Its map of differences as a 3-norm (the mean of the norms of
//!   exponent 3, 6 and 12, as libjxl has it) and as its maximum. Source: libjxl, as in the crate `butteraugli`.
//! - From afar: [`oklab_afar`].
//!
//! Both pictures are laid over white; where the original has alpha 0 both are white, so that nothing differs there.
//! Cost: 0.27 s a megapixel for SSIMULACRA2 and 0.43 s for butteraugli on one core, which run beside each other; 104 bytes
//! a pixel for the first up to 10 megapixels, about 250 MB for the second. At 12 megapixels both take 0.6 GB. They
//! stop between two scales of SSIMULACRA2 and two strips of butteraugli, half a second for one megapixel.

use butteraugli::{ButteraugliParams, Img, RGB8};
use enough::{Stop, StopReason};
use fast_ssim2::{PixelDescriptor, PixelSlice, Ssimulacra2Config, Ssimulacra2Error};

use super::afar::oklab_afar;
use super::colour::over_white;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Indexed;

/// How far a reduction is from the original for an eye; what cannot be measured is not there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EyeError {
    /// SSIMULACRA2: 100 for equal pictures, less for others, also below 0.
    pub ssimulacra2: Option<f64>,
    /// The 3-norm of butteraugli's map of differences: 0 for equal pictures.
    pub butteraugli_3norm: Option<f64>,
    /// The largest of butteraugli's differences.
    pub butteraugli_max: Option<f64>,
    /// The mean Oklab distance × 100 of both pictures, blurred as distance does.
    pub afar: f64,
}

impl EyeError {
    /// Pixels that a picture must have both ways for [`EyeError::ssimulacra2`] and butteraugli.
    pub const LEAST_SIDE: usize = 8;

    /// Compares a photo with an indexed picture of the same size; every code must be within the palette.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn measure(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<Self, Stopped> {
        let pair = Pair::new(original, indexed);
        let (ssimulacra2, norms) = rayon::join(|| pair.ssimulacra2(control), || pair.butteraugli(control));
        let (ssimulacra2, norms) = (ssimulacra2?, norms?);
        control.progress(0.8);
        Ok(Self {
            ssimulacra2,
            butteraugli_3norm: norms.as_ref().map(Norms::third),
            butteraugli_max: norms.map(|norms| norms.max),
            afar: oklab_afar(original, indexed, control)?,
        })
    }

    /// The figures by the names that files give them.
    pub fn named(&self) -> [(&'static str, Option<f64>); 4] {
        [
            ("ssimulacra2", self.ssimulacra2),
            ("butteraugli_3norm", self.butteraugli_3norm),
            ("butteraugli_max", self.butteraugli_max),
            ("afar", Some(self.afar)),
        ]
    }
}

/// SSIMULACRA2 of a photo and an indexed picture of the same size; none where a side has fewer pixels than
/// [`EyeError::LEAST_SIDE`].
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn ssimulacra2(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<Option<f64>, Stopped> {
    Pair::new(original, indexed).ssimulacra2(control)
}

/// Pixels up to which SSIMULACRA2 is measured on the picture as a whole, 104 bytes each: one gigabyte. Larger pictures are
/// measured in strips of so many rows, a quarter of the bytes: on noise at 1, 6 and 12 megapixels the figure came out
/// 0.02, 0.08 and 0.15 higher, with more rows around each strip 0.12, and so it is not the way of smaller ones.
const WHOLE: usize = 10_000_000;
const ROWS: usize = 512;
/// Pixels that butteraugli measures at once, 151 bytes each, and the rows more above and below that its filters reach:
/// with them the strips' differences are those of the whole to the last bit.
const STRIP: usize = 1_000_000;
const HALO: usize = butteraugli::HALO_ROWS_DEFAULT;

/// Both pictures as they look on white paper, row by row.
struct Pair {
    pictures: [Vec<[u8; 3]>; 2],
    width: usize,
    height: usize,
}

impl Pair {
    fn new(original: &[[u8; 4]], indexed: Indexed<'_>) -> Self {
        let (width, height) = (indexed.width, original.len() / indexed.width.max(1));
        let entries: Vec<[u8; 3]> = indexed.palette.iter().map(|&c| over_white(c)).collect();
        let places = (0..height).flat_map(|y| indexed.row(y));
        let reduced = original.iter().zip(places).map(|(c, k)| if c[3] == 0 { [u8::MAX; 3] } else { entries[k] });
        Self { pictures: [original.iter().map(|&c| over_white(c)).collect(), reduced.collect()], width, height }
    }

    fn is_large_enough(&self) -> bool {
        self.width.min(self.height) >= EyeError::LEAST_SIDE
    }

    fn ssimulacra2(&self, control: &Control<'_>) -> Result<Option<f64>, Stopped> {
        control.check()?;
        if !self.is_large_enough() {
            return Ok(None);
        }
        let (Ok(width), Ok(height)) = (u32::try_from(self.width), u32::try_from(self.height)) else { return Ok(None) };
        let slice = |picture| PixelSlice::new(picture, width, height, 3 * self.width, PixelDescriptor::RGB8_SRGB);
        let [Ok(original), Ok(reduced)] = self.pictures.each_ref().map(|picture| slice(picture.as_flattened())) else {
            return Ok(None);
        };
        let config = if self.width * self.height > WHOLE {
            Ssimulacra2Config::strips(ROWS)
        } else {
            Ssimulacra2Config::default()
        };
        let watch = Watch(*control);
        match fast_ssim2::compute_ssimulacra2_with_config(&original, &reduced, &config.with_stop(&watch)) {
            Ok(score) => Ok(Some(score)),
            Err(Ssimulacra2Error::Cancelled(_)) => Err(Stopped),
            // It is larger than the metric takes.
            Err(_) => Ok(None),
        }
    }

    fn butteraugli(&self, control: &Control<'_>) -> Result<Option<Norms>, Stopped> {
        let mut norms = Norms::default();
        if !self.is_large_enough() {
            return Ok(None);
        }
        let params = ButteraugliParams::default().with_compute_diffmap(true);
        // An even number, since it also looks at every second row.
        let rows = (STRIP / self.width).max(HALO).next_multiple_of(2);
        for start in (0..self.height).step_by(rows) {
            control.check()?;
            let end = (start + rows).min(self.height);
            let (top, bottom) = (start.saturating_sub(HALO), (end + HALO).min(self.height));
            let [original, reduced] = self.pictures.each_ref().map(|picture| {
                let strip = &picture[top * self.width..bottom * self.width];
                Img::new(strip.iter().map(|&c| RGB8::from(c)).collect::<Vec<_>>(), self.width, bottom - top)
            });
            let found = butteraugli::butteraugli(original.as_ref(), reduced.as_ref(), &params);
            let Some(map) = found.ok().and_then(|found| found.diffmap) else { return Ok(None) };
            map.rows().take(end - top).skip(start - top).for_each(|row| norms.add(row));
        }
        Ok(Some(norms))
    }
}

/// What is summed up of butteraugli's map of differences.
#[derive(Default)]
struct Norms {
    pixels: f64,
    max: f64,
    /// Σd³, Σd⁶, Σd¹².
    powers: [f64; 3],
}

impl Norms {
    fn add(&mut self, row: &[f32]) {
        for &d in row {
            let d = f64::from(d);
            let cubed = d * d * d;
            self.max = self.max.max(d);
            for (sum, power) in self.powers.iter_mut().zip([cubed, cubed.powi(2), cubed.powi(4)]) {
                *sum += power;
            }
        }
        self.pixels += row.len() as f64;
    }

    fn third(&self) -> f64 {
        let norms = self.powers.iter().zip([3.0, 6.0, 12.0]).map(|(sum, p)| (sum / self.pixels).powf(1.0 / p));
        norms.sum::<f64>() / 3.0
    }
}

/// A stop flag as the metric looks at it: once a scale, or once a strip.
struct Watch<'a>(Control<'a>);

impl Stop for Watch<'_> {
    fn check(&self) -> Result<(), StopReason> {
        self.0.check().map_err(|Stopped| StopReason::Cancelled)
    }
}
