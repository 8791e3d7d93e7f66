//! The different colours of a picture, the small cubes of the colour space with them, and how many pixels each has.
//!
//! A fit of a palette works on these instead of on pixels: a 12-megapixel photo has a few hundred thousand colours in
//! some ten thousand cubes, and whatever depends on a pixel's colour alone is worked out once a colour.
//!
//! Without translucency one pass marks the colours that occur and adds up each cube's pixels; how many pixels a single
//! colour has takes another pass, made when someone asks. With translucency, pixels are sorted. The result is the same
//! for any number of threads.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::flats::Flat;
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// Pixels that one thread takes at a time.
const BAND: usize = 1 << 15;
/// What [`Colours::id`] says of a colour that is not there.
pub const ABSENT: u32 = u32::MAX;

/// The different colours of a picture and the cubes that they lie in.
#[derive(Debug)]
pub struct Colours {
    /// Near ones together: in the order in which cubes are halved (see [`place_of`]), then by alpha. Greys ascend. No
    /// pixel with alpha 0 is among them.
    pub keys: Vec<[u8; 4]>,
    /// Pixels with alpha 0.
    pub hidden: u64,
    /// Those that hold a colour, in the same order; none with translucency.
    pub cubes: Vec<Cube>,
    places: Places,
    /// Pixels of each colour, in the order of `keys`; none is 0.
    counts: OnceLock<Vec<u32>>,
}

/// 4 × 4 × 4 neighbouring colours, by the pixels that have one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cube {
    /// Number of pixels.
    pub pixels: u64,
    /// Sums of their red, green and blue.
    pub sums: [u64; 3],
}

impl Colours {
    /// `translucent`: whether any alpha is neither 0 nor 255.
    pub fn of(pixels: &[[u8; 4]], translucent: bool) -> Self {
        if translucent { Self::of_translucent(pixels) } else { Self::of_plain(pixels) }
    }

    fn of_plain(pixels: &[[u8; 4]]) -> Self {
        // A table for each thread; marks and whole numbers add up the same in any order.
        let marks = tasks::gather(pixels, BAND, Marks::none, |marks, pixels| widest(Mark { pixels, marks }));
        let (places, of_keys, cubes) = Marks::joined(marks);
        let hidden = pixels.len() as u64 - cubes.iter().map(|cube| cube.pixels).sum::<u64>();
        let mut keys = tasks::filled([0; 4], of_keys.len());
        tasks::map(keys.chunks_mut(BAND).zip(of_keys.chunks(BAND)), |_, (out, places)| {
            widest(ColorsAt { places, out });
        });
        Self { keys, hidden, cubes, places, counts: OnceLock::new() }
    }

    fn of_translucent(pixels: &[[u8; 4]]) -> Self {
        let mut places: Vec<u32> =
            pixels.par_iter().filter(|c| c[3] > 0).map(|&c| place_of(c) << 8 | u32::from(c[3])).collect();
        let hidden = (pixels.len() - places.len()) as u64;
        places.par_sort_unstable();
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        for run in places.chunk_by(|a, b| a == b) {
            let [r, g, b, _] = color_at(run[0] >> 8);
            keys.push([r, g, b, run[0] as u8]);
            counts.push(run.len() as u32);
        }
        let places = Places::of(&keys);
        Self { keys, hidden, cubes: Vec::new(), places, counts: OnceLock::from(counts) }
    }

    /// The cubes, each with a place in it.
    pub fn placed_cubes(&self) -> impl Iterator<Item = (u32, Cube)> {
        self.cubes.iter().map(|cube| (cube.place(), *cube))
    }

    /// The cubes of which something is left without the pixels of the flats.
    pub fn cubes_without(&self, flats: &[Flat]) -> Vec<Cube> {
        let mut cubes = self.cubes.clone();
        for flat in flats {
            let number = place_of(flat.color) >> CUBE_BITS;
            if let Ok(at) = self.cubes.binary_search_by_key(&number, |cube| cube.place() >> CUBE_BITS) {
                cubes[at] = cubes[at].without(flat.color, flat.pixels);
            }
        }
        cubes.retain(|cube| cube.pixels > 0);
        cubes
    }

    /// Number of different colours, hidden pixels left out.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no pixel can be seen.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Pixels of each colour, in the order of `keys`; `pixels`, where these were found, are counted at the first call.
    pub fn counts(&self, pixels: &[[u8; 4]]) -> &[u32] {
        self.counts.get_or_init(|| {
            let none = || Tally { low: vec![0; self.keys.len() + 1], full: Vec::new() };
            let count = |tally: &mut Tally, pixels: &[_]| widest(Count { pixels, places: &self.places, tally });
            let mut counts = vec![0; self.keys.len() + 1];
            for tally in tasks::gather(pixels, BAND, none, count) {
                counts.iter_mut().zip(tally.low).for_each(|(count, low)| *count += u32::from(low));
                tally.full.into_iter().for_each(|place| counts[place as usize] += 1 << u8::BITS);
            }
            counts.pop();
            counts
        })
    }

    /// Where each colour stands in the halving of the colour space: see [`place_of`].
    pub fn places(&self) -> Vec<u32> {
        let mut places = tasks::filled(0, self.keys.len());
        tasks::map(places.chunks_mut(BAND).zip(self.keys.chunks(BAND)), |_, (out, keys)| {
            widest(PlacesOf { keys, out });
        });
        places
    }

    /// The place of a colour in `keys`, or [`ABSENT`].
    #[inline(always)]
    pub fn id(&self, rgba: [u8; 4]) -> u32 {
        let Some(triple) = self.places.triple(rgba) else { return ABSENT };
        let Some((&start, &end)) =
            self.places.first.get(triple as usize).zip(self.places.first.get(triple as usize + 1))
        else {
            return if rgba[3] == 255 { triple } else { ABSENT };
        };
        let alphas = self.keys.get(start as usize..end as usize).unwrap_or_default();
        let place = alphas.partition_point(|key| key[3] < rgba[3]);
        if alphas.get(place) == Some(&rgba) { start + place as u32 } else { ABSENT }
    }

    /// `table[id(pixel)]` for each of the pixels that these colours were counted in, in parallel bands;
    /// `hidden` for a pixel with alpha 0. `table` has an entry a colour.
    pub fn map_pixels<T: Copy + Send + Sync>(&self, pixels: &[[u8; 4]], table: &[T], hidden: T) -> Vec<T> {
        let mut out = tasks::filled(hidden, pixels.len());
        tasks::map(out.chunks_mut(BAND).zip(pixels.chunks(BAND)), |_, (out, pixels)| {
            widest(MapPixels { colours: self, pixels, table, hidden, write: |i: usize, t: T| out[i] = t });
        });
        out
    }

    /// Maps pixels by a table of pairs, each half to a list of its own.
    pub fn map_pixels_to_pairs(&self, pixels: &[[u8; 4]], table: &[(u8, u8)], hidden: (u8, u8)) -> (Vec<u8>, Vec<u8>) {
        let (mut first, mut second) = (tasks::filled(hidden.0, pixels.len()), tasks::filled(hidden.1, pixels.len()));
        let bands = first.chunks_mut(BAND).zip(second.chunks_mut(BAND)).zip(pixels.chunks(BAND));
        tasks::map(bands, |_, ((first, second), pixels)| {
            let write = |i: usize, t: (u8, u8)| (first[i], second[i]) = t;
            widest(MapPixels { colours: self, pixels, table, hidden, write });
        });
        (first, second)
    }
}

/// One band of [`Colours::map_pixels`].
struct MapPixels<'a, T, W> {
    colours: &'a Colours,
    pixels: &'a [[u8; 4]],
    table: &'a [T],
    hidden: T,
    /// Takes a pixel's place in the band and what stands in the table for it.
    write: W,
}

impl<T: Copy, W: FnMut(usize, T)> Kernel for MapPixels<'_, T, W> {
    type Out = ();

    #[inline(always)]
    fn run(mut self) {
        let Self { colours, table, hidden, .. } = self;
        if colours.places.first.is_empty() {
            // Without translucency: no branch but that for the bounds.
            let mut places = [0u32; 64];
            for (run, pixels) in self.pixels.chunks(64).enumerate() {
                places.iter_mut().zip(pixels).for_each(|(place, &pixel)| *place = place_of(pixel));
                for (i, (&place, pixel)) in places.iter().zip(pixels).enumerate() {
                    let value = table.get(colours.places.rank(place) as usize).copied().unwrap_or(hidden);
                    (self.write)(run * 64 + i, if pixel[3] == 0 { hidden } else { value });
                }
            }
            return;
        }
        for (i, &pixel) in self.pixels.iter().enumerate() {
            (self.write)(i, table.get(colours.id(pixel) as usize).copied().unwrap_or(hidden));
        }
    }
}

/// A colour's place in the halving of the colour space: each of its levels gives the side in red, in green and in blue.
/// Upper bits are shared by neighbours: all but the lowest 15 by a block of 32 × 32 × 32 colours, all but 9 by 8 × 8 × 8,
/// all but 6 by a cube. Within a level of two or three bits a channel, red comes first.
#[inline(always)]
pub fn place_of(color: [u8; 4]) -> u32 {
    let x = u32::from_le_bytes(color);
    // Fields of the three channels lie eight bits apart; a product moves them next to each other, red on top.
    let three = (x >> 5 & 0x07_07_07).wrapping_mul(1 << 22 | 1 << 11 | 1) >> 16 & 0o777;
    let two = |x: u32| (x & 0x03_03_03).wrapping_mul(1 << 20 | 1 << 10 | 1) >> 16 & 0o77;
    let one = (x >> 2 & 0x01_01_01).wrapping_mul(1 << 18 | 1 << 9 | 1) >> 16 & 0o7;
    three << BLOCK_BITS | two(x >> 3) << 9 | one << CUBE_BITS | two(x)
}

/// The opaque colour that stands at a place below 2²⁴: the inverse of [`place_of`].
#[inline(always)]
pub fn color_at(place: u32) -> [u8; 4] {
    let channel = |c: u32| {
        let field = |at: u32, bits: u32| place >> (at + c * bits) & ((1 << bits) - 1);
        field(BLOCK_BITS, 3) << 5 | field(9, 2) << 3 | field(CUBE_BITS, 1) << 2 | field(0, 2)
    };
    (channel(2) | channel(1) << 8 | channel(0) << 16 | 0xff00_0000).to_le_bytes()
}

struct ColorsAt<'a> {
    places: &'a [u32],
    out: &'a mut [[u8; 4]],
}

impl Kernel for ColorsAt<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        self.out.iter_mut().zip(self.places).for_each(|(out, &place)| *out = color_at(place));
    }
}

struct PlacesOf<'a> {
    keys: &'a [[u8; 4]],
    out: &'a mut [u32],
}

impl Kernel for PlacesOf<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        self.out.iter_mut().zip(self.keys).for_each(|(out, &key)| *out = place_of(key));
    }
}

const BLOCK_BITS: u32 = 15;
/// Bits of a place within a cube of 4 × 4 × 4 colours: see [`place_of`].
pub const CUBE_BITS: u32 = 6;
/// The side of the largest cells that pixels are summed up in.
const CELL_SIDE: u64 = 8;
const BLOCKS: usize = 1 << (24 - BLOCK_BITS);
/// Those in use whose colours one task lists.
const BLOCKS_A_TASK: usize = 16;
const CUBES_A_BLOCK: usize = 1 << (BLOCK_BITS - CUBE_BITS);

/// Two numbers a cube, for the blocks that are in use: a photo has colours in a third of them.
#[derive(Debug)]
struct Blocks {
    /// Where the cells of each block are; 0 for one that is not in use.
    slots: Box<[u16; BLOCKS]>,
    /// The first block stays empty.
    cells: Vec<[[u64; 2]; CUBES_A_BLOCK]>,
}

impl Blocks {
    const EMPTY: [[u64; 2]; CUBES_A_BLOCK] = [[0; 2]; CUBES_A_BLOCK];

    fn new() -> Self {
        // Room that is never touched takes no memory.
        let mut cells = Vec::with_capacity(BLOCKS / 2);
        cells.push(Self::EMPTY);
        Self { slots: Box::new([0; BLOCKS]), cells }
    }

    /// The slot of a place's block, which is in use from now on.
    #[inline(always)]
    fn slot(&mut self, place: u32) -> usize {
        let slot = &mut self.slots[place as usize >> BLOCK_BITS & (BLOCKS - 1)];
        if *slot == 0 {
            *slot = self.cells.len() as u16;
            self.cells.push(Self::EMPTY);
        }
        usize::from(*slot)
    }

    /// The cell of a place's cube; zeros where the block is not in use.
    #[inline(always)]
    fn cell(&self, place: u32) -> [u64; 2] {
        let slot = self.slots[place as usize >> BLOCK_BITS & (BLOCKS - 1)];
        self.cells.get(usize::from(slot)).map_or([0; 2], |cells| cells[in_block(place)])
    }

    /// The colours that are marked in some of the blocks in use, and their cubes.
    fn listed(&self, used: &[(usize, usize)]) -> Listed {
        let cells = || used.iter().flat_map(|&(_, slot)| &self.cells[slot]).filter(|cell| cell[0] != 0);
        let (cubes, colours) = (cells().count(), cells().map(|cell| cell[0].count_ones() as usize).sum());
        let mut listed = Listed {
            places: Vec::with_capacity(colours),
            cubes: Vec::with_capacity(cubes),
            numbers: Vec::with_capacity(cubes),
        };
        for &(block, slot) in used {
            for (cube, &[mut bits, sum]) in self.cells[slot].iter().enumerate().filter(|(_, cell)| cell[0] != 0) {
                let number = (block * CUBES_A_BLOCK + cube) as u32;
                let mut cube = Cube::default();
                cube.add_packed(color_at(number << CUBE_BITS), Packed(sum));
                listed.cubes.push(cube);
                listed.numbers.push(number);
                while bits != 0 {
                    listed.places.push(number << CUBE_BITS | bits.trailing_zeros());
                    bits &= bits - 1;
                }
            }
        }
        listed
    }

    /// The blocks in use, each with its slot, in order.
    fn used(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let slots = self.slots.clone();
        (0..BLOCKS).map(move |block| (block, usize::from(slots[block]))).filter(|&(_, slot)| slot > 0)
    }
}

/// What is in some blocks, in order.
struct Listed {
    /// Places of the colours.
    places: Vec<u32>,
    cubes: Vec<Cube>,
    /// Numbers of the cubes.
    numbers: Vec<u32>,
}

/// The number of a place's cube in its block.
#[inline(always)]
fn in_block(place: u32) -> usize {
    (place >> CUBE_BITS) as usize & (CUBES_A_BLOCK - 1)
}

/// The colours that occur, a bit each, and the sums of each cube's pixels.
struct Marks {
    /// The bits, and [`packed`] pixels added up.
    blocks: Blocks,
    /// Sums that had grown too large, with their cube.
    full: Vec<(u32, u64)>,
}

/// How many pixels, and the sums of their channels' lower bits, in fields of 16 bits.
pub(super) struct Packed(pub u64);

/// One pixel in a sum: how many, and the two lower bits of each channel, 16 bits each.
#[inline(always)]
fn packed(color: [u8; 4]) -> u64 {
    let x = u64::from(u32::from_le_bytes(color));
    1 | (x & 3) << 16 | (x & 0x300) << 24 | (x & 0x3_0000) << 32
}

/// So many pixels, times 3, are still below 2¹⁶.
const FULL: u64 = 1 << 14;

impl Cube {
    /// A place in it: that of the mean of its pixels, rounded down.
    fn place(&self) -> u32 {
        let [r, g, b] = self.sums.map(|sum| (sum / self.pixels.max(1)) as u8);
        place_of([r, g, b, 255])
    }

    /// Adds pixels by their distance from the cube's corner.
    pub(super) fn add_packed(&mut self, corner: [u8; 4], Packed(sum): Packed) {
        let field = |c: u32| sum >> (16 * c) & 0xffff;
        self.pixels += field(0);
        for (c, sum) in self.sums.iter_mut().enumerate() {
            *sum += field(0) * u64::from(corner[c]) + field(1 + c as u32);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, more)| *sum += more);
    }

    /// What is left without so many pixels of a colour. Where their number is an estimate, the sums stay within the
    /// corners of the cell, which a colour of it says within `CELL_SIDE`.
    pub fn without(&self, color: [u8; 4], pixels: u64) -> Self {
        let left = self.pixels.saturating_sub(pixels);
        let gone = self.pixels - left;
        let sum = |c: usize| {
            let value = u64::from(color[c]);
            let (low, high) = (value.saturating_sub(CELL_SIDE), (value + CELL_SIDE).min(255));
            self.sums[c].saturating_sub(gone * value).clamp(low * left, high * left)
        };
        Self { pixels: left, sums: std::array::from_fn(sum) }
    }

    /// The mean of its pixels.
    pub fn mean(&self) -> [f32; 3] {
        self.sums.map(|sum| (sum as f64 / self.pixels.max(1) as f64) as f32)
    }
}

impl Marks {
    fn none() -> Self {
        Self { blocks: Blocks::new(), full: Vec::new() }
    }

    fn of(pixels: &[[u8; 4]]) -> Self {
        let mut marks = Self::none();
        widest(Mark { pixels, marks: &mut marks });
        marks
    }

    /// Takes what others have found.
    fn absorb(&mut self, other: &Self) {
        for (block, slot) in other.blocks.used() {
            let own = self.blocks.slot((block as u32) << BLOCK_BITS);
            for (cube, (cell, &[bits, sum])) in
                self.blocks.cells[own].iter_mut().zip(&other.blocks.cells[slot]).enumerate()
            {
                cell[0] |= bits;
                if (cell[1] & 0xffff) + (sum & 0xffff) < FULL {
                    cell[1] += sum;
                } else {
                    self.full.push(((block * CUBES_A_BLOCK + cube) as u32, sum));
                }
            }
        }
        self.full.extend_from_slice(&other.full);
    }

    /// All together: where each colour stands among those that occur, the places of these in order, and their cubes.
    fn joined(all: Vec<Self>) -> (Places, Vec<u32>, Vec<Cube>) {
        let mut all = all.into_iter();
        let mut marks = all.next().unwrap_or_else(Self::none);
        all.for_each(|other| marks.absorb(&other));
        let Self { mut blocks, full } = marks;
        let used: Vec<(usize, usize)> = blocks.used().collect();
        let listed = tasks::map(used.chunks(BLOCKS_A_TASK), |_, used| blocks.listed(used));
        let (mut places, mut cubes, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (part, used) in listed.into_iter().zip(used.chunks(BLOCKS_A_TASK)) {
            let mut before = places.len() as u64;
            for &(_, slot) in used {
                for [bits, first] in blocks.cells[slot].iter_mut().filter(|[bits, _]| *bits != 0) {
                    *first = before;
                    before += u64::from(bits.count_ones());
                }
            }
            places.extend(part.places);
            cubes.extend(part.cubes);
            numbers.extend(part.numbers);
        }
        for (number, sum) in full {
            if let Ok(at) = numbers.binary_search(&number) {
                cubes[at].add_packed(color_at(number << CUBE_BITS), Packed(sum));
            }
        }
        (Places { blocks, first: Vec::new() }, places, cubes)
    }
}

struct Mark<'a> {
    pixels: &'a [[u8; 4]],
    marks: &'a mut Marks,
}

impl Kernel for Mark<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Marks { blocks, full } = self.marks;
        let (mut places, mut sums) = ([0u32; 64], [0u64; 64]);
        for pixels in self.pixels.chunks(64) {
            // First what vectors can do for many at once.
            for ((place, sum), &pixel) in places.iter_mut().zip(&mut sums).zip(pixels) {
                *place = place_of(pixel);
                *sum = packed(pixel);
            }
            for ((&place, &sum), pixel) in places.iter().zip(&sums).zip(pixels) {
                if pixel[3] == 0 {
                    continue;
                }
                let slot = blocks.slot(place);
                let Some([bits, total]) = blocks.cells.get_mut(slot).map(|cells| &mut cells[in_block(place)]) else {
                    continue;
                };
                *bits |= 1 << (place & 63);
                *total += sum;
                if *total & FULL != 0 {
                    full.push((place >> CUBE_BITS, *total));
                    *total = 0;
                }
            }
        }
    }
}

/// How often each colour occurs, and last how many pixels are hidden. In bytes, to fit in a processor's own cache.
struct Tally {
    low: Vec<u8>,
    /// The place, each time that a count had grown too large.
    full: Vec<u32>,
}

struct Count<'a> {
    pixels: &'a [[u8; 4]],
    places: &'a Places,
    tally: &'a mut Tally,
}

impl Kernel for Count<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Tally { low, full } = self.tally;
        let hidden = low.len().saturating_sub(1);
        let mut places = [0u32; 64];
        for pixels in self.pixels.chunks(64) {
            places.iter_mut().zip(pixels).for_each(|(place, &pixel)| *place = place_of(pixel));
            for (&place, pixel) in places.iter().zip(pixels) {
                let place = if pixel[3] == 0 { hidden } else { self.places.rank(place) as usize };
                if let Some(count) = low.get_mut(place) {
                    *count = count.wrapping_add(1);
                    if *count == 0 {
                        full.push(place as u32);
                    }
                }
            }
        }
    }
}

/// From a colour to its place without a search: for each cube a bit for each of its colours, and the number of colours
/// before it. At most 4 MB, a third of it for most photos; a binary search took three times as long.
#[derive(Debug)]
struct Places {
    blocks: Blocks,
    /// Where the alphas of each triple start in the keys, and the end. Empty where every colour is opaque: there the
    /// place of the triple is the place of the colour.
    first: Vec<u32>,
}

impl Places {
    /// `keys` in their order, with any alphas.
    fn of(keys: &[[u8; 4]]) -> Self {
        let (places, ..) = Marks::joined(vec![Marks::of(keys)]);
        let starts = keys.chunk_by(|a, b| a[..3] == b[..3]).scan(0, |end, alphas| {
            *end += alphas.len() as u32;
            Some(*end)
        });
        Self { first: std::iter::once(0).chain(starts).collect(), ..places }
    }

    /// How many of the triples that are there come before this one.
    #[inline(always)]
    fn rank(&self, place: u32) -> u32 {
        let [present, before] = self.blocks.cell(place);
        before as u32 + (present & ((1 << (place & 63)) - 1)).count_ones()
    }

    /// The number of a triple; nothing for one that is not there.
    #[inline(always)]
    fn triple(&self, rgba: [u8; 4]) -> Option<u32> {
        let place = place_of(rgba);
        (self.blocks.cell(place)[0] & 1 << (place & 63) != 0).then(|| self.rank(place))
    }
}
