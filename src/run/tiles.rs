//! A palette for each square tile: the block scale of number formats, seen with the eye.
//!
//! Few colours are enough where a tile needs few: 4 for each 8 × 8 pixels, 3.5 bits a pixel with all
//! palettes counted, look better than 16 for all. Tiles share nothing but the locked colours, so rows of
//! them are coded side by side; only error diffusion, which crosses their edges, walks in order.

use rayon::prelude::*;

use super::Steps;
use super::axes::{Axes, InAnyDimension, with_axes};
use super::fitted::{Codes, Locked, Mapped, TRANSPARENT, palette_recipe};
use crate::engine::assign::diffusion::{self, Diffusion};
use crate::engine::assign::ordered::Mix;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Tiles;
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::engine::recipe::{Recipe, bits_for};
use crate::engine::samples::Samples;
use crate::source::image::Image;
use crate::spec::PhotoSpec;

/// Fits a palette to each tile of `side` pixels a side and maps all pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn fit_and_map(image: &Image, spec: PhotoSpec, side: usize, control: &Control<'_>) -> Result<Mapped, Stopped> {
    with_axes(image, spec, MapTiles { image, spec, side, control })
}

/// What a tile's palette is made of.
#[derive(Clone, Copy)]
struct Slots {
    /// 1 where the photo has hidden pixels: a transparent entry.
    reserved: usize,
    locked: usize,
    /// Fitted to the tile: never more than it has pixels.
    own: usize,
}

impl Slots {
    fn of(image: &Image, spec: PhotoSpec, side: usize) -> Self {
        let reserved = usize::from(image.has_hidden());
        let asked = usize::from(spec.colors).clamp(1 + reserved, 256) - reserved;
        let locked = with_axes(image, spec, CountLocked { spec, room: 256 - reserved });
        Self { reserved, locked, own: asked.saturating_sub(locked).min(side * side) }
    }

    fn visible(self) -> usize {
        self.locked + self.own
    }
}

struct CountLocked {
    spec: PhotoSpec,
    room: usize,
}

impl InAnyDimension for CountLocked {
    type Out = usize;

    fn run<const D: usize>(self, axes: Axes<D>) -> usize {
        Locked::new(self.spec, axes, self.room).points.len()
    }
}

/// Codes, and for each tile as many entries as it may have: a decoder knows from the number of colours and the
/// side how long the palettes are. Locked colours are the same in all and stored once.
pub fn rate_of(image: &Image, spec: PhotoSpec, side: usize) -> Rate {
    let slots = Slots::of(image, spec, side);
    let entries = slots.reserved + slots.visible();
    let tiles = Tiles::new(image.width as usize, side, entries).count(image.height as usize);
    let entry_bits = if image.is_opaque() && spec.locked_colors().all(|c| c[3] == 255) { 24 } else { 32 };
    let pixels = image.rgba.len() as u64;
    Rate {
        index_bits: pixels * u64::from(bits_for(entries)),
        codebook_bits: (tiles * (slots.reserved + slots.own) + slots.locked) as u64 * entry_bits,
        samples: pixels,
        ..Rate::default()
    }
}

struct MapTiles<'a> {
    image: &'a Image,
    spec: PhotoSpec,
    side: usize,
    control: &'a Control<'a>,
}

/// A row of tiles, coded.
struct Band<const D: usize> {
    codes: Vec<u8>,
    /// Of each tile, without the transparent entry.
    books: Vec<Codebook<D>>,
}

impl InAnyDimension for MapTiles<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let (image, spec) = (self.image, self.spec);
        let width = image.width as usize;
        let slots = Slots::of(image, spec, self.side);
        let (reserved, visible) = (slots.reserved, slots.visible());
        let locked = Locked::new(spec, axes, 256 - reserved);
        let tiles = Tiles::new(width, self.side, reserved + visible);
        let coder = Coder {
            image,
            spec,
            tiles,
            shift: reserved as u8,
            recipe: palette_recipe(spec, tiles.grouping(), axes, &locked, visible),
            axes,
        };
        let bands = (image.height as usize).div_ceil(self.side);
        let steps = Steps::new(self.control, bands);
        let coded: Vec<Band<D>> = (0..bands)
            .into_par_iter()
            .map(|band| {
                let coded = coder.band(band, self.control)?;
                steps.one_more();
                Ok(coded)
            })
            .collect::<Result<_, Stopped>>()?;
        let mut palette = Vec::with_capacity(bands * tiles.across * tiles.entries);
        for book in coded.iter().flat_map(|band| &band.books) {
            let end = palette.len() + tiles.entries;
            palette.resize(palette.len() + reserved, [0; 4]);
            palette.extend(book.points().iter().map(|&p| locked.colour(p).unwrap_or((axes.colour)(p))));
            // Places that no pixel points at.
            palette.resize(end, [0, 0, 0, 255]);
        }
        let codes = match spec.dither.diffusion() {
            Some(how) => coder.diffused(&coded, &how, self.control)?,
            None => coded.into_iter().flat_map(|band| band.codes).collect(),
        };
        Ok(Mapped { codes: Codes::OfPixels(codes), palette, tiles: Some(tiles) })
    }
}

struct Coder<'a, const D: usize> {
    image: &'a Image,
    spec: PhotoSpec,
    tiles: Tiles,
    /// What is added to a codebook's index to have its place in the tile's palette.
    shift: u8,
    recipe: Recipe<D>,
    axes: Axes<D>,
}

impl<const D: usize> Coder<'_, D> {
    fn band(&self, band: usize, control: &Control<'_>) -> Result<Band<D>, Stopped> {
        let width = self.image.width as usize;
        let first_row = band * self.tiles.side;
        let end = ((first_row + self.tiles.side) * width).min(self.image.rgba.len());
        let pixels = &self.image.rgba[first_row * width..end];
        let values: Vec<[f32; D]> = pixels.iter().map(|&c| (self.axes.point)(c)).collect();
        let weights: Option<Vec<f32>> =
            (self.shift > 0).then(|| pixels.iter().map(|c| if c[3] > 0 { 1.0 } else { 0.0 }).collect());
        let samples = Samples { values: &values, width, weights: weights.as_deref() };
        let mut found = self.recipe.encode(samples, control)?;
        if let Some(mask) = self.spec.dither.mask() {
            let strength = self.spec.dither.strength();
            for (i, &x) in values.iter().enumerate() {
                let book = &found.codebooks[i % width / self.tiles.side];
                let mix = Mix::new(x, strength, |x| nearest(book, x));
                found.codes[i] = mix.pick(mask.threshold(i % width, first_row + i / width));
            }
        }
        let Quantized { codes, codebooks: books, .. } = found;
        let codes = codes.into_iter().zip(pixels).map(|(k, c)| self.code(k, c)).collect();
        Ok(Band { codes, books })
    }

    fn diffused(&self, bands: &[Band<D>], how: &Diffusion, control: &Control<'_>) -> Result<Vec<u8>, Stopped> {
        let (width, height) = (self.image.width as usize, self.image.height as usize);
        let (side, linear) = (self.tiles.side, self.spec.dither.linear);
        let point = if linear { self.axes.light } else { self.axes.point };
        let read = |row: usize, line: &mut Vec<Option<[f32; D]>>| {
            let pixels = &self.image.rgba[row * width..(row + 1) * width];
            line.extend(pixels.iter().map(|&c| (c[3] > 0).then(|| point(c))));
        };
        let book = |i: usize| &bands[i / width / side].books[i % width / side];
        let in_light = |i: usize, x: [f32; D]| {
            let (k, entry) = nearest(book(i), (self.axes.of_light)(x));
            (k, (self.axes.light)((self.axes.colour)(entry)))
        };
        let code = |i: usize, x: [f32; D]| if linear { in_light(i, x) } else { nearest(book(i), x) };
        let visible = diffusion::diffuse((width, height), self.bounds(point), how, read, code, control)?;
        Ok(visible.into_iter().zip(&self.image.rgba).map(|(k, c)| self.code(k, c)).collect())
    }

    fn code(&self, visible: u16, pixel: &[u8; 4]) -> u8 {
        if pixel[3] == 0 { TRANSPARENT } else { visible as u8 + self.shift }
    }

    fn bounds(&self, point: fn([u8; 4]) -> [f32; D]) -> [(f32, f32); D] {
        let none = [(f32::INFINITY, f32::NEG_INFINITY); D];
        let both =
            |a: [(f32, f32); D], b: [(f32, f32); D]| std::array::from_fn(|c| (a[c].0.min(b[c].0), a[c].1.max(b[c].1)));
        let visible = self.image.rgba.par_iter().filter(|c| c[3] > 0);
        visible.map(|&c| point(c).map(|x| (x, x))).reduce(|| none, both)
    }
}

fn nearest<const D: usize>(book: &Codebook<D>, x: [f32; D]) -> (u16, [f32; D]) {
    let k = book.nearest(x);
    (k, book.points()[usize::from(k)])
}
