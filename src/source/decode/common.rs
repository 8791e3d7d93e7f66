//! What all formats share: limits, the decoder of the `image` crate, and its faults told apart.

use std::error::Error;
use std::io::{self, Cursor};
use std::ops::Range;

use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ExtendedColorType, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    RgbImage, RgbaImage,
};

use super::raster::{CodesMean, Model, Raster};
use crate::picture::edits::MOST_PIXELS;
use crate::source::error::Cause;

const MOST_BYTES: u64 = 4 << 30;

/// A picture of up to this size is opened however short its file is.
const PIXELS_OF_ANY_FILE: u64 = 1 << 24;
/// Pixels that a byte of a larger picture's file may stand for. Deflate makes at most 1032 bytes of one, eight pixels
/// each where they have one bit; a WebP has no such bound, and a made-up one of 146 bytes keeps a decoder busy for long.
const PIXELS_A_BYTE: u64 = 1 << 14;

/// Decodes with the `image` crate; `name` is the format's for people.
///
/// # Errors
/// What is wrong with the file, or why it is not opened.
pub(super) fn decode(format: ImageFormat, name: &str, bytes: &[u8]) -> Result<Raster, Cause> {
    decode_with((format, name), bytes, bytes.len(), all_pixels)
}

/// [`decode`] for formats whose decoder fills rows one after another: of a file that ends early the rows that are there.
///
/// # Errors
/// As of [`decode`], and where not one row is there.
pub(super) fn decode_rows(format: ImageFormat, name: &str, bytes: &[u8]) -> Result<Raster, Cause> {
    let mut is_cut = false;
    let pixels = |decoder: Box<dyn ImageDecoder + '_>| match all_pixels(decoder) {
        Err(error) if ends_early(&error) => {
            is_cut = true;
            Ok(DynamicImage::default())
        }
        decoded => decoded,
    };
    let mut raster = decode_with((format, name), bytes, bytes.len(), pixels)?;
    if is_cut {
        let written = |filling| rows_written(format, bytes, filling);
        let (one, other) = written(0b0010_1011).zip(written(0b1101_0100)).ok_or_else(|| no_rows(name))?;
        let rows = rows_alike(&one, &other);
        raster.pixels = one;
        raster.keep_rows(name, rows, "the file is cut short")?;
    }
    Ok(raster)
}

/// What a decoder writes over this filling until it runs out of bytes.
fn rows_written(format: ImageFormat, bytes: &[u8], filling: u8) -> Option<DynamicImage> {
    let decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().ok()?;
    let ((width, height), color) = (decoder.dimensions(), decoder.color_type());
    let mut pixels = vec![filling; usize::try_from(decoder.total_bytes()).ok()?];
    // It ends early, which is known; what it has written by then is what counts.
    let _ = decoder.read_image(&mut pixels);
    match color {
        ColorType::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::Rgb8 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorType::Rgba8 => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from),
        _ => None,
    }
}

/// The rows from the first on in which two decodings of a picture agree. Where they were made with something else in
/// place of what is missing, these are the rows that are there.
pub(super) fn rows_alike(one: &DynamicImage, other: &DynamicImage) -> Range<u32> {
    let row = one.as_bytes().len() / one.height().max(1) as usize;
    let rows = one.as_bytes().chunks(row.max(1)).zip(other.as_bytes().chunks(row.max(1)));
    let mut alike = rows.map(|(a, b)| a == b);
    let Some(first) = alike.position(|alike| alike) else { return 0..0 };
    let more = alike.take_while(|&alike| alike).count();
    first as u32..(first + 1 + more) as u32
}

pub(super) fn no_rows(kind: &str) -> Cause {
    Cause::Malformed(format!("the {kind} is cut short: not one of its rows is whole"))
}

/// Says how much of a picture of this height is missing.
pub(super) fn missing_rows(why: &str, missing: u32, height: u32) -> String {
    let share = f64::from(missing) / f64::from(height.max(1)) * 100.0;
    format!("{why}: {missing} of {height} rows ({share:.1} %) are missing, and left out of the picture and its figures")
}

impl Raster {
    /// Leaves out the rows that the file does not hold, and says how many they are.
    ///
    /// # Errors
    /// Where it holds none.
    pub(super) fn keep_rows(&mut self, kind: &str, rows: Range<u32>, why: &str) -> Result<(), Cause> {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        if rows.is_empty() {
            return Err(no_rows(kind));
        }
        if rows.len() < height as usize {
            self.pixels = self.pixels.crop_imm(0, rows.start, width, rows.end - rows.start);
            self.notes.push(missing_rows(why, height - (rows.end - rows.start), height));
        }
        Ok(())
    }
}

pub(super) fn all_pixels(decoder: Box<dyn ImageDecoder + '_>) -> Result<DynamicImage, ImageError> {
    DynamicImage::from_decoder(decoder)
}

pub(super) const FIRST_FRAME: &str = "the first frame of an animation";
pub(super) const CMYK_BY_FORMULA: &str = "CMYK converted to RGB without a colour profile";

/// [`decode`] with a function of the caller's that makes the pixels once the decoder has read the headers, and with the
/// number of bytes that the picture is made of: the file may hold others.
///
/// # Errors
/// As of [`decode`].
pub(super) fn decode_with(
    (format, kind): (ImageFormat, &str),
    bytes: &[u8],
    picture_bytes: usize,
    pixels: impl FnOnce(Box<dyn ImageDecoder + '_>) -> Result<DynamicImage, ImageError>,
) -> Result<Raster, Cause> {
    let explain = |e: ImageError| explain(kind, &e);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(explain)?;
    let (width, height) = decoder.dimensions();
    check_size(kind, width, height, picture_bytes)?;
    let mut notes = notes_of(&decoder);
    let model = model_of(decoder.original_color_type());
    let codes_mean = match decoder.icc_profile() {
        Ok(profile) => profile.map_or(CodesMean::Unsaid, CodesMean::Icc),
        // As damaged as an empty one.
        Err(_) => CodesMean::Icc(Vec::new()),
    };
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let exif = decoder.exif_metadata().unwrap_or_else(|e| {
        notes.push(format!("its EXIF data, which may turn it upright, cannot be read ({e})"));
        None
    });
    let pixels = pixels(Box::new(decoder)).map_err(explain)?;
    Ok(Raster { pixels, palette: Vec::new(), model, codes_mean, orientation, exif, notes })
}

/// # Errors
/// Where a picture has no pixels, too many, or more than its file can hold.
pub(super) fn check_size(kind: &str, width: u32, height: u32, picture_bytes: usize) -> Result<(), Cause> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        let why = format!("{width} × {height} pixels are too many; up to 268 megapixels can be opened");
        return Err(Cause::TooLarge(why));
    }
    if pixels == 0 {
        return Err(Cause::Malformed(format!("the {kind} has no pixels ({width} × {height})")));
    }
    if pixels > PIXELS_OF_ANY_FILE.max(PIXELS_A_BYTE.saturating_mul(picture_bytes as u64)) {
        let claim = format!("{width} × {height} pixels in {picture_bytes} bytes");
        return Err(Cause::TooLarge(format!("the {kind} claims {claim}, which no real picture does")));
    }
    Ok(())
}

fn notes_of(decoder: &impl ImageDecoder) -> Vec<String> {
    let mut notes = Vec::new();
    match decoder.color_type() {
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => {
            notes.push("16-bit channels reduced to 8 bits".to_owned());
        }
        ColorType::Rgb32F | ColorType::Rgba32F => notes.push("floating-point channels reduced to 8 bits".to_owned()),
        _ => {}
    }
    if model_of(decoder.original_color_type()) == Model::Cmyk {
        notes.push(CMYK_BY_FORMULA.to_owned());
    }
    notes
}

fn model_of(color: ExtendedColorType) -> Model {
    use ExtendedColorType::{Cmyk8, Cmyk16, L1, L2, L4, L8, L16, La1, La2, La4, La8, La16};
    match color {
        Cmyk8 | Cmyk16 => Model::Cmyk,
        L1 | L2 | L4 | L8 | L16 | La1 | La2 | La4 | La8 | La16 => Model::Grey,
        _ => Model::Rgb,
    }
}

pub(super) fn explain(kind: &str, error: &ImageError) -> Cause {
    match error {
        ImageError::Limits(_) => Cause::TooLarge(format!("the {kind} would need too much memory ({error})")),
        ImageError::Unsupported(_) => Cause::Unsupported(format!("this kind of {kind} cannot be read ({error})")),
        _ if ends_early(error) => Cause::Malformed(format!("the {kind} is cut short ({error})")),
        _ => Cause::Malformed(format!("the {kind} is damaged ({error})")),
    }
}

/// Whether the decoder ran out of bytes, which may be the cause of the cause that it names.
pub(super) fn ends_early(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&e| e.source());
    causes.any(|cause| {
        let wrapped = match cause.downcast_ref::<ImageError>() {
            Some(ImageError::IoError(e)) => Some(e),
            _ => cause.downcast_ref::<io::Error>(),
        };
        wrapped.is_some_and(|e| e.kind() == io::ErrorKind::UnexpectedEof)
            || matches!(cause.downcast_ref(), Some(gif::DecodingError::UnexpectedEof))
    })
}
