//! A palette for each square tile: the block scale of number formats, seen with the eye.
//!
//! Few colours are enough where a tile needs few: 4 for each 8 × 8 pixels, 3.5 bits a pixel with all
//! palettes counted, look better than 16 for all. Tiles share nothing but the locked colours, so rows of
//! them are coded side by side; only error diffusion, which crosses their edges, walks in order.

use rayon::prelude::*;

use super::Steps;
use super::alpha;
use super::axes::{Axes, InAnyDimension, WITH_ALPHA, with_axes};
use super::fitted::{Codes, Mapped};
use super::locked::{Locked, palette_recipe};
use super::palette::Palette;
use super::pixels::PixelRows;
use super::tile_allocation::{self, Allocated};
use crate::engine::assign::codes::{How, assign};
use crate::engine::assign::dithering::Dithering;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::cloud::Cloud;
use crate::engine::grouping::Grouping;
use crate::engine::indexed::Tiles;
use crate::engine::metric::over_white;
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::engine::recipe::{Recipe, bits_for};
use crate::engine::samples::Samples;
use crate::engine::theory::allocate::Choice;
use crate::picture::image::Image;
use crate::run::report::TileAllocation;
use crate::spec::{FittedPalette, PaletteSpec, TileBudget};

/// What is asked of a palette for each tile.
#[derive(Clone, Copy)]
pub(super) struct Tiled<'a> {
    spec: &'a PaletteSpec,
    palette: &'a FittedPalette,
    /// Pixels a side.
    side: usize,
    pub budget: Option<TileBudget>,
}

impl<'a> Tiled<'a> {
    /// Nothing where there is one palette for all pixels.
    pub(super) fn of(spec: &'a PaletteSpec) -> Option<Self> {
        let palette = spec.fitted()?;
        let tiles = palette.tiles?;
        Some(Self { spec, palette, side: tiles.side(), budget: tiles.budget })
    }
}

/// Fits a palette to each tile and maps all pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub(super) fn fit_and_map(image: &Image, tiled: Tiled<'_>, control: &Control<'_>) -> Result<Mapped, Stopped> {
    with_axes(image, tiled.spec, MapTiles { image, tiled, control })
}

/// The code of hidden pixels: where there are any, every tile's first entry is transparent.
const TRANSPARENT: u8 = 0;

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
    /// For `colors` in place of the spec's.
    fn with(self, colors: u16, side: usize) -> Self {
        let asked = usize::from(colors).clamp(1 + self.reserved, 256) - self.reserved;
        Self { own: asked.saturating_sub(self.locked).min(side * side), ..self }
    }

    fn entries(self) -> usize {
        self.reserved + self.visible()
    }

    /// Codes and palette of a tile of so many pixels.
    fn tile_bits(self, pixels: usize, entry_bits: u64) -> u64 {
        pixels as u64 * u64::from(bits_for(self.entries())) + (self.reserved + self.own) as u64 * entry_bits
    }

    fn of(image: &Image, Tiled { spec, palette, side, .. }: Tiled<'_>) -> Self {
        let reserved = usize::from(image.has_hidden());
        let room = usize::from(palette.colors).clamp(1 + reserved, 256) - reserved;
        let locked = with_axes(image, spec, CountLocked { palette, room });
        Self { reserved, locked, own: 0 }.with(palette.colors, side)
    }

    fn visible(self) -> usize {
        self.locked + self.own
    }
}

struct CountLocked<'a> {
    palette: &'a FittedPalette,
    room: usize,
}

impl InAnyDimension for CountLocked<'_> {
    type Out = usize;

    fn run<const D: usize>(self, axes: Axes<D>) -> usize {
        Locked::new(self.palette, axes, self.room).points.len()
    }
}

/// Codes, and for each tile as many entries as it may have: a decoder knows from the number of colours and the
/// side how long the palettes are. Locked colours are the same in all and stored once.
pub(super) fn rate_of(image: &Image, tiled: Tiled<'_>) -> Rate {
    let slots = Slots::of(image, tiled);
    let entries = slots.entries();
    let tiles = Tiles::new(image.width as usize, tiled.side, entries).count(image.height as usize);
    let entry_bits = entry_bits(image, tiled.palette);
    let pixels = image.rgba.len() as u64;
    Rate {
        index_bits: pixels * u64::from(bits_for(entries)),
        codebook_bits: (tiles * (slots.reserved + slots.own) + slots.locked) as u64 * entry_bits,
        samples: pixels,
        ..Rate::default()
    }
}

fn entry_bits(image: &Image, palette: &FittedPalette) -> u64 {
    if image.is_opaque() && palette.locked_colors().all(|c| c[3] == 255) { 24 } else { 32 }
}

/// The least that the tiles of a photo can take under a budget, in bits a pixel: every tile at its smallest rung.
pub(super) fn floor_of(image: &Image, tiled: Tiled<'_>, budget: TileBudget) -> f64 {
    let rungs = tile_allocation::rungs(tiled.palette.colors, budget, tiled.side);
    let slots = Slots::of(image, tiled).with(rungs[0], tiled.side);
    let tiles = Tiles::new(image.width as usize, tiled.side, 0).count(image.height as usize) as u64;
    let (pixels, entry) = (image.rgba.len() as u64, entry_bits(image, tiled.palette));
    let codes = pixels * u64::from(bits_for(slots.entries()));
    let palettes = (tiles * (slots.reserved + slots.own) as u64 + slots.locked as u64) * entry;
    (codes + palettes + tiles * u64::from(bits_for(rungs.len()))) as f64 / pixels.max(1) as f64
}

struct MapTiles<'a> {
    image: &'a Image,
    tiled: Tiled<'a>,
    control: &'a Control<'a>,
}

/// A row of tiles, coded.
struct Band<const D: usize> {
    codes: Vec<u8>,
    /// The palette of each tile, without the transparent entry.
    books: Vec<Codebook<D>>,
}

impl InAnyDimension for MapTiles<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let Self { image, tiled, control } = self;
        let Tiled { spec, palette, side, budget } = tiled;
        let width = image.width as usize;
        let slots = Slots::of(image, tiled);
        let (reserved, visible) = (slots.reserved, slots.visible());
        let locked = Locked::new(palette, axes, slots.locked);
        let recipe = |grouping, visible| palette_recipe(palette, grouping, axes, &locked, visible);
        let shape = Tiles::new(width, side, slots.entries());
        let mut coder = Coder {
            image,
            dither: spec.dither,
            tiles: shape,
            shift: reserved as u8,
            recipes: vec![recipe(shape.grouping(), visible)],
            chosen: None,
            locked: locked.points.clone(),
            axes,
        };
        let tile_allocation = match budget {
            None => None,
            Some(budget) => {
                let rungs = tile_allocation::rungs(palette.colors, budget, side);
                let of_rungs: Vec<Slots> = rungs.iter().map(|&n| slots.with(n, side)).collect();
                coder.recipes = of_rungs.iter().map(|s| recipe(Grouping::Whole, s.visible())).collect();
                let each = (entry_bits(image, palette), &of_rungs[..]);
                let allocated = coder.allocate_tiles((palette.colors, budget), &rungs, each, control)?;
                coder.tiles.entries = allocated.chosen.iter().map(|&rung| of_rungs[rung].entries()).max().unwrap_or(1);
                coder.chosen = Some(allocated.chosen.clone());
                Some(coder.finish(allocated, &rungs, each))
            }
        };
        let tiles = coder.tiles;
        let bands = (image.height as usize).div_ceil(side);
        let steps = Steps::new(control, bands);
        let coded: Vec<Band<D>> = (0..bands)
            .into_par_iter()
            .map(|band| {
                let coded = coder.band(band, control)?;
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
        let codes = match spec.dither.how() {
            // Errors cross the edges of tiles.
            How::Diffusion(_) => coder.assigned(0, &image.rgba, coded.iter().flat_map(|band| &band.books), control)?,
            _ => coded.into_iter().flat_map(|band| band.codes).collect(),
        };
        let codes = Codes::OfPixels(codes);
        Ok(Mapped { codes, palette, hidden: TRANSPARENT, tiles: Some(tiles), tile_allocation })
    }
}

struct Coder<'a, const D: usize> {
    image: &'a Image,
    dither: Dithering,
    tiles: Tiles,
    /// What is added to a codebook's index to have its place in the tile's palette.
    shift: u8,
    locked: Vec<[f32; D]>,
    /// One, that walks over the tiles of a band itself; or one for each rung, for one tile alone.
    recipes: Vec<Recipe<D>>,
    /// The rung of each tile.
    chosen: Option<Vec<usize>>,
    axes: Axes<D>,
}

/// The pixels of a tile, and where each lies in its band.
struct Tile<const D: usize> {
    places: Vec<usize>,
    values: Vec<[f32; D]>,
    weights: Option<Vec<f32>>,
}

impl<const D: usize> Coder<'_, D> {
    fn band(&self, band: usize, control: &Control<'_>) -> Result<Band<D>, Stopped> {
        let pixels = self.pixels(band);
        let mut quantized = match &self.chosen {
            Some(chosen) => self.each_at_its_rung(band, pixels, chosen, control)?,
            None => {
                let values: Vec<[f32; D]> = pixels.iter().map(|&c| (self.axes.point)(c)).collect();
                let (width, weights) = (self.image.width as usize, self.weights(pixels));
                let samples = Samples { values: &values, width, weights: weights.as_deref() };
                self.recipes[0].encode(samples, control)?
            }
        };
        if D == WITH_ALPHA {
            self.make_opaque(&mut quantized.codebooks, pixels);
        }
        let Quantized { codes, codebooks: books, .. } = quantized;
        let codes = match self.dither.how() {
            // All bands are diffused together, later.
            How::Diffusion(_) => Vec::new(),
            How::Nearest if D != WITH_ALPHA => codes.into_iter().zip(pixels).map(|(k, c)| self.code(k, c)).collect(),
            _ => self.assigned(band, pixels, books.iter(), control)?,
        };
        Ok(Band { codes, books })
    }

    /// In the palette of each tile.
    fn make_opaque(&self, books: &mut [Codebook<D>], pixels: &[[u8; 4]]) {
        for (across, book) in books.iter_mut().enumerate() {
            let tile = self.tile(pixels, across);
            let weights = tile.weights.as_deref();
            let cloud = Cloud::of_distinct(Samples { values: &tile.values, width: tile.values.len().max(1), weights });
            let mut entries = book.points().to_vec();
            alpha::make_opaque(&mut entries, &self.locked, None, &cloud, self.axes);
            *book = Codebook::new(entries);
        }
    }

    /// Hidden pixels have no say in a palette.
    fn weights(&self, pixels: &[[u8; 4]]) -> Option<Vec<f32>> {
        (self.shift > 0).then(|| pixels.iter().map(|c| if c[3] > 0 { 1.0 } else { 0.0 }).collect())
    }

    fn pixels(&self, band: usize) -> &[[u8; 4]] {
        let width = self.image.width as usize;
        let first = band * self.tiles.side * width;
        let end = (first + self.tiles.side * width).min(self.image.rgba.len());
        &self.image.rgba[first..end]
    }

    fn tile(&self, pixels: &[[u8; 4]], across: usize) -> Tile<D> {
        let (width, side) = (self.image.width as usize, self.tiles.side);
        let columns = across * side..((across + 1) * side).min(width);
        let rows = pixels.len() / width.max(1);
        let places: Vec<usize> = (0..rows).flat_map(|row| columns.clone().map(move |x| row * width + x)).collect();
        let own: Vec<[u8; 4]> = places.iter().map(|&i| pixels[i]).collect();
        Tile { places, values: own.iter().map(|&c| (self.axes.point)(c)).collect(), weights: self.weights(&own) }
    }

    fn encode_tile(&self, tile: &Tile<D>, rung: usize, control: &Control<'_>) -> Result<Quantized<D>, Stopped> {
        let width = tile.values.len().max(1);
        let samples = Samples { values: &tile.values, width, weights: tile.weights.as_deref() };
        self.recipes[rung].encode(samples, control)
    }

    fn each_at_its_rung(
        &self,
        band: usize,
        pixels: &[[u8; 4]],
        chosen: &[usize],
        control: &Control<'_>,
    ) -> Result<Quantized<D>, Stopped> {
        let mut out = Quantized {
            width: self.image.width as usize,
            codes: vec![0; pixels.len()],
            grouping: self.tiles.grouping(),
            affines: Vec::new(),
            codebooks: Vec::with_capacity(self.tiles.across),
            rate: Rate::default(),
        };
        for across in 0..self.tiles.across {
            let tile = self.tile(pixels, across);
            let rung = chosen.get(band * self.tiles.across + across).copied().unwrap_or(0);
            let quantized = self.encode_tile(&tile, rung, control)?;
            tile.places.iter().zip(quantized.codes).for_each(|(&place, code)| out.codes[place] = code);
            out.codebooks.extend(quantized.codebooks);
        }
        Ok(out)
    }

    /// Measures each tile at each rung, and allocates the bits.
    fn allocate_tiles(
        &self,
        asked: (u16, TileBudget),
        rungs: &[u16],
        (entry_bits, of_rungs): (u64, &[Slots]),
        control: &Control<'_>,
    ) -> Result<Allocated, Stopped> {
        let bands = (self.image.height as usize).div_ceil(self.tiles.side);
        let steps = Steps::new(control, bands);
        let measured: Vec<Vec<Vec<Choice>>> = (0..bands)
            .into_par_iter()
            .map(|band| {
                let pixels = self.pixels(band);
                let choices = (0..self.tiles.across).map(|across| {
                    let tile = self.tile(pixels, across);
                    let each = of_rungs.iter().enumerate().map(|(rung, slots)| {
                        let quantized = self.encode_tile(&tile, rung, control)?;
                        let bits = slots.tile_bits(tile.places.len(), entry_bits);
                        Ok(Choice { bits, error: self.error_of(pixels, &tile, &quantized) })
                    });
                    each.collect::<Result<Vec<Choice>, Stopped>>()
                });
                let choices = choices.collect::<Result<Vec<_>, Stopped>>()?;
                steps.one_more();
                Ok(choices)
            })
            .collect::<Result<_, Stopped>>()?;
        let once = of_rungs.first().map_or(0, |s| s.locked as u64) * entry_bits;
        let tiles = measured.into_iter().flatten().collect();
        Ok(tile_allocation::allocate_tiles(self.image.rgba.len(), asked, rungs, tiles, once))
    }

    /// Σe² of the 8-bit codes over white, as PSNR has it.
    fn error_of(&self, pixels: &[[u8; 4]], tile: &Tile<D>, quantized: &Quantized<D>) -> f64 {
        let colours: Vec<[u8; 3]> = quantized
            .codebooks
            .iter()
            .flat_map(|book| book.points())
            .map(|&point| over_white((self.axes.colour)(point)))
            .collect();
        let visible = tile.places.iter().zip(&quantized.codes).filter(|(place, _)| pixels[**place][3] > 0);
        let square = |(&place, &code): (&usize, &u16)| {
            let y = colours.get(usize::from(code)).copied().unwrap_or_default();
            over_white(pixels[place]).iter().zip(y).map(|(x, y)| f64::from(x.abs_diff(y)).powi(2)).sum::<f64>()
        };
        visible.map(square).sum()
    }

    fn finish(&self, allocated: Allocated, rungs: &[u16], (entry_bits, of_rungs): (u64, &[Slots])) -> TileAllocation {
        let (width, height, side) = (self.image.width as usize, self.image.height as usize, self.tiles.side);
        let mut rate = Rate {
            samples: self.image.rgba.len() as u64,
            side_bits: allocated.rung_bits,
            codebook_bits: of_rungs.first().map_or(0, |s| s.locked as u64) * entry_bits,
            ..Rate::default()
        };
        for (tile, &rung) in allocated.chosen.iter().enumerate() {
            let (x, y) = (tile % self.tiles.across * side, tile / self.tiles.across * side);
            let pixels = side.min(width - x) * side.min(height - y);
            let codes = pixels as u64 * u64::from(bits_for(of_rungs[rung].entries()));
            rate.index_bits += codes;
            rate.codebook_bits += of_rungs[rung].tile_bits(pixels, entry_bits) - codes;
        }
        let code_bits: Vec<u8> = of_rungs.iter().map(|s| bits_for(s.entries()) as u8).collect();
        allocated.finish(self.image, side, rungs, &code_bits, rate)
    }

    /// The codes of rows of tiles, from a band on, under their codebooks.
    fn assigned<'b>(
        &self,
        band: usize,
        pixels: &[[u8; 4]],
        books: impl Iterator<Item = &'b Codebook<D>>,
        control: &Control<'_>,
    ) -> Result<Vec<u8>, Stopped> {
        let palette = |book: &Codebook<D>| {
            let colors: Vec<[u8; 4]> = book.points().iter().map(|&p| (self.axes.colour)(p)).collect();
            Palette::fitted(&colors, book.points().to_vec(), false)
        };
        let (palettes, dither) = (books.map(palette).collect::<Vec<_>>(), self.dither);
        let rows = PixelRows::new(pixels, self.image.width as usize, &palettes, self.axes, dither.in_light());
        let visible = assign(&mut rows.in_tiles(self.tiles, band * self.tiles.side), dither.how(), control)?;
        Ok(visible.into_iter().zip(pixels).map(|(k, c)| self.code(k, c)).collect())
    }

    fn code(&self, visible: u16, pixel: &[u8; 4]) -> u8 {
        if pixel[3] == 0 { TRANSPARENT } else { visible as u8 + self.shift }
    }
}
