//! One block under the microscope: pixels → frequencies → whole numbers → frequencies → pixels.

use super::cells::CELLS;
use super::plane::pixels_of;
use super::rounding::{rounded, whole};

/// Luma of 8 × 8 pixels, row by row. Pixels are 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its column and row among the blocks.
    pub place: (usize, usize),
    pub pixels: [f32; CELLS],
    pub frequencies: [f32; CELLS],
    pub steps: [u16; CELLS],
    pub codes: [i32; CELLS],
    /// Codes times steps.
    pub kept: [f32; CELLS],
    /// Beyond 0 and 255 where the rounding went there: a decoder cuts that off.
    pub back: [f32; CELLS],
}

impl Block {
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

    pub fn zeros(&self) -> usize {
        self.codes.iter().filter(|k| **k == 0).count()
    }
}
