//! Edits carried out on pixels: cut out, levels, resize, pixelate.
//!
//! Sizes change in linear light with colours multiplied by their alpha, as light adds up; then neither dark fringes nor
//! the colours of transparent pixels come in. The filter is Catmull and Rom's cubic: sharper than a mean, and with less
//! overshoot beside edges, which would take entries of a small palette, than Lanczos' of three lobes. Work is cut into
//! bands of output rows, each made of the source rows that its filter reaches, so that memory stays bounded and a stop is
//! seen soon; bands do not depend on the number of threads.
//! Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP 29 (1981).

use std::ops::Range;

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::F32x4;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::area::Area;
use super::edits::{PhotoEdits, Plan};
use super::error::EditError;
use super::image::Image;
use crate::engine::colour::{light_of_codes, srgb_code_from_linear};
use crate::engine::control::{Control, Milestones, Stopped};
use crate::engine::tasks;

/// Pixels, of the source or of the output, that a band has at most, where one row has no more.
const BAND: usize = 1 << 18;
/// Source pixels on either side that the filter reaches at the size of the source.
const REACH: f64 = 2.0;

/// The picture with its edits carried out.
///
/// # Errors
/// As of [`PhotoEdits::plan`], and [`EditError::Stopped`].
pub fn edited(image: &Image, edits: &PhotoEdits, control: &Control<'_>) -> Result<Image, EditError> {
    let Plan { area, size } = edits.plan(image.width, image.height)?;
    let mut rgba = cut(image, area);
    if let Some(levels) = edits.levels {
        let codes = levels.codes();
        let set = |c: &mut [u8; 4]| c.iter_mut().take(3).for_each(|v| *v = codes[usize::from(*v)]);
        let bands = tasks::map(rgba.chunks_mut(BAND), |_, band| {
            control.check()?;
            band.iter_mut().for_each(set);
            Ok(())
        });
        bands.into_iter().collect::<Result<(), Stopped>>()?;
    }
    if size != (area.width, area.height) {
        rgba = resized(&rgba, (area.width, area.height), size, control)?;
    }
    if edits.pixelate > 1 {
        let (width, side) = (size.0 as usize, usize::from(edits.pixelate));
        let rows = tasks::map(rgba.chunks_mut(width * side), |_, rows| {
            control.check()?;
            pixelate(rows, width, side);
            Ok(())
        });
        rows.into_iter().collect::<Result<(), Stopped>>()?;
    }
    Ok(Image::new(size.0, size.1, rgba))
}

fn cut(image: &Image, area: Area) -> Vec<[u8; 4]> {
    let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(|length| length as usize);
    let rows = image.rgba.chunks(image.width as usize).skip(y).take(height);
    rows.flat_map(|row| row.get(x..x + width).unwrap_or_default()).copied().collect()
}

/// Linear light times alpha, and alpha, each 0 to 1.
fn light_of(light: &[f32; 256], [r, g, b, a]: [u8; 4]) -> [f32; 4] {
    let alpha = f32::from(a) / 255.0;
    let of = |code: u8| light[usize::from(code)] * alpha;
    [of(r), of(g), of(b), alpha]
}

fn codes_of([r, g, b, alpha]: [f32; 4]) -> [u8; 4] {
    let a = (alpha.clamp(0.0, 1.0) * 255.0).round() as u8;
    if a == 0 {
        return [0; 4];
    }
    let code = |light: f32| srgb_code_from_linear(light / alpha).round() as u8;
    [code(r), code(g), code(b), a]
}

fn resized(
    rgba: &[[u8; 4]],
    from: (u32, u32),
    to: (u32, u32),
    control: &Control<'_>,
) -> Result<Vec<[u8; 4]>, EditError> {
    let step = f64::from(from.1) / f64::from(to.1);
    let reach = REACH * step.max(1.0);
    let in_source = (BAND as f64 / f64::from(from.0) - 2.0 * reach) / step;
    let in_output = BAND as f64 / f64::from(to.0);
    let rows = (in_source.min(in_output) as u32).clamp(1, to.1);
    let steps = Milestones::new(control, to.1.div_ceil(rows) as usize);
    let bands = tasks::map((0..to.1.div_ceil(rows) as usize).map(|band| band as u32 * rows), |_, first| {
        control.check()?;
        let band = first..(first + rows).min(to.1);
        let (top, bottom) = (f64::from(band.start) * step, f64::from(band.end) * step);
        let reached = ((top - reach).floor().max(0.0) as u32)..((bottom + reach).ceil() as u32).min(from.1);
        let made = resized_band(rgba, from.0, reached, (top, bottom), (to.0, band.end - band.start));
        steps.one_more();
        made
    });
    Ok(bands.into_iter().collect::<Result<Vec<_>, EditError>>()?.concat())
}

/// A band of `to` pixels of what lies between two heights of the source, of which rows `reached` are looked at.
fn resized_band(
    rgba: &[[u8; 4]],
    width: u32,
    reached: Range<u32>,
    (top, bottom): (f64, f64),
    to: (u32, u32),
) -> Result<Vec<[u8; 4]>, EditError> {
    let light = light_of_codes();
    let [start, end] = [reached.start, reached.end].map(|row| row as usize * width as usize);
    let pixels: Vec<F32x4> =
        rgba.get(start..end).unwrap_or_default().iter().map(|&c| F32x4::new(light_of(light, c))).collect();
    let rows = reached.end - reached.start;
    // The source is as large as its sides say, and the part lies within it: nothing below is refused.
    let impossible = |_| EditError::TooLarge;
    let source = TypedImage::from_pixels(width, rows, pixels).map_err(|_| EditError::TooLarge)?;
    let mut made = TypedImage::<F32x4>::new(to.0, to.1);
    let top = (top - f64::from(reached.start)).max(0.0);
    let height = (bottom - f64::from(reached.start) - top).min(f64::from(rows) - top);
    let filter = ResizeAlg::Convolution(FilterType::CatmullRom);
    let options = ResizeOptions::new().resize_alg(filter).use_alpha(false).crop(0.0, top, f64::from(width), height);
    Resizer::new().resize_typed(&source, &mut made, &options).map_err(impossible)?;
    Ok(made.pixels().iter().map(|pixel| codes_of(pixel.0)).collect())
}

/// Gives each block of a band of rows the mean of its pixels; those at the right and at the bottom may be smaller.
fn pixelate(rows: &mut [[u8; 4]], width: usize, side: usize) {
    let light = light_of_codes();
    for left in (0..width).step_by(side) {
        let across = left..(left + side).min(width);
        let mut sum = [0.0f64; 4];
        let mut count = 0.0;
        for pixel in rows.chunks(width).flat_map(|row| row.get(across.clone()).unwrap_or_default()) {
            sum.iter_mut().zip(light_of(light, *pixel)).for_each(|(sum, v)| *sum += f64::from(v));
            count += 1.0;
        }
        let mean = codes_of(sum.map(|sum| (sum / count) as f32));
        for row in rows.chunks_mut(width) {
            row.get_mut(across.clone()).unwrap_or_default().fill(mean);
        }
    }
}
