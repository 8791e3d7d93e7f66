//! A photo under a number format: each channel's values go the way of a tensor's weights.
//!
//! The values are sRGB codes less 128, a matrix for each channel with a row for each line of pixels: blocks
//! and groups run along the lines. Where a block does not divide the line, the line is filled up with its
//! last pixel, which is counted. Alpha stays as it is, at 8 bits a pixel where there is any.

use std::ops::Range;
use std::time::Instant;

use super::decoded::Decoded;
use super::tensor::{Matrix, decode_matrix};
use crate::engine::control::Control;
use crate::engine::format::{Format, Group, LevelRule, Stored, stored_as};
use crate::engine::rate::Rate;
use crate::picture::image::Image;
use crate::run::error::RunError;
use crate::run::report::{NumberReport, PhotoCoding, PhotoReport};
use crate::spec::PhotoSpec;

/// What an sRGB code is counted from.
const MIDDLE: u8 = 128;

/// The photo under `format`, with every figure.
///
/// # Errors
/// `Stopped`, or why the photo's planes cannot be coded.
pub(super) fn reduce(image: &Image, format: Format, control: &Control<'_>) -> Result<PhotoReport, RunError> {
    let start = Instant::now();
    let (rgba, rate) = code(image, format, control)?;
    let quantize_time = start.elapsed();
    let result = Image::new(image.width, image.height, rgba);
    let numbers = NumberReport { format, colors: result.colours().len(), note: note(image, format) };
    let decoded = Decoded::of_any_colours(&result);
    drop(result);
    let what = (PhotoSpec::Numbers(format), PhotoCoding::Numbers(numbers));
    decoded.report(image, what, (rate, quantize_time), control)
}

/// A channel of a photo: values around 0, as weights are. Lines are filled up to `row` with their last pixel; hidden
/// pixels are no numbers, and so have no say in any scale and no part in any error.
pub struct Plane<'a> {
    /// The photo.
    pub image: &'a Image,
    /// 0 for red, 1 for green, 2 for blue.
    pub channel: usize,
    /// Values in a line, at least as many as the photo is wide.
    pub row: usize,
}

impl Matrix for Plane<'_> {
    fn values(&self) -> usize {
        self.image.height as usize * self.row
    }

    fn row_len(&self) -> usize {
        self.row
    }

    fn read(&self, range: Range<usize>, out: &mut Vec<f32>) {
        let (width, first) = (self.image.width as usize, range.start / self.row);
        let value = |c: &[u8; 4]| match c[3] {
            0 => f32::NAN,
            _ => f32::from(c[self.channel]) - f32::from(MIDDLE),
        };
        for (y, line) in self.image.rgba.chunks(width.max(1)).enumerate().skip(first) {
            let start = y * self.row;
            if start >= range.end {
                break;
            }
            let columns = range.start.saturating_sub(start)..(range.end - start).min(self.row);
            out.extend(columns.map(|x| value(&line[x.min(width - 1)])));
        }
    }
}

/// What the photo decodes to, and its bits.
fn code(image: &Image, format: Format, control: &Control<'_>) -> Result<(Vec<[u8; 4]>, Rate), RunError> {
    let width = image.width.max(1) as usize;
    let row = width.next_multiple_of(row_multiple(format, width));
    let planes = if image.is_grey() { 1 } else { 3 };
    let mut rgba = image.rgba.clone();
    let mut rate = Rate::default();
    for channel in 0..planes {
        control.progress(channel as f32 / planes as f32 * 0.6);
        let quiet = control.with_progress(&|_| {});
        let channels = if planes == 1 { 0..3 } else { channel..channel + 1 };
        let mut pixels =
            rgba.chunks_mut(width).flat_map(|line| line.iter_mut().map(Some).chain((width..row).map(|_| None)));
        let mut each = |part: &[f32]| {
            for (&value, pixel) in part.iter().zip(&mut pixels) {
                if let Some(pixel) = pixel.filter(|pixel| pixel[3] > 0) {
                    pixel[channels.clone()].fill(code_of(value));
                }
            }
            Ok(())
        };
        let plane = Plane { image, channel, row };
        let measured = decode_matrix::<RunError>(&plane, format, None, &mut each, &quiet)?;
        rate = rate + without_padding(measured.rate, width, row);
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
