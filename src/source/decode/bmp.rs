//! BMP: alphas and profiles that the decoder passes over, and alphas that mean nothing.

use image::{DynamicImage, ImageFormat};

use super::common;
use super::raster::{CodesMean, Raster};
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "BMP",
    endings: &["bmp"],
    evidence: |bytes, _| (bytes.starts_with(b"BM") && has_header(bytes)).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let masked = with_masks(bytes);
    let mut raster = common::decode_rows(ImageFormat::Bmp, FORMAT.name, masked.as_deref().unwrap_or(bytes))?;
    if let Some(profile) = embedded_profile(bytes) {
        raster.codes_mean = CodesMean::Icc(profile.to_vec());
    }
    if let DynamicImage::ImageRgba8(pixels) = &mut raster.pixels
        && pixels.pixels().all(|p| p.0[3] == 0)
    {
        // Programs that know no alpha leave it 0 in what they write, and mean opaque.
        pixels.pixels_mut().for_each(|p| p.0[3] = u8::MAX);
        raster.notes.push("its alphas are all 0 and are passed over: opaque".to_owned());
    }
    Ok(raster)
}

/// "BM" begins many texts; a bitmap goes on with its header's size.
fn has_header(bytes: &[u8]) -> bool {
    matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// The profile that a header of the fifth version says is in the file; its place counts from the header.
fn embedded_profile(bytes: &[u8]) -> Option<&[u8]> {
    let header = bytes.get(14..)?;
    let word = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?) as usize);
    let is_embedded = word(0)? == 124 && header.get(56..60)? == b"DEBM";
    let profile = header.get(word(112)?..)?.get(..word(116)?)?;
    is_embedded.then_some(profile)
}

/// 32 bits a pixel without compression under a header that declares a mask of alpha: the decoder heeds the mask only
/// where the header says that it has masks, so it gets a copy that says so. The colours are where such a file has
/// them whatever its masks say. As Chromium reads it.
fn with_masks(bytes: &[u8]) -> Option<Vec<u8>> {
    const BITS: usize = 28;
    const COMPRESSION: usize = 30;
    const MASKS: usize = 54;
    const BITFIELDS: u8 = 3;
    const BLUE_GREEN_RED: [u8; 12] = [0, 0, 0xff, 0, 0, 0xff, 0, 0, 0xff, 0, 0, 0];
    let has_mask = matches!(bytes.get(14)?, 56 | 108 | 124);
    let plain = bytes.get(BITS..COMPRESSION + 4)? == [32, 0, 0, 0, 0, 0];
    let alpha = bytes.get(MASKS + 12..MASKS + 16)?;
    if !has_mask || !plain || alpha == [0; 4] {
        return None;
    }
    let mut copy = bytes.to_vec();
    *copy.get_mut(COMPRESSION)? = BITFIELDS;
    copy.get_mut(MASKS..MASKS + 12)?.copy_from_slice(&BLUE_GREEN_RED);
    Some(copy)
}
