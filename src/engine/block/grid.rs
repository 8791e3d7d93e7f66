//! IQ1, IQ2 and IQ3: a code names one of 256 to 2,048 points for four or eight weights at once. Read only:
//! how good such an encoding is hangs on a search with an importance matrix that is llama.cpp's own.
//!
//! Every block has 256 weights. What differs is where the code, the signs and the scale of eight of them
//! stand, and in which grid the points are; an eight decodes as scale · (point + shift), with signs. Layouts
//! (ggml), fields in order, f16 units d:
//!
//! | type | bytes | fields |
//! |---|---|---|
//! | IQ2_XXS | 66 | d; for 32 weights: 4 codes of 8 bits, 4 × 7 sign bits, a 4-bit scale |
//! | IQ2_XS | 74 | d; for 8 weights: a code of 9 bits, 7 sign bits; for 16: a 4-bit scale |
//! | IQ2_S | 82 | d; 32 codes' low bytes; 32 bytes of signs; the codes' upper 2 bits; for 16: a 4-bit scale |
//! | IQ3_XXS | 98 | d; 64 codes of 8 bits; for 32 weights: 4 × 7 sign bits, a 4-bit scale |
//! | IQ3_S | 110 | d; 64 codes' low bytes; their ninth bits; 32 bytes of signs; for 32: a 4-bit scale |
//! | IQ1_S | 50 | d; 32 codes' low bytes; for 32 weights: 4 × 3 upper bits, a 3-bit scale, the shift's sign |
//! | IQ1_M | 56 | 32 codes' low bytes; for 8 weights: 3 upper bits, the shift's sign; for 16: a 3-bit scale; a nibble of d for 64 |
//!
//! Seven sign bits stand for eight signs of which an even number is negative. The grids are data of the
//! format, from ggml-common.h of llama.cpp (MIT licence: see `assets/README.md`).

use std::sync::LazyLock;

use super::number::f16_value;

/// What there is to know of a block format that can be read and not written.
pub struct Grid {
    /// In lower case, as in `iq2_xxs`: the name that files use.
    pub name: &'static str,
    /// Length of a block.
    pub bytes: usize,
    /// Its number in a GGUF.
    pub gguf: u32,
    /// Appends the weights of whole blocks.
    decode: fn(&[u8], &mut Vec<f32>),
    /// What a block holds, in one line.
    pub layout: &'static str,
}

rows! {
    /// The block formats that are only read.
    GridKind: Grid, "block format";
    /// `iq3_s`, 3.4375 bits a weight.
    Iq3S = Grid {
        name: "iq3_s", bytes: 110, gguf: 21, decode: |bytes, out| blocks::<110>(bytes, out, iq3_s),
        layout: "9-bit codes into 512 points for 4 weights; signs; 4-bit scales for 32; f16 unit",
    },
    /// `iq3_xxs`, 3.0625 bits a weight.
    Iq3Xxs = Grid {
        name: "iq3_xxs", bytes: 98, gguf: 18, decode: |bytes, out| blocks::<98>(bytes, out, iq3_xxs),
        layout: "8-bit codes into 256 points for 4 weights; 7 sign bits for 8; 4-bit scales for 32; f16 unit",
    },
    /// `iq2_s`, 2.5625 bits a weight.
    Iq2S = Grid {
        name: "iq2_s", bytes: 82, gguf: 22, decode: |bytes, out| blocks::<82>(bytes, out, iq2_s),
        layout: "10-bit codes into 1024 points for 8 weights; signs; 4-bit scales for 16; f16 unit",
    },
    /// `iq2_xs`, 2.3125 bits a weight.
    Iq2Xs = Grid {
        name: "iq2_xs", bytes: 74, gguf: 17, decode: |bytes, out| blocks::<74>(bytes, out, iq2_xs),
        layout: "9-bit codes into 512 points for 8 weights; 7 sign bits; 4-bit scales for 16; f16 unit",
    },
    /// `iq2_xxs`, 2.0625 bits a weight.
    Iq2Xxs = Grid {
        name: "iq2_xxs", bytes: 66, gguf: 16, decode: |bytes, out| blocks::<66>(bytes, out, iq2_xxs),
        layout: "8-bit codes into 256 points for 8 weights; 7 sign bits; 4-bit scales for 32; f16 unit",
    },
    /// `iq1_m`, 1.75 bits a weight.
    Iq1M = Grid {
        name: "iq1_m", bytes: 56, gguf: 29, decode: |bytes, out| blocks::<56>(bytes, out, iq1_m),
        layout: "11-bit codes into 2048 points for 8 weights; a shift's sign; 3-bit scales for 16; f16 unit",
    },
    /// `iq1_s`, 1.5625 bits a weight.
    Iq1S = Grid {
        name: "iq1_s", bytes: 50, gguf: 19, decode: |bytes, out| blocks::<50>(bytes, out, iq1_s),
        layout: "11-bit codes into 2048 points for 8 weights; 3-bit scales and a shift's sign for 32; f16 unit",
    },
}

/// Weights of a block.
pub(super) const LEN: usize = 256;

impl GridKind {
    /// Weights of a block: 256.
    pub fn block_len(self) -> usize {
        LEN
    }

    /// Bytes of a block.
    pub fn block_bytes(self) -> usize {
        self.row().bytes
    }

    /// Bits a weight, scales and signs included.
    pub fn bits_per_weight(self) -> f64 {
        self.block_bytes() as f64 * 8.0 / LEN as f64
    }
}

/// Appends the weights of whole blocks; bytes of an unfinished one are left out.
pub fn decode_grid_row(kind: GridKind, bytes: &[u8], weights: &mut Vec<f32>) {
    weights.reserve(bytes.len() / kind.block_bytes() * LEN);
    (kind.row().decode)(bytes, weights);
}

/// What eight weights decode from.
struct Eight {
    scale: f32,
    point: [i8; 8],
    shift: f32,
    /// A bit for each that is negative.
    signs: u8,
}

fn blocks<const B: usize>(bytes: &[u8], out: &mut Vec<f32>, eight: impl Fn(&[u8; B], usize) -> Eight) {
    for block in bytes.as_chunks::<B>().0 {
        for at in 0..LEN / 8 {
            let Eight { scale, point, shift, signs } = eight(block, at);
            out.extend((0..8).map(|k| {
                let size = scale * (f32::from(point[k]) + shift);
                if signs >> k & 1 == 1 { -size } else { size }
            }));
        }
    }
}

fn iq2_xxs(block: &[u8; 66], at: usize) -> Eight {
    let run = at / 4;
    let word = u32::from_le_bytes(std::array::from_fn(|b| block[6 + run * 8 + b]));
    let scale = unit(block) * (0.5 + (word >> 28) as f32) * 0.25;
    let point = GRIDS.iq2_xxs[usize::from(block[2 + run * 8 + at % 4])];
    Eight { scale, point, shift: 0.0, signs: even_signs(word >> (at % 4 * 7)) }
}

fn iq2_xs(block: &[u8; 74], at: usize) -> Eight {
    let code = u16::from_le_bytes([block[2 + at * 2], block[3 + at * 2]]);
    let scale = unit(block) * (0.5 + nibble(&block[66..], at / 2)) * 0.25;
    Eight { scale, point: GRIDS.iq2_xs[usize::from(code & 511)], shift: 0.0, signs: even_signs(u32::from(code) >> 9) }
}

fn iq2_s(block: &[u8; 82], at: usize) -> Eight {
    let upper = usize::from(block[66 + at / 4] >> (at % 4 * 2) & 3);
    let scale = unit(block) * (0.5 + nibble(&block[74..], at / 2)) * 0.25;
    Eight { scale, point: GRIDS.iq2_s[upper << 8 | usize::from(block[2 + at])], shift: 0.0, signs: block[34 + at] }
}

fn iq3_xxs(block: &[u8; 98], at: usize) -> Eight {
    let word = u32::from_le_bytes(std::array::from_fn(|b| block[66 + at / 4 * 4 + b]));
    let scale = unit(block) * (0.5 + (word >> 28) as f32) * 0.5;
    let half = |h: usize| GRIDS.iq3_xxs[usize::from(block[2 + at * 2 + h])];
    Eight { scale, point: joined(half(0), half(1)), shift: 0.0, signs: even_signs(word >> (at % 4 * 7)) }
}

fn iq3_s(block: &[u8; 110], at: usize) -> Eight {
    let scale = unit(block) * (1.0 + 2.0 * nibble(&block[106..], at / 4));
    let half = |h: usize| {
        let ninth = usize::from(block[66 + at / 4] >> (at % 4 * 2 + h) & 1);
        GRIDS.iq3_s[ninth << 8 | usize::from(block[2 + at * 2 + h])]
    };
    Eight { scale, point: joined(half(0), half(1)), shift: 0.0, signs: block[74 + at] }
}

fn iq1_s(block: &[u8; 50], at: usize) -> Eight {
    let run = at / 4;
    let word = u16::from_le_bytes([block[34 + run * 2], block[35 + run * 2]]);
    let scale = unit(block) * (2.0 * f32::from(word >> 12 & 7) + 1.0);
    let upper = usize::from(word >> (at % 4 * 3) & 7);
    let point = GRIDS.iq1[upper << 8 | usize::from(block[2 + at])];
    Eight { scale, point, shift: shift(word >> 15 == 1), signs: 0 }
}

fn iq1_m(block: &[u8; 56], at: usize) -> Eight {
    let word = |part: usize| u16::from_le_bytes([block[48 + part * 2], block[49 + part * 2]]);
    let unit = (0..4).fold(0, |bits, part| bits | word(part) >> 12 << (part * 4));
    let scale = f16_value(unit.to_le_bytes()) * (2.0 * f32::from(word(at / 8) >> (at / 2 % 4 * 3) & 7) + 1.0);
    let upper = block[32 + at / 2] >> (at % 2 * 4) & 15;
    let point = GRIDS.iq1[usize::from(upper & 7) << 8 | usize::from(block[at])];
    Eight { scale, point, shift: shift(upper & 8 != 0), signs: 0 }
}

fn unit(block: &[u8]) -> f32 {
    f16_value([block[0], block[1]])
}

fn nibble(bytes: &[u8], at: usize) -> f32 {
    f32::from(bytes[at / 2] >> (at % 2 * 4) & 15)
}

/// Eight signs, a set bit for each that is negative: the lowest seven bits, and an eighth that makes their number even.
pub fn even_signs(bits: u32) -> u8 {
    let seven = (bits & 127) as u8;
    seven | (seven.count_ones() as u8 & 1) << 7
}

fn joined(a: [i8; 4], b: [i8; 4]) -> [i8; 8] {
    std::array::from_fn(|k| if k < 4 { a[k] } else { b[k - 4] })
}

fn shift(down: bool) -> f32 {
    if down { -0.125 } else { 0.125 }
}

/// The points that codes name, in the order of the codes.
pub struct Grids {
    /// The 256 points of IQ2_XXS for 8 weights.
    pub iq2_xxs: Vec<[i8; 8]>,
    /// The 512 points of IQ2_XS for 8 weights.
    pub iq2_xs: Vec<[i8; 8]>,
    /// The 1,024 points of IQ2_S for 8 weights.
    pub iq2_s: Vec<[i8; 8]>,
    /// The 256 points of IQ3_XXS for 4 weights.
    pub iq3_xxs: Vec<[i8; 4]>,
    /// The 512 points of IQ3_S for 4 weights.
    pub iq3_s: Vec<[i8; 4]>,
    /// The 2,048 points of IQ1_S and IQ1_M for 8 weights.
    pub iq1: Vec<[i8; 8]>,
}

/// The grids of all these formats. `tests/e2e/make_grids.py` made the file: the numbers of the levels, the lowest bits first.
pub static GRIDS: LazyLock<Grids> = LazyLock::new(|| {
    let mut packed: &[u8] = include_bytes!("../../../assets/ggml_grids.bin");
    let mut take = |bytes: usize| packed.split_off(..bytes).unwrap_or_default();
    const TWOS: [i8; 3] = [0x08, 0x19, 0x2b];
    Grids {
        iq2_xxs: points(take(256 * 2), 2, &TWOS),
        iq2_xs: points(take(512 * 2), 2, &TWOS),
        iq2_s: points(take(1024 * 2), 2, &TWOS),
        iq3_xxs: points(take(256 * 2), 4, &[0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3e]),
        iq3_s: points(take(512 * 2), 4, &[1, 3, 5, 7, 9, 11, 13, 15]),
        iq1: points(take(2048 * 2), 2, &[-1, 0, 1]),
    }
});

fn points<const D: usize>(packed: &[u8], width: usize, levels: &[i8]) -> Vec<[i8; D]> {
    let numbers = packed.iter().flat_map(|byte| (0..8 / width).map(move |k| byte >> (k * width) & ((1 << width) - 1)));
    let coordinates: Vec<i8> = numbers.map(|number| levels[usize::from(number)]).collect();
    coordinates.as_chunks().0.to_vec()
}
