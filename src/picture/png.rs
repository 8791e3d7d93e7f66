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
use super::error::PngError;
use crate::engine::control::Control;
use crate::engine::indexed::Indexed;

/// Deflate's level, the usual one of most programs. Measured on 12 megapixels of photo: level 7 takes
/// 40 % longer for 1 % of the size, level 9 more than twice as long for 2 to 4 %.
const LEVEL: DeflateCompression = DeflateCompression::Level(6);

/// A chunk of compressed pixels is at most this many bytes long.
pub const CHUNK_BYTES: usize = 1 << 20;

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
/// As [`indexed_png`]; [`PngError::NoPalette`] for a picture that is not indexed.
pub fn of_picture(picture: &Picture, control: &Control<'_>) -> Result<Vec<u8>, PngError> {
    let indexed = picture.indexed().ok_or(PngError::NoPalette)?;
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

/// The picture's codes into another palette that has all its colours.
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
/// [`PngError::Stopped`]; another when the palette has no entry or more than 256, a
/// code has no entry, or there are not `width · height` codes.
pub fn indexed_png(
    width: u32,
    height: u32,
    codes: &[u8],
    palette: &[[u8; 4]],
    control: &Control<'_>,
) -> Result<Vec<u8>, PngError> {
    let row_len = row_length(width, height, codes.len())?;
    if !(1..=256).contains(&palette.len()) {
        return Err(PngError::Entries(palette.len()));
    }
    if codes.iter().max().is_some_and(|&code| usize::from(code) >= palette.len()) {
        return Err(PngError::NoEntry);
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
/// [`PngError::Stopped`]; [`PngError::Pixels`] when there are not `width · height` pixels.
pub fn true_png(width: u32, height: u32, pixels: &[[u8; 4]], control: &Control<'_>) -> Result<Vec<u8>, PngError> {
    let mut bytes = Vec::new();
    write_true(&mut bytes, width, height, pixels, control)?;
    Ok(bytes)
}

/// The length in bytes of [`true_png`], without holding the file.
///
/// # Errors
/// Those of [`true_png`].
pub fn true_png_size(width: u32, height: u32, pixels: &[[u8; 4]], control: &Control<'_>) -> Result<u64, PngError> {
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
) -> Result<(), PngError> {
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
fn row_length(width: u32, height: u32, pixels: usize) -> Result<usize, PngError> {
    let expected = u64::from(width) * u64::from(height);
    if expected == 0 || expected != pixels as u64 {
        return Err(PngError::Pixels { pixels, width, height });
    }
    usize::try_from(width).map_err(|_| PngError::TooWide)
}

/// The loop both kinds share: one look at the stop flag and one step of progress a row.
fn write_rows<'a, P: 'a, W: Write>(
    mut encoder: png::Encoder<'_, W>,
    rows: impl ExactSizeIterator<Item = &'a [P]>,
    mut lay_out: impl FnMut(&[P], &mut Vec<u8>),
    control: &Control<'_>,
) -> Result<(), PngError> {
    encoder.set_deflate_compression(LEVEL);
    let mut writer = encoder.write_header().map_err(refused)?;
    let mut stream = writer.stream_writer_with_size(CHUNK_BYTES).map_err(refused)?;
    let row_count = rows.len() as f32;
    let mut line = Vec::new();
    for (y, row) in rows.enumerate() {
        control.check()?;
        control.progress(y as f32 / row_count);
        line.clear();
        lay_out(row, &mut line);
        stream.write_all(&line).map_err(|e| PngError::Encoder(e.to_string()))?;
    }
    stream.finish().map_err(refused)?;
    writer.finish().map_err(refused)
}

fn refused(error: EncodingError) -> PngError {
    PngError::Encoder(error.to_string())
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
