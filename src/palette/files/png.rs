//! PNG as a palette: the one that it carries, or else its pixels' different colours. Written: a row, a pixel a colour.

use std::io::Cursor;

use png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use super::gather::Gather;
use super::kind::{Alphas, Evidence, FileKind, Write};
use crate::engine::control::Control;
use crate::palette::error::{FileFault, PaletteError};
use crate::palette::named::NamedPalette;
use crate::picture::png::indexed_png;

pub(super) static KIND: FileKind = FileKind {
    label: "PNG strip",
    known_as: "PNG",
    ending: "png",
    evidence: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(Evidence::Marked),
    read: |bytes, gather| read(bytes, gather).map(|()| None),
    write: Some(Write { alphas: Alphas::All, names: false, bytes: write }),
};

/// A strip has a few pixels a colour; this is a picture of 4096 × 4096.
const MOST_PIXELS: u64 = 1 << 24;
/// What the decoder may take besides the pixels.
const MOST_BYTES: usize = 1 << 26;

fn read(bytes: &[u8], gather: &mut Gather) -> Result<(), FileFault> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MOST_BYTES });
    // An indexed picture gives its palette alone; for the others, 8 bits a channel and the
    // transparent colour turned into alpha.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(explain)?;
    let info = reader.info();
    if info.color_type == ColorType::Indexed {
        let palette = info.palette.as_deref().ok_or("is an indexed PNG without its palette")?;
        let alphas = info.trns.as_deref().unwrap_or_default();
        let (colors, _) = palette.as_chunks::<3>();
        let mut entries = colors.iter().zip(alphas.iter().chain(std::iter::repeat(&u8::MAX)));
        return entries.try_for_each(|(&[r, g, b], &a)| gather.push_entry([r, g, b, a], ""));
    }
    let (width, height) = (info.width, info.height);
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let why = format!("is a picture of {width} × {height} pixels, too many for a palette");
        return Err(FileFault::TooLarge(why));
    }
    let len =
        reader.output_buffer_size().ok_or_else(|| FileFault::TooLarge("is too large for a palette".to_owned()))?;
    let mut pixels = vec![0; len];
    // The whole picture, as the rows of an interlaced one do not come in the order of reading.
    let frame = reader.next_frame(&mut pixels).map_err(explain)?;
    let rows = pixels.get(..frame.buffer_size()).unwrap_or_default();
    push_pixels(rows, frame.color_type, gather)
}

/// 8-bit pixels side by side: rows of 8-bit pixels have no padding.
fn push_pixels(bytes: &[u8], color_type: ColorType, gather: &mut Gather) -> Result<(), FileFault> {
    match color_type {
        ColorType::Grayscale => bytes.iter().try_for_each(|&v| gather.push([v, v, v, u8::MAX])),
        ColorType::GrayscaleAlpha => bytes.as_chunks().0.iter().try_for_each(|&[v, a]| gather.push([v, v, v, a])),
        ColorType::Rgb => bytes.as_chunks().0.iter().try_for_each(|&[r, g, b]| gather.push([r, g, b, u8::MAX])),
        ColorType::Rgba => bytes.as_chunks().0.iter().try_for_each(|&rgba| gather.push(rgba)),
        ColorType::Indexed => Err("is a PNG that could not be decoded".into()),
    }
}

fn explain(error: DecodingError) -> FileFault {
    match error {
        DecodingError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            "is a PNG that is cut short".into()
        }
        DecodingError::LimitsExceeded => FileFault::TooLarge("is a PNG that would need too much memory".to_owned()),
        other => format!("is a damaged PNG ({other})").into(),
    }
}

fn write(_name: &str, palette: &NamedPalette) -> Result<Vec<u8>, PaletteError> {
    let colors = palette.written();
    let codes: Vec<u8> = (0..=u8::MAX).take(colors.len()).collect();
    Ok(indexed_png(colors.len() as u32, 1, &codes, colors, &Control::unwatched())?)
}
