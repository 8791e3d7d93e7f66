//! PNG files: the indexed one of a reduction, and the full-colour one it is compared with.
//!
//! Both come from the same encoder at the same effort, so that their sizes can be compared.

use std::io::Write;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::engine::control::{Control, Stopped};
use crate::picture::{Picture, Pixels};
use crate::source::image::Image;

const EFFORT: Compression = Compression::Balanced;
/// Rows handed to the compressor between two looks at the stop flag.
const ROWS: usize = 64;

/// The indexed PNG of a reduction. A picture that is not indexed gives an empty file.
///
/// # Errors
/// `Stopped` when the work was cancelled, here and below.
pub fn of_picture(picture: &Picture, control: &Control<'_>) -> Result<Vec<u8>, Stopped> {
    match &picture.pixels {
        Pixels::Indexed { codes, palette } => indexed(picture.width, picture.height, codes, palette, control),
        Pixels::Rgba(_) => Ok(Vec::new()),
    }
}

/// An indexed PNG at the smallest bit depth that holds the palette, the entries in their order.
pub fn indexed(
    width: u32,
    height: u32,
    codes: &[u8],
    palette: &[[u8; 4]],
    control: &Control<'_>,
) -> Result<Vec<u8>, Stopped> {
    let (depth, bits) = match palette.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(palette.iter().flat_map(|c| [c[0], c[1], c[2]]).collect::<Vec<u8>>());
    let translucent = palette.iter().rposition(|c| c[3] < 255).map_or(0, |last| last + 1);
    if translucent > 0 {
        encoder.set_trns(palette[..translucent].iter().map(|c| c[3]).collect::<Vec<u8>>());
    }
    encoder.set_compression(EFFORT);
    // Codes are names, not amounts: differences between neighbours say nothing.
    encoder.set_filter(Filter::NoFilter);
    let rows = codes.chunks(width as usize).map(|row| packed(row, bits));
    write_rows(encoder, rows, height as usize, control)?;
    Ok(out)
}

/// The size in bytes of the photo as a 24-bit PNG (32-bit where it has transparency).
pub fn full_colour_size(image: &Image, control: &Control<'_>) -> Result<u64, Stopped> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, image.width, image.height);
    let opaque = image.is_opaque();
    encoder.set_color(if opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(EFFORT);
    encoder.set_filter(Filter::Adaptive);
    let channels = if opaque { 3 } else { 4 };
    let rows = image.rgba.chunks(image.width as usize).map(|row| {
        let mut bytes = Vec::with_capacity(row.len() * channels);
        row.iter().for_each(|c| bytes.extend_from_slice(&c[..channels]));
        bytes
    });
    write_rows(encoder, rows, image.height as usize, control)?;
    Ok(out.len() as u64)
}

fn write_rows(
    encoder: Encoder<'_, &mut Vec<u8>>,
    rows: impl Iterator<Item = Vec<u8>>,
    height: usize,
    control: &Control<'_>,
) -> Result<(), Stopped> {
    // The encoder writes to memory and is given what its header says, so it cannot fail.
    let written = || -> Result<Result<(), Stopped>, png::EncodingError> {
        let mut writer = encoder.write_header()?;
        let mut stream = writer.stream_writer()?;
        for (y, row) in rows.enumerate() {
            if y % ROWS == 0 {
                if control.check().is_err() {
                    return Ok(Err(Stopped));
                }
                control.progress(y as f32 / height as f32);
            }
            stream.write_all(&row)?;
        }
        stream.finish()?;
        Ok(Ok(()))
    };
    written().unwrap_or(Err(Stopped))
}

/// Codes of 1, 2, 4 or 8 bits, the leftmost pixel in the highest bits.
fn packed(row: &[u8], bits: usize) -> Vec<u8> {
    if bits == 8 {
        return row.to_vec();
    }
    let a_byte = 8 / bits;
    row.chunks(a_byte)
        .map(|pixels| pixels.iter().enumerate().fold(0, |byte, (i, code)| byte | code << (8 - bits * (i + 1))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn round_trip(width: u32, height: u32, entries: usize, alpha: bool) {
        let mut random = Random::seeded(entries as u64);
        let palette: Vec<[u8; 4]> = (0..entries)
            .map(|k| [random.next_u64() as u8, k as u8, 7, if alpha && k < 2 { 100 * k as u8 } else { 255 }])
            .collect();
        let codes: Vec<u8> = (0..width * height).map(|_| (random.next_u64() % entries as u64) as u8).collect();
        let file = indexed(width, height, &codes, &palette, &Control::unwatched()).unwrap();
        let decoded = image::load_from_memory(&file).unwrap().into_rgba8();
        assert_eq!((decoded.width(), decoded.height()), (width, height));
        for (pixel, code) in decoded.pixels().zip(&codes) {
            assert_eq!(pixel.0, palette[usize::from(*code)], "{width} × {height}, {entries}");
        }
        let reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let info = reader.info();
        assert_eq!(info.palette.as_ref().map(|p| p.len()), Some(entries * 3));
        assert_eq!(info.trns.as_ref().map(|t| t.len()), alpha.then_some(entries.min(2)));
    }

    #[test]
    fn an_independent_decoder_finds_the_same_pixels_and_exactly_the_palette() {
        for entries in [1, 2, 3, 4, 5, 16, 17, 255, 256] {
            for (width, height) in [(1, 1), (7, 3), (8, 2), (33, 20)] {
                round_trip(width, height, entries, false);
                round_trip(width, height, entries, true);
            }
        }
    }

    #[test]
    fn fewer_bits_make_a_smaller_file_of_noise() {
        let size = |entries: u64| {
            let mut random = Random::seeded(1);
            let palette: Vec<[u8; 4]> = (0..entries).map(|k| [k as u8, 0, 0, 255]).collect();
            let codes: Vec<u8> = (0..10_000).map(|_| (random.next_u64() % entries) as u8).collect();
            indexed(100, 100, &codes, &palette, &Control::unwatched()).unwrap().len()
        };
        assert!(size(4) < size(16) && size(16) < size(256));
    }
}
