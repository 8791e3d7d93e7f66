//! WebP without loss: the same pixels as the PNG, in a file that has no palette. Both ways of its encoder are tried, with
//! prediction from neighbours, better for photos, and without, better for few colours.
//!
//! The encoder has no palettes and repeats only the last pixel: of the sample photo under 256, 16 and 4 dithered colours
//! its files were three times the PNGs.

use std::sync::Arc;

use image_webp::{ColorType, EncoderParams, WebPEncoder};

use super::ExportError;
use super::exporter::Exporter;
use super::packed::{OfReduced, Reduced};
use crate::engine::control::Control;

/// The exporter of a reduction as a lossless WebP.
pub static WEBP: OfReduced = Exporter { label: "WebP", ending: "webp", write };

/// Pixels a side that the format has room for.
const MOST: u32 = 1 << 14;

fn write(reduced: &Reduced, control: &Control<'_>) -> Result<Arc<Vec<u8>>, ExportError> {
    let (width, height) = (reduced.picture.width, reduced.picture.height);
    if width.max(height) > MOST {
        let why = format!("a WebP has at most {MOST} pixels a side, and this has {width} × {height}");
        return Err(ExportError::Unfit(why));
    }
    let rgba = reduced.picture.rgba();
    let (samples, color): (Vec<u8>, _) = match rgba.iter().all(|c| c[3] == u8::MAX) {
        true => (rgba.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect(), ColorType::Rgb8),
        false => (rgba.into_flattened(), ColorType::Rgba8),
    };
    let encode = |predicts: bool| {
        control.check()?;
        let mut file = Vec::new();
        let mut encoder = WebPEncoder::new(&mut file);
        let mut params = EncoderParams::default();
        params.use_predictor_transform = predicts;
        encoder.set_params(params);
        encoder.encode(&samples, width, height, color).map_err(|e| ExportError::Unfit(e.to_string()))?;
        Ok::<_, ExportError>(file)
    };
    let (predicted, plain) = (encode(true)?, encode(false)?);
    Ok(Arc::new(if plain.len() < predicted.len() { plain } else { predicted }))
}
