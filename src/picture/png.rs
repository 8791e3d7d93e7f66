//! PNG files and their true sizes: the indexed file of a reduction, and the full-colour file it is
//! measured against, by one encoder at one compression level so that the two sizes compare.
//!
//! Source: *Portable Network Graphics (PNG) Specification*, third edition, §11.2.2 (PLTE), §11.3.1.1
//! (tRNS), §12.7 (filter choice). Cost, one thread, 12 megapixels of photo: about 1.5 s in full colour
//! and 0.35 s at 256 colours with zlib-rs as the png crate's deflate (2.5 times that with its default).

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use png::{BitDepth, ColorType, DeflateCompression, EncodingError, Filter};

use super::Picture;
use crate::engine::control::{Control, Failure};
use crate::engine::indexed::Indexed;

/// Deflate's level, the usual one of most programs. Measured on 12 megapixels of photo: level 7 takes
/// 40 % longer for 1 % of the size, level 9 more than twice as long for 2 to 4 %.
const LEVEL: DeflateCompression = DeflateCompression::Level(6);

/// A chunk of compressed pixels is at most this long.
const CHUNK_BYTES: usize = 1 << 20;

/// What kind of file a reduction becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Codes into a palette of at most 256 colours.
    Indexed,
    /// Tiles with more than 256 colours between them: a PNG has one palette.
    TrueColour,
}

impl Kind {
    /// The kind of file in words, for reports.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Indexed => "indexed PNG",
            Kind::TrueColour => "true-colour PNG",
        }
    }
}

/// What kind of file [`of_picture`] makes. Cost: as [`one_palette`].
pub fn kind_of(picture: &Picture) -> Kind {
    let fits = picture.indexed().is_some_and(|indexed| one_palette(indexed).is_some());
    if fits { Kind::Indexed } else { Kind::TrueColour }
}

/// The file of a reduction: an indexed PNG where one palette holds its colours, otherwise one in true colour.
///
/// # Errors
/// As [`indexed_png`]; [`Failure::Message`] also for a picture that is not indexed.
pub fn of_picture(picture: &Picture, control: &Control<'_>) -> Result<Vec<u8>, Failure> {
    let Some(indexed) = picture.indexed() else {
        return Err(Failure::Message("the picture has no palette".into()));
    };
    let (width, height) = (picture.width, picture.height);
    if indexed.tiles.is_none() {
        return indexed_png(width, height, indexed.codes, indexed.palette, control);
    }
    if let Some(palette) = one_palette(indexed) {
        let codes = codes_into(indexed, &palette);
        return indexed_png(width, height, &codes, &palette, control);
    }
    let pixels: Vec<[u8; 4]> = indexed.pixels().collect();
    true_png(width, height, &pixels, control)
}

/// The colours that occur, if they are at most 256, the most transparent first: the palette itself where there is
/// but one. Cost with tiles: a look at each pixel, up to the first of a 257th colour.
pub fn one_palette(indexed: Indexed<'_>) -> Option<Vec<[u8; 4]>> {
    if indexed.tiles.is_none() {
        return Some(indexed.palette.to_vec());
    }
    let mut colors = BTreeSet::new();
    for [r, g, b, a] in indexed.pixels() {
        if colors.insert([a, r, g, b]) && colors.len() > 256 {
            return None;
        }
    }
    Some(colors.into_iter().map(|[a, r, g, b]| [r, g, b, a]).collect())
}

/// The same picture's codes into a palette that has all its colours.
pub fn codes_into(indexed: Indexed<'_>, palette: &[[u8; 4]]) -> Vec<u8> {
    let places: HashMap<[u8; 4], u8> = palette.iter().copied().zip(0..=255).collect();
    let of_places: Vec<u8> = indexed.palette.iter().map(|c| places.get(c).copied().unwrap_or(0)).collect();
    (0..indexed.height()).flat_map(|y| indexed.row(y)).map(|place| of_places[place]).collect()
}

/// The indexed PNG of `codes` (one a pixel, row by row): 1, 2, 4 or 8 bits a pixel, the fewest that
/// hold the palette; every entry of `palette` (sRGB and alpha, 8 bits each) is kept, in the order given.
///
/// Rows are not filtered: the difference of two palette indices means nothing, and adaptive filters
/// measured 10 to 20 % larger on photos.
///
/// # Errors
/// [`Failure::Stopped`]; [`Failure::Message`] when the palette has no entry or more than 256, a
/// code has no entry, or there are not `width · height` codes.
pub fn indexed_png(
    width: u32,
    height: u32,
    codes: &[u8],
    palette: &[[u8; 4]],
    control: &Control<'_>,
) -> Result<Vec<u8>, Failure> {
    let row_len = row_length(width, height, codes.len())?;
    if !(1..=256).contains(&palette.len()) {
        return Err(Failure::Message(format!("a PNG palette has 1 to 256 entries, not {}", palette.len())));
    }
    if codes.iter().max().is_some_and(|&code| usize::from(code) >= palette.len()) {
        return Err(Failure::Message("a pixel's code has no palette entry".into()));
    }
    let depth = depth_for(palette.len());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect::<Vec<u8>>());
    let alphas = needed_alphas(palette);
    if !alphas.is_empty() {
        encoder.set_trns(alphas);
    }
    encoder.set_filter(Filter::NoFilter);
    let rows = codes.chunks_exact(row_len);
    write_rows(encoder, rows, |row, packed| pack_row(row, depth as u8, packed), control)?;
    Ok(bytes)
}

/// The full-colour PNG of `pixels` (sRGB and alpha, row by row): 24 bits a pixel when all are opaque,
/// 32 otherwise, each row filtered by whichever filter leaves the least.
///
/// # Errors
/// [`Failure::Stopped`]; [`Failure::Message`] when there are not `width · height` pixels.
pub fn true_png(width: u32, height: u32, pixels: &[[u8; 4]], control: &Control<'_>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write_true(&mut bytes, width, height, pixels, control)?;
    Ok(bytes)
}

/// The length in bytes of [`true_png`], without holding the file.
///
/// # Errors
/// Those of [`true_png`].
pub fn true_png_size(width: u32, height: u32, pixels: &[[u8; 4]], control: &Control<'_>) -> Result<u64, Failure> {
    let mut count = ByteCount(0);
    write_true(&mut count, width, height, pixels, control)?;
    Ok(count.0)
}

fn write_true(
    to: impl Write,
    width: u32,
    height: u32,
    pixels: &[[u8; 4]],
    control: &Control<'_>,
) -> Result<(), Failure> {
    let row_len = row_length(width, height, pixels.len())?;
    let opaque = pixels.iter().all(|&[_, _, _, alpha]| alpha == u8::MAX);
    let mut encoder = png::Encoder::new(to, width, height);
    encoder.set_color(if opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_filter(Filter::Adaptive);
    let lay_out = |row: &[[u8; 4]], bytes: &mut Vec<u8>| {
        if opaque {
            bytes.extend(row.iter().flat_map(|&[r, g, b, _]| [r, g, b]));
        } else {
            bytes.extend_from_slice(row.as_flattened());
        }
    };
    write_rows(encoder, pixels.chunks_exact(row_len), lay_out, control)
}

/// Pixels a row, once the sides are known to fit the number of pixels.
fn row_length(width: u32, height: u32, pixels: usize) -> Result<usize, Failure> {
    let expected = u64::from(width) * u64::from(height);
    if expected == 0 || expected != pixels as u64 {
        return Err(Failure::Message(format!("{pixels} pixels do not make a picture of {width} × {height}")));
    }
    usize::try_from(width).map_err(|_| Failure::Message("the picture is too wide".into()))
}

/// The loop both kinds share: one look at the stop flag and one step of progress a row.
fn write_rows<'a, P: 'a, W: Write>(
    mut encoder: png::Encoder<'_, W>,
    rows: impl ExactSizeIterator<Item = &'a [P]>,
    mut lay_out: impl FnMut(&[P], &mut Vec<u8>),
    control: &Control<'_>,
) -> Result<(), Failure> {
    encoder.set_deflate_compression(LEVEL);
    let mut writer = encoder.write_header().map_err(unfit)?;
    let mut stream = writer.stream_writer_with_size(CHUNK_BYTES).map_err(unfit)?;
    let row_count = rows.len() as f32;
    let mut line = Vec::new();
    for (y, row) in rows.enumerate() {
        control.check()?;
        control.progress(y as f32 / row_count);
        line.clear();
        lay_out(row, &mut line);
        stream.write_all(&line).map_err(|e| Failure::Message(e.to_string()))?;
    }
    stream.finish().map_err(unfit)?;
    writer.finish().map_err(unfit)
}

fn unfit(error: EncodingError) -> Failure {
    Failure::Message(error.to_string())
}

fn depth_for(entries: usize) -> BitDepth {
    match entries {
        0..=2 => BitDepth::One,
        3..=4 => BitDepth::Two,
        5..=16 => BitDepth::Four,
        _ => BitDepth::Eight,
    }
}

/// The tRNS chunk: alphas up to the last entry that is not opaque, for those after it are opaque by rule.
fn needed_alphas(palette: &[[u8; 4]]) -> Vec<u8> {
    let end = palette.iter().rposition(|&[_, _, _, alpha]| alpha < u8::MAX).map_or(0, |last| last + 1);
    palette.iter().take(end).map(|&[_, _, _, alpha]| alpha).collect()
}

/// Codes of `bits` bits side by side, the leftmost in the high bits; what is left of the last byte is 0.
fn pack_row(codes: &[u8], bits: u8, packed: &mut Vec<u8>) {
    if bits == 8 {
        packed.extend_from_slice(codes);
        return;
    }
    let per_byte = usize::from(8 / bits);
    packed.extend(codes.chunks(per_byte).map(|together| {
        let filled = together.iter().fold(0, |byte, code| byte << bits | code);
        // Whole bytes shift by nothing; in the last byte the missing codes are zeros on the right.
        filled << (bits * (per_byte - together.len()) as u8)
    }));
}

struct ByteCount(u64);

impl Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::write_whole;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn palette_of(entries: usize) -> Vec<[u8; 4]> {
        (0..entries).map(|i| [i as u8, 255 - i as u8, (i * 7 % 256) as u8, 255]).collect()
    }

    fn codes_of(width: u32, height: u32, entries: usize) -> Vec<u8> {
        (0..(width * height) as usize).map(|i| (i * 31 % 257 % entries) as u8).collect()
    }

    fn encode(width: u32, height: u32, codes: &[u8], palette: &[[u8; 4]]) -> Vec<u8> {
        indexed_png(width, height, codes, palette, &Control::unwatched()).unwrap()
    }

    fn pixels_of(png: &[u8]) -> Vec<[u8; 4]> {
        let rgba = image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap().into_rgba8();
        rgba.pixels().map(|p| p.0).collect()
    }

    /// (bits a pixel, palette entries, tRNS length or none) as the file itself says.
    fn header_of(png: &[u8]) -> (u8, usize, Option<usize>) {
        let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let info = reader.info();
        (info.bit_depth as u8, info.palette.as_ref().unwrap().len() / 3, info.trns.as_ref().map(|t| t.len()))
    }

    #[test]
    fn every_pixel_decodes_to_its_palette_entry_at_every_depth_and_odd_width() {
        for entries in [1, 2, 3, 4, 5, 16, 17, 256] {
            for (width, height) in [(1, 1), (1, 5), (2, 3), (3, 2), (7, 4), (9, 9), (33, 3), (300, 2)] {
                let (codes, palette) = (codes_of(width, height, entries), palette_of(entries));
                let expected: Vec<[u8; 4]> = codes.iter().map(|&c| palette[usize::from(c)]).collect();
                assert_eq!(pixels_of(&encode(width, height, &codes, &palette)), expected, "{entries} {width}×{height}");
            }
        }
    }

    #[test]
    fn the_palette_is_whole_and_the_depth_the_least_that_holds_it() {
        for (entries, bits) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)] {
            let png = encode(3, 1, &[0, 0, 0], &palette_of(entries));
            assert_eq!(header_of(&png), (bits, entries, None));
        }
    }

    #[test]
    fn transparency_is_written_up_to_the_last_entry_that_needs_it() {
        let mut palette = palette_of(6);
        palette[0][3] = 0;
        palette[2][3] = 99;
        let png = encode(3, 2, &[0, 1, 2, 3, 4, 5], &palette);
        assert_eq!(header_of(&png), (4, 6, Some(3)));
        assert_eq!(pixels_of(&png), palette);
    }

    #[test]
    fn full_colour_keeps_every_pixel_in_24_bits_when_opaque_and_32_when_not() {
        let control = Control::unwatched();
        let mut pixels: Vec<[u8; 4]> = (0..35u8).map(|i| [i, i * 3, i * 7, 255]).collect();
        for color in [ColorType::Rgb, ColorType::Rgba] {
            let png = true_png(7, 5, &pixels, &control).unwrap();
            let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
            assert_eq!(reader.info().color_type, color);
            assert_eq!(pixels_of(&png), pixels);
            assert_eq!(true_png_size(7, 5, &pixels, &control).unwrap(), png.len() as u64);
            pixels[3] = [200, 100, 50, 0];
        }
    }

    #[test]
    fn what_png_cannot_hold_is_refused() {
        let control = Control::unwatched();
        let attempt = |w, h, codes: &[u8], palette: &[[u8; 4]]| indexed_png(w, h, codes, palette, &control);
        assert!(matches!(attempt(1, 1, &[0], &[]), Err(Failure::Message(_))));
        assert!(matches!(attempt(1, 1, &[0], &vec![[0; 4]; 257]), Err(Failure::Message(_))));
        assert!(matches!(attempt(1, 1, &[2], &palette_of(2)), Err(Failure::Message(_))));
        assert!(matches!(attempt(2, 1, &[0], &palette_of(2)), Err(Failure::Message(_))));
        assert!(matches!(attempt(0, 3, &[], &palette_of(2)), Err(Failure::Message(_))));
        assert!(matches!(true_png(u32::MAX, u32::MAX, &[[0; 4]], &control), Err(Failure::Message(_))));
    }

    #[test]
    fn a_stop_ends_the_work_at_the_next_row() {
        let (stop, rows_seen) = (AtomicBool::new(false), Mutex::new(0));
        let progress = |_| {
            let mut rows = rows_seen.lock().unwrap();
            *rows += 1;
            stop.store(*rows == 10, Ordering::Relaxed);
        };
        let pixels = vec![[9, 9, 9, 255]; 64 * 64];
        let outcome = true_png(64, 64, &pixels, &Control::new(&stop, &progress));
        assert_eq!((outcome, *rows_seen.lock().unwrap()), (Err(Failure::Stopped), 10));
    }

    #[test]
    fn a_picture_larger_than_one_chunk_survives_the_disk() {
        // Noise does not compress: this takes several chunks of pixel data.
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let codes: Vec<u8> = (0..1601 * 1400).map(|_| noise()).collect();
        let png = encode(1601, 1400, &codes, &palette_of(256));
        assert!(png.len() > 2 * CHUNK_BYTES);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("noise.png");
        write_whole(&path, &png).unwrap();
        let pixels = pixels_of(&std::fs::read(&path).unwrap());
        assert!(pixels.iter().zip(&codes).all(|(p, &c)| p[0] == c));
        assert!(image::load_from_memory(&png[..png.len() / 2]).is_err());
    }
}
