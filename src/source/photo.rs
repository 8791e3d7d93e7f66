//! A photo file: decoded upright to 8-bit sRGB codes, with notes of what was done on the way.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::error::Cause;
use super::image::Image;

#[derive(Debug)]
pub struct Photo {
    pub name: String,
    pub path: Option<PathBuf>,
    pub file_bytes: u64,
    /// "PNG", "JPEG", …
    pub format: &'static str,
    pub image: Arc<Image>,
    /// What the reader of the figures should know: sentences without a full stop.
    pub notes: Vec<String>,
}

/// 256 mebipixels: a 16-bit RGBA decode of it takes 2 GiB.
const MOST_PIXELS: u64 = 1 << 28;
const MOST_BYTES: u64 = 4 << 30;

impl Photo {
    pub(super) fn decode(
        name: String,
        path: Option<PathBuf>,
        format: ImageFormat,
        bytes: &[u8],
    ) -> Result<Self, Cause> {
        let kind = kind_name(format);
        let explain = |e: ImageError| explain(kind, e);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MOST_BYTES);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(explain)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(Cause::TooLarge(format!(
                "{width} × {height} pixels are too many; up to 268 megapixels can be opened"
            )));
        }
        if width == 0 || height == 0 {
            return Err(Cause::Malformed(format!("the {kind} has no pixels ({width} × {height})")));
        }
        let mut notes = notes_before(&mut decoder, format, bytes);
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut decoded = DynamicImage::from_decoder(decoder).map_err(explain)?;
        if orientation != Orientation::NoTransforms {
            decoded.apply_orientation(orientation);
            notes.push("turned upright as its EXIF orientation says".to_owned());
        }
        let (width, height) = (decoded.width(), decoded.height());
        let rgba = rgba_of(decoded);
        let image = Arc::new(Image::new(width, height, rgba));
        Ok(Self { name, path, file_bytes: bytes.len() as u64, format: kind, image, notes })
    }
}

fn notes_before(decoder: &mut impl ImageDecoder, format: ImageFormat, bytes: &[u8]) -> Vec<String> {
    let mut notes = Vec::new();
    match decoder.color_type() {
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => {
            notes.push("16-bit channels reduced to 8 bits".to_owned());
        }
        ColorType::Rgb32F | ColorType::Rgba32F => notes.push("floating-point channels reduced to 8 bits".to_owned()),
        _ => {}
    }
    if matches!(decoder.original_color_type(), ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16) {
        notes.push("CMYK converted to RGB without a colour profile".to_owned());
    }
    if decoder.icc_profile().ok().flatten().is_some_and(|p| !mentions_srgb(&p)) {
        notes.push("its colour profile is not applied: codes are taken as sRGB".to_owned());
    }
    if is_animated(format, bytes) {
        notes.push("the first frame of an animation".to_owned());
    }
    notes
}

fn mentions_srgb(profile: &[u8]) -> bool {
    let wide: Vec<u8> = "sRGB".encode_utf16().flat_map(u16::to_be_bytes).collect();
    profile.windows(4).any(|w| w == b"sRGB") || profile.windows(8).any(|w| w == wide)
}

fn is_animated(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        // A second image separator cannot be told from data without decoding; the loop extension can.
        ImageFormat::Gif => bytes.windows(11).any(|w| w == b"NETSCAPE2.0"),
        ImageFormat::WebP => bytes.get(12..4096.min(bytes.len())).is_some_and(|b| b.windows(4).any(|w| w == b"ANIM")),
        ImageFormat::Png => bytes.get(..4096.min(bytes.len())).is_some_and(|b| b.windows(4).any(|w| w == b"acTL")),
        _ => false,
    }
}

fn rgba_of(decoded: DynamicImage) -> Vec<[u8; 4]> {
    match decoded {
        // The common case without a second full copy in between.
        DynamicImage::ImageRgb8(rgb) => rgb.pixels().map(|p| [p.0[0], p.0[1], p.0[2], 255]).collect(),
        other => other.into_rgba8().pixels().map(|p| p.0).collect(),
    }
}

fn kind_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Tiff => "TIFF",
        _ => "picture",
    }
}

fn explain(kind: &str, error: ImageError) -> Cause {
    let text = error.to_string().replace(['\n', '\r'], " ");
    let lower = text.to_lowercase();
    match error {
        ImageError::Limits(_) => Cause::TooLarge(format!("the {kind} would need too much memory ({text})")),
        ImageError::Unsupported(_) => Cause::Unsupported(format!("this kind of {kind} cannot be read ({text})")),
        _ if ["unexpected end", "unexpected eof", "truncated", "failed to fill", "no more bytes", "more data"]
            .iter()
            .any(|sign| lower.contains(sign)) =>
        {
            Cause::Malformed(format!("the {kind} is cut short ({text})"))
        }
        _ => Cause::Malformed(format!("the {kind} is damaged ({text})")),
    }
}
