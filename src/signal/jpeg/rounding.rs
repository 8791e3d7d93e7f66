//! Frequencies rounded to their steps by the engine's uniform quantizer.

use rayon::prelude::*;

use super::cells::CELLS;
use crate::engine::assign::nearest;
use crate::engine::codebook::Codebook;
use crate::engine::grouping::Grouping;
use crate::engine::quantized::{Affine, Quantized};
use crate::engine::rate::Rate;

/// A whole number beyond which no coefficient of 8-bit pixels goes, nor any code of baseline JPEG.
pub const LARGEST: i32 = 1023;

/// A whole number's code is the number, counted from the least one.
pub fn whole(code: u16) -> i32 {
    i32::from(code) - LARGEST
}

/// The engine's uniform quantizer: a row for each frequency, with its step as the scale.
pub fn rounded(frequencies: &[[f32; 1]], blocks: usize, steps: &[u16; CELLS]) -> Quantized<1> {
    let book = Codebook::new((-LARGEST..=LARGEST).map(|q| [q as f32]).collect());
    let affines = steps.map(|step| Affine { scale: f32::from(step), offset: [0.0] }).to_vec();
    let mut codes = vec![0; frequencies.len()];
    let rows = codes.par_chunks_mut(blocks.max(1)).zip(frequencies.par_chunks(blocks.max(1)));
    rows.zip(&affines).for_each(|((codes, values), affine)| nearest::codes(values, affine, &book, codes));
    let rate = Rate { side_bits: 8 * CELLS as u64, samples: codes.len() as u64, ..Rate::default() };
    Quantized { width: blocks.max(1), codes, grouping: Grouping::Rows, affines, codebooks: vec![book], rate }
}
