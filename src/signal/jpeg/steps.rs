//! JPEG's steps: one for each frequency, coarser where the eye sees less.

use super::cells::{CELLS, SIDE};

/// The steps of the luminance at quality 50, frequencies row by row (T.81 table K.1).
#[rustfmt::skip]
pub const LUMA: [u16; CELLS] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
/// The steps of the chrominance at quality 50, frequencies row by row (T.81 table K.2).
#[rustfmt::skip]
pub const CHROMA: [u16; CELLS] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// The steps of the luma frequencies and of those of the colour differences, at a quality of 1 to 100:
/// the tables times 50 ÷ quality below 50, times 2 − quality ÷ 50 above (the Independent JPEG Group's rule).
pub fn steps(quality: u8) -> [[u16; CELLS]; 2] {
    let quality = u32::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    [LUMA, CHROMA].map(|table| table.map(|s| ((u32::from(s) * percent + 50) / 100).clamp(1, 255) as u16))
}

/// The cells of a block from low to high frequencies, along its diagonals to and fro (T.81 figure A.6).
pub fn zigzag() -> [usize; CELLS] {
    let mut order: [usize; CELLS] = std::array::from_fn(|i| i);
    order.sort_by_key(|&i| {
        let (x, y) = (i % SIDE, i / SIDE);
        (x + y, if (x + y) % 2 == 0 { x } else { y })
    });
    order
}
