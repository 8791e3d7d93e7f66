//! A photo under a number format: each channel's values go the way of a tensor's weights.
//!
//! The values are sRGB codes less 128, a matrix for each channel with a row for each line of pixels: blocks
//! and groups run along the lines. Where a block does not divide the line, the line is filled up with its
//! last pixel, which is counted. Alpha stays as it is, at 8 bits a pixel where there is any.

use std::sync::Arc;
use std::time::Instant;

use super::counted::{heat_map, histogram};
use super::reconstruct::reconstruct;
use crate::engine::control::{Control, Failure};
use crate::engine::format::{Format, Group, LevelRule, Stored, stored_as};
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::metric::{compare_indexed, psnr_afar};
use crate::engine::rate::Rate;
use crate::palette::Entry;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::report::ERROR_MAP_DELTA_E;
use crate::run::report::NumberReport;
use crate::run::report::PhotoReport;
use crate::source::planes::{MIDDLE, planes};
use crate::spec::{PhotoSpec, Stage, TensorSpec};

/// A picture of any colours is one with a palette for each tile of this side: as many entries as pixels.
const SIDE: usize = 16;
/// Colours of a result that are listed.
const LISTED: usize = 256;

/// The photo under `format`, with every figure.
///
/// # Errors
/// `Stopped`, or why the photo's planes cannot be coded.
pub(super) fn reduce(
    image: &Image,
    spec: &PhotoSpec,
    format: Format,
    control: &Control<'_>,
) -> Result<PhotoReport, Failure> {
    let start = Instant::now();
    let (rgba, rate) = code(image, format, control)?;
    let quantize_time = start.elapsed();
    let (codes, palette, tiles) = as_tiles(&rgba, image.width as usize);
    let indexed = Indexed { width: image.width as usize, codes: &codes, palette: &palette, tiles: Some(tiles) };
    let found = compare_indexed(&image.rgba, indexed, ERROR_MAP_DELTA_E, control)?;
    control.progress(0.85);
    let psnr_afar_db = psnr_afar(&image.rgba, indexed, control)?;
    let result = Image::new(image.width, image.height, rgba);
    let colours = result.colours();
    let counted = || colours.keys.iter().copied().zip(result.colour_counts().iter().map(|&n| u64::from(n)));
    let mut entries: Vec<Entry> = counted().map(|(rgba, count)| Entry { rgba, count }).collect();
    entries.sort_by(|a, b| b.count.cmp(&a.count).then(a.rgba.cmp(&b.rgba)));
    entries.truncate(LISTED);
    Ok(PhotoReport {
        spec: spec.clone(),
        stage: Stage::Full,
        rate,
        histogram: histogram(counted()),
        picture: Arc::new(Picture::new_tiled(image.width, image.height, codes, palette, Some(tiles))),
        error_map: heat_map(image, found.delta_e_map),
        error: found.error,
        psnr_afar_db,
        palette: entries,
        tiles: None,
        tile_allocation: None,
        numbers: Some(NumberReport { format, colors: colours.len(), note: note(image, format) }),
        quantize_time,
    })
}

/// What the photo decodes to, and its bits.
fn code(image: &Image, format: Format, control: &Control<'_>) -> Result<(Vec<[u8; 4]>, Rate), Failure> {
    let width = image.width as usize;
    let model = planes(image, row_multiple(format, width));
    let row = model.tensors.first().map_or(width, |t| t.row_len());
    let mut rgba = image.rgba.clone();
    let mut rate = Rate::default();
    for plane in 0..model.tensors.len() {
        control.progress(plane as f32 / model.tensors.len() as f32 * 0.6);
        let unwatched = |_: f32| {};
        let quiet = control.with_progress(&unwatched);
        let found = reconstruct(&model, TensorSpec { tensor: plane, format }, &quiet)?;
        let channels = if model.tensors.len() == 1 { 0..3 } else { plane..plane + 1 };
        for (pixels, values) in rgba.chunks_mut(width).zip(found.values.chunks(row)) {
            for (pixel, &value) in pixels.iter_mut().zip(values).filter(|(pixel, _)| pixel[3] > 0) {
                pixel[channels.clone()].fill(code_of(value));
            }
        }
        rate = rate + without_padding(found.rate, width, row);
    }
    let alpha = if image.is_opaque() { 0 } else { image.rgba.len() as u64 * 8 };
    Ok((rgba, Rate { index_bits: rate.index_bits + alpha, samples: image.rgba.len() as u64, ..rate }))
}

fn code_of(value: f32) -> u8 {
    (value + f32::from(MIDDLE)).round().clamp(0.0, 255.0) as u8
}

/// Codes of pixels that are not there are padding.
fn without_padding(rate: Rate, width: usize, row: usize) -> Rate {
    let padding = rate.index_bits - rate.index_bits * width as u64 / row.max(1) as u64;
    Rate { index_bits: rate.index_bits - padding, padding_bits: rate.padding_bits + padding, ..rate }
}

/// What the length of a line must be a multiple of: no photo falls back to another format, as a converter's
/// tensors do.
fn row_multiple(format: Format, width: usize) -> usize {
    match format.rule {
        LevelRule::Block(kind) => match stored_as(kind, width) {
            Stored::Whole(used) if used == kind => 1,
            Stored::Flat(_) => 1,
            Stored::Whole(_) | Stored::Padded(_) | Stored::F16 => kind.block_len(),
        },
        _ => 1,
    }
}

fn note(image: &Image, format: Format) -> Option<String> {
    let (width, multiple) = (image.width as usize, row_multiple(format, image.width as usize));
    let filled = width.next_multiple_of(multiple);
    (filled > width).then(|| format!("lines of {width} pixels are filled up to {filled}: whole blocks of {multiple}"))
}

/// Which values share a scale or a codebook, in words: "each channel's values in blocks of 32 along the line".
pub fn sharing(format: Format) -> String {
    let run = |what: &str, n: usize| format!("each channel's values in {what} of {n} along the line");
    match (format.rule, format.group) {
        (LevelRule::Block(kind), _) if kind.block_len() == 1 => "each channel's values, one by one".to_owned(),
        (LevelRule::Block(kind), _) => run("blocks", kind.block_len()),
        (LevelRule::Coded(_), _) => "each channel's values, coded as a whole".to_owned(),
        (_, Group::Tensor) => "each channel's values, all with one scale or codebook".to_owned(),
        (_, Group::Row) => "each channel's values, line by line".to_owned(),
        (_, Group::Run(n)) => run("groups", n as usize),
        (_, Group::Tile(n)) => format!("each channel's values in tiles of {n} × {n}"),
    }
}

/// Any picture as codes and palettes of tiles: each pixel is an entry of its own.
fn as_tiles(rgba: &[[u8; 4]], width: usize) -> (Vec<u8>, Vec<[u8; 4]>, Tiles) {
    let tiles = Tiles::new(width, SIDE, SIDE * SIDE);
    let height = rgba.len() / width.max(1);
    let mut palette = vec![[0; 4]; tiles.count(height) * tiles.entries];
    let mut codes = Vec::with_capacity(rgba.len());
    for (y, row) in rgba.chunks(width.max(1)).enumerate() {
        for (x, &pixel) in row.iter().enumerate() {
            let code = y % SIDE * SIDE + x % SIDE;
            palette[tiles.first(x, y) + code] = pixel;
            codes.push(code as u8);
        }
    }
    (codes, palette, tiles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::photo;

    fn photo_of(width: u32, height: u32) -> Image {
        let pixel = |x: u32, y: u32| [(x * 5 % 256) as u8, (y * 7 % 256) as u8, (x * y % 256) as u8, 255];
        Image::new(width, height, (0..height).flat_map(|y| (0..width).map(move |x| pixel(x, y))).collect())
    }

    fn under(image: &Image, format: &str) -> PhotoReport {
        let spec = PhotoSpec { format: Some(format.parse().unwrap()), ..PhotoSpec::default() };
        photo::reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap()
    }

    #[test]
    fn any_picture_is_one_with_a_palette_a_tile() {
        let image = photo_of(37, 21);
        let (codes, palette, tiles) = as_tiles(&image.rgba, 37);
        let indexed = Indexed { width: 37, codes: &codes, palette: &palette, tiles: Some(tiles) };
        assert!(indexed.pixels().eq(image.rgba.iter().copied()));
    }

    #[test]
    fn more_bits_mean_less_error_and_the_bits_are_those_of_three_channels() {
        let image = photo_of(256, 40);
        let reports = ["q2_k", "q4_k", "q6_k", "q8_0"].map(|format| under(&image, format));
        assert!(reports.windows(2).all(|w| w[0].error.mse > w[1].error.mse));
        let bits = reports.each_ref().map(|r| r.rate.bits_per_sample());
        assert_eq!(bits, [2.625, 4.5, 6.5625, 8.5].map(|b| 3.0 * b));
    }

    #[test]
    fn a_line_that_is_no_whole_block_is_filled_up_and_counted() {
        let image = photo_of(200, 8);
        let report = under(&image, "q4_k");
        assert_eq!(report.rate.bits_per_sample(), 3.0 * 4.5 * 256.0 / 200.0);
        assert!(report.rate.padding_bits > 0);
        assert!(report.numbers.unwrap().note.unwrap().contains("filled up to 256"));
        assert!(report.error.psnr_db > 20.0, "and is not stored as something else: {}", report.error.psnr_db);
        assert!(under(&image, "int4-g32").numbers.unwrap().note.is_none());
    }

    #[test]
    fn hidden_pixels_stay_as_they_are_and_alpha_is_counted() {
        let mut image = photo_of(64, 8);
        image.rgba[5] = [9, 9, 9, 0];
        let image = Image::new(64, 8, image.rgba);
        let report = under(&image, "q8_0");
        assert_eq!(report.picture.pixel(5, 0), [9, 9, 9, 0]);
        assert_eq!(report.rate.bits_per_sample(), 3.0 * 8.5 + 8.0);
        assert_eq!(report.error.pixels, 64 * 8 - 1);
    }

    #[test]
    fn a_grey_photo_stays_grey_and_is_one_channel() {
        let image = Image::new(64, 4, (0..=255).map(|v: u8| [v, v, v, 255]).collect());
        let report = under(&image, "nf4");
        assert!(report.picture.indexed().unwrap().pixels().all(|c| c[0] == c[1] && c[1] == c[2]));
        assert_eq!(report.rate.bits_per_sample(), 4.5);
    }
}
