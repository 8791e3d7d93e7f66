//! PNG: what its chunks say of its colours, in the order of precedence of the specification, and whether it is an
//! animation. Source: Portable Network Graphics, third edition, sections 4.3, 11.3.2 and 11.3.3.

use image::ImageFormat;

use super::common;
use super::raster::{CodesMean, Raster};
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "PNG",
    endings: &["png"],
    evidence: |bytes, _| bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let mut raster = common::decode(ImageFormat::Png, FORMAT.name, bytes)?;
    let chunks = Chunks::read(bytes);
    let profile = std::mem::replace(&mut raster.codes_mean, CodesMean::Unsaid);
    raster.codes_mean = chunks.codes_mean(profile);
    if chunks.frames > 1 || (chunks.frames == 1 && !chunks.picture_is_frame) {
        let note = if chunks.picture_is_frame { common::FIRST_FRAME } else { "the still picture of an animation" };
        raster.notes.push(note.to_owned());
    }
    Ok(raster)
}

/// What the chunks before the pixels say.
#[derive(Default)]
struct Chunks {
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

impl Chunks {
    fn read(bytes: &[u8]) -> Self {
        let mut facts = Self::default();
        for (kind, content) in chunks(bytes).take_while(|(kind, _)| *kind != *b"IDAT") {
            match &kind {
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
    const SIGNATURE: usize = 8;
    const CHECKSUM: usize = 4;
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let len = u32::from_be_bytes(*len) as usize;
        rest = after.get(len.checked_add(CHECKSUM)?..)?;
        Some((*kind, after.get(..len)?))
    })
}
