//! Picture files → pixels, a file a format: what their decoder leaves out is read here, and what it cannot do
//! is told from the headers and refused in one line.

mod bmp;
mod common;
mod directory;
mod exif;
mod jpeg;
mod png;
mod raster;
mod tiff;
mod webp;

use ::image::ImageFormat;

pub use raster::{CodesMean, Model, Raster};

use super::error::Cause;

/// Decodes a picture, not yet turned upright and not yet converted to sRGB.
///
/// # Errors
/// What is wrong with it, or why it is not opened.
pub fn decode(format: ImageFormat, bytes: &[u8]) -> Result<Raster, Cause> {
    let mut raster = match format {
        ImageFormat::Bmp => bmp::decode(bytes),
        ImageFormat::Jpeg => jpeg::decode(bytes),
        ImageFormat::Png => png::decode(bytes),
        ImageFormat::Tiff => tiff::decode(bytes),
        ImageFormat::WebP => webp::decode(bytes),
        _ => common::decode(format, bytes),
    }?;
    if let (CodesMean::Unsaid, Some(exif)) = (&raster.codes_mean, &raster.exif) {
        raster.codes_mean = exif::codes_mean(exif);
    }
    Ok(raster)
}

pub use common::kind_name;
