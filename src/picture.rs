//! What a pane shows: pixels of a photo, of its reduction, or of a heat map, and how any part of
//! them is drawn at any zoom without holding more than a few bytes a pixel.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::engine::colour::{linear_from_srgb8, srgb8_from_linear};
use crate::engine::indexed::{Indexed, Tiles};
use crate::source::image::Image;

/// Full-size pixels with ever smaller averages of them.
#[derive(Debug)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub pixels: Pixels,
    /// Each half the size of the one before (rounded up), averaged in linear light; the first is half
    /// of the full size, the last has no side over 256.
    pub mips: Vec<Mip>,
}

#[derive(Debug)]
pub enum Pixels {
    Rgba(Arc<Image>),
    /// One byte a pixel; every code has its place in `palette`: see [`Indexed`].
    Indexed {
        codes: Vec<u8>,
        palette: Vec<[u8; 4]>,
        tiles: Option<Tiles>,
    },
}

#[derive(Debug)]
pub struct Mip {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<[u8; 4]>,
}

/// A small picture of straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<[u8; 4]>,
}

/// Which part of a picture is looked at, in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The picture point at the upper left corner of the output.
    pub left: f64,
    pub top: f64,
    /// Output pixels a picture pixel; 1 is 100 %.
    pub zoom: f64,
}

/// The side of the smallest average.
const SMALLEST: u32 = 256;
/// From this zoom on, pixels are shown as squares.
const SQUARES: f64 = 2.0;

impl Picture {
    pub fn new_rgba(image: Arc<Image>) -> Self {
        Self::new(image.width, image.height, Pixels::Rgba(image))
    }

    /// # Panics
    /// In debug builds, when there is not one code a pixel.
    pub fn new_indexed(width: u32, height: u32, codes: Vec<u8>, palette: Vec<[u8; 4]>) -> Self {
        Self::new_tiled(width, height, codes, palette, None)
    }

    /// The same with a palette a tile, where there are tiles.
    pub fn new_tiled(width: u32, height: u32, codes: Vec<u8>, palette: Vec<[u8; 4]>, tiles: Option<Tiles>) -> Self {
        debug_assert_eq!(codes.len(), width as usize * height as usize);
        Self::new(width, height, Pixels::Indexed { codes, palette, tiles })
    }

    fn new(width: u32, height: u32, pixels: Pixels) -> Self {
        let mut picture = Self { width, height, pixels, mips: Vec::new() };
        let mut level = picture.full();
        let mut mips: Vec<Mip> = Vec::new();
        while level.width.max(level.height) > SMALLEST {
            mips.push(halved(level));
            let last = &mips[mips.len() - 1];
            level = Level { width: last.width, height: last.height, source: Texels::Rgba(&last.rgba) };
        }
        picture.mips = mips;
        picture
    }

    /// What it takes in memory beside the photo.
    pub fn bytes(&self) -> usize {
        let mips: usize = self.mips.iter().map(|mip| 4 * mip.rgba.len()).sum();
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
        let source = match &self.pixels {
            Pixels::Rgba(image) => Texels::Rgba(&image.rgba),
            Pixels::Indexed { codes, palette, tiles: None } => Texels::Indexed(codes, palette),
            Pixels::Indexed { codes, palette, tiles: Some(tiles) } => Texels::Tiled(codes, palette, *tiles),
        };
        Level { width: self.width, height: self.height, source }
    }

    /// The full size at `level` 0, the averages above.
    fn level(&self, level: usize) -> Level<'_> {
        match level.checked_sub(1).and_then(|i| self.mips.get(i)) {
            Some(mip) => Level { width: mip.width, height: mip.height, source: Texels::Rgba(&mip.rgba) },
            None => self.full(),
        }
    }

    /// Draws the part that `window` shows into `width` × `height` output pixels of straight alpha.
    ///
    /// The window speaks of a picture of `extent` pixels, which this one may be a smaller version of
    /// (a preview). From 200 % on pixels are squares; at 100 % they are copied; in between they are
    /// interpolated; below, averages are. Outside the picture the output is transparent.
    pub fn resample(&self, extent: (u32, u32), window: Window, width: usize, height: usize) -> Vec<[u8; 4]> {
        let (sx, sy) = (f64::from(self.width) / f64::from(extent.0), f64::from(self.height) / f64::from(extent.1));
        // Output pixels a pixel of this picture.
        let own_zoom = window.zoom / sx.max(sy);
        let level = match own_zoom {
            z if z >= 1.0 => 0,
            z => ((1.0 / z).log2().floor() as usize).min(self.mips.len()),
        };
        let texels = self.level(level);
        let (lx, ly) = (f64::from(texels.width) / f64::from(extent.0), f64::from(texels.height) / f64::from(extent.1));
        let columns: Vec<Tap> =
            (0..width).map(|i| tap((window.left + (i as f64 + 0.5) / window.zoom) * lx, texels.width)).collect();
        let squares =
            own_zoom >= SQUARES || (own_zoom == 1.0 && window.left.fract() == 0.0 && window.top.fract() == 0.0);
        let mut out = vec![[0; 4]; width * height];
        out.par_chunks_mut(width.max(1)).enumerate().for_each(|(j, row)| {
            let y = tap((window.top + (j as f64 + 0.5) / window.zoom) * ly, texels.height);
            if !y.inside {
                return;
            }
            for (out, x) in row.iter_mut().zip(&columns).filter(|(_, x)| x.inside) {
                *out = if squares { texels.at(x.cell, y.cell) } else { texels.interpolated(x, &y) };
            }
        });
        out
    }
}

/// Where an output pixel's middle falls along one axis of a level.
struct Tap {
    inside: bool,
    /// The texel it falls into.
    cell: usize,
    /// The texels whose middles lie on both sides, and the share of the second in 1/256.
    low: usize,
    high: usize,
    share: u32,
}

fn tap(at: f64, size: u32) -> Tap {
    let last = size.saturating_sub(1) as usize;
    let centered = at - 0.5;
    let low = centered.floor();
    Tap {
        inside: at >= 0.0 && at < f64::from(size),
        cell: (at.max(0.0) as usize).min(last),
        low: (low.max(0.0) as usize).min(last),
        high: ((low + 1.0).max(0.0) as usize).min(last),
        share: ((centered - low) * 256.0) as u32,
    }
}

/// One size of a picture.
#[derive(Clone, Copy)]
struct Level<'a> {
    width: u32,
    height: u32,
    source: Texels<'a>,
}

#[derive(Clone, Copy)]
enum Texels<'a> {
    Rgba(&'a [[u8; 4]]),
    Indexed(&'a [u8], &'a [[u8; 4]]),
    Tiled(&'a [u8], &'a [[u8; 4]], Tiles),
}

impl Level<'_> {
    #[inline]
    fn at(&self, x: usize, y: usize) -> [u8; 4] {
        let i = y * self.width as usize + x;
        match self.source {
            Texels::Rgba(rgba) => rgba[i],
            Texels::Indexed(codes, palette) => palette[usize::from(codes[i])],
            Texels::Tiled(codes, palette, tiles) => palette[tiles.first(x, y) + usize::from(codes[i])],
        }
    }

    #[inline]
    fn interpolated(&self, x: &Tap, y: &Tap) -> [u8; 4] {
        let corners = [(x.low, y.low), (x.high, y.low), (x.low, y.high), (x.high, y.high)].map(|(x, y)| self.at(x, y));
        if corners.iter().all(|c| c[3] == 255) {
            let mix = |a: u8, b: u8, share: u32| u32::from(a) * (256 - share) + u32::from(b) * share;
            return std::array::from_fn(|c| {
                let upper = mix(corners[0][c], corners[1][c], x.share);
                let lower = mix(corners[2][c], corners[3][c], x.share);
                ((upper * (256 - y.share) + lower * y.share + (1 << 15)) >> 16) as u8
            });
        }
        let weights = [
            (256 - x.share) * (256 - y.share),
            x.share * (256 - y.share),
            (256 - x.share) * y.share,
            x.share * y.share,
        ];
        let alpha: u64 = corners.iter().zip(weights).map(|(c, w)| u64::from(c[3]) * u64::from(w)).sum();
        let mut out = [0; 4];
        for (c, out) in out.iter_mut().take(3).enumerate() {
            let sum: u64 =
                corners.iter().zip(weights).map(|(p, w)| u64::from(p[c]) * u64::from(p[3]) * u64::from(w)).sum();
            *out = sum.checked_div(alpha).unwrap_or(0) as u8;
        }
        out[3] = (alpha >> 16) as u8;
        out
    }
}

/// Half the size: averages of 2 × 2 in linear light, transparent texels carrying no colour.
fn halved(level: Level<'_>) -> Mip {
    let (width, height) = (level.width.div_ceil(2) as usize, level.height.div_ceil(2) as usize);
    let (last_x, last_y) = (level.width as usize - 1, level.height as usize - 1);
    let tables = tables();
    let mut rgba = vec![[0; 4]; width * height];
    rgba.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        let (y0, y1) = (2 * y, (2 * y + 1).min(last_y));
        for (x, out) in row.iter_mut().enumerate() {
            let (x0, x1) = (2 * x, (2 * x + 1).min(last_x));
            *out = tables.mean([level.at(x0, y0), level.at(x1, y0), level.at(x0, y1), level.at(x1, y1)]);
        }
    });
    Mip { width: width as u32, height: height as u32, rgba }
}

/// sRGB codes to 14-bit linear light and back.
struct Tables {
    linear: [u16; 256],
    code: Vec<u8>,
}

const LINEAR_TOP: u32 = (1 << 14) - 1;

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        linear: std::array::from_fn(|v| (linear_from_srgb8(v as u8) * LINEAR_TOP as f32).round() as u16),
        code: (0..=LINEAR_TOP).map(|l| srgb8_from_linear(l as f32 / LINEAR_TOP as f32)).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn checker(width: u32, height: u32) -> Vec<u8> {
        (0..width * height).map(|i| ((i % width + i / width) % 2) as u8).collect()
    }

    fn numbered(width: u32, height: u32) -> Picture {
        let rgba = (0..width * height).map(|i| [(i % width) as u8, (i / width) as u8, 9, 255]).collect();
        Picture::new_rgba(Arc::new(Image::new(width, height, rgba)))
    }

    fn window(left: f64, top: f64, zoom: f64) -> Window {
        Window { left, top, zoom }
    }

    #[test]
    fn at_100_percent_pixels_are_copied() {
        let picture = numbered(50, 40);
        let out = picture.resample((50, 40), window(3.0, 5.0, 1.0), 20, 10);
        for (i, c) in out.iter().enumerate() {
            assert_eq!(*c, [3 + (i % 20) as u8, 5 + (i / 20) as u8, 9, 255]);
        }
    }

    #[test]
    fn from_200_percent_every_output_pixel_is_the_pixel_it_lies_in() {
        let picture = numbered(50, 40);
        for zoom in [2.0, 3.0, 4.7, 16.0] {
            let out = picture.resample((50, 40), window(10.25, 7.5, zoom), 64, 64);
            for (i, c) in out.iter().enumerate() {
                let (x, y) = ((i % 64) as f64, (i / 64) as f64);
                let expected = [(10.25 + (x + 0.5) / zoom) as u8, (7.5 + (y + 0.5) / zoom) as u8];
                assert_eq!(c[..2], expected, "{zoom}");
            }
        }
    }

    #[test]
    fn outside_is_transparent() {
        let out = numbered(10, 10).resample((10, 10), window(-5.0, -5.0, 1.0), 20, 20);
        assert_eq!(out.iter().filter(|c| c[3] == 0).count(), 300);
        assert_eq!((out[0], out[5 * 20 + 5]), ([0; 4], [0, 0, 9, 255]));
    }

    #[test]
    fn a_checker_seen_from_afar_is_the_grey_that_the_eye_sees() {
        let picture = Picture::new_indexed(1024, 1024, checker(1024, 1024), vec![[0, 0, 0, 255], [255; 4]]);
        let out = picture.resample((1024, 1024), window(0.0, 0.0, 0.25), 256, 256);
        // Half the light of white is code 188, not 128.
        assert!(out.iter().all(|c| c[0].abs_diff(188) <= 1), "{:?}", out[0]);
    }

    #[test]
    fn a_preview_stands_where_the_full_picture_will() {
        let (full, small) = (numbered(64, 64), numbered(16, 16));
        let shown = small.resample((64, 64), window(0.0, 0.0, 1.0), 64, 64);
        let real = full.resample((64, 64), window(0.0, 0.0, 1.0), 64, 64);
        for (s, r) in shown.iter().zip(real) {
            assert_eq!(s[0], r[0] / 4);
        }
    }

    #[test]
    fn a_thumbnail_is_the_whole_picture_in_its_shape_and_no_larger() {
        for (width, height, size) in [(300, 100, (60, 20)), (100, 400, (10, 40)), (8, 6, (8, 6)), (5000, 1, (60, 1))] {
            let codes = (0..width * height).map(|i| u8::from(i % width >= width / 2)).collect();
            let picture = Picture::new_indexed(width, height, codes, vec![[9, 9, 9, 255], [200, 200, 200, 255]]);
            let small = picture.thumbnail(60, 40);
            assert_eq!((small.width, small.height, small.rgba.len()), (size.0, size.1, size.0 * size.1));
            assert!(small.rgba.iter().all(|c| c[3] == 255) && small.rgba[0] == [9, 9, 9, 255], "{width}");
            assert_eq!(small.rgba[size.0 - 1], [200, 200, 200, 255], "{width}");
        }
    }

    #[test]
    fn indexed_and_full_pixels_are_drawn_alike_at_every_zoom() {
        let palette: Vec<[u8; 4]> = (0..=255).map(|v| [v, 255 - v, 128, 255]).collect();
        let codes: Vec<u8> = (0..300 * 280).map(|i| (i * 7 % 256) as u8).collect();
        let rgba = codes.iter().map(|&k| palette[usize::from(k)]).collect();
        let indexed = Picture::new_indexed(300, 280, codes, palette);
        let full = Picture::new_rgba(Arc::new(Image::new(300, 280, rgba)));
        for zoom in [0.3, 0.5, 1.0, 1.5, 2.0, 7.0] {
            let [a, b] = [&indexed, &full].map(|p| p.resample((300, 280), window(11.3, 5.9, zoom), 90, 80));
            assert_eq!(a, b, "{zoom}");
        }
    }
}
