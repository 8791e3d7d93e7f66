//! JPEG: which decoder can read a frame, told from the headers, and what is missing of a file that is cut short.
//!
//! `zune-jpeg` is the fast one. It is right where the first scan has all components and luma is the finest of them,
//! which is what nearly all files are; it shows garbage, or panics, where components have scans of their own or chroma
//! is finer than luma. `jpeg-decoder` reads these. Both were held against libjpeg-turbo on 2,563 files: 40 sets of
//! sampling factors, 15 orders of scans with and without restarts, 8 sizes.
//! Source: ITU-T T.81, annexes A, B and G.

use std::ops::Range;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};
use jpeg_decoder::PixelFormat;

use super::common;
use super::raster::{CodesMean, Model, Raster};
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "JPEG",
    endings: &["jpg", "jpeg"],
    evidence: |bytes, _| bytes.starts_with(b"\xff\xd8\xff").then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    // Where the headers make no sense, the decoder says what is wrong.
    let Some(headers) = Headers::read(bytes) else { return common::decode(ImageFormat::Jpeg, FORMAT.name, bytes) };
    let reader = headers.reader()?;
    let mut raster = reader.decode(&headers, bytes)?;
    if headers.components.len() == 4 {
        raster.model = Model::Cmyk;
        raster.notes.push(common::CMYK_BY_FORMULA.to_owned());
    }
    if let Some(ending) = suspicious_end(&headers, bytes, &raster.pixels) {
        let data = bytes.get(..ending.data_end).unwrap_or(bytes);
        let again = |file: &[u8]| reader.decode(&headers, file).ok().map(|raster| raster.pixels);
        let rows = rows_there(data, again).unwrap_or(0);
        let next_scan = data.get(headers.data..).is_some_and(|data| data.windows(2).any(|pair| pair == [0xff, 0xda]));
        leave_out_missing(&mut raster, rows, &ending, headers.progressive && next_scan)?;
    }
    Ok(raster)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Reader {
    Fast,
    Careful,
}

impl Reader {
    fn decode(self, headers: &Headers, bytes: &[u8]) -> Result<Raster, Cause> {
        match self {
            Reader::Fast => common::decode(ImageFormat::Jpeg, FORMAT.name, bytes),
            Reader::Careful => decode_carefully(headers, bytes),
        }
    }
}

/// What stands before the first scan's data.
#[derive(Debug, Default)]
struct Headers {
    progressive: bool,
    width: u32,
    height: u32,
    /// Horizontal and vertical sampling factor of each component.
    components: Vec<[u8; 2]>,
    /// Components of the first scan.
    first_scan: usize,
    /// Where the first scan's data begin.
    data: usize,
    /// Why this kind of frame is not read.
    unreadable: Option<&'static str>,
}

impl Headers {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut headers = Self::default();
        let mut at = 2;
        loop {
            let (marker, content) = segment(bytes, at)?;
            at = content.end;
            let content = bytes.get(content)?;
            match marker {
                // Frames; the gaps are tables of the same row.
                0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => headers.frame(marker, content)?,
                0xda => {
                    headers.first_scan = usize::from(*content.first()?);
                    headers.data = at;
                    return (!headers.components.is_empty()).then_some(headers);
                }
                _ => {}
            }
        }
    }

    fn frame(&mut self, marker: u8, content: &[u8]) -> Option<()> {
        let &[precision, h1, h0, w1, w0, count, ref components @ ..] = content else { return None };
        self.progressive = marker == 0xc2;
        self.height = u32::from(u16::from_be_bytes([h1, h0]));
        self.width = u32::from(u16::from_be_bytes([w1, w0]));
        let components = components.as_chunks::<3>().0.get(..usize::from(count))?;
        self.components = components.iter().map(|[_, factors, _]| [factors >> 4, factors & 15]).collect();
        self.unreadable = match marker {
            0xc3 => Some("lossless coding"),
            0xc5..=0xc7 => Some("hierarchical coding"),
            0xc9..=0xcf => Some("arithmetic coding"),
            _ if precision != 8 => Some("12 bits a channel"),
            _ => None,
        };
        Some(())
    }

    fn reader(&self) -> Result<Reader, Cause> {
        let refuse = |why| Err(Cause::Unsupported(format!("this kind of JPEG cannot be read ({why})")));
        if let Some(why) = self.unreadable {
            return refuse(why);
        }
        let finest = self.finest();
        let interleaved = self.first_scan == self.components.len();
        let luma_finest = self.components.first() == Some(&finest);
        let powers = self.components.iter().flatten().all(|factor| [1, 2, 4].contains(factor));
        let halfway = |component: &[u8; 2]| component.iter().zip(finest).any(|(&f, most)| 1 < f && f < most);
        let plain = !self.components.iter().any(halfway);
        match () {
            () if interleaved && luma_finest && powers && plain => Ok(Reader::Fast),
            // It counts the blocks of such a component wrongly in a scan of its own.
            () if !plain && (self.progressive || !interleaved) && self.has_odd_padding() => {
                refuse("a subsampling between the coarsest and the finest, in a scan of its own")
            }
            () => Ok(Reader::Careful),
        }
    }

    fn finest(&self) -> [u8; 2] {
        [0, 1].map(|axis| self.components.iter().map(|c| c[axis]).max().unwrap_or(1))
    }

    /// Whether a component has fewer blocks in a scan of its own than the careful decoder counts.
    fn has_odd_padding(&self) -> bool {
        let sides = [self.width, self.height];
        let finest = self.finest().map(|f| u32::from(f.max(1)));
        self.components.iter().any(|component| {
            (0..2).any(|axis| {
                let (side, factor, most) = (sides[axis], u32::from(component[axis]), finest[axis]);
                let blocks = (side * factor).div_ceil(most).div_ceil(8);
                let counted = (side.div_ceil(8 * most) * factor).min(side.div_ceil(8));
                blocks != counted
            })
        })
    }
}

/// The next marker from a place on, whatever fills the space before it, and where the content of its segment lies.
fn segment(bytes: &[u8], at: usize) -> Option<(u8, Range<usize>)> {
    let mut at = at;
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xff)?;
        let &[_, marker, ref after @ ..] = bytes.get(at..)? else { return None };
        match marker {
            0xff => at += 1,
            // Markers without content.
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let len = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                return Some((marker, at + 4..at + 2 + len.max(2)));
            }
        }
    }
}

/// For the frames that the fast decoder cannot read.
fn decode_carefully(headers: &Headers, bytes: &[u8]) -> Result<Raster, Cause> {
    common::check_size(FORMAT.name, headers.width, headers.height, bytes.len())?;
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let decoded = decoder.decode().map_err(|e| explain(&e))?;
    let exif = decoder.exif_data().map(<[u8]>::to_vec);
    let pixels = decoder.info().and_then(|info| {
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        match info.pixel_format {
            PixelFormat::L8 => GrayImage::from_raw(width, height, decoded).map(DynamicImage::from),
            PixelFormat::RGB24 => RgbImage::from_raw(width, height, decoded).map(DynamicImage::from),
            PixelFormat::CMYK32 => RgbImage::from_raw(width, height, rgb_of_cmyk(&decoded)).map(DynamicImage::from),
            PixelFormat::L16 => None,
        }
    });
    Ok(Raster {
        pixels: pixels.ok_or_else(|| Cause::Unsupported("this kind of JPEG cannot be read".to_owned()))?,
        palette: Vec::new(),
        model: if headers.components.len() == 1 { Model::Grey } else { Model::Rgb },
        codes_mean: decoder.icc_profile().map_or(CodesMean::Unsaid, CodesMean::Icc),
        orientation: exif.as_deref().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms),
        exif,
        notes: Vec::new(),
    })
}

fn explain(error: &jpeg_decoder::Error) -> Cause {
    match error {
        jpeg_decoder::Error::Unsupported(_) => {
            Cause::Unsupported(format!("this kind of JPEG cannot be read ({error})"))
        }
        _ if common::ends_early(error) => Cause::Malformed(format!("the JPEG is cut short ({error})")),
        _ => Cause::Malformed(format!("the JPEG is damaged ({error})")),
    }
}

/// Inks as amounts of light that they let through, as the other decoder has them.
fn rgb_of_cmyk(pixels: &[u8]) -> Vec<u8> {
    let through = |ink: u8, black: u8| {
        let product = u32::from(255 - ink) * u32::from(255 - black);
        ((product + 127) / 255) as u8
    };
    pixels.as_chunks().0.iter().flat_map(|&[c, m, y, k]| [c, m, y].map(|ink| through(ink, k))).collect()
}

/// Where the data of a file end that may lack a part.
struct Ending {
    data_end: usize,
    /// Whether an end marker says so.
    marked: bool,
}

/// The end of a file without an end marker, of one that goes on behind it, and of a picture whose last row is filling.
fn suspicious_end(headers: &Headers, bytes: &[u8], pixels: &DynamicImage) -> Option<Ending> {
    let Some(data_end) = end_marker(bytes, headers.data) else {
        return Some(Ending { data_end: bytes.len(), marked: false });
    };
    let after = bytes.get(data_end + 2..).unwrap_or_default();
    // What phones append is a picture of its own, or something that is no JPEG.
    let next = |marker: [u8; 2]| after.windows(2).position(|pair| pair == marker);
    let goes_on = next([0xff, 0xd9]).is_some_and(|end| next([0xff, 0xd8]).is_none_or(|start| end < start));
    (goes_on || ends_in_filling(pixels)).then_some(Ending { data_end, marked: true })
}

/// Where the picture ends: at the first end marker behind its data.
fn end_marker(bytes: &[u8], data: usize) -> Option<usize> {
    let mut at = data;
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xff)?;
        match *bytes.get(at + 1)? {
            0xd9 => return Some(at),
            // Data, and markers without content.
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            0xff => at += 1,
            _ => at = segment(bytes, at)?.1.end,
        }
    }
}

/// The fast decoder fills what it has no data for with this code.
fn ends_in_filling(pixels: &DynamicImage) -> bool {
    const FILLING: u8 = 128;
    let bytes = pixels.as_bytes();
    let row = bytes.len() / pixels.height().max(1) as usize;
    bytes.rchunks(row.max(1)).next().is_some_and(|last| last.iter().all(|&v| v == FILLING))
}

/// Leaves out the rows that the file has no data for, and says how many they are.
fn leave_out_missing(raster: &mut Raster, rows: u32, ending: &Ending, later_passes: bool) -> Result<(), Cause> {
    let height = raster.pixels.height();
    let how = if ending.marked { "an end marker stands in the middle of its data" } else { "the file is cut short" };
    match rows {
        _ if rows == height && ending.marked => {}
        _ if rows == height => raster.notes.push("its end marker is missing".to_owned()),
        _ if later_passes => {
            raster.notes.push(format!("{how}: later passes are missing, and the picture is coarser than it was"));
        }
        _ => raster.keep_rows(FORMAT.name, 0..rows, how)?,
    }
    Ok(())
}

/// Rows that the data make up. No decoder says where it ran out of them, but what it shows from there on depends on
/// what stands behind: two decodings with different bits there are alike as far as the data reach.
fn rows_there(data: &[u8], decode: impl Fn(&[u8]) -> Option<DynamicImage>) -> Option<u32> {
    const BEHIND: usize = 4096;
    let data = data.strip_suffix(b"\xff").unwrap_or(data);
    let with = |filling: u8| decode(&[data, &[filling; BEHIND], b"\xff\xd9"].concat());
    let (one, other) = (with(0b0010_1011)?, with(0b1101_0100)?);
    let rows = common::rows_alike(&one, &other);
    Some(if rows.start == 0 { rows.end } else { 0 })
}
