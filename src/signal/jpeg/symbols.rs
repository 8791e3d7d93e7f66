//! Blocks of whole numbers as baseline JPEG's symbols (T.81 §F.1.2): for the first frequency the size of
//! its difference from the block before; for the others the run of zeros and the size of what ends it.
//! The size is the number of amplitude bits that follow.

use super::cells::CELLS;
use super::plane::Plane;
use super::rounding::whole;
use super::steps::zigzag;
use crate::engine::coding::classes::{entropy_bits, size_of};
use crate::engine::quantized::Quantized;

/// Sixteen zeros, and more to come.
pub const SIXTEEN_ZEROS: u8 = 0xf0;
/// The rest of the block is zeros.
pub const END_OF_BLOCK: u8 = 0;

/// Luma, or the two colour differences, which share their tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Brightness.
    Luma,
    /// The blue and the red colour difference.
    Chroma,
}

/// A symbol of baseline JPEG with the amplitude bits that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Whether it is the symbol of the first frequency: then `symbol` is a size; otherwise 16 · run + size.
    pub first: bool,
    /// The byte that the Huffman table codes.
    pub symbol: u8,
    /// As many bits as the size says.
    pub amplitude: u16,
}

impl Symbol {
    /// Number of amplitude bits, 0 to 15.
    pub fn size(self) -> u32 {
        u32::from(self.symbol & 15)
    }
}

/// The coded blocks of a photo, in the order in which a file has them.
pub struct Blocks<'a> {
    planes: &'a [Plane; 3],
    coded: &'a [Quantized<1>; 3],
    /// 2: four luma blocks go with one of each colour difference.
    pub luma_side: usize,
}

impl<'a> Blocks<'a> {
    /// The blocks of Y, Cb and Cr planes; `coded` holds the rounded frequencies of each, in the same order.
    pub fn new(planes: &'a [Plane; 3], coded: &'a [Quantized<1>; 3]) -> Self {
        let luma_side = if planes[0].across > planes[1].across { 2 } else { 1 };
        Self { planes, coded, luma_side }
    }

    /// Whether there is no block at all.
    pub fn is_empty(&self) -> bool {
        self.planes[0].blocks() == 0
    }

    /// Hands over all symbols, in order.
    pub fn each(&self, mut take: impl FnMut(Kind, Symbol)) {
        let order = zigzag();
        let mut before = [0; 3];
        let mut code = |channel: usize, block: usize, kind: Kind| {
            let (codes, blocks) = (&self.coded[channel].codes, self.planes[channel].blocks());
            let numbers: [i32; CELLS] = std::array::from_fn(|i| whole(codes[order[i] * blocks + block]));
            symbols_of(&numbers, before[channel], |symbol| take(kind, symbol));
            before[channel] = numbers[0];
        };
        let (across, side) = (self.planes[1].across, self.luma_side);
        for unit in 0..self.planes[1].blocks() {
            let (column, row) = (unit % across * side, unit / across * side);
            for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
                code(0, (row + y) * self.planes[0].across + column + x, Kind::Luma);
            }
            code(1, unit, Kind::Chroma);
            code(2, unit, Kind::Chroma);
        }
    }

    /// Entropy of the symbols, first frequencies and others, luma and colours apart, with the amplitude bits.
    pub fn estimated_bits(&self) -> f64 {
        let mut counts = [[0u64; 256]; 4];
        let mut amplitudes = 0;
        self.each(|kind, symbol| {
            let table = usize::from(kind == Kind::Chroma) * 2 + usize::from(symbol.first);
            counts[table][usize::from(symbol.symbol)] += 1;
            amplitudes += u64::from(symbol.size());
        });
        counts.iter().map(|counts| entropy_bits(counts)).sum::<f64>() + amplitudes as f64
    }
}

/// A negative number is written as one less, cut to its size.
fn sized(first: bool, run: u8, x: i32) -> Symbol {
    let size = size_of(x);
    let bits = if x < 0 { x - 1 } else { x } & ((1 << size) - 1);
    Symbol { first, symbol: run << 4 | size as u8, amplitude: bits as u16 }
}

/// Hands over the symbols of one block: `numbers` are its rounded frequencies from low to high (see [`zigzag`]),
/// `first_before` is the first number of the block before it of the same channel, 0 for the first block.
pub fn symbols_of(numbers: &[i32; CELLS], first_before: i32, mut take: impl FnMut(Symbol)) {
    take(sized(true, 0, numbers[0] - first_before));
    let zeros = |symbol| Symbol { first: false, symbol, amplitude: 0 };
    let mut run = 0;
    for &x in &numbers[1..] {
        if x == 0 {
            run += 1;
            continue;
        }
        (0..run / 16).for_each(|_| take(zeros(SIXTEEN_ZEROS)));
        take(sized(false, run % 16, x));
        run = 0;
    }
    if run > 0 {
        take(zeros(END_OF_BLOCK));
    }
}
