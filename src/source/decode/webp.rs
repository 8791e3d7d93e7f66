//! WebP: the first frame of an animation where it stands on the canvas, with nothing around it. The decoder fills the
//! canvas with a colour that the file only hints at, and that libwebp and browsers pass over.
//! Source: RFC 9649, section 2.7.

use std::io::Cursor;

use image::{DynamicImage, GenericImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};

use super::common;
use super::raster::Raster;
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "WebP",
    endings: &["webp"],
    evidence: |bytes, _| (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let all = || chunks(bytes.get(12..).unwrap_or_default());
    let frames = || all().filter(|(name, _)| name == b"ANMF");
    let Some(frame) = frames().next().and_then(|(_, content)| Frame::parse(content)) else {
        let parts = all().filter(|(name, _)| [b"VP8 ", b"VP8L", b"ALPH"].contains(&name));
        let picture_bytes = parts.map(|(_, content)| content.len()).sum();
        return decode_still(bytes, picture_bytes);
    };
    let mut raster = common::decode_with((ImageFormat::WebP, FORMAT.name), bytes, frame.picture.len(), |decoder| {
        let (width, height) = decoder.dimensions();
        let mut reader = ImageReader::with_format(Cursor::new(frame.as_still()), ImageFormat::WebP);
        let mut limits = Limits::no_limits();
        (limits.max_image_width, limits.max_image_height) = (Some(width), Some(height));
        reader.limits(limits);
        let still = reader.decode()?;
        if (still.width(), still.height()) == (width, height) {
            return Ok(still);
        }
        let mut canvas = RgbaImage::new(width, height);
        canvas.copy_from(&still.into_rgba8(), frame.x, frame.y)?;
        Ok(DynamicImage::ImageRgba8(canvas))
    })?;
    if frames().nth(1).is_some() {
        raster.notes.push(common::FIRST_FRAME.to_owned());
    }
    Ok(raster)
}

fn decode_still(bytes: &[u8], picture_bytes: usize) -> Result<Raster, Cause> {
    let decode =
        |file: &[u8]| common::decode_with((ImageFormat::WebP, FORMAT.name), file, picture_bytes, common::all_pixels);
    let cause = match decode(bytes) {
        Err(cause @ Cause::Malformed(_)) => cause,
        decoded => return decoded,
    };
    let Some(missing) = missing_bytes(bytes) else { return Err(cause) };
    // What is missing is made up twice: the rows that come out alike do not depend on it. Not everything that is made
    // up can be decoded.
    const FILLINGS: [u8; 6] = [0b0010_1011, 0b1101_0100, 0b0101_0101, 0b1010_1010, 0, u8::MAX];
    let mut made_up = FILLINGS.iter().filter_map(|&filling| decode(&[bytes, &vec![filling; missing]].concat()).ok());
    let (Some(mut one), Some(other)) = (made_up.next(), made_up.next()) else { return Err(cause) };
    let rows = common::rows_alike(&one.pixels, &other.pixels);
    let from_the_top = if rows.start == 0 { rows } else { 0..0 };
    one.keep_rows(FORMAT.name, from_the_top, "the file is cut short")?;
    Ok(one)
}

/// How much shorter a file is than its header says; `None` where it is not, or is so by more than is made up.
fn missing_bytes(bytes: &[u8]) -> Option<usize> {
    const MOST: usize = 1 << 26;
    let stated = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?) as usize;
    stated.checked_add(8)?.checked_sub(bytes.len()).filter(|missing| (1..=MOST).contains(missing))
}

/// A frame of an animation.
struct Frame<'a> {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    /// The chunks of its picture.
    picture: &'a [u8],
}

impl<'a> Frame<'a> {
    fn parse(content: &'a [u8]) -> Option<Self> {
        let number = |at: usize| content.get(at..at + 3).map(|b| u32::from_le_bytes([b[0], b[1], b[2], 0]));
        let (x, y) = (number(0)? * 2, number(3)? * 2);
        Some(Self { x, y, width: number(6)? + 1, height: number(9)? + 1, picture: content.get(16..)? })
    }

    /// A file of this frame alone.
    fn as_still(&self) -> Vec<u8> {
        const HAS_ALPHA: u8 = 0x10;
        let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
        // Alphas in a chunk of their own need the header that says so; else the picture's chunk is a file's content.
        let mut picture = self.picture;
        match chunks(picture).find(|(name, _)| name == b"VP8L" || name == b"VP8 " || name == b"ALPH") {
            Some((name, _)) if name == *b"ALPH" => {
                file.extend(b"VP8X\x0a\0\0\0");
                file.extend([HAS_ALPHA, 0, 0, 0]);
                file.extend(&(self.width - 1).to_le_bytes()[..3]);
                file.extend(&(self.height - 1).to_le_bytes()[..3]);
            }
            Some((name, content)) => {
                file.extend(name);
                file.extend((content.len() as u32).to_le_bytes());
                picture = content;
            }
            None => {}
        }
        file.extend(picture);
        file.extend(&[0][..file.len() % 2]);
        let len = (file.len() - 8) as u32;
        file.splice(4..8, len.to_le_bytes());
        file
    }
}

/// Name and content of each chunk; of one that is cut short, what there is of it.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (len, after) = after.split_first_chunk::<4>()?;
        let len = u32::from_le_bytes(*len) as usize;
        let content = after.get(..len).unwrap_or(after);
        rest = after.get(len.saturating_add(len % 2)..).unwrap_or_default();
        Some((*name, content))
    })
}
