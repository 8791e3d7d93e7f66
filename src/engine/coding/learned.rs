//! A codebook learned from the tensor itself, under a fine scale for every 16 weights.
//!
//! Choose it for the least error at a fixed number of bits a weight: every weight can be read on its own.
//! A block's scale is one of 63 in a geometric series, or zero, and has a sign of its own: where the
//! codebook leans to one side, a block may use it either way round. A code takes B bits, a scale 7: 0.44
//! bits a weight, and the codebook (2^B f16 levels, counted) almost nothing.
//!
//! The fit alternates over a sample of blocks: each block tries all scales that could serve it, then
//! every level moves to the mean of its weights, w·s² each. Cost: some 20 nearest-level searches a
//! weight, eight at a time.
//! Sources: Lloyd 1982 for the alternation; the layout is our own, after the block scales of OCP MX and
//! of NF4 (Dettmers et al. 2023).

use rayon::prelude::*;

use super::bits::{Malformed, Part, Reader, Writer};
use super::row::{Coded, Coding, Row, TensorPlan, coded, number};
use super::unit::{Scaled, Unit};
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::levels_on_a_line;
use crate::engine::format::family::Family;
use crate::engine::random::one_of_each;
use crate::engine::samples::Samples;
use crate::engine::scale::to_f16;
use crate::engine::simd::{Kernel, widest};

pub(super) static ROW: Row = Row {
    family: Family::Learned,
    purpose: "the least error at a fixed width: levels learned from the tensor, fine scales",
    layout: "codes of B bits; for 16 weights a sign and a 6-bit size; 2^B f16 levels a tensor",
    source: "our own, after Lloyd 1982",
    offered: &["learned2", "learned3", "learned4", "learned5"],
    parse: |name| {
        let bits = number(name.strip_prefix("learned")?, 1..=6)?;
        Some(Box::new(Learned { bits }))
    },
    is_planned: true,
    takes_importance: true,
};

#[derive(Clone, Copy)]
struct Learned {
    bits: u32,
}

impl Coding for Learned {
    fn name(&self) -> String {
        format!("learned{}", self.bits)
    }

    fn bits_per_weight(&self) -> f64 {
        f64::from(self.bits) + f64::from(SCALE_BITS) / BLOCK as f64
    }

    fn plan(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Box<dyn TensorPlan>, Stopped> {
        let scaled = Scaled::new(samples.values.as_flattened(), samples.weights);
        let blocks = Block::all(&scaled);
        control.check()?;
        let sample = one_of_each(&blocks, (blocks.len() / SAMPLE).max(1), 0x1ea2);
        let (book, mut sizes) = fit(&sample, self.bits, control)?;
        if blocks.len() > SAMPLE {
            sizes = Sizes::covering(blocks.iter().map(|b| b.top().abs()).collect());
        }
        Ok(Box::new(Plan { coding: *self, unit: scaled.unit, book, sizes }))
    }

    fn decode(&self, bytes: &[u8], len: usize, _row_len: usize) -> Result<Vec<f32>, Malformed> {
        let mut from = Reader::new(bytes);
        let unit = Unit::take(&mut from)?;
        let sizes = Sizes::new(from.take_f32()?, from.take_f32()?);
        let levels: Vec<f32> = (0..1 << self.bits).map(|_| from.take_f16()).collect::<Result<_, _>>()?;
        if from.left() < len * self.bits as usize {
            return Err(Malformed);
        }
        let mut out = Vec::with_capacity(len);
        while out.len() < len {
            let scale = from.take(SCALE_BITS)?;
            let size = sizes.table[(scale & 63) as usize];
            let scale = if scale >> 6 == 1 { -size } else { size };
            for _ in 0..BLOCK.min(len - out.len()) {
                out.push(scale * levels[from.take(self.bits)? as usize]);
            }
        }
        unit.multiply(&mut out);
        Ok(out)
    }
}

/// Of so many neighbouring sizes one is tried first: the error is nearly smooth in the size.
const COARSE: usize = 3;
/// Weights that share a scale.
const BLOCK: usize = 16;
/// A sign, and one of 63 sizes or zero.
const SCALE_BITS: u32 = 7;
const SIZES: usize = 64;
/// Blocks that the codebook is fitted to, at most.
const SAMPLE: usize = 1 << 12;
const ROUNDS: usize = 12;
/// Blocks that one task codes.
const BATCH: usize = 1 << 11;
/// Sizes reach down to the block that has this part of the blocks' power below it.
const NEGLIGIBLE: f64 = 1e-5;

/// The smallest size (1) to the largest (63) in equal ratios; 0 is zero.
#[derive(Clone, Debug)]
struct Sizes {
    least: f32,
    ratio: f32,
    table: [f32; SIZES],
}

impl Sizes {
    fn new(least: f32, ratio: f32) -> Self {
        let mut table = [0.0; SIZES];
        let mut size = least;
        for entry in &mut table[1..] {
            *entry = size;
            size *= ratio;
        }
        Self { least, ratio, table }
    }

    /// For blocks whose largest weights have the sizes `tops`.
    fn covering(mut tops: Vec<f32>) -> Self {
        tops.retain(|t| *t > 0.0);
        tops.sort_by(f32::total_cmp);
        let Some(&most) = tops.last() else { return Self::new(1.0, 1.0) };
        let power: f64 = tops.iter().map(|t| f64::from(*t).powi(2)).sum();
        let mut below = 0.0;
        let least = tops.iter().copied().find(|t| {
            below += f64::from(*t).powi(2);
            below > power * NEGLIGIBLE
        });
        // A little wider on both sides: the best scale is not that of the largest weight.
        let (least, most) = (f64::from(least.unwrap_or(most)) * 0.7, f64::from(most) * 1.2);
        // As f32 both ends decode the same table, whatever the logarithm's last bit.
        Self::new(least as f32, ((most / least).ln() / (SIZES - 2) as f64).exp() as f32)
    }

    /// The places in the table of the sizes from `low` to `high`, at least one.
    fn between(&self, low: f32, high: f32) -> std::ops::Range<usize> {
        let from = self.table.partition_point(|s| *s < low).clamp(1, SIZES - 1);
        let to = self.table.partition_point(|s| *s <= high).clamp(from + 1, SIZES);
        from..to
    }
}

/// Levels in ascending order with the midpoints between them.
#[derive(Clone, Debug)]
struct Book {
    levels: Vec<f32>,
    cuts: Vec<f32>,
}

impl Book {
    fn new(mut levels: Vec<f32>) -> Self {
        levels.sort_by(f32::total_cmp);
        let cuts = levels.windows(2).map(|p| (p[0] + p[1]) * 0.5).collect();
        Self { levels, cuts }
    }
}

#[derive(Clone, Copy, Debug)]
struct Block {
    x: [f32; BLOCK],
    w: [f32; BLOCK],
}

impl Block {
    /// A short last block is filled up with weights that count for nothing.
    fn all(scaled: &Scaled<'_>) -> Vec<Self> {
        let block = |at: usize| {
            let (mut x, mut w) = ([0.0; BLOCK], [0.0; BLOCK]);
            for i in 0..BLOCK.min(scaled.values.len() - at) {
                (x[i], w[i]) = (scaled.values[at + i], scaled.weight(at + i));
            }
            Self { x, w }
        };
        (0..scaled.values.len()).step_by(BLOCK).map(block).collect()
    }

    /// The weight that is largest in size, with its sign, of those that count.
    fn top(&self) -> f32 {
        let counting = self.x.iter().zip(&self.w).filter(|(_, w)| **w > 0.0);
        counting.map(|(x, _)| *x).fold(0.0, |top: f32, x| if x.abs() > top.abs() { x } else { top })
    }
}

/// A block's scale (its place among the sizes, and whether it is negative) and codes.
#[derive(Clone, Copy, Debug, Default)]
struct Choice {
    size: u8,
    negative: bool,
    codes: [u8; BLOCK],
}

struct Search<'a> {
    blocks: &'a [Block],
    book: &'a Book,
    sizes: &'a Sizes,
    out: &'a mut [Choice],
}

impl Kernel for Search<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (block, out) in self.blocks.iter().zip(self.out) {
            *out = choose(block, self.book, self.sizes);
        }
    }
}

#[inline(always)]
fn choose(block: &Block, book: &Book, sizes: &Sizes) -> Choice {
    let top = block.top().abs();
    if top == 0.0 {
        return Choice { codes: codes(&block.x, 0.0, book), ..Choice::default() };
    }
    let nothing: f32 = (0..BLOCK).map(|i| block.w[i] * block.x[i] * block.x[i]).sum();
    let mut best = (nothing, 0, false);
    let reach = (-book.levels[0]).max(book.levels[book.levels.len() - 1]).max(f32::MIN_POSITIVE);
    // Every third size first, then those beside the best.
    let range = sizes.between(top / (reach * 2.6), top / (reach * 0.6));
    let attempt = |size: usize, negative: bool, best: &mut (f32, usize, bool)| {
        let scale = if negative { -sizes.table[size] } else { sizes.table[size] };
        let error = error(block, scale, book);
        if error < best.0 {
            *best = (error, size, negative);
        }
    };
    for size in range.clone().step_by(COARSE) {
        attempt(size, false, &mut best);
        attempt(size, true, &mut best);
    }
    let (_, coarse, negative) = best;
    for size in coarse.saturating_sub(COARSE - 1).max(range.start)..(coarse + COARSE).min(range.end) {
        if size != coarse {
            attempt(size, negative, &mut best);
        }
    }
    let (_, size, negative) = best;
    let scale = if negative { -sizes.table[size] } else { sizes.table[size] };
    Choice { size: size as u8, negative, codes: codes(&block.x, scale, book) }
}

/// Σ w·(x − s·level)² at the nearest levels.
#[inline(always)]
fn error(block: &Block, scale: f32, book: &Book) -> f32 {
    let inverse = 1.0 / scale;
    let scaled: [f32; BLOCK] = std::array::from_fn(|i| block.x[i] * inverse);
    let mut level = [book.levels[0].to_bits(); BLOCK];
    for (cut, next) in book.cuts.iter().zip(&book.levels[1..]) {
        let next = next.to_bits();
        for i in 0..BLOCK {
            // A mask in place of a branch: so the sixteen become vectors.
            let above = u32::from(scaled[i] > *cut).wrapping_neg();
            level[i] = (next & above) | (level[i] & !above);
        }
    }
    let level = level.map(f32::from_bits);
    let mut sums = [0.0f32; 8];
    for i in 0..BLOCK {
        let e = block.x[i] - scale * level[i];
        sums[i % 8] += block.w[i] * (e * e);
    }
    sums.iter().sum()
}

#[inline(always)]
fn codes(x: &[f32; BLOCK], scale: f32, book: &Book) -> [u8; BLOCK] {
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let mut codes = [0u8; BLOCK];
    for cut in &book.cuts {
        for i in 0..BLOCK {
            codes[i] += u8::from(x[i] * inverse > *cut);
        }
    }
    codes
}

fn search(blocks: &[Block], book: &Book, sizes: &Sizes, control: &Control<'_>) -> Result<Vec<Choice>, Stopped> {
    let mut out = vec![Choice::default(); blocks.len()];
    blocks.par_chunks(BATCH).zip(out.par_chunks_mut(BATCH)).try_for_each(|(blocks, out)| {
        control.check()?;
        widest(Search { blocks, book, sizes, out });
        Ok(())
    })?;
    Ok(out)
}

/// The codebook and the sizes for a sample of blocks.
fn fit(sample: &[Block], bits: u32, control: &Control<'_>) -> Result<(Book, Sizes), Stopped> {
    let mut points = Vec::with_capacity(sample.len() * BLOCK);
    for block in sample {
        let top = block.top();
        if top != 0.0 {
            points.extend((0..BLOCK).map(|i| (block.x[i] / top, block.w[i] * top * top)));
        }
    }
    let levels = levels_on_a_line(&points, 1 << bits, control)?;
    let mut book = Book::new(if levels.is_empty() { vec![0.0] } else { levels });
    let sizes = Sizes::covering(sample.iter().map(|b| b.top().abs()).collect());
    for round in 0..ROUNDS {
        control.progress(0.5 * round as f32 / ROUNDS as f32);
        let choices = search(sample, &book, &sizes, control)?;
        let mut sums = vec![(0.0f64, 0.0f64); book.levels.len()];
        for (block, choice) in sample.iter().zip(&choices) {
            let size = f64::from(sizes.table[usize::from(choice.size)]);
            let scale = if choice.negative { -size } else { size };
            for i in 0..BLOCK {
                let (xs, ss) = &mut sums[usize::from(choice.codes[i])];
                let w = f64::from(block.w[i]);
                *xs += w * scale * f64::from(block.x[i]);
                *ss += w * scale * scale;
            }
        }
        let moved = |(&(xs, ss), &old): (&(f64, f64), &f32)| if ss > 0.0 { (xs / ss) as f32 } else { old };
        book = Book::new(sums.iter().zip(&book.levels).map(moved).collect());
    }
    let stored = book.levels.into_iter().map(to_f16);
    Ok((Book::new(stored.collect()), sizes))
}

/// What all parts of a tensor share.
struct Plan {
    coding: Learned,
    unit: Unit,
    book: Book,
    sizes: Sizes,
}

impl TensorPlan for Plan {
    fn encode_part(&self, samples: Samples<'_, 1>, control: &Control<'_>) -> Result<Coded, Stopped> {
        let values = samples.values.as_flattened();
        let scaled = Scaled::in_unit(values, samples.weights, self.unit);
        let blocks = Block::all(&scaled);
        let choices = search(&blocks, &self.book, &self.sizes, control)?;
        let mut out = Writer::for_samples(values.len());
        self.put(&mut out);
        for (b, choice) in choices.iter().enumerate() {
            out.put(Part::Side, u32::from(choice.size) | u32::from(choice.negative) << 6, SCALE_BITS);
            let members = BLOCK.min(values.len() - b * BLOCK);
            choice.codes[..members].iter().for_each(|&code| out.put(Part::Code, u32::from(code), self.coding.bits));
        }
        coded(out, |bytes| self.coding.decode(bytes, values.len(), samples.width))
    }

    fn put(&self, out: &mut Writer) {
        self.unit.put(out);
        out.put_f32(Part::Side, self.sizes.least);
        out.put_f32(Part::Side, self.sizes.ratio);
        for k in 0..1 << self.coding.bits {
            // Fewer levels than codes: the last stands for those that are not there.
            let level = self.book.levels.get(k).or(self.book.levels.last()).copied().unwrap_or(0.0);
            out.put_f16(Part::Codebook, level);
        }
    }
}
