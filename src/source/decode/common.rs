//! What all formats share: limits, the decoder of the `image` crate, and its faults told apart.

use std::error::Error;
use std::io::{self, Cursor};

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

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
    Ok(Raster { pixels, model, codes_mean, orientation, exif, notes })
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
    })
}
