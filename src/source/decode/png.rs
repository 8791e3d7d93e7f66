//! PNG: what its chunks say of its colours, in the order of precedence of the specification, whether it is an
//! animation, and the rows that are there of a file that is cut short. Source: Portable Network Graphics, third edition, sections 4.3, 11.3.2 and 11.3.3.

use std::io::Read;

use flate2::bufread::ZlibDecoder;
use image::ImageFormat;
use libdeflater::{CompressionLvl, Compressor, Crc};

use super::common;
use super::raster::{CodesMean, Raster};
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "PNG",
    endings: &["png"],
    evidence: |bytes, _| bytes.starts_with(SIGNATURE).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let cut = CutShort::find(bytes)?;
    let file = cut.as_ref().map_or(bytes, |cut| &cut.file);
    let mut raster = common::decode(ImageFormat::Png, FORMAT.name, file)?;
    if let Some(CutShort { missing, height, .. }) = cut.filter(|cut| cut.missing > 0) {
        raster.notes.push(common::missing_rows("the file is cut short", missing, height));
    }
    let chunks = Chunks::read(bytes);
    let profile = std::mem::replace(&mut raster.codes_mean, CodesMean::Unsaid);
    raster.codes_mean = chunks.codes_mean(profile);
    raster.palette = chunks.palette();
    if chunks.frames > 1 || (chunks.frames == 1 && !chunks.picture_is_frame) {
        let note = if chunks.picture_is_frame { common::FIRST_FRAME } else { "the still picture of an animation" };
        raster.notes.push(note.to_owned());
    }
    Ok(raster)
}

/// What there is of a file without an end.
struct CutShort {
    /// A whole file of the rows that are there.
    file: Vec<u8>,
    missing: u32,
    height: u32,
}

impl CutShort {
    /// `None` for a file with an end, and for one of which nothing can be made.
    ///
    /// # Errors
    /// Where not one row is there, or there would be too many.
    fn find(bytes: &[u8]) -> Result<Option<Self>, Cause> {
        let whole: Vec<([u8; 4], &[u8])> = chunks(bytes).collect();
        let Some((first, others)) = whole.split_first() else { return Ok(None) };
        let has_end = whole.iter().any(|(kind, _)| kind == b"IEND");
        let (header, is_open) = (first.1, first.0 == *b"IHDR" && !has_end);
        let Some(row) = row_bytes(header).filter(|_| is_open) else { return Ok(None) };
        let [width, height] = numbers(header).unwrap_or_default();
        common::check_size(FORMAT.name, width, height, bytes.len())?;
        // The chunk that the file ends in is there in part.
        let used = SIGNATURE.len() + whole.iter().map(|(_, content)| content.len() + 12).sum::<usize>();
        let last = bytes.get(used + 4..).and_then(|rest| rest.strip_prefix(b"IDAT")).unwrap_or_default();
        let parts = whole.iter().filter(|(kind, _)| kind == b"IDAT").map(|(_, content)| *content);
        let compressed: Vec<&[u8]> = parts.chain([last]).collect();
        let mut rows = Vec::new();
        let all = row as u64 * u64::from(height);
        // It ends early, which is known; what is unpacked by then is what there is.
        let _ = ZlibDecoder::new(&*compressed.concat()).take(all).read_to_end(&mut rows);
        let there = (rows.len() / row) as u32;
        if there == 0 {
            return Err(common::no_rows(FORMAT.name));
        }
        rows.truncate(there as usize * row);
        let mut header = header.to_vec();
        header.splice(4..8, there.to_be_bytes());
        let mut file = SIGNATURE.to_vec();
        push_chunk(&mut file, b"IHDR", &header);
        let before = others.iter().take_while(|(kind, _)| kind != b"IDAT");
        // What an animation says of itself counts frames that are not there.
        before.filter(|(kind, _)| kind != b"acTL" && kind != b"fcTL").for_each(|(k, c)| push_chunk(&mut file, k, c));
        push_chunk(&mut file, b"IDAT", &stored(&rows));
        push_chunk(&mut file, b"IEND", &[]);
        Ok(Some(Self { file, missing: height - there, height }))
    }
}

/// Bytes of a row with its filter's number, from a header; `None` where rows do not follow one another.
fn row_bytes(header: &[u8]) -> Option<usize> {
    let [width, _] = numbers(header)?;
    let &[depth, color, _, _, 0] = header.get(8..)? else { return None };
    let channels = match color {
        0 | 3 => 1,
        2 => 3,
        4 => 2,
        6 => 4,
        _ => return None,
    };
    let bits = u64::from(width) * channels * u64::from(depth);
    usize::try_from(bits.div_ceil(8) + 1).ok()
}

fn push_chunk(file: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    file.extend((content.len() as u32).to_be_bytes());
    file.extend(kind);
    file.extend(content);
    let mut check = Crc::new();
    check.update(kind);
    check.update(content);
    file.extend(check.sum().to_be_bytes());
}

/// In the form of compressed data, and not compressed.
fn stored(rows: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(0).unwrap_or_default());
    let mut data = vec![0; compressor.zlib_compress_bound(rows.len())];
    let len = compressor.zlib_compress(rows, &mut data).unwrap_or(0);
    data.truncate(len);
    data
}

/// What the chunks before the pixels say.
#[derive(Default)]
struct Chunks<'a> {
    /// Whether pixels are codes into the palette, which other pictures may suggest, too.
    is_indexed: bool,
    /// Red, green and blue of each entry.
    colors: &'a [u8],
    /// Of the first entries; the others are opaque.
    alphas: &'a [u8],
    cicp: Option<[u8; 4]>,
    has_profile: bool,
    srgb: bool,
    gamma: Option<u32>,
    chromaticities: Option<[u32; 8]>,
    /// Frames of the animation; 0 for a still picture.
    frames: u32,
    /// Whether the picture is the first frame of the animation too.
    picture_is_frame: bool,
}

impl<'a> Chunks<'a> {
    fn read(bytes: &'a [u8]) -> Self {
        let mut facts = Self::default();
        for (kind, content) in chunks(bytes).take_while(|(kind, _)| *kind != *b"IDAT") {
            match &kind {
                b"IHDR" => facts.is_indexed = content.get(9) == Some(&3),
                b"PLTE" => facts.colors = content,
                b"tRNS" => facts.alphas = content,
                b"cICP" => facts.cicp = content.try_into().ok(),
                b"iCCP" => facts.has_profile = true,
                b"sRGB" => facts.srgb = true,
                b"gAMA" => facts.gamma = numbers(content).map(|[gamma]| gamma).filter(|&gamma| gamma > 0),
                b"cHRM" => facts.chromaticities = numbers(content),
                b"acTL" => facts.frames = numbers(content).map_or(0, |[frames]| frames),
                b"fcTL" => facts.picture_is_frame = true,
                _ => {}
            }
        }
        facts
    }

    fn palette(&self) -> Vec<[u8; 4]> {
        if !self.is_indexed {
            return Vec::new();
        }
        let alphas = self.alphas.iter().copied().chain(std::iter::repeat(u8::MAX));
        self.colors
            .as_chunks::<3>()
            .0
            .iter()
            .zip(alphas)
            .take(256)
            .map(|(&[r, g, b], alpha)| [r, g, b, alpha])
            .collect()
    }

    fn codes_mean(&self, profile: CodesMean) -> CodesMean {
        const FULL_RANGE_SRGB: [u8; 4] = [1, 13, 0, 1];
        match (self.cicp, profile) {
            (Some(FULL_RANGE_SRGB), _) => CodesMean::Srgb,
            (Some(cicp), _) => CodesMean::Cicp(cicp),
            (None, profile @ CodesMean::Icc(_)) => profile,
            // One that the decoder could not unpack: as damaged as an empty one.
            (None, _) if self.has_profile => CodesMean::Icc(Vec::new()),
            (None, _) if self.srgb => CodesMean::Srgb,
            (None, _) => self.measured(),
        }
    }

    /// Encoders that mean sRGB write the values that stand for it: exponent 1/2.2, and its chromaticities or none.
    fn measured(&self) -> CodesMean {
        const SRGB_GAMMA: u32 = 45455;
        const SRGB: [u32; 8] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
        let as_srgb = self.chromaticities.is_none_or(|c| c.iter().zip(SRGB).all(|(a, b)| a.abs_diff(b) <= 100));
        let chromaticities = self.chromaticities.filter(|_| !as_srgb);
        let gamma = self.gamma.filter(|&gamma| !as_srgb || gamma.abs_diff(SRGB_GAMMA) > 2000);
        match (gamma, chromaticities) {
            (None, None) if self.gamma.or(self.chromaticities.map(|c| c[0])).is_some() => CodesMean::Srgb,
            (None, None) => CodesMean::Unsaid,
            (gamma, chromaticities) => CodesMean::Measured { gamma, chromaticities },
        }
    }
}

fn numbers<const N: usize>(content: &[u8]) -> Option<[u32; N]> {
    let (numbers, _) = content.as_chunks::<4>();
    let numbers: &[[u8; 4]; N] = numbers.first_chunk()?;
    Some(numbers.map(u32::from_be_bytes))
}

fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    const CHECKSUM: usize = 4;
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let len = u32::from_be_bytes(*len) as usize;
        rest = after.get(len.checked_add(CHECKSUM)?..)?;
        Some((*kind, after.get(..len)?))
    })
}
