//! The distinct colours of a picture and how many pixels have each.
//!
//! A fit of a palette works on these instead of on pixels: a 12-megapixel photo has a few hundred thousand of them,
//! and whatever depends on a pixel's colour alone is worked out once a colour.
//!
//! Without translucency one pass sets a bit for each colour that occurs and another counts; with it, pixels are
//! sorted. The result is the same for any number of threads.

use rayon::prelude::*;

use crate::engine::simd::{Kernel, widest};

/// The fewest pixels that one thread takes.
const BAND: usize = 1 << 16;
/// What [`Colours::id`] says of a colour that is not there.
pub const ABSENT: u32 = u32::MAX;

#[derive(Debug)]
pub struct Colours {
    /// Near ones together: by blocks of the colour cube, within them by (r, g, b, a). Greys ascend. No
    /// pixel with alpha 0 is among them.
    pub keys: Vec<[u8; 4]>,
    /// Pixels of each colour, in the order of `keys`; none is 0.
    pub counts: Vec<u32>,
    /// Pixels with alpha 0: their colour is nobody's.
    pub hidden: u64,
    places: Places,
}

impl Colours {
    /// `translucent`: whether any alpha is neither 0 nor 255.
    pub fn of(pixels: &[[u8; 4]], translucent: bool) -> Self {
        if translucent { Self::of_translucent(pixels) } else { Self::of_plain(pixels) }
    }

    fn of_plain(pixels: &[[u8; 4]]) -> Self {
        // A table for each thread; marks and whole numbers add up the same in any order.
        let share = pixels.len().div_ceil(rayon::current_num_threads()).max(BAND);
        let marked = pixels.par_chunks(share).map(Marks::of).reduce_with(Marks::both).unwrap_or_default();
        let (places, keys) = marked.places();
        let tables: Vec<Vec<u32>> = pixels
            .par_chunks(share)
            .map(|part| widest(Count { pixels: part, places: &places, keys: keys.len() }))
            .collect();
        let mut tables = tables.into_iter();
        let mut counts = tables.next().unwrap_or_else(|| vec![0]);
        tables.for_each(|t| counts.iter_mut().zip(t).for_each(|(all, n)| *all += n));
        // Hidden pixels have been counted behind the last colour.
        let hidden = counts.pop().unwrap_or_default();
        Self { keys, counts, hidden: u64::from(hidden), places }
    }

    fn of_translucent(pixels: &[[u8; 4]]) -> Self {
        let mut places: Vec<u32> =
            pixels.par_iter().filter(|c| c[3] > 0).map(|&c| (place_in_cube(c) as u32) << 8 | u32::from(c[3])).collect();
        let hidden = (pixels.len() - places.len()) as u64;
        places.par_sort_unstable();
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        for run in places.chunk_by(|a, b| a == b) {
            let [r, g, b, _] = color_at((run[0] >> 8) as usize);
            keys.push([r, g, b, run[0] as u8]);
            counts.push(run.len() as u32);
        }
        let places = Places::of(&keys);
        Self { keys, counts, hidden, places }
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Pixels that can be seen.
    pub fn visible(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
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
        let mut out = vec![hidden; pixels.len()];
        let bands = out.par_chunks_mut(BAND).zip(pixels.par_chunks(BAND));
        bands.for_each(|(out, pixels)| {
            widest(MapPixels { colours: self, pixels, table, hidden, write: |i: usize, t: T| out[i] = t });
        });
        out
    }

    /// The same for a table of pairs, each half to a list of its own.
    pub fn map_pixels_to_pairs(&self, pixels: &[[u8; 4]], table: &[(u8, u8)], hidden: (u8, u8)) -> (Vec<u8>, Vec<u8>) {
        let (mut first, mut second) = (vec![hidden.0; pixels.len()], vec![hidden.1; pixels.len()]);
        let bands = first.par_chunks_mut(BAND).zip(second.par_chunks_mut(BAND)).zip(pixels.par_chunks(BAND));
        bands.for_each(|((first, second), pixels)| {
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
            for (i, &pixel) in self.pixels.iter().enumerate() {
                let found = table.get(colours.places.rank(pixel) as usize).copied().unwrap_or(hidden);
                (self.write)(i, if pixel[3] == 0 { hidden } else { found });
            }
            return;
        }
        for (i, &pixel) in self.pixels.iter().enumerate() {
            (self.write)(i, table.get(colours.id(pixel) as usize).copied().unwrap_or(hidden));
        }
    }
}

/// The colours of the cube in blocks of 32 × 32 × 32, so that what a photo touches lies together: three
/// upper bits of each channel, then five lower ones.
#[inline(always)]
fn place_in_cube([r, g, b, _]: [u8; 4]) -> usize {
    let three = |upper: fn(u8) -> usize, bits: u32| (upper(r) << (2 * bits)) | (upper(g) << bits) | upper(b);
    three(|v| usize::from(v >> 5), 3) << BLOCK_BITS | three(|v| usize::from(v & 31), 5)
}

fn color_at(place: usize) -> [u8; 4] {
    let (upper, lower) = (place >> BLOCK_BITS, place & ((1 << BLOCK_BITS) - 1));
    let channel = |c: u32| ((upper >> (3 * c) & 7) << 5 | (lower >> (5 * c) & 31)) as u8;
    [channel(2), channel(1), channel(0), 255]
}

const BLOCK_BITS: usize = 15;
const BLOCKS: usize = 1 << (24 - BLOCK_BITS);
/// A bit for each of the 2²⁴ colours, 64 a word.
const WORDS: usize = 1 << 18;
const WORDS_A_BLOCK: usize = WORDS / BLOCKS;

/// The colours that occur. Blocks without any are never touched, so they take no memory.
struct Marks {
    present: Vec<u64>,
    touched: Vec<bool>,
}

impl Default for Marks {
    fn default() -> Self {
        Self { present: vec![0; WORDS], touched: vec![false; BLOCKS] }
    }
}

impl Marks {
    fn of(pixels: &[[u8; 4]]) -> Self {
        let mut marks = Self::default();
        for &pixel in pixels {
            if pixel[3] != 0 {
                marks.add(pixel);
            }
        }
        marks
    }

    #[inline(always)]
    fn add(&mut self, color: [u8; 4]) {
        let place = place_in_cube(color);
        self.touched[place >> BLOCK_BITS] = true;
        self.present[place >> 6] |= 1 << (place & 63);
    }

    fn both(mut self, other: Self) -> Self {
        for block in (0..BLOCKS).filter(|&b| other.touched[b]) {
            self.touched[block] = true;
            let words = block * WORDS_A_BLOCK..(block + 1) * WORDS_A_BLOCK;
            self.present[words.clone()].iter_mut().zip(&other.present[words]).for_each(|(a, b)| *a |= b);
        }
        self
    }

    /// Where each colour stands among those that occur, and these in order.
    fn places(self) -> (Places, Vec<[u8; 4]>) {
        let (mut before, mut keys) = (vec![0; WORDS], Vec::new());
        for block in (0..BLOCKS).filter(|&b| self.touched[b]) {
            let words = block * WORDS_A_BLOCK..(block + 1) * WORDS_A_BLOCK;
            for (word, before) in words.clone().zip(&mut before[words]) {
                *before = keys.len() as u32;
                let mut bits = self.present[word];
                while bits != 0 {
                    keys.push(color_at((word << 6) | bits.trailing_zeros() as usize));
                    bits &= bits - 1;
                }
            }
        }
        (Places { present: self.present, before, first: Vec::new() }, keys)
    }
}

/// How often each colour occurs, and behind the last one how many pixels are hidden.
struct Count<'a> {
    pixels: &'a [[u8; 4]],
    places: &'a Places,
    keys: usize,
}

impl Kernel for Count<'_> {
    type Out = Vec<u32>;

    #[inline(always)]
    fn run(self) -> Vec<u32> {
        let mut counts = vec![0; self.keys + 1];
        for &pixel in self.pixels {
            let place = if pixel[3] == 0 { self.keys } else { self.places.rank(pixel) as usize };
            counts[place] += 1;
        }
        counts
    }
}

/// From a colour to its place without a search: a bit for each triple (r, g, b), and the number of set
/// bits before each word of them. At most 3 MB; a binary search took three times as long.
#[derive(Debug)]
struct Places {
    present: Vec<u64>,
    before: Vec<u32>,
    /// Where the alphas of each triple start in the keys, and the end. Empty where every colour is opaque: there the
    /// place of the triple is the place of the colour.
    first: Vec<u32>,
}

impl Places {
    /// `keys` in their order, with any alphas.
    fn of(keys: &[[u8; 4]]) -> Self {
        let mut marks = Marks::default();
        keys.iter().for_each(|&key| marks.add(key));
        let (places, _) = marks.places();
        let starts = keys.chunk_by(|a, b| a[..3] == b[..3]).scan(0, |end, alphas| {
            *end += alphas.len() as u32;
            Some(*end)
        });
        Self { first: std::iter::once(0).chain(starts).collect(), ..places }
    }

    /// How many of the triples that are there come before this one.
    #[inline(always)]
    fn rank(&self, rgba: [u8; 4]) -> u32 {
        let place = place_in_cube(rgba);
        self.before[place >> 6] + (self.present[place >> 6] & ((1 << (place & 63)) - 1)).count_ones()
    }

    /// The same; nothing for a triple that is not there.
    #[inline(always)]
    fn triple(&self, rgba: [u8; 4]) -> Option<u32> {
        let place = place_in_cube(rgba);
        (self.present[place >> 6] & 1 << (place & 63) != 0).then(|| self.rank(rgba))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::random::Random;

    /// Colours around a few centres, as photos have; with `alpha`, some hidden and some translucent.
    fn pixels(n: usize, seed: u64, alpha: bool) -> Vec<[u8; 4]> {
        let mut random = Random::seeded(seed);
        (0..n)
            .map(|_| {
                let bits = random.next_u64();
                let [near, g, b, a, centre, ..] = bits.to_le_bytes();
                let red = (centre & 3) * 60 + (near & 7);
                let a = if alpha { [0, 255, 255, a][(bits >> 62) as usize] } else { 255 };
                [red, red.wrapping_add(g & 31), red.wrapping_add(b & 31), a]
            })
            .collect()
    }

    fn naive(pixels: &[[u8; 4]]) -> BTreeMap<[u8; 4], u32> {
        let mut counts = BTreeMap::new();
        for &pixel in pixels.iter().filter(|p| p[3] != 0) {
            *counts.entry(pixel).or_insert(0) += 1;
        }
        counts
    }

    fn as_map(colours: &Colours) -> BTreeMap<[u8; 4], u32> {
        colours.keys.iter().copied().zip(colours.counts.iter().copied()).collect()
    }

    #[test]
    fn the_colours_are_those_of_a_plain_count() {
        let opaque_and_hidden: Vec<[u8; 4]> =
            pixels(90_000, 5, true).into_iter().map(|[r, g, b, a]| [r, g, b, a / 255 * 255]).collect();
        let (found, naive_counts) = (Colours::of(&opaque_and_hidden, false), naive(&opaque_and_hidden));
        assert_eq!(as_map(&found), naive_counts);
        assert_eq!(found.visible() + found.hidden, 90_000);
        for (n, alpha) in [(0, false), (1, true), (5000, false), (5000, true), (700_001, false), (700_001, true)] {
            let pixels = pixels(n, n as u64, alpha);
            let colours = Colours::of(&pixels, alpha);
            let naive = naive(&pixels);
            assert_eq!(as_map(&colours), naive, "{n} {alpha}");
            assert_eq!(colours.visible() + colours.hidden, n as u64);
        }
    }

    #[test]
    fn greys_ascend() {
        let greys: Vec<[u8; 4]> = (0..=255).rev().map(|v| [v, v, v, 255]).collect();
        assert!(Colours::of(&greys, false).keys.is_sorted());
    }

    #[test]
    fn every_colour_has_its_place_and_others_have_none() {
        let colours = Colours::of(&pixels(20_000, 3, true), true);
        for (place, &key) in colours.keys.iter().enumerate() {
            assert_eq!(colours.id(key), place as u32);
        }
        for absent in [[1, 2, 3, 0], [255, 255, 255, 255], [0, 255, 0, 255], [59, 0, 0, 1]] {
            assert_eq!(colours.id(absent), ABSENT);
        }
        assert_eq!(Colours::of(&[], false).id([0; 4]), ABSENT);
    }

    #[test]
    fn mapping_pixels_is_looking_each_one_up() {
        let pixels = pixels(200_000, 4, true);
        let colours = Colours::of(&pixels, true);
        let table: Vec<u32> = (0..colours.len() as u32).map(|id| id * 2 + 1).collect();
        let naive = pixels.iter().map(|&p| if p[3] == 0 { 0 } else { table[colours.id(p) as usize] });
        assert!(colours.map_pixels(&pixels, &table, 0).into_iter().eq(naive));
        let pairs: Vec<(u8, u8)> = table.iter().map(|&t| (t as u8, !t as u8)).collect();
        let (first, second) = colours.map_pixels_to_pairs(&pixels, &pairs, (9, 8));
        for ((p, a), b) in pixels.iter().zip(first).zip(second) {
            assert_eq!((a, b), if p[3] == 0 { (9, 8) } else { pairs[colours.id(*p) as usize] });
        }
    }
}
