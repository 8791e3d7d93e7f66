//! Bits where a tile needs them: the allocator of the weights' formats deals palettes of different sizes out
//! to the tiles of a photo.
//!
//! A rung is a number of colours: 1 (a tile of one colour takes no codes at all), 2, 4, 8 … Each tile is fitted
//! at every rung, its error is Σe² of its 8-bit codes over white, its bits are codes and palette; the number of
//! its rung is counted too. [`allocate`] then spends a budget where a bit takes away most error. Flat sky gets one colour,
//! foliage many. Dither comes after: the error that decides is that of the nearest colours.
//! Cost: a fit of each tile at each rung, and one more at the rung that it gets.

use std::sync::Arc;

use crate::engine::metric::decibels;
use crate::engine::rate::Rate;
use crate::engine::recipe::bits_for;
use crate::engine::theory::allocate::{Choice, Item, allocate, best_uniform};
use crate::picture::Picture;
use crate::picture::colourmap;
use crate::picture::image::Image;
use crate::run::report::{TileAllocation, UniformTiles};
use crate::spec::TileBudget;

/// No palette has more than 2⁸ entries.
const MOST_BITS: u32 = 8;

/// The numbers of colours that a tile is tried with, fewest first: powers of two while half as many as its pixels
/// at most, and what the same size asks of every tile.
pub fn rungs(colors: u16, budget: TileBudget, side: usize) -> Vec<u16> {
    let pixels = side * side;
    let mut rungs: Vec<u16> = (0..=MOST_BITS).map(|b| 1 << b).filter(|n| usize::from(*n) <= pixels / 2).collect();
    if budget == TileBudget::SameSize {
        rungs.push(colors.clamp(1, 256).min(pixels as u16));
    }
    rungs.sort_unstable();
    rungs.dedup();
    rungs
}

/// Which rung each tile gets, and what decided.
pub struct Allocated {
    /// The rung of each tile, tile by tile: an index into the list of rungs.
    pub chosen: Vec<usize>,
    /// Bits that all tiles together may take.
    pub budget_bits: u64,
    /// The least bits that all tiles together can take.
    pub floor_bits: u64,
    /// The numbers of the rungs, tile by tile.
    pub rung_bits: u64,
    slope: Option<f64>,
    uniform: Option<UniformTiles>,
}

/// `colors` are of each tile where all get as many; `tiles` has the bits and the error of each tile at each rung; `once_bits` are for all tiles together.
pub fn allocate_tiles(
    pixels: usize,
    (colors, budget): (u16, TileBudget),
    rungs: &[u16],
    tiles: Vec<Vec<Choice>>,
    once_bits: u64,
) -> Allocated {
    let items: Vec<Item> = tiles.into_iter().map(|choices| Item { choices, locked: None }).collect();
    let rung_bits = u64::from(bits_for(rungs.len())) * items.len() as u64;
    let least: u64 = items.iter().filter_map(|item| item.choices.iter().map(|c| c.bits).min()).sum();
    let at = |place: usize| items.iter().filter_map(move |item| item.choices.get(place));
    let bits_at = |place: usize| at(place).map(|c| c.bits).sum::<u64>();
    let own = rungs.iter().position(|n| *n == colors.clamp(1, 256)).unwrap_or(rungs.len() - 1);
    let budget_bits = match budget {
        TileBudget::Centibits(hundredths) => pixels as u64 * u64::from(hundredths) / 100,
        TileBudget::SameSize => bits_at(own) + once_bits,
    };
    // Where the budget cannot be met, the least is what comes nearest; who asked is told beforehand.
    let allocated = |bits: u64| allocate(&items, bits.saturating_sub(rung_bits).max(least)).ok();
    let allocation = allocated(budget_bits.saturating_sub(once_bits));
    let uniform = match budget {
        TileBudget::SameSize => Some(own),
        // Who gives all tiles the same needs no numbers of rungs.
        TileBudget::Centibits(_) => {
            best_uniform(&items, budget_bits.saturating_sub(once_bits)).map(|(place, ..)| place)
        }
    };
    let uniform = uniform.and_then(|place| {
        let error: f64 = at(place).map(|c| c.error).sum();
        let same = allocated(bits_at(place))?;
        let gain_db = if error > 0.0 { decibels(error, same.error) } else { 0.0 };
        Some(UniformTiles { colors: rungs[place], bits: bits_at(place) + once_bits, gain_db })
    });
    let slopes = allocation.iter().flat_map(|f| &f.slopes).filter_map(|s| s.taken);
    Allocated {
        slope: slopes.fold(None, |least: Option<f64>, s| Some(least.map_or(s, |l| l.min(s)))),
        chosen: allocation.map_or_else(|| vec![0; items.len()], |f| f.chosen),
        budget_bits,
        floor_bits: least + once_bits + rung_bits,
        rung_bits,
        uniform,
    }
}

impl Allocated {
    /// With what came of it; `code_bits` are of each rung.
    pub fn finish(self, image: &Image, side: usize, rungs: &[u16], code_bits: &[u8], rate: Rate) -> TileAllocation {
        let Self { chosen, budget_bits, floor_bits, slope, uniform, .. } = self;
        let bits: Vec<u8> = chosen.iter().map(|&rung| code_bits[rung]).collect();
        let count = |rung: usize| chosen.iter().filter(|c| **c == rung).count();
        let rungs = rungs.iter().enumerate().map(|(rung, &colors)| (colors, count(rung))).collect();
        let top = code_bits.iter().copied().max().unwrap_or(1).max(1);
        let map = map_of(image, side, &bits, top);
        TileAllocation { bits, rungs, rate, budget_bits, floor_bits, slope, uniform, top, map }
    }
}

fn map_of(image: &Image, side: usize, bits: &[u8], top: u8) -> Arc<Picture> {
    let (width, height) = (image.width as usize, image.height as usize);
    let across = width.div_ceil(side.max(1));
    let shade = |tile: usize| bits.get(tile).map_or(0, |&b| (usize::from(b) * 255 / usize::from(top)) as u8);
    let mut codes = Vec::with_capacity(width * height);
    for y in 0..height {
        codes.extend((0..width).map(|x| shade(y / side * across + x / side)));
    }
    Arc::new(Picture::of_scale(image.width, image.height, codes, &colourmap::sequential()))
}
