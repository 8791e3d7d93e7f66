//! A photo file: decoded upright to 8-bit sRGB codes, with notes of what was done on the way.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::error::Cause;
use super::image::Image;
use super::profile::Profile;

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
        let profile = decoder.icc_profile().ok().flatten();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut decoded = DynamicImage::from_decoder(decoder).map_err(explain)?;
        if orientation != Orientation::NoTransforms {
            decoded.apply_orientation(orientation);
            notes.push("turned upright as its EXIF orientation says".to_owned());
        }
        let (width, height) = (decoded.width(), decoded.height());
        let (rgba, of_profile) = srgb_of(decoded, profile.as_deref());
        notes.extend(of_profile);
        let image = Image::new(width, height, rgba);
        if image.rgba.iter().all(|c| c[3] == 0) {
            notes.push("every pixel is fully transparent".to_owned());
        }
        let image = Arc::new(image);
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
    let cmyk = matches!(decoder.original_color_type(), ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16);
    if cmyk || (format == ImageFormat::Jpeg && jpeg_channels(bytes) == Some(4)) {
        notes.push("CMYK converted to RGB without a colour profile".to_owned());
    }
    if let Some(gamma) = png_gamma(bytes).filter(|_| format == ImageFormat::Png) {
        notes.push(format!("its gamma of 1/{gamma:.2} is not applied: codes are taken as sRGB"));
    }
    if is_animated(format, bytes) {
        notes.push("the first frame of an animation".to_owned());
    }
    notes
}

/// How many channels a JPEG's frame has: four are cyan, magenta, yellow and black.
fn jpeg_channels(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes.get(2..)?;
    loop {
        let &[0xff, marker, high, low, ..] = rest else { return None };
        match marker {
            // Filling, and markers without content.
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd8 => rest = &rest[2..],
            // A frame's header; the gaps are tables of the same row.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => return rest.get(9).copied(),
            _ => rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?,
        }
    }
}

/// The exponent's inverse of a PNG that says nothing better of its colours, where that is far from sRGB's.
fn png_gamma(bytes: &[u8]) -> Option<f64> {
    let mut rest = bytes.get(8..)?;
    let mut gamma = None;
    while let [a, b, c, d, kind @ ..] = rest {
        let content = kind.get(4..)?;
        match kind.get(..4)? {
            b"sRGB" | b"iCCP" | b"cICP" => return None,
            b"gAMA" => gamma = Some(u32::from_be_bytes(*content.first_chunk()?)),
            b"IDAT" => break,
            _ => {}
        }
        rest = content.get((u32::from_be_bytes([*a, *b, *c, *d]) as usize).checked_add(4)?..)?;
    }
    gamma.filter(|&g| g > 0 && g.abs_diff(45_455) > 2000).map(|g| 100_000.0 / f64::from(g))
}

/// The pixels as sRGB codes, and what is to be said of the profile.
fn srgb_of(decoded: DynamicImage, profile: Option<&[u8]>) -> (Vec<[u8; 4]>, Option<String>) {
    let unusable = |why: &str| Some(format!("its colour profile is not applied ({why}): codes are taken as sRGB"));
    let profile = match profile.map(Profile::parse) {
        None => return (rgba_of(decoded), None),
        Some(Err(why)) => return (rgba_of(decoded), unusable(&why)),
        Some(Ok(profile)) if profile.is_srgb() => return (rgba_of(decoded), None),
        Some(Ok(profile)) => profile,
    };
    let name = if profile.name.is_empty() { String::new() } else { format!(" ({})", profile.name) };
    let converted = Some(format!("converted to sRGB from its colour profile{name}"));
    use DynamicImage::{ImageLuma16, ImageLumaA16, ImageRgb16, ImageRgba16};
    if matches!(decoded, ImageLuma16(_) | ImageLumaA16(_) | ImageRgb16(_) | ImageRgba16(_)) {
        let wide = decoded.to_rgba16().into_raw();
        match profile.convert_wide(wide.as_chunks().0) {
            Ok(rgba) => return (rgba, converted),
            Err(why) => return (rgba_of(decoded), unusable(&why)),
        }
    }
    let mut rgba = rgba_of(decoded);
    match profile.convert(&mut rgba) {
        Ok(()) => (rgba, converted),
        Err(why) => (rgba, unusable(&why)),
    }
}

fn is_animated(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Gif => has_second_frame(bytes).unwrap_or(false),
        ImageFormat::WebP => bytes.get(12..4096.min(bytes.len())).is_some_and(|b| b.windows(4).any(|w| w == b"ANIM")),
        ImageFormat::Png => bytes.get(..4096.min(bytes.len())).is_some_and(|b| b.windows(4).any(|w| w == b"acTL")),
        _ => false,
    }
}

/// Without decoding either.
fn has_second_frame(bytes: &[u8]) -> Option<bool> {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(bytes).ok()?;
    decoder.next_frame_info().ok()??;
    Some(decoder.next_frame_info().ok()?.is_some())
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
