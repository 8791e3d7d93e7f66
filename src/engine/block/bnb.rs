//! NF4 and FP4 of bitsandbytes: blocks of 64 weights divided by their greatest size, and sixteen levels.
//!
//! Layout: f32 scale, then the codes, even weights in the high half of a byte. bitsandbytes keeps scales
//! and codes in two arrays; here they stand block by block, with the same bits.
//! NF4: QLoRA (Dettmers et al. 2023). A tie takes the lower level.

use super::number::{at_least, clamped, greatest_size, half_way};

pub(super) const LEN: usize = 64;
pub(super) const BYTES: usize = 36;

/// Levels in rising order, with the code of each.
pub(super) struct Table {
    pub levels: [f32; 16],
    pub borders: [f32; 15],
    codes: [u8; 16],
}

impl Table {
    const fn new(levels: [f32; 16], codes: [u8; 16]) -> Self {
        Self { borders: half_way(&levels), levels, codes }
    }

    /// Zero counts once.
    pub(super) fn distinct_levels(&self) -> Vec<f32> {
        let mut levels: Vec<f32> = self.levels.iter().map(|x| x + 0.0).collect();
        levels.dedup();
        levels
    }
}

/// QLoRA, Dettmers et al. 2023, appendix E.
pub const NF4_LEVELS: [f32; 16] = [
    -1.0,
    -0.696_192_8,
    -0.525_073_05,
    -0.394_917_5,
    -0.284_441_38,
    -0.184_773_43,
    -0.091_050_036,
    0.0,
    0.079_580_3,
    0.160_930_2,
    0.246_112_3,
    0.337_915_24,
    0.440_709_83,
    0.562_617,
    0.722_956_84,
    1.0,
];

pub(super) static NF4: Table = Table::new(NF4_LEVELS, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

/// Sign, then the sizes 0, 1/16, 8, 12, 4, 6, 2, 3 (in twelfths) in the order of their codes. There are two
/// zeros, and the reference takes the negative one for small positive values and the other for small
/// negative ones.
pub(super) static FP4: Table = Table::new(
    [
        -1.0,
        -8.0 / 12.0,
        -0.5,
        -4.0 / 12.0,
        -0.25,
        -2.0 / 12.0,
        -0.0625 / 12.0,
        0.0,
        -0.0,
        0.0625 / 12.0,
        2.0 / 12.0,
        0.25,
        4.0 / 12.0,
        0.5,
        8.0 / 12.0,
        1.0,
    ],
    [11, 10, 13, 12, 15, 14, 9, 0, 8, 1, 6, 7, 4, 5, 2, 3],
);

#[inline(always)]
pub(super) fn encode(x: &[f32; LEN], table: &Table) -> [u8; BYTES] {
    let scale = greatest_size(x);
    write(x, scale, 1.0 / at_least(scale, 1e-38), table)
}

/// The nearest codes under a scale, whose inverse is given because readers and writers take it differently.
#[inline(always)]
pub(super) fn write(x: &[f32; LEN], scale: f32, inverse: f32, table: &Table) -> [u8; BYTES] {
    let mut codes = [0u8; LEN];
    for (code, x) in codes.iter_mut().zip(x) {
        let at = clamped(x * inverse, -1.0, 1.0);
        *code = table.borders.iter().map(|&border| i32::from(at > border)).sum::<i32>() as u8;
    }
    let mut out = [0; BYTES];
    out[..4].copy_from_slice(&scale.to_le_bytes());
    for (byte, pair) in out[4..].iter_mut().zip(codes.as_chunks::<2>().0) {
        *byte = table.codes[usize::from(pair[0] & 15)] << 4 | table.codes[usize::from(pair[1] & 15)];
    }
    out
}

#[inline(always)]
pub(super) fn decode(block: &[u8; BYTES], table: &Table) -> [f32; LEN] {
    let scale = f32::from_le_bytes([block[0], block[1], block[2], block[3]]);
    let mut levels = [0.0; 16];
    for (code, level) in table.codes.iter().zip(table.levels) {
        levels[usize::from(*code)] = level * scale;
    }
    let mut x = [0.0; LEN];
    for (x, byte) in x.as_chunks_mut::<2>().0.iter_mut().zip(&block[4..]) {
        *x = [levels[usize::from(byte >> 4)], levels[usize::from(byte & 15)]];
    }
    x
}
