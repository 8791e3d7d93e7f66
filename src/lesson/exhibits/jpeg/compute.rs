//! What JPEG does to a photo: blocks of 8 × 8 pixels become 64 frequencies, and each frequency is rounded
//! to a step of its own. The rounding is the engine's: a group for each frequency, whose scale is the
//! step, and the whole numbers as the levels. What is coarse is where the eye looks least.
//!
//! Bits are given twice: the entropy of the run and size symbols with their amplitude bits, an estimate
//! without headers and tables, and the bytes of a real file. Cost: 32 multiplications a sample each way,
//! shared by the cores; a photo takes 18 bytes a pixel while it is open. Sources: ITU-T T.81 (1992),
//! Annexes A, F and K; JFIF 1.02 for the colours; the scale of quality is the Independent JPEG Group's.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::metric::{decibels, over_white};
use crate::engine::quantized::Quantized;
use crate::export::ExportError;
use crate::export::packed::PngFile;
use crate::picture::image::Image;
use crate::picture::{Picture, colourmap, png};
use crate::run::photo;
use crate::run::report::{ERROR_MAP_SQUARED, Histogram, LevelAxis, Levels, PhotoReport};
use crate::signal::jpeg::block::Block;
use crate::signal::jpeg::cells::{CELLS, SIDE};
use crate::signal::jpeg::plane::Plane;
use crate::signal::jpeg::rounding::whole;
use crate::signal::jpeg::steps::steps;
use crate::signal::jpeg::{symbols, write};
use crate::spec::{FittedPalette, Stage};

/// What a photo's JPEG depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JpegSpec {
    /// 1 to 100.
    pub quality: u8,
    /// 4:2:0: the colours at half the width and height, as most cameras store them.
    pub half_colour: bool,
}

impl Default for JpegSpec {
    fn default() -> Self {
        Self { quality: 50, half_colour: true }
    }
}

/// A photo as frequencies, not rounded yet: what every quality starts from.
#[derive(Debug)]
pub struct Transformed {
    image: Arc<Image>,
    half_colour: bool,
    /// Luma, blue difference, red difference.
    planes: [Plane; 3],
}

/// A photo after JPEG's rounding.
#[derive(Debug)]
pub struct JpegReport {
    /// Quality and colour resolution, with the quality kept within 1 to 100.
    pub spec: JpegSpec,
    /// The photo after rounding, opaque.
    pub picture: Arc<Picture>,
    /// The mean squared error of each pixel's channels, coloured from 0 to [`ERROR_MAP_SQUARED`].
    pub error_map: Arc<Picture>,
    /// Over all pixels and channels; infinite when exact.
    pub psnr_db: f64,
    /// Pixels of the photo.
    pub pixels: u64,
    /// Rounded frequencies of all three planes, the padding of their last blocks included.
    pub coefficients: u64,
    /// How many of the coefficients are rounded to zero.
    pub zeros: u64,
    /// The share of zeros of each luma frequency, row by row.
    pub zero_shares: [f32; CELLS],
    /// Of luma and of the colour differences, row by row.
    pub steps: [[u16; CELLS]; 2],
    /// Entropy of the symbols with their amplitude bits: see the head of this file.
    pub estimated_bits: f64,
    /// The whole file; empty where the photo has a side that no JPEG can have (over 65,535 pixels).
    pub file: Arc<[u8]>,
    /// Luma frequencies but the first, in steps.
    pub histogram: Histogram,
    /// The multiples of a step, −8 to 8, and how many luma codes but each block's first are at each.
    pub levels: Levels,
    /// The time that rounding all coefficients took.
    pub quantize_time: Duration,
}

impl JpegReport {
    /// Bits a pixel of the file as it is written.
    pub fn bits_per_pixel(&self) -> f64 {
        self.file.len() as f64 * 8.0 / self.pixels.max(1) as f64
    }
}

/// The histogram shows this many steps on either side of zero, each in this many bins.
const SHOWN_STEPS: i32 = 8;
const BINS_A_STEP: i32 = 10;

impl Transformed {
    /// What its frequencies take in memory.
    pub fn bytes(&self) -> usize {
        self.planes.iter().map(Plane::bytes).sum()
    }

    /// Transforms the photo, over white, to luma and colour differences and these to frequencies.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled, here and below.
    pub fn new(image: Arc<Image>, half_colour: bool, control: &Control<'_>) -> Result<Self, Stopped> {
        let size = (image.width as usize, image.height as usize);
        let colours: Vec<[f32; 3]> = image.rgba.par_iter().map(|&c| ycc_from_rgb(over_white(c))).collect();
        let plane = |channel: usize| {
            control.check()?;
            control.progress(channel as f32 / 3.0);
            Plane::new(size, half_colour, half_colour && channel > 0, |i| colours[i][channel], control)
        };
        let planes = [plane(0)?, plane(1)?, plane(2)?];
        Ok(Self { image, half_colour, planes })
    }

    /// Whether the colours have half the width and height.
    pub fn half_colour(&self) -> bool {
        self.half_colour
    }

    /// Rounds all frequencies to the steps of `quality`, 1 to 100, and measures what is left.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn quantize(&self, quality: u8, control: &Control<'_>) -> Result<JpegReport, Stopped> {
        let start = Instant::now();
        let [luma, chroma] = steps(quality);
        let coded = [(0, luma), (1, chroma), (2, chroma)].map(|(i, steps)| self.planes[i].rounded(&steps));
        let quantize_time = start.elapsed();
        control.check()?;
        control.progress(0.3);
        let pixels = |i: usize| self.planes[i].pixels(&coded[i], control);
        let decoded = [pixels(0)?, pixels(1)?, pixels(2)?];
        let pixel = |i: usize| {
            let [r, g, b] = rgb_from_ycc([decoded[0][i], decoded[1][i], decoded[2][i]]);
            [r, g, b, 255]
        };
        let rgba: Vec<[u8; 4]> = (0..self.image.rgba.len()).into_par_iter().map(pixel).collect();
        drop(decoded);
        control.check()?;
        control.progress(0.7);
        let pairs = self.image.rgba.par_iter().zip(&rgba);
        let errors: Vec<f32> = pairs.map(|(a, b)| squared_error(over_white(*a), *b)).collect();
        let mse = errors.iter().map(|e| f64::from(*e)).sum::<f64>() / errors.len().max(1) as f64;
        let spec = JpegSpec { quality: quality.clamp(1, 100), half_colour: self.half_colour };
        let (histogram, levels) = spread(&self.planes[0], &luma, &coded[0]);
        let blocks = symbols::Blocks::new(&self.planes, &coded);
        Ok(JpegReport {
            spec,
            error_map: Arc::new(heat_map(&self.image, &errors)),
            picture: Arc::new(Picture::new_rgba(Arc::new(Image::new(self.image.width, self.image.height, rgba)))),
            psnr_db: decibels(255.0 * 255.0, mse),
            pixels: self.image.rgba.len() as u64,
            coefficients: coded.iter().map(|p| p.codes.len() as u64).sum(),
            zeros: coded.iter().flat_map(|p| &p.codes).filter(|k| whole(**k) == 0).count() as u64,
            zero_shares: zero_shares(&coded[0]),
            steps: [luma, chroma],
            estimated_bits: blocks.estimated_bits(),
            file: write::file(&blocks, (self.image.width, self.image.height), &[luma, chroma]).into(),
            histogram,
            levels,
            quantize_time,
        })
    }

    /// The luma block that a pixel lies in, step by step; none outside the photo.
    pub fn block_at(&self, (x, y): (usize, usize), quality: u8) -> Option<Block> {
        let inside = x < self.image.width as usize && y < self.image.height as usize;
        inside.then(|| {
            Block::new(self.planes[0].frequencies_of(x / SIDE, y / SIDE), &steps(quality)[0], (x / SIDE, y / SIDE))
        })
    }
}

fn zero_shares(luma: &Quantized<1>) -> [f32; CELLS] {
    let row = |f: usize| luma.codes.chunks(luma.width).nth(f).unwrap_or_default();
    std::array::from_fn(|f| row(f).iter().filter(|k| whole(**k) == 0).count() as f32 / luma.width as f32)
}

/// All frequencies but the first in steps of their own: there their levels coincide.
fn spread(plane: &Plane, steps: &[u16; CELLS], coded: &Quantized<1>) -> (Histogram, Levels) {
    let top = (2 * SHOWN_STEPS + 1) * BINS_A_STEP;
    let high = SHOWN_STEPS as f32 + 0.5;
    let (mut bins, mut counts) = (vec![0u64; top as usize], vec![0u64; 2 * SHOWN_STEPS as usize + 1]);
    for (f, row) in plane.rows().enumerate().skip(1) {
        for x in row {
            let bin = ((x[0] / f32::from(steps[f]) + high) * BINS_A_STEP as f32).floor() as i32;
            bins[bin.clamp(0, top - 1) as usize] += 1;
        }
    }
    for k in coded.codes.iter().skip(coded.width) {
        counts[(whole(*k).clamp(-SHOWN_STEPS, SHOWN_STEPS) + SHOWN_STEPS) as usize] += 1;
    }
    let points = (-SHOWN_STEPS..=SHOWN_STEPS).map(|q| q as f32).collect();
    (Histogram { low: -high, high, counts: bins }, Levels { axis: LevelAxis::Scaled, points, counts })
}

fn squared_error(x: [u8; 3], y: [u8; 4]) -> f32 {
    (0..3).map(|c| f32::from(x[c].abs_diff(y[c])).powi(2)).sum::<f32>() / 3.0
}

fn heat_map(image: &Image, errors: &[f32]) -> Picture {
    let codes = errors.iter().map(|e| (255.0 * (e / ERROR_MAP_SQUARED).min(1.0)) as u8).collect();
    Picture::of_scale(image.width, image.height, codes, &colourmap::sequential())
}

/// Centred on zero.
fn ycc_from_rgb(rgb: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(f32::from);
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y - 128.0, (b - y) / 1.772, (r - y) / 1.402]
}

fn rgb_from_ycc([y, cb, cr]: [f32; 3]) -> [u8; 3] {
    let y = y + 128.0;
    let (r, b) = (y + 1.402 * cr, y + 1.772 * cb);
    [r, (y - 0.299 * r - 0.114 * b) / 0.587, b].map(|v| v.round().clamp(0.0, 255.0) as u8)
}

/// What rounding pixels instead of frequencies can do with as many bytes.
#[derive(Debug)]
pub struct RoundedPixels {
    /// The photo reduced to the palette.
    pub report: PhotoReport,
    /// Entries that were asked for.
    pub colors: u16,
    /// Bytes of the packed PNG file.
    pub png_bytes: u64,
    /// Whether it keeps to the bytes: where even two colours do not, they are shown all the same.
    pub fits: bool,
}

/// The palette of most colours, of 2 to 256, whose PNG as it would be saved takes no more than `bytes`. A quick fit and
/// a quick PNG find about how many; then the best fit and the packed file take some more. Bytes grow with the colours
/// but for a few per cent, so that halving what is left to try finds it.
///
/// # Errors
/// As [`png::of_picture`].
pub fn pixels_in_as_many_bytes(image: &Image, bytes: u64, control: &Control<'_>) -> Result<RoundedPixels, ExportError> {
    let tried = |method: Method, colors: u16| -> Result<RoundedPixels, ExportError> {
        let spec = FittedPalette { method, ..FittedPalette::new(colors) };
        let report = photo::reduce(image, spec, Stage::Full, control)?;
        let mut file = PngFile::quick(png::of_picture(&report.picture, control)?);
        if method == Method::KMeans {
            file = file.packed(control)?;
        }
        let png_bytes = file.size.bytes();
        Ok(RoundedPixels { report, colors, png_bytes, fits: png_bytes <= bytes })
    };
    let quick = most_that_fit(2..257, |colors| tried(Method::Wu, colors))?;
    control.progress(0.5);
    let about = quick.colors;
    // A packed file is up to a seventh smaller: that is room for less than half as many colours again.
    let best = most_that_fit(about..(about + about / 2 + 4).min(257), |colors| tried(Method::KMeans, colors))?;
    Ok(if best.fits || !quick.fits { best } else { quick })
}

/// The last of the numbers of colours that fits; the first one where not even that does.
fn most_that_fit(
    colors: Range<u16>,
    tried: impl Fn(u16) -> Result<RoundedPixels, ExportError>,
) -> Result<RoundedPixels, ExportError> {
    let Range { start: mut low, end: mut high } = colors;
    let mut best = tried(low)?;
    while best.fits && high - low > 1 {
        let middle = low + (high - low) / 2;
        let pixels = tried(middle)?;
        if pixels.fits {
            (low, best) = (middle, pixels);
        } else {
            high = middle;
        }
    }
    Ok(best)
}
