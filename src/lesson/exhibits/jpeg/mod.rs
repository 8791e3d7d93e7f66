//! A photo as JPEG keeps it: one block on its way, the zeros, the bytes, or what rounding pixels makes of as many.

pub mod compute;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;
use crate::engine::metric::over_white;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::jpeg::compute::{JpegSpec, Transformed, pixels_in_as_many_bytes};
use crate::picture::Picture;
use crate::signal::jpeg::block::Block;
use crate::signal::jpeg::cells::{CELLS, SIDE};
use crate::signal::jpeg::plane::wave;

/// Settings of a photo as JPEG keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JpegShow {
    /// 1 to 100.
    pub quality: u8,
    /// The colours at half the width and height, as most cameras store them.
    pub half_colour: bool,
    /// Which view stands beside or below the pictures.
    pub seen: JpegSeen,
    /// A pixel of the block that is looked at; none: in the middle of the photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<[u32; 2]>,
}

/// What stands beside or below the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JpegSeen {
    /// One block: pixels, frequencies, steps, codes.
    #[default]
    Block,
    /// The block before anything is rounded: pixels and frequencies.
    Waves,
    /// How many codes of each frequency are zero, and where the others lie.
    Zeros,
    /// Estimated and real bytes.
    Sizes,
    /// The picture that pixels rounded to a palette make of no more bytes.
    Pixels,
}

impl Default for JpegShow {
    fn default() -> Self {
        let JpegSpec { quality, half_colour } = JpegSpec::default();
        Self { quality, half_colour, seen: JpegSeen::default(), at: None }
    }
}

impl JpegShow {
    /// The quality and the resolution of the colours.
    pub fn spec(&self) -> JpegSpec {
        JpegSpec { quality: self.quality, half_colour: self.half_colour }
    }

    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { quality: stop as u8, ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        let original = names(["original"], &["raw-bytes", "png-bytes"]);
        let jpeg = names(["jpeg"], &["bytes", "estimated-bytes", "psnr-db", "zero-share"]);
        let block = names(["block"], &["lost", "zeros"]);
        let waves = names(["waves"], &["slow-zero-share", "fast-zero-share", "slow-step", "fast-step"]);
        let pixels = match self.seen {
            JpegSeen::Pixels => names(["pixels"], &["bytes", "psnr-db", "colors"]),
            _ => Vec::new(),
        };
        [original, jpeg, block, waves, pixels].concat()
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let image = from.image;
        let waves = Transformed::new(image.clone(), self.half_colour, control)?;
        let report = waves.quantize(self.quality, control)?;
        let bytes = report.file.len() as u64;
        let [x, y] = self.at.unwrap_or([image.width / 2, image.height / 2]);
        let block = waves.block_at((x as usize, y as usize), self.quality);
        // How far the sum of the waves is from the pixels, in steps of brightness.
        let lost = |b: &Block| {
            let back = |i: usize| 128.0 + (0..CELLS).map(|f| b.frequencies[f] * wave(f)[i]).sum::<f32>();
            let luma = |i: usize| {
                let (across, down) = (b.place.0 * SIDE + i % SIDE, b.place.1 * SIDE + i / SIDE);
                let pixel = image.rgba.get(down * image.width as usize + across).copied().unwrap_or_default();
                let [r, g, b] = over_white(pixel).map(f32::from);
                0.299 * r + 0.587 * g + 0.114 * b
            };
            (0..CELLS).map(|i| (luma(i) - back(i)).abs()).fold(0.0f32, f32::max)
        };
        let (slow, fast) = (1, CELLS - 1);
        let mut figures = vec![
            3.0 * report.pixels as f64,
            (from.png_bytes)(&Picture::new_rgba(image.clone()))? as f64,
            bytes as f64,
            report.estimated_bits / 8.0,
            report.psnr_db,
            report.zeros as f64 / report.coefficients.max(1) as f64,
            block.as_ref().map_or(f64::NAN, |b| f64::from(lost(b))),
            block.as_ref().map_or(f64::NAN, |b| b.zeros() as f64),
            f64::from(report.zero_shares[slow]),
            f64::from(report.zero_shares[fast]),
            f64::from(report.steps[0][slow]),
            f64::from(report.steps[0][fast]),
        ];
        if self.seen == JpegSeen::Pixels {
            let rounded = pixels_in_as_many_bytes(image, bytes, control)?;
            let colors = rounded.report.palette.len();
            figures.extend([rounded.png_bytes as f64, rounded.report.error.psnr_db, colors as f64]);
        }
        Ok(figures)
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.quality, 1..=100, "a quality of {}")
    }
}
