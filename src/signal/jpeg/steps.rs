//! JPEG's steps: one for each frequency, coarser where the eye sees less.

use super::cells::{CELLS, SIDE};

/// T.81 table K.1: luminance, row by row.
#[rustfmt::skip]
const LUMA: [u16; CELLS] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
/// T.81 table K.2: chrominance, row by row.
#[rustfmt::skip]
const CHROMA: [u16; CELLS] = [
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_is_that_of_the_standard() {
        assert_eq!(zigzag()[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(zigzag()[61..], [55, 62, 63]);
    }

    #[test]
    fn steps_are_the_tables_at_50_and_ones_at_100() {
        assert_eq!(steps(50), [LUMA, CHROMA]);
        assert_eq!(steps(100), [[1; CELLS]; 2]);
        assert_eq!(steps(25)[0][..3], [32, 22, 20]);
        assert_eq!(steps(0), steps(1));
    }
}
