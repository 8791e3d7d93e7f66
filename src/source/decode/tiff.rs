//! TIFF 6.0: its first full picture, its profile, its alpha undone where the colours are multiplied by it.

use image::{DynamicImage, ImageFormat};

use super::common;
use super::directory::{Directory, Tagged};
use super::raster::{CodesMean, Raster};
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

const NEW_SUBFILE_TYPE: u16 = 254;
const OLD_SUBFILE_TYPE: u16 = 255;
const EXTRA_SAMPLES: u16 = 338;
const ICC_PROFILE: u16 = 34675;

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "TIFF",
    endings: &["tif", "tiff"],
    evidence: |bytes, _| (bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let Some(tagged) = Tagged::new(bytes) else { return common::decode(ImageFormat::Tiff, FORMAT.name, bytes) };
    let directories: Vec<Directory<'_>> = tagged.directories().collect();
    let pages = directories.iter().filter(|d| is_page(d)).count();
    let chosen = directories.iter().position(is_page).unwrap_or(0);
    let Some(directory) = directories.get(chosen) else { return common::decode(ImageFormat::Tiff, FORMAT.name, bytes) };
    // The decoder takes the first of the chain.
    let moved = (chosen > 0).then(|| tagged.beginning_at(directory));
    let mut raster = common::decode(ImageFormat::Tiff, FORMAT.name, moved.as_deref().unwrap_or(bytes))?;
    if let Some(profile) = directory.values(ICC_PROFILE) {
        raster.codes_mean = CodesMean::Icc(profile.to_vec());
    }
    if is_premultiplied(directory) && divide_by_alpha(&mut raster.pixels) {
        raster.notes.push("its colours, multiplied by alpha in the file, are divided by it again".to_owned());
    }
    if chosen > 0 {
        raster.notes.push("the full picture of a file that begins with a reduced one".to_owned());
    }
    if pages > 1 {
        raster.notes.push(format!("the first of {pages} pages"));
    }
    Ok(raster)
}

/// Neither a reduced picture nor a mask of another.
fn is_page(directory: &Directory<'_>) -> bool {
    const REDUCED_OR_MASK: u32 = 0b101;
    const OLD_REDUCED: u32 = 2;
    directory.number(NEW_SUBFILE_TYPE).is_none_or(|kind| kind & REDUCED_OR_MASK == 0)
        && directory.number(OLD_SUBFILE_TYPE) != Some(OLD_REDUCED)
}

fn is_premultiplied(directory: &Directory<'_>) -> bool {
    const ASSOCIATED_ALPHA: u32 = 1;
    directory.number(EXTRA_SAMPLES) == Some(ASSOCIATED_ALPHA)
}

/// Whether there is an alpha to divide by.
pub(super) fn divide_by_alpha(pixels: &mut DynamicImage) -> bool {
    match pixels {
        DynamicImage::ImageLumaA8(p) => p.pixels_mut().for_each(|p| divide(&mut p.0, 255)),
        DynamicImage::ImageRgba8(p) => p.pixels_mut().for_each(|p| divide(&mut p.0, 255)),
        DynamicImage::ImageLumaA16(p) => p.pixels_mut().for_each(|p| divide(&mut p.0, 65535)),
        DynamicImage::ImageRgba16(p) => p.pixels_mut().for_each(|p| divide(&mut p.0, 65535)),
        DynamicImage::ImageRgba32F(p) => p.pixels_mut().filter(|p| p.0[3] > 0.0).for_each(|p| {
            let alpha = p.0[3];
            p.0[..3].iter_mut().for_each(|v| *v /= alpha);
        }),
        _ => return false,
    }
    true
}

/// Rounded to the nearest; colours brighter than their alpha allows end at `full`.
fn divide<T: Copy + Into<u64> + TryFrom<u64>>(pixel: &mut [T], full: u64) {
    let Some((alpha, colors)) = pixel.split_last_mut() else { return };
    let alpha: u64 = (*alpha).into();
    if alpha == 0 {
        return;
    }
    for color in colors {
        let straight = ((*color).into() * full + alpha / 2) / alpha;
        *color = T::try_from(straight.min(full)).unwrap_or(*color);
    }
}
