//! What a pane shows: pixels of a photo, of its reduction, or of a heat map, and how any part of
//! them is drawn at any zoom without holding more than a few bytes a pixel.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::engine::colour::{linear_from_srgb8, srgb8_from_linear};
use crate::engine::indexed::{Indexed, Tiles};
use crate::picture::image::Image;

/// Full-size pixels with ever smaller averages of them.
#[derive(Debug)]
pub struct Picture {
    /// Full size, in pixels.
    pub width: u32,
    /// Full size, in pixels.
    pub height: u32,
    /// The full-size pixels, row by row from the top.
    pub pixels: Pixels,
    average: Average,
    /// Each half the size of the one before (rounded up), from half of the full size to one with no side over 256.
    mips: Vec<Mip>,
}

/// What the average of several pixels is, where they share one on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Average {
    /// The light that they send to the eye.
    Light,
    /// The colour of their mean code: codes are steps of a scale, and only its colours mean anything.
    Codes,
}

/// The pixels of a picture: colours, or codes into a palette.
#[derive(Debug)]
pub enum Pixels {
    /// Colours of 8-bit sRGB codes with straight alpha.
    Rgba(Arc<Image>),
    /// One byte a pixel; every code has its place in `palette`: see [`Indexed`].
    Indexed {
        /// One a pixel, row by row from the top.
        codes: Vec<u8>,
        /// sRGB and straight alpha; with tiles, the palettes of all tiles one after another.
        palette: Vec<[u8; 4]>,
        /// How the palettes of tiles are laid out; none where one palette serves the whole picture.
        tiles: Option<Tiles>,
    },
}

#[derive(Debug)]
struct Mip {
    width: u32,
    height: u32,
    texels: MipTexels,
}

#[derive(Debug)]
enum MipTexels {
    Rgba(Vec<[u8; 4]>),
    Codes(Vec<u8>),
}

/// A small picture of straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// sRGB and straight alpha, row by row from the top.
    pub rgba: Vec<[u8; 4]>,
}

/// Which part of a picture is looked at, in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The picture point at the upper left corner of the output.
    pub left: f64,
    /// The picture row at the upper edge of the output; may be negative or between rows.
    pub top: f64,
    /// Output pixels a picture pixel; 1 is 100 %.
    pub zoom: f64,
}

/// The side of the smallest average.
const SMALLEST: u32 = 256;
/// From this zoom on, pixels are shown as squares.
const SQUARES: f64 = 2.0;
/// An average is drawn at no more than this zoom of its own: each pixel on screen then covers at least 1.25 of its
/// texels, and where it is drawn of the full size, which is so down to 40 %, exactly the pixels that lie under it.
const MOST_OF_AVERAGE: f64 = 0.8;

impl Picture {
    /// A picture of a photo's colours; smaller versions average light.
    pub fn new_rgba(image: Arc<Image>) -> Self {
        Self::new(image.width, image.height, Pixels::Rgba(image), Average::Light)
    }

    /// A picture of one code a pixel, row by row, into one palette; smaller versions average light.
    ///
    /// # Panics
    /// In debug builds, when there is not one code a pixel.
    pub fn new_indexed(width: u32, height: u32, codes: Vec<u8>, palette: Vec<[u8; 4]>) -> Self {
        Self::new_tiled(width, height, codes, palette, None)
    }

    /// A picture of codes into one palette, or into a palette a tile where there are tiles.
    pub fn new_tiled(width: u32, height: u32, codes: Vec<u8>, palette: Vec<[u8; 4]>, tiles: Option<Tiles>) -> Self {
        debug_assert_eq!(codes.len(), width as usize * height as usize);
        Self::new(width, height, Pixels::Indexed { codes, palette, tiles }, Average::Light)
    }

    /// A picture of values on a scale, code 0 to 255, with the colours of its steps: smaller versions show the colour
    /// of the mean value, so that no colour is ever seen which the scale does not have.
    ///
    /// # Panics
    /// In debug builds, when there is not one code a pixel.
    pub fn of_scale(width: u32, height: u32, codes: Vec<u8>, colors: &[[u8; 4]; 256]) -> Self {
        debug_assert_eq!(codes.len(), width as usize * height as usize);
        let pixels = Pixels::Indexed { codes, palette: colors.to_vec(), tiles: None };
        Self::new(width, height, pixels, Average::Codes)
    }

    fn new(width: u32, height: u32, pixels: Pixels, average: Average) -> Self {
        let mut picture = Self { width, height, pixels, average, mips: Vec::new() };
        loop {
            let level = picture.level(picture.mips.len());
            if level.width.max(level.height) <= SMALLEST {
                return picture;
            }
            let mip = level.halved();
            picture.mips.push(mip);
        }
    }

    /// The same codes into another palette, for a file: without the smaller versions that only a screen needs.
    pub fn with_palette(&self, palette: Vec<[u8; 4]>) -> Option<Self> {
        let Pixels::Indexed { codes, tiles, .. } = &self.pixels else { return None };
        let pixels = Pixels::Indexed { codes: codes.clone(), palette, tiles: *tiles };
        Some(Self { pixels, mips: Vec::new(), ..*self })
    }

    /// The picture with the entries of one colour in another; none where it has not one palette.
    pub fn recoloured(&self, from: [u8; 4], to: [u8; 4]) -> Option<Self> {
        let Pixels::Indexed { codes, palette, tiles: None } = &self.pixels else { return None };
        let palette = palette.iter().map(|&color| if color == from { to } else { color }).collect();
        let pixels = Pixels::Indexed { codes: codes.clone(), palette, tiles: None };
        Some(Self::new(self.width, self.height, pixels, self.average))
    }

    /// What it takes in memory beside the photo.
    pub fn bytes(&self) -> usize {
        let of_mip = |mip: &Mip| match &mip.texels {
            MipTexels::Rgba(rgba) => 4 * rgba.len(),
            MipTexels::Codes(codes) => codes.len(),
        };
        let mips: usize = self.mips.iter().map(of_mip).sum();
        let own = match &self.pixels {
            Pixels::Rgba(_) => 0,
            Pixels::Indexed { codes, palette, .. } => codes.len() + 4 * palette.len(),
        };
        own + mips
    }

    /// The whole of it, no wider and no higher than asked for, at least a pixel, and never larger than it is.
    pub fn thumbnail(&self, width: u32, height: u32) -> Thumbnail {
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        let zoom = (f64::from(width) / w).min(f64::from(height) / h).min(1.0);
        let size = [w, h].map(|side| (side * zoom).round().max(1.0) as usize);
        // About the middle, so that a side of less than a pixel is seen too.
        let start = |side: f64, pixels: usize| (side - pixels as f64 / zoom) / 2.0;
        let window = Window { left: start(w, size[0]), top: start(h, size[1]), zoom };
        let rgba = self.resample((self.width, self.height), window, size[0], size[1]);
        Thumbnail { width: size[0], height: size[1], rgba }
    }

    /// Transparent outside the picture.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        if x < self.width && y < self.height { self.full().at(x as usize, y as usize) } else { [0; 4] }
    }

    /// All pixels, with straight alpha.
    pub fn rgba(&self) -> Vec<[u8; 4]> {
        let (width, level) = (self.width as usize, self.full());
        (0..width * self.height as usize).map(|i| level.at(i % width, i / width)).collect()
    }

    /// Codes and palette, unless this is a picture of full pixels.
    pub fn indexed(&self) -> Option<Indexed<'_>> {
        let Pixels::Indexed { codes, palette, tiles } = &self.pixels else { return None };
        Some(Indexed { width: self.width as usize, codes, palette, tiles: *tiles })
    }

    /// The code of a pixel of a picture with one palette.
    pub fn code(&self, x: u32, y: u32) -> Option<u8> {
        match &self.pixels {
            Pixels::Indexed { codes, tiles: None, .. } if x < self.width && y < self.height => {
                codes.get(y as usize * self.width as usize + x as usize).copied()
            }
            _ => None,
        }
    }

    fn full(&self) -> Level<'_> {
        let texels = match &self.pixels {
            Pixels::Rgba(image) => Texels::Rgba(&image.rgba),
            Pixels::Indexed { codes, palette, tiles: None } => match self.average {
                Average::Light => Texels::Indexed(codes, palette),
                Average::Codes => Texels::Scale(codes, palette),
            },
            Pixels::Indexed { codes, palette, tiles: Some(tiles) } => Texels::Tiled(codes, palette, *tiles),
        };
        Level { width: self.width, height: self.height, texels }
    }

    /// The full size at `level` 0, the averages above.
    fn level(&self, level: usize) -> Level<'_> {
        let Some(mip) = level.checked_sub(1).and_then(|i| self.mips.get(i)) else { return self.full() };
        let texels = match (&mip.texels, &self.pixels) {
            (MipTexels::Codes(codes), Pixels::Indexed { palette, .. }) => Texels::Scale(codes, palette),
            (MipTexels::Codes(_), Pixels::Rgba(_)) => return self.full(),
            (MipTexels::Rgba(rgba), _) => Texels::Rgba(rgba),
        };
        Level { width: mip.width, height: mip.height, texels }
    }

    /// Draws the part that `window` shows into `width` × `height` output pixels of straight alpha.
    ///
    /// The window speaks of a picture of `extent` pixels, which this one may be a smaller version of (a preview). From
    /// 200 % on pixels are squares and at 100 % they are copied. Otherwise each output pixel is the average over its
    /// area: of the light where the picture is one for the eye, of the values where it stands for values on a scale.
    /// Outside the picture the output is transparent.
    pub fn resample(&self, extent: (u32, u32), window: Window, width: usize, height: usize) -> Vec<[u8; 4]> {
        let (sx, sy) = (f64::from(self.width) / f64::from(extent.0), f64::from(self.height) / f64::from(extent.1));
        // Output pixels a pixel of this picture.
        let own_zoom = window.zoom / sx.max(sy);
        let halvings = (MOST_OF_AVERAGE / own_zoom).log2().floor().max(0.0) as usize;
        let halvings = halvings.min(self.mips.len());
        let level = self.level(halvings);
        let shrunk = (1u64 << halvings) as f64;
        let columns = Axis::new(window.left, window.zoom, sx / shrunk, (width, level.width));
        let rows = Axis::new(window.top, window.zoom, sy / shrunk, (height, level.height));
        let copied = own_zoom == 1.0 && window.left.fract() == 0.0 && window.top.fract() == 0.0;
        let mut out = vec![[0; 4]; width * height];
        let lines = out.par_chunks_mut(width.max(1)).zip(&rows.spans).filter(|(_, y)| y.inside);
        if own_zoom >= SQUARES || copied {
            lines.for_each(|(line, y)| level.draw_squares(&columns, y, line));
        } else {
            let shades = level.shades();
            let draw = |sums: &mut Vec<Shade>, (line, y): (&mut [[u8; 4]], &Span)| {
                level.draw_means(&shades, (&columns, rows.shares_of(y)), y, sums, line);
            };
            lines.for_each_init(Vec::new, draw);
        }
        out
    }
}

/// What the output pixels cover along one axis of a level.
struct Axis {
    spans: Vec<Span>,
    /// How much of its span each texel is, for all spans one after another. Those of a span add up to 1.
    shares: Vec<f32>,
}

struct Span {
    inside: bool,
    /// The texel that the middle lies in.
    cell: usize,
    /// The texels that are touched.
    texels: Range<usize>,
    /// The place of the first share.
    shares: usize,
}

impl Axis {
    /// The output starts at `start`, and the level has `scale` texels for each unit of that.
    fn new(start: f64, zoom: f64, scale: f64, (pixels, texels): (usize, u32)) -> Self {
        let mut axis = Self { spans: Vec::with_capacity(pixels), shares: Vec::with_capacity(4 * pixels) };
        let at = |i: f64| (start + i / zoom) * scale;
        let size = f64::from(texels);
        let last = (texels as usize).saturating_sub(1);
        for i in (0..pixels).map(|i| i as f64) {
            let middle = at(i + 0.5);
            let cell = (middle.max(0.0) as usize).min(last);
            let [from, to] = [at(i), at(i + 1.0)].map(|at| at.clamp(0.0, size));
            let touched = (from as usize).min(cell)..(to.ceil() as usize).clamp(cell + 1, last + 1);
            let inside = middle >= 0.0 && middle < size;
            axis.spans.push(Span { inside, cell, texels: touched.clone(), shares: axis.shares.len() });
            let covered = |k: usize| (to.min((k + 1) as f64) - from.max(k as f64)).max(0.0);
            axis.shares.extend(touched.map(|k| (covered(k) / (to - from).max(f64::MIN_POSITIVE)) as f32));
        }
        axis
    }

    fn shares_of(&self, span: &Span) -> &[f32] {
        &self.shares[span.shares..span.shares + span.texels.len()]
    }
}

/// One size of a picture.
#[derive(Clone, Copy)]
struct Level<'a> {
    width: u32,
    height: u32,
    texels: Texels<'a>,
}

#[derive(Clone, Copy)]
enum Texels<'a> {
    Rgba(&'a [[u8; 4]]),
    Indexed(&'a [u8], &'a [[u8; 4]]),
    Tiled(&'a [u8], &'a [[u8; 4]], Tiles),
    /// Codes of which the mean is taken, and the colours they stand for.
    Scale(&'a [u8], &'a [[u8; 4]]),
}

/// What a texel adds to a mean: linear red, green, blue (0 to 1) times alpha, and alpha; of a scale: code, 0, 0, 1.
type Shade = [f32; 4];

impl Level<'_> {
    #[inline]
    fn at(&self, x: usize, y: usize) -> [u8; 4] {
        let i = y * self.width as usize + x;
        match self.texels {
            Texels::Rgba(rgba) => rgba[i],
            Texels::Indexed(codes, palette) | Texels::Scale(codes, palette) => palette[usize::from(codes[i])],
            Texels::Tiled(codes, palette, tiles) => palette[tiles.first(x, y) + usize::from(codes[i])],
        }
    }

    fn draw_squares(&self, columns: &Axis, y: &Span, line: &mut [[u8; 4]]) {
        for (out, x) in line.iter_mut().zip(&columns.spans).filter(|(_, x)| x.inside) {
            *out = self.at(x.cell, y.cell);
        }
    }

    /// The shade of each code, where a texel is one.
    fn shades(&self) -> Vec<Shade> {
        let light = &tables().light;
        match self.texels {
            Texels::Indexed(_, palette) => palette.iter().map(|&c| shade(light, c)).collect(),
            Texels::Scale(..) => (0..=255u8).map(|code| [f32::from(code), 0.0, 0.0, 1.0]).collect(),
            Texels::Rgba(_) | Texels::Tiled(..) => Vec::new(),
        }
    }

    /// A line of means over columns and, by their shares, rows. `sums` is room to work in.
    fn draw_means(
        &self,
        shades: &[Shade],
        (columns, shares): (&Axis, &[f32]),
        y: &Span,
        sums: &mut Vec<Shade>,
        line: &mut [[u8; 4]],
    ) {
        let inside = |x: &&Span| x.inside;
        let ends = (columns.spans.iter().find(inside), columns.spans.iter().rfind(inside));
        let (Some(first), Some(last)) = ends else { return };
        let from = first.texels.start;
        sums.clear();
        sums.resize(last.texels.end - from, [0.0; 4]);
        for (k, &share) in y.texels.clone().zip(shares) {
            self.add_row(shades, k, from, share, sums);
        }
        for (out, x) in line.iter_mut().zip(&columns.spans).filter(|(_, x)| x.inside) {
            let mut mean = [0.0; 4];
            let under = &sums[x.texels.start - from..x.texels.end - from];
            under.iter().zip(columns.shares_of(x)).for_each(|(sum, &share)| add(&mut mean, *sum, share));
            *out = self.color_of(mean);
        }
    }

    /// Adds `share` of the texels of row `y`, from column `from` on, to `sums`.
    fn add_row(&self, shades: &[Shade], y: usize, from: usize, share: f32, sums: &mut [Shade]) {
        let start = y * self.width as usize + from;
        let here = start..start + sums.len();
        let light = &tables().light;
        match self.texels {
            Texels::Rgba(rgba) => {
                sums.iter_mut().zip(&rgba[here]).for_each(|(sum, &c)| add(sum, shade(light, c), share));
            }
            Texels::Indexed(codes, _) | Texels::Scale(codes, _) => {
                sums.iter_mut().zip(&codes[here]).for_each(|(sum, &code)| add(sum, shades[usize::from(code)], share));
            }
            Texels::Tiled(..) => {
                let texel = |i| shade(light, self.at(from + i, y));
                sums.iter_mut().enumerate().for_each(|(i, sum)| add(sum, texel(i), share));
            }
        }
    }

    /// The colour of a mean of shades.
    #[inline]
    fn color_of(&self, [r, g, b, alpha]: Shade) -> [u8; 4] {
        match self.texels {
            Texels::Scale(_, colors) => colors[((r + 0.5) as usize).min(colors.len() - 1)],
            _ if alpha <= 0.0 => [0; 4],
            _ => {
                let codes = &tables().code;
                let scale = LINEAR_TOP as f32 / alpha;
                // Beside 2^23 a number's last bits are the nearest whole one.
                let whole = |x: f32| (x + 8_388_608.0).to_bits();
                let code = |light: f32| codes[(whole(light * scale) & LINEAR_TOP) as usize];
                [code(r), code(g), code(b), whole(alpha * 255.0) as u8]
            }
        }
    }

    /// Half the size: means of 2 × 2, transparent texels carrying no colour.
    fn halved(&self) -> Mip {
        let (width, height) = (self.width.div_ceil(2) as usize, self.height.div_ceil(2) as usize);
        let (last_x, last_y) = (self.width as usize - 1, self.height as usize - 1);
        let corners = |x: usize, y: usize| {
            let (x0, y0) = (2 * x, 2 * y);
            let (x1, y1) = ((x0 + 1).min(last_x), (y0 + 1).min(last_y));
            [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]
        };
        let texels = match self.texels {
            Texels::Scale(codes, _) => {
                let code = |(x, y): (usize, usize)| u32::from(codes[y * self.width as usize + x]);
                let mean = |x, y| ((corners(x, y).map(code).iter().sum::<u32>() + 2) / 4) as u8;
                MipTexels::Codes(each_texel(width, height, mean))
            }
            _ => {
                let tables = tables();
                let mean = |x, y| tables.mean(corners(x, y).map(|(x, y)| self.at(x, y)));
                MipTexels::Rgba(each_texel(width, height, mean))
            }
        };
        Mip { width: width as u32, height: height as u32, texels }
    }
}

fn each_texel<T: Copy + Default + Send>(width: usize, height: usize, of: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let mut texels = vec![T::default(); width * height];
    texels.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        row.iter_mut().enumerate().for_each(|(x, out)| *out = of(x, y));
    });
    texels
}

#[inline]
fn shade(light: &[f32; 256], [r, g, b, a]: [u8; 4]) -> Shade {
    let of = |v: u8| light[usize::from(v)];
    match a {
        255 => [of(r), of(g), of(b), 1.0],
        _ => {
            let alpha = f32::from(a) / 255.0;
            [of(r) * alpha, of(g) * alpha, of(b) * alpha, alpha]
        }
    }
}

#[inline]
fn add(sum: &mut Shade, shade: Shade, share: f32) {
    *sum = std::array::from_fn(|c| sum[c] + shade[c] * share);
}

/// sRGB codes to linear light and back.
struct Tables {
    light: [f32; 256],
    /// 14 bits, for whole-number means.
    linear: [u16; 256],
    code: [u8; 1 << 14],
}

const LINEAR_TOP: u32 = (1 << 14) - 1;

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        light: std::array::from_fn(|v| linear_from_srgb8(v as u8)),
        linear: std::array::from_fn(|v| (linear_from_srgb8(v as u8) * LINEAR_TOP as f32).round() as u16),
        code: std::array::from_fn(|l| srgb8_from_linear(l as f32 / LINEAR_TOP as f32)),
    })
}

impl Tables {
    #[inline]
    fn mean(&self, four: [[u8; 4]; 4]) -> [u8; 4] {
        let alpha: u32 = four.iter().map(|c| u32::from(c[3])).sum();
        let mut out = [0, 0, 0, ((alpha + 2) / 4) as u8];
        for (c, out) in out.iter_mut().take(3).enumerate() {
            let mean = if alpha == 4 * 255 {
                four.iter().map(|p| u32::from(self.linear[usize::from(p[c])])).sum::<u32>() / 4
            } else {
                let sum: u32 = four.iter().map(|p| u32::from(self.linear[usize::from(p[c])]) * u32::from(p[3])).sum();
                sum.checked_div(alpha).unwrap_or(0)
            };
            *out = self.code[mean as usize];
        }
        out
    }
}
