//! Results free of the dimension: what views draw, what the command line prints, what tests check.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::assign::dithering::Pattern;
use crate::engine::codebook::distance_squared;
use crate::engine::colour::{Space, oklab_from_srgb8};
use crate::engine::format::Format;
use crate::engine::metric::{ColourError, EyeError, ScalarError};
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::figures;
use crate::palette::{Entry, Fixed, MOST_COLORS, NamedPalette};
use crate::picture::Picture;
use crate::run::error::RunError;
use crate::source::photo::Photo;
use crate::spec::{PhotoSpec, Stage, TensorSpec};

/// A photo as it was opened.
#[derive(Debug)]
pub struct PhotoOriginal {
    /// Whether this is of a subsample of the pixels or of all.
    pub stage: Stage,
    /// The pixels in full colour.
    pub picture: Arc<Picture>,
    /// The counts of each channel's values.
    pub histogram: ChannelHistogram,
    /// Distinct colours among the pixels that can be seen.
    pub colors: usize,
    /// Pixels of alpha 0.
    pub transparent_pixels: u64,
}

/// One reduction of a photo.
#[derive(Debug)]
pub struct PhotoReport {
    /// The settings that made it.
    pub spec: PhotoSpec,
    /// Whether this is of a subsample of the pixels or of all.
    pub stage: Stage,
    /// The reduced pixels, as they are seen.
    pub picture: Arc<Picture>,
    /// CIEDE2000 of each pixel, coloured from 0 to [`ERROR_MAP_DELTA_E`].
    pub error_map: Arc<Picture>,
    /// The palette, darkest first, or as it was given: an entry's place is its code. Measured colours are as they are
    /// seen, and so are picture and errors. With tiles, under a number format and in true colour: the colours that most
    /// pixels of the whole picture have, at most 256 of the [`PhotoReport::colors`].
    pub palette: Vec<Entry>,
    /// What the pixels' codes stand for.
    pub coding: PhotoCoding,
    /// The error against the original pixels; for a preview, of the subsample.
    pub error: ColourError,
    /// PSNR after the blur of a distant eye: see [`crate::engine::metric::psnr_afar`].
    pub psnr_afar_db: f64,
    /// Bits of the whole photo, palettes included, for a preview as well.
    pub rate: Rate,
    /// The counts of each channel's values after the reduction.
    pub histogram: ChannelHistogram,
    /// Fit and mapping only: no decoding, no figures, no file.
    pub quantize_time: Duration,
}

impl PhotoReport {
    /// Different colours of the reduction.
    pub fn colors(&self) -> usize {
        match &self.coding {
            PhotoCoding::Palette => self.palette.len(),
            PhotoCoding::Tiles(tiles) => tiles.colors,
            PhotoCoding::Numbers(numbers) => numbers.colors,
            PhotoCoding::TrueColour { colors } => *colors,
        }
    }

    /// Whether every pixel is an entry of a palette.
    pub fn has_palette(&self) -> bool {
        matches!(self.coding, PhotoCoding::Palette | PhotoCoding::Tiles(_))
    }

    /// The tiles, where each has a palette of its own.
    pub fn tiles(&self) -> Option<&TileReport> {
        match &self.coding {
            PhotoCoding::Tiles(tiles) => Some(tiles),
            PhotoCoding::Palette | PhotoCoding::Numbers(_) | PhotoCoding::TrueColour { .. } => None,
        }
    }

    /// What each tile got, where tiles got as many colours as they deserve.
    pub fn tile_allocation(&self) -> Option<&TileAllocation> {
        self.tiles()?.allocation.as_ref()
    }

    /// Why there are fewer entries than were asked for, where the method is the reason.
    pub fn fewer_colors(&self) -> Option<String> {
        let fitted = self.spec.fitted().filter(|palette| palette.tiles.is_none())?;
        let (asked, fitted_colors) = (usize::from(fitted.colors), self.palette.len());
        (fitted.method.row().is_grid && fitted_colors < asked).then(|| {
            format!("{fitted_colors} colours, not {asked}: equal steps a channel do not come in every number; other methods do")
        })
    }

    /// The picture as a file holds it: with nominal colours in place of measured ones.
    pub fn written(&self) -> Arc<Picture> {
        let nominal = self.spec.given().map(Fixed::list).filter(|list| list.is_measured());
        let recoloured = nominal.zip(self.picture.indexed()).and_then(|(list, indexed)| {
            let mut palette = indexed.palette.to_vec();
            for (color, [r, g, b, _]) in palette.iter_mut().zip(list.written()) {
                *color = [*r, *g, *b, color[3]];
            }
            self.picture.with_palette(palette)
        });
        recoloured.map_or_else(|| self.picture.clone(), Arc::new)
    }

    /// What is to be said of the reduction beside its figures.
    pub fn notes(&self) -> Vec<String> {
        let of_numbers = match &self.coding {
            PhotoCoding::Numbers(numbers) => numbers.note.clone(),
            PhotoCoding::Palette | PhotoCoding::Tiles(_) | PhotoCoding::TrueColour { .. } => None,
        };
        let of_given = self.spec.given().into_iter().flat_map(|given| self.notes_on_given(given.list()));
        let greys = self.spec.fitted().is_some() && !self.spec.space().row().tells_hues;
        let greys =
            greys.then(|| "by lightness alone a fitted palette is of greys; given colours keep theirs".to_owned());
        of_numbers.into_iter().chain(self.fewer_colors()).chain(greys).chain(of_given).collect()
    }

    fn notes_on_given(&self, list: &NamedPalette) -> Vec<String> {
        let measured = "the colours are as the device shows them, in pictures and figures; files have its nominal ones";
        let cleared =
            list.colors.iter().zip(&self.palette).position(|(color, entry)| color[3] > 0 && entry.rgba[3] == 0);
        let cleared = cleared.map(|place| {
            format!("entry {place} has become the transparent one: all {MOST_COLORS} places of the palette are taken")
        });
        let ramp = "these colours are a ramp of one hue: compared by lightness, a photo takes all of them";
        let by_codes = self.spec.space() == Space::Srgb && self.spec.dither().pattern != Pattern::Eye;
        let is_ramp = by_codes && is_ramp(&list.colors);
        let notes = [list.is_measured().then(|| measured.to_owned()), cleared, is_ramp.then(|| ramp.to_owned())];
        notes.into_iter().flatten().collect()
    }

    /// The report without its pictures and its palette; `eye`, which takes longer, once it is known.
    pub fn figures(&self, eye: Option<EyeError>) -> PhotoFigures {
        PhotoFigures {
            spec: self.spec.clone(),
            colors: self.colors(),
            eye,
            error: self.error,
            psnr_afar_db: self.psnr_afar_db,
            rate: self.rate,
            quantize_time: self.quantize_time,
        }
    }

    /// The palette's entries and how far each is from a colour, nearest first: √(ΔR² + ΔG² + ΔB²) of the 8-bit codes.
    pub fn nearest(&self, color: [u8; 4]) -> Vec<(f32, [u8; 4])> {
        let point = |c: [u8; 4]| [f32::from(c[0]), f32::from(c[1]), f32::from(c[2])];
        let away = |e: &Entry| (distance_squared(point(color), point(e.rgba)).sqrt(), e.rgba);
        let mut entries: Vec<_> = self.palette.iter().map(away).collect();
        entries.sort_by(|a, b| a.0.total_cmp(&b.0));
        entries
    }

    /// What its pixels take in memory.
    pub fn bytes(&self) -> usize {
        self.picture.bytes() + self.error_map.bytes()
    }
}

/// Whether colours are tones of one hue, as those of a screen of one pigment: none is grey to the eye, and no hue is
/// more than 30° off that of all together.
fn is_ramp(colors: &[[u8; 4]]) -> bool {
    const LEAST_CHROMA: f32 = 0.03;
    let hues: Vec<[f32; 2]> = colors
        .iter()
        .filter(|color| color[3] > 0)
        .map(|&[r, g, b, _]| {
            let [_, x, y] = oklab_from_srgb8([r, g, b]);
            [x, y]
        })
        .collect();
    let [x, y] = hues.iter().fold([0.0, 0.0], |[x, y], [a, b]| [x + a, y + b]);
    let near = |[a, b]: &[f32; 2]| {
        let chroma = a.hypot(*b);
        chroma >= LEAST_CHROMA && a * x + b * y >= 0.866 * chroma * x.hypot(y)
    };
    hues.len() > 2 && hues.iter().all(near)
}

/// What the codes of a photo's reduction stand for.
#[derive(Clone, Debug)]
pub enum PhotoCoding {
    /// Entries of one palette.
    Palette,
    /// Entries of the palette of each pixel's tile.
    Tiles(TileReport),
    /// Values of the channels under a number format.
    Numbers(NumberReport),
    /// Themselves: a picture from elsewhere with more colours than a palette has.
    TrueColour {
        /// How many different ones there are.
        colors: usize,
    },
}

/// What is to be said of a reduction where its pixels are not at hand.
#[derive(Clone, Debug)]
pub struct PhotoFigures {
    /// The settings that made the reduction.
    pub spec: PhotoSpec,
    /// Different colours of the reduction.
    pub colors: usize,
    /// What models of the eye make of the reduction; none until it is measured.
    pub eye: Option<EyeError>,
    /// The error against the original pixels.
    pub error: ColourError,
    /// PSNR after the blur of a distant eye: see [`PhotoReport::psnr_afar_db`].
    pub psnr_afar_db: f64,
    /// Bits of the whole photo, palettes included.
    pub rate: Rate,
    /// The time of this run: what was kept from an earlier one (the photo's colours, a palette) takes none.
    pub quantize_time: Duration,
}

/// What a reduction saves: like against like (uncompressed against uncompressed, PNG against PNG), and the file that is
/// written against the one that was opened, which need be no PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeTruth {
    /// 3 bytes a pixel, 4 where any is not opaque.
    pub raw_bytes: u64,
    /// Codes of as few bits as tell the entries apart, and all palettes.
    pub reduced_raw_bytes: u64,
    /// The photo as a full-colour PNG, by the encoder that made `reduced_png_bytes`.
    pub png_bytes: u64,
    /// The reduction as a PNG, by the encoder that made `png_bytes`.
    pub reduced_png_bytes: u64,
    /// The photo's file as it was opened; 0 where pixels came without one.
    pub file_bytes: u64,
    /// The reduction's PNG as it is written; of a picture from elsewhere, its own file.
    pub written_bytes: u64,
}

impl SizeTruth {
    /// For a full reduction of the photo and its rate, the sizes of the PNG files of the photo and of the reduction by
    /// one encoder, and that of the PNG that is written.
    pub fn new(
        photo: &Photo,
        (spec, rate): (&PhotoSpec, Rate),
        (png_bytes, reduced_png_bytes): (u64, u64),
        written_bytes: u64,
    ) -> Self {
        let pixel_bytes = if photo.image.is_opaque() { 3 } else { 4 };
        Self {
            raw_bytes: photo.image.rgba.len() as u64 * pixel_bytes,
            reduced_raw_bytes: rate.total_bits().div_ceil(8),
            png_bytes,
            reduced_png_bytes,
            file_bytes: photo.file_bytes,
            written_bytes: spec.candidate().map_or(written_bytes, |candidate| candidate.file_bytes),
        }
    }

    /// How much larger the written PNG is than the file that was opened, in percent; below 0: smaller.
    pub fn against_file_percent(self) -> Option<f64> {
        (self.file_bytes > 0).then(|| (self.written_bytes as f64 / self.file_bytes as f64 - 1.0) * 100.0)
    }

    /// [`Self::against_file_percent`] in words: "+90 %".
    pub fn against_file(self) -> String {
        self.against_file_percent().map_or_else(|| figures::NONE.to_owned(), figures::change)
    }

    /// The written PNG and, where there is a file that was opened, what it is against that: "151 kB, −68 %".
    pub fn written(self) -> String {
        let size = figures::kilobytes(self.written_bytes);
        match self.against_file_percent() {
            Some(percent) => format!("{size}, {}", figures::change(percent)),
            None => size,
        }
    }

    /// How many times smaller the pixels are.
    pub fn raw_ratio(self) -> f64 {
        self.raw_bytes as f64 / self.reduced_raw_bytes.max(1) as f64
    }

    /// How many times smaller the file is.
    pub fn png_ratio(self) -> f64 {
        self.png_bytes as f64 / self.reduced_png_bytes.max(1) as f64
    }
}

/// The ΔE2000 at which the error map's colours end.
pub const ERROR_MAP_DELTA_E: f32 = 20.0;

/// The squared error (mean of a pixel's three channels, 8-bit codes) at which that map's colours end: an error of 32
/// codes a channel.
pub const ERROR_MAP_SQUARED: f32 = 1000.0;

/// The Oklab distance × 100, seen from afar, at which that map's colours end: two and a half times the least difference
/// that is noticed.
pub const ERROR_MAP_AFAR: f32 = 5.0;

/// What is to be said of a picture with a palette a tile.
#[derive(Clone, Debug)]
pub struct TileReport {
    /// Pixels a side.
    pub side: usize,
    /// How many tiles there are.
    pub count: usize,
    /// Entries each may have.
    pub entries: usize,
    /// Different colours in the whole picture.
    pub colors: usize,
    /// Where tiles got as many colours as they deserve.
    pub allocation: Option<TileAllocation>,
}

/// What each tile got, and what decided.
#[derive(Clone, Debug)]
pub struct TileAllocation {
    /// Bits of a code, tile by tile.
    pub bits: Vec<u8>,
    /// Colours that a tile may have, rung by rung, and how many tiles got them.
    pub rungs: Vec<(u16, usize)>,
    /// Bits of the whole photo: codes, palettes and the number of each tile's rung.
    pub rate: Rate,
    /// Bits that all tiles together may take.
    pub budget_bits: u64,
    /// The least that these tiles can take.
    pub floor_bits: u64,
    /// Squared error that the last bit took away: of the steps that were taken, the least steep.
    pub slope: Option<f64>,
    /// The comparison with equally large palettes; none where no number of colours for all tiles meets the budget.
    pub uniform: Option<UniformTiles>,
    /// The most bits that a code may have.
    pub top: u8,
    /// The bits of each tile's codes, coloured from 0 to `top`.
    pub map: Arc<Picture>,
}

/// One number of colours for all tiles, and what allocation tile by tile gains over it at the same size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UniformTiles {
    /// Colours of each tile.
    pub colors: u16,
    /// Bits of the whole photo, palettes included.
    pub bits: u64,
    /// The gain in the tiles' error before any dither.
    pub gain_db: f64,
}

/// What is to be said of a picture whose channels are coded as a tensor is.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberReport {
    /// The number format of the channels' values.
    pub format: Format,
    /// Different colours in the whole picture.
    pub colors: usize,
    /// How it is stored, where that is not what the format's name says.
    pub note: Option<String>,
}

/// How many visible pixels have each 8-bit value, a channel (red, green, blue).
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelHistogram(pub [[u64; 256]; 3]);

/// One tensor under one number format.
#[derive(Debug)]
pub struct TensorReport {
    /// The tensor and the format.
    pub spec: TensorSpec,
    /// Whether this is of some of the tensor's rows or of all.
    pub stage: Stage,
    /// Heat map of the reconstruction, on the same scale as the original's.
    pub picture: Arc<Picture>,
    /// |error| of each weight, coloured from 0 to `error_top`.
    pub error_map: Arc<Picture>,
    /// The |error| at which the error map's colours end, in the weights' own unit.
    pub error_top: f32,
    /// The codes behind the pictures: of the first weights; none where the format has no levels.
    pub quantized: Arc<Quantized<1>>,
    /// What the first weights decode to.
    pub decoded: Arc<[f32]>,
    /// How the tensor is stored, where that is not what its format's name says.
    pub note: Option<String>,
    /// The error against the weights as they are stored.
    pub error: ScalarError,
    /// Bits of the encoded weights, side information included.
    pub rate: Rate,
    /// The levels of the format, to be drawn on the histogram.
    pub levels: Levels,
    /// The counts of the original weights on the axis of the levels.
    pub histogram: Histogram,
    /// From the search for what all parts share to the last part, decoding and figures included.
    pub quantize_time: Duration,
}

/// A tensor as it was opened.
#[derive(Debug)]
pub struct TensorOriginal {
    /// Index in the model's list of tensors.
    pub tensor: usize,
    /// Heat map of the weights.
    pub picture: Arc<Picture>,
    /// The weights behind the picture, in the file's order: all of them, or the first rows of a large tensor.
    pub values: Arc<[f32]>,
    /// Weights a picture row.
    pub picture_width: usize,
    /// The heat map's colours run from −top to +top.
    pub top: f32,
    /// Weights of the whole tensor that are NaN.
    pub nan_count: u64,
    /// Weights of the whole tensor that are infinite.
    pub infinite_count: u64,
}

/// What the horizontal axis of a weight histogram is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelAxis {
    /// The weights themselves: one scale or one codebook serves the whole tensor.
    Value,
    /// (weight − its group's offset) ÷ its group's scale: there the levels of all groups coincide.
    Scaled,
    /// The weights themselves; every group has levels of its own and those drawn are their means.
    MeanOfGroups,
}

/// The levels of a format on a number line, ascending, and how many weights sit on each.
#[derive(Clone, Debug)]
pub struct Levels {
    /// What the number line measures.
    pub axis: LevelAxis,
    /// The levels on that axis, ascending; empty where the format has no levels.
    pub points: Vec<f32>,
    /// How many weights have each of the levels.
    pub counts: Vec<u64>,
}

/// Counts in equal bins from `low` to `high`; values outside fall in the first or last bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The lower end of the first bin.
    pub low: f32,
    /// The upper end of the last bin.
    pub high: f32,
    /// Weights in each bin, lowest first.
    pub counts: Vec<u64>,
}

/// One point of an error-against-bits curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePoint {
    /// The dial's position: bits of a code.
    pub bits: u8,
    /// True bits a sample, everything counted.
    pub bits_per_sample: f64,
    /// 10·log10(Σx²/Σe²); infinite when exact.
    pub sqnr_db: f64,
}

/// A cell of the tensor table: one tensor under one format.
#[derive(Clone, Debug)]
pub struct SweepCell {
    /// Index in the model's list of tensors.
    pub tensor: usize,
    /// Index in the list of formats that was asked for.
    pub column: usize,
    /// The error and the bits, or what is wrong with the tensor.
    pub outcome: Result<(ScalarError, Rate), RunError>,
}
