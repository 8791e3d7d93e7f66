//! The colours of a picture in 32 × 32 × 32 cells of 8 × 8 × 8: how many pixels lie in each, and where on the mean.
//!
//! For methods that are to be fast: one pass over the pixels, without a look at the different colours. The table fits
//! in a processor's own cache, as that of the finer cubes of [`super::colours`] does not. The result is the same for any
//! number of threads, and whether it was made of pixels or of these cubes.

use super::colours::{Cube, Packed, color_at, place_of};
use super::flats::Flat;
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// Bits of a place within a cell.
const CELL_BITS: u32 = 9;
/// Number of coarse cells, 32 × 32 × 32.
pub const CELLS: usize = 1 << (24 - CELL_BITS);
/// So many pixels, times 7, are still below 2¹⁶.
const FULL: u64 = 1 << 13;
/// Pixels that one thread takes at a time, for counting and for mapping.
const BAND: usize = 1 << 15;
const RUN: usize = 64;
const STREAMS: usize = 4;

/// Pixels of a picture summed up in coarse cells of the colour space.
#[derive(Debug, Default)]
pub struct Coarse {
    /// Those that hold a pixel that can be seen, in the order of places: near ones together.
    pub cells: Vec<Cell>,
}

/// A coarse cell with its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The cell's place in the halving of the colour space, below [`CELLS`]: see [`cell_of`].
    pub number: u16,
    /// Number of the pixels in the cell, and the sums of their channels.
    pub cube: Cube,
}

impl Coarse {
    /// Pixels with alpha 0 are left out; the others are taken as opaque.
    pub fn of(pixels: &[[u8; 4]]) -> Self {
        let none = || Counts { sums: vec![0; CELLS], full: Vec::new() };
        let counts = tasks::gather(pixels, BAND, none, |counts, pixels| widest(Count { pixels, counts }));
        let mut cells: Vec<Cell> = Vec::with_capacity(CELLS / 8);
        for number in 0..CELLS {
            if counts.iter().any(|counts| counts.sums[number] != 0) {
                let (corner, mut cube) = (color_at((number as u32) << CELL_BITS), Cube::default());
                counts.iter().for_each(|counts| cube.add_packed(corner, Packed(counts.sums[number])));
                cells.push(Cell { number: number as u16, cube });
            }
        }
        for &(number, sum) in counts.iter().flat_map(|counts| &counts.full) {
            if let Ok(at) = cells.binary_search_by_key(&number, |cell| cell.number) {
                cells[at].cube.add_packed(color_at(u32::from(number) << CELL_BITS), Packed(sum));
            }
        }
        Self { cells }
    }

    /// The cells without the pixels of these colours.
    pub fn without(&self, flats: &[Flat]) -> Vec<Cell> {
        let mut cells = self.cells.clone();
        for flat in flats {
            let number = cell_of(place_of(flat.color)) as u16;
            if let Ok(at) = cells.binary_search_by_key(&number, |cell| cell.number) {
                cells[at].cube = cells[at].cube.without(flat.color, flat.pixels);
            }
        }
        cells
    }

    /// Of smaller cubes and the places of these, in order.
    pub fn of_cubes(cubes: impl Iterator<Item = (u32, Cube)>) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        for (place, cube) in cubes {
            let number = cell_of(place) as u16;
            match cells.last_mut() {
                Some(last) if last.number == number => last.cube.merge(&cube),
                _ => cells.push(Cell { number, cube }),
            }
        }
        Self { cells }
    }
}

/// The cell in which a place lies.
#[inline(always)]
pub fn cell_of(place: u32) -> usize {
    (place >> CELL_BITS) as usize & (CELLS - 1)
}

/// A place in a cell.
pub fn place_in(cell: u16) -> u32 {
    u32::from(cell) << CELL_BITS
}

/// What stands in the table for each pixel's cell; `hidden` for a pixel with alpha 0.
pub fn map_pixels(pixels: &[[u8; 4]], table: &[u8; CELLS], hidden: u8) -> Vec<u8> {
    // One more entry than there are cells, for hidden pixels, and more, so that no place is out of bounds.
    let mut with_hidden = [hidden; 2 * CELLS];
    with_hidden[..CELLS].copy_from_slice(table);
    let mut out = tasks::filled(0, pixels.len());
    let bands = out.chunks_mut(BAND).zip(pixels.chunks(BAND));
    tasks::map(bands, |_, (out, pixels)| widest(MapPixels { pixels, table: &with_hidden, out }));
    out
}

struct Counts {
    /// The pixels of each cell and the three lower bits of each channel: see [`packed`].
    sums: Vec<u64>,
    /// What was taken off sums that had grown too large, which is never all.
    full: Vec<(u16, u64)>,
}

/// One pixel in a sum: how many, and the three lower bits of each channel, 16 bits each; nothing for a hidden one.
#[inline(always)]
fn packed(color: [u8; 4]) -> u64 {
    let x = u64::from(u32::from_le_bytes(color));
    let sum = 1 | (x & 7) << 16 | (x & 0x700) << 24 | (x & 0x7_0000) << 32;
    if x >> 24 == 0 { 0 } else { sum }
}

struct Count<'a> {
    pixels: &'a [[u8; 4]],
    counts: &'a mut Counts,
}

impl Kernel for Count<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Counts { sums, full } = self.counts;
        let Ok(sums) = <&mut [u64; CELLS]>::try_from(sums.as_mut_slice()) else { return };
        // Neighbours mostly lie in one cell, and each would wait for the one before it: so four parts are counted in turn.
        let quarter = self.pixels.len().div_ceil(STREAMS).max(1);
        let streams: [&[[u8; 4]]; STREAMS] = std::array::from_fn(|s| {
            let rest = self.pixels.get(s * quarter..).unwrap_or_default();
            rest.get(..quarter).unwrap_or(rest)
        });
        let mut runs = [([0u32; RUN], [0u64; RUN]); STREAMS];
        for start in (0..quarter).step_by(RUN) {
            let mut longest = 0;
            for ((cells, sums), stream) in runs.iter_mut().zip(streams) {
                let pixels = stream.get(start..).unwrap_or_default();
                let pixels = pixels.get(..RUN).unwrap_or(pixels);
                // First what vectors can do for many at once.
                for ((cell, sum), &pixel) in cells.iter_mut().zip(sums.iter_mut()).zip(pixels) {
                    *cell = place_of(pixel) >> CELL_BITS;
                    *sum = packed(pixel);
                }
                sums[pixels.len()..].fill(0);
                longest = pixels.len().max(longest);
            }
            for i in 0..longest {
                for (cells, pixel_sums) in &runs {
                    let (number, sum) = (cells[i] as usize & (CELLS - 1), pixel_sums[i]);
                    let total = &mut sums[number];
                    *total += sum;
                    if *total & FULL != 0 {
                        full.push((number as u16, *total - sum));
                        *total = sum;
                    }
                }
            }
        }
    }
}

struct MapPixels<'a> {
    pixels: &'a [[u8; 4]],
    table: &'a [u8; 2 * CELLS],
    out: &'a mut [u8],
}

impl Kernel for MapPixels<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let mut cells = [0u32; RUN];
        for (out, pixels) in self.out.chunks_mut(RUN).zip(self.pixels.chunks(RUN)) {
            for (cell, &pixel) in cells.iter_mut().zip(pixels) {
                let seen = place_of(pixel) >> CELL_BITS;
                *cell = if u32::from_le_bytes(pixel) >> 24 == 0 { CELLS as u32 } else { seen };
            }
            for (out, &cell) in out.iter_mut().zip(&cells) {
                *out = self.table[cell as usize & (2 * CELLS - 1)];
            }
        }
    }
}
