//! One block under the microscope: pixels → frequencies → whole numbers → frequencies → pixels.

use super::cells::CELLS;
use super::plane::pixels_of;
use super::rounding::{rounded, whole};

/// Luma of 8 × 8 pixels, row by row. Pixels are 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its column and row among the blocks.
    pub place: (usize, usize),
    /// Before coding, row by row, 0 to 255.
    pub pixels: [f32; CELLS],
    /// DCT coefficients, row by row: the lowest frequency first.
    pub frequencies: [f32; CELLS],
    /// Quantizer step of each frequency.
    pub steps: [u16; CELLS],
    /// Each frequency divided by its step and rounded.
    pub codes: [i32; CELLS],
    /// Codes times steps.
    pub kept: [f32; CELLS],
    /// Beyond 0 and 255 where the rounding went there: a decoder cuts that off.
    pub back: [f32; CELLS],
}

impl Block {
    /// Takes a block through coding and back; `place` is its column and row among the blocks.
    pub fn new(frequencies: [f32; CELLS], steps: &[u16; CELLS], place: (usize, usize)) -> Self {
        let coded = rounded(&frequencies.map(|x| [x]), 1, steps);
        let decoded = coded.decode();
        let kept = std::array::from_fn(|f| decoded[f][0]);
        let in_codes = |x: [f32; CELLS]| x.map(|x| x + 128.0);
        Self {
            place,
            pixels: in_codes(pixels_of(&frequencies)),
            frequencies,
            steps: *steps,
            codes: std::array::from_fn(|f| whole(coded.codes[f])),
            kept,
            back: in_codes(pixels_of(&kept)),
        }
    }

    /// Number of codes that are zero, 0 to 64.
    pub fn zeros(&self) -> usize {
        self.codes.iter().filter(|k| **k == 0).count()
    }
}
