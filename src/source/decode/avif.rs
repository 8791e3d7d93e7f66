//! AVIF: the still picture of the file, its alphas, and what the file says of its colours. Decoded without assembly, so
//! that no C compiler is needed. Sources: AV1 Image File Format 1.1; ITU-T H.273, section 8.3, for the matrices.

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, Rgba};
use re_rav1d::dav1d::{Decoder, Picture, PixelLayout, PlanarImageComponent, Settings, pixel};

use super::boxes::{Items, Numbers};
use super::raster::{CodesMean, Model, Raster};
use super::{common, tiff};
use crate::picture::edits::MOST_PIXELS;
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "AVIF",
    endings: &["avif"],
    evidence: |bytes, _| has_brand(bytes, &[b"avif", b"avis"]).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

/// Whether the first box of a file names one of these brands. Source: ISO/IEC 14496-12, section 4.3.
pub(crate) fn has_brand(bytes: &[u8], brands: &[&[u8; 4]]) -> bool {
    let Some((len, rest)) = bytes.split_first_chunk::<4>() else { return false };
    let named = rest.get(..(u32::from_be_bytes(*len) as usize).saturating_sub(4)).unwrap_or(rest);
    // Behind the first brand stands a version.
    let words = named.strip_prefix(b"ftyp").unwrap_or_default().as_chunks::<4>().0;
    words.iter().enumerate().any(|(i, word)| i != 1 && brands.contains(&word))
}

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let malformed = |why: &str| Cause::Malformed(format!("the AVIF is damaged or cut short ({why})"));
    let unsupported = |why: &str| Cause::Unsupported(format!("this kind of AVIF cannot be read ({why})"));
    let items = Items::of(bytes).ok_or_else(|| malformed("it has no items"))?;
    let primary = items.primary().ok_or_else(|| malformed("no item is the picture"))?;
    match items.kind(primary) {
        Some(kind) if kind == *b"av01" => {}
        Some(kind) if kind == *b"grid" => return Err(unsupported("it is put together from tiles")),
        _ => return Err(unsupported("its picture is not coded as AV1")),
    }
    let picture = decode_item(&items, primary)?;
    let properties = items.properties(primary);
    let is_alpha = |item: &u64| {
        let mut properties = items.properties(*item).into_iter();
        properties.any(|(kind, content)| kind == *b"auxC" && content.get(4..).is_some_and(|urn| urn.starts_with(ALPHA)))
    };
    let alpha = items.referring(b"auxl", primary).into_iter().find(is_alpha);
    let alphas = alpha.map(|item| decode_item(&items, item)).transpose()?;
    if alphas.as_ref().is_some_and(|a| (a.width(), a.height()) != (picture.width(), picture.height())) {
        return Err(unsupported("its alphas have another size than its colours"));
    }
    let said = Said::of(&properties);
    let mut pixels = pixels_of(&picture, alphas.as_ref(), &said).map_err(unsupported)?;
    let mut notes = Vec::new();
    if let depth @ 9.. = picture.bit_depth() {
        notes.push(format!("{depth}-bit channels reduced to 8 bits"));
    }
    if alpha.is_some_and(|alpha| items.referring(b"prem", alpha).contains(&primary))
        && tiff::divide_by_alpha(&mut pixels)
    {
        notes.push("its colours, multiplied by alpha in the file, are divided by it again".to_owned());
    }
    for (kind, content) in &properties {
        match (kind, content.first()) {
            // Quarters of a turn, anticlockwise.
            (b"irot", Some(turns)) => match turns & 3 {
                0 => {}
                1 => pixels = pixels.rotate270(),
                2 => pixels = pixels.rotate180(),
                _ => pixels = pixels.rotate90(),
            },
            (b"imir", Some(axis)) => pixels = if axis & 1 == 0 { pixels.flipv() } else { pixels.fliph() },
            (b"clap", _) => {
                notes.push("the part that the file says to show is passed over: all of it is shown".to_owned())
            }
            _ => {}
        }
    }
    if properties.iter().any(|(kind, _)| kind == b"irot" || kind == b"imir") {
        notes.push("turned upright as the file says".to_owned());
    }
    if has_brand(bytes, &[b"avis"]) {
        notes.push("the still picture of an animation".to_owned());
    }
    let model = if picture.pixel_layout() == PixelLayout::I400 { Model::Grey } else { Model::Rgb };
    let (codes_mean, orientation) = (said.codes_mean, Orientation::NoTransforms);
    Ok(Raster { pixels, model, codes_mean, orientation, exif: None, notes, palette: Vec::new() })
}

const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

/// What the properties say of colours.
struct Said {
    codes_mean: CodesMean,
    /// How the codes of the picture become red, green and blue, and whether they use their full range; where it is said.
    coding: Option<(u64, bool)>,
}

impl Said {
    fn of(properties: &[([u8; 4], &[u8])]) -> Self {
        const UNSPECIFIED: u64 = 2;
        let mut said = Self { codes_mean: CodesMean::Unsaid, coding: None };
        for content in properties.iter().filter(|(kind, _)| kind == b"colr").map(|(_, content)| *content) {
            let mut numbers = Numbers(content);
            match numbers.bytes(4) {
                Some(b"prof" | b"rICC") => said.codes_mean = CodesMean::Icc(numbers.0.to_vec()),
                Some(b"nclx") => {
                    let mut number = |bytes| numbers.take(bytes).unwrap_or(UNSPECIFIED);
                    let (primaries, transfer, matrix, range) = (number(2), number(2), number(2), number(1));
                    said.coding = Some((matrix, range & 0x80 != 0));
                    let is_said = primaries != UNSPECIFIED && transfer != UNSPECIFIED;
                    if is_said && said.codes_mean == CodesMean::Unsaid {
                        said.codes_mean = match (primaries, transfer) {
                            (1, 13) => CodesMean::Srgb,
                            _ => CodesMean::Cicp([primaries as u8, transfer as u8, 0, 1]),
                        };
                    }
                }
                _ => {}
            }
        }
        said
    }
}

fn decode_item(items: &Items<'_>, item: u64) -> Result<Picture, Cause> {
    let malformed = |why: String| Cause::Malformed(format!("the AVIF is damaged or cut short ({why})"));
    let data = items.data(item).filter(|data| !data.is_empty());
    let data = data.ok_or_else(|| malformed("its data are not there".to_owned()))?;
    let size = items.properties(item).into_iter().find(|(kind, _)| kind == b"ispe").and_then(|(_, content)| {
        let mut numbers = Numbers(content.get(4..)?);
        Some((numbers.take(4)? as u32, numbers.take(4)? as u32))
    });
    let (width, height) = size.ok_or_else(|| malformed("it has no size".to_owned()))?;
    common::check_size(FORMAT.name, width, height, data.len())?;
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_frame_size_limit(MOST_PIXELS as u32);
    let failed = |e: re_rav1d::dav1d::Error| malformed(e.to_string());
    let mut decoder = Decoder::with_settings(&settings).map_err(failed)?;
    match decoder.send_data(data, None, None, None) {
        Err(error) if !error.is_again() => return Err(failed(error)),
        _ => {}
    }
    let picture = match decoder.get_picture() {
        Err(error) if error.is_again() => decoder.get_picture(),
        picture => picture,
    };
    let picture = picture.map_err(failed)?;
    match (picture.width(), picture.height()) == (width, height) {
        true => Ok(picture),
        false => Err(malformed("its size is not the one that it says".to_owned())),
    }
}

/// Samples of a plane, from 0 to 1 of the codes' range.
struct Plane {
    bytes: re_rav1d::dav1d::Plane,
    stride: usize,
    depth: usize,
    /// Samples a row and rows; the last are repeated.
    size: (usize, usize),
    /// Whether there is one for two pixels across and down.
    halved: (bool, bool),
}

impl Plane {
    fn of(picture: &Picture, component: PlanarImageComponent) -> Self {
        let is_luma = component == PlanarImageComponent::Y;
        let layout = picture.pixel_layout();
        let halved = (
            !is_luma && matches!(layout, PixelLayout::I420 | PixelLayout::I422),
            !is_luma && layout == PixelLayout::I420,
        );
        let side = |length: u32, halved: bool| if halved { length.div_ceil(2) } else { length } as usize;
        Self {
            stride: picture.stride(component) as usize,
            depth: picture.bit_depth(),
            size: (side(picture.width(), halved.0), side(picture.height(), halved.1)),
            halved,
            bytes: picture.plane(component),
        }
    }

    fn code(&self, x: usize, y: usize) -> f32 {
        let (x, y) = (x.min(self.size.0 - 1), y.min(self.size.1 - 1));
        let code = if self.depth > 8 {
            let at = y * self.stride + 2 * x;
            self.bytes.get(at..at + 2).map_or(0, |b| u16::from_ne_bytes([b[0], b[1]]))
        } else {
            self.bytes.get(y * self.stride + x).map_or(0, |&b| u16::from(b))
        };
        f32::from(code)
    }

    /// The sample of a pixel, in between by its neighbours where it is shared by two.
    fn at(&self, x: usize, y: usize) -> f32 {
        let near = |at: usize, halved: bool| match halved {
            false => (at, at),
            true => (at / 2, if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { at / 2 + 1 }),
        };
        if self.halved == (false, false) {
            return self.code(x, y);
        }
        let (across, down) = (near(x, self.halved.0), near(y, self.halved.1));
        let row = |y| 0.75 * self.code(across.0, y) + 0.25 * self.code(across.1, y);
        0.75 * row(down.0) + 0.25 * row(down.1)
    }
}

/// # Errors
/// Which way of coding colours is not read.
fn pixels_of(picture: &Picture, alphas: Option<&Picture>, said: &Said) -> Result<DynamicImage, &'static str> {
    let full = |picture: &Picture| picture.color_range() == pixel::YUVRange::Full;
    let (matrix, is_full) = said.coding.unwrap_or((picture.matrix_coefficients() as u64, full(picture)));
    let is_grey = picture.pixel_layout() == PixelLayout::I400;
    // The weights of red and blue in luma.
    let weights: Option<(f32, f32)> = match matrix {
        0 => None,
        1 => Some((0.2126, 0.0722)),
        2 | 5 | 6 => Some((0.299, 0.114)),
        9 => Some((0.2627, 0.0593)),
        _ if is_grey => Some((0.299, 0.114)),
        _ => return Err("its matrix of colours is none of the usual ones"),
    };
    let top = ((1u32 << picture.bit_depth()) - 1) as f32;
    // Luma's black and the codes from there to white; the codes that chroma extends over.
    let steps = (1u32 << (picture.bit_depth() - 8)) as f32;
    let range = |is_full: bool| if is_full { (0.0, top, top) } else { (16.0 * steps, 219.0 * steps, 224.0 * steps) };
    let (black, luma, chroma) = range(is_full);
    let middle = (top + 1.0) / 2.0;
    let y_plane = Plane::of(picture, PlanarImageComponent::Y);
    let chroma_planes =
        (!is_grey).then(|| [PlanarImageComponent::U, PlanarImageComponent::V].map(|c| Plane::of(picture, c)));
    let alpha_plane =
        alphas.map(|alphas| (Plane::of(alphas, PlanarImageComponent::Y), range(full(alphas)), alphas.bit_depth()));
    let color = |x: u32, y: u32| {
        let (x, y) = (x as usize, y as usize);
        let level = (y_plane.at(x, y) - black) / luma;
        let Some([u, v]) = chroma_planes.as_ref().map(|planes| planes.each_ref().map(|plane| plane.at(x, y))) else {
            return [level; 3];
        };
        match weights {
            None => [(v - black) / luma, level, (u - black) / luma],
            Some((of_red, of_blue)) => {
                let (blue, red) = ((u - middle) / chroma, (v - middle) / chroma);
                let (red, blue) = (level + 2.0 * (1.0 - of_red) * red, level + 2.0 * (1.0 - of_blue) * blue);
                [red, (level - of_red * red - of_blue * blue) / (1.0 - of_red - of_blue), blue]
            }
        }
    };
    let alpha = |x: u32, y: u32| match &alpha_plane {
        None => 1.0,
        Some((plane, (black, luma, _), depth)) => {
            let scale = top / ((1u32 << depth) - 1) as f32;
            (plane.at(x as usize, y as usize) * scale - black) / luma
        }
    };
    let (width, height) = (picture.width(), picture.height());
    let rgba = |x, y| {
        let [r, g, b] = color(x, y);
        [r, g, b, alpha(x, y)]
    };
    Ok(if picture.bit_depth() > 8 {
        let pixel = |x, y| Rgba(rgba(x, y).map(|v| (v * 65535.0 + 0.5) as u16));
        DynamicImage::ImageRgba16(ImageBuffer::from_fn(width, height, pixel))
    } else {
        let pixel = |x, y| Rgba(rgba(x, y).map(|v| (v * 255.0 + 0.5) as u8));
        DynamicImage::ImageRgba8(ImageBuffer::from_fn(width, height, pixel))
    })
}
