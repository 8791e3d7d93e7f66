//! Blocks taken apart into codes, scales and minima: x̂ = offset + scale · level(code), as every other
//! reduction decodes.
//!
//! The scale of a run is found from what its block decodes to when all codes are the least, and when all
//! are the greatest: no decoder is written twice. For pictures, histograms and hover; the decoded values
//! themselves come from [`super::decode_row`].

use std::ops::Range;

use super::bnb::{FP4, NF4_LEVELS};
use super::iq4;
use super::kind::Kind;
use super::minifloat::{E2M3, E3M2, E4M3, E5M2, Mini};
use super::rows::decode_row;
use crate::engine::codebook::Codebook;
use crate::engine::quantized::Affine;

/// Where a block has its codes, and what they stand for.
struct Inside {
    codes: Range<usize>,
    /// Fillings of three bytes that make every code the least, or the greatest.
    least: [u8; 3],
    greatest: [u8; 3],
    /// Weights that share a scale.
    run: usize,
    /// Whether runs have a minimum beside the scale.
    minima: bool,
    levels: Vec<f32>,
}

fn inside(kind: Kind) -> Inside {
    let integers = |low: i32, high: i32| (low..=high).map(|k| k as f32).collect::<Vec<f32>>();
    let of = |codes: Range<usize>, [least, greatest]: [u8; 2], run: usize, levels: Vec<f32>| Inside {
        codes,
        least: [least; 3],
        greatest: [greatest; 3],
        run,
        minima: false,
        levels,
    };
    let with_minima = |inside: Inside| Inside { minima: true, ..inside };
    let float = |codes: Range<usize>, ends: [u8; 2], run: usize, mini: Mini| of(codes, ends, run, mini.values());
    const ALL: [u8; 2] = [0x00, 0xFF];
    match kind {
        Kind::Q8_0 => of(2..34, [0x80, 0x7F], 32, integers(-128, 127)),
        Kind::Q5_1 => with_minima(of(4..24, ALL, 32, integers(0, 31))),
        Kind::Q5_0 => of(2..22, ALL, 32, integers(-16, 15)),
        Kind::Q4_1 => with_minima(of(4..20, ALL, 32, integers(0, 15))),
        Kind::Q4_0 => of(2..18, ALL, 32, integers(-8, 7)),
        Kind::Q6K => of(0..192, ALL, 16, integers(-32, 31)),
        Kind::Q5K => with_minima(of(16..176, ALL, 32, integers(0, 31))),
        Kind::Q4K => with_minima(of(16..144, ALL, 32, integers(0, 15))),
        Kind::Q3K => of(0..96, ALL, 16, integers(-4, 3)),
        Kind::Q2K => with_minima(of(16..80, ALL, 16, integers(0, 3))),
        Kind::Iq4Nl => of(2..18, ALL, 32, iq4::LEVELS.into()),
        Kind::Iq4Xs => of(8..136, ALL, 32, iq4::LEVELS.into()),
        Kind::Tq2_0 => of(0..64, [0x00, 0xAA], 256, integers(-1, 1)),
        Kind::Tq1_0 => of(0..52, ALL, 256, integers(-1, 1)),
        Kind::Nvfp4 => of(4..36, [0xFF, 0x77], 16, e2m1()),
        Kind::Mxfp4 => of(1..17, [0xFF, 0x77], 32, e2m1()),
        Kind::Nf4 => of(4..36, ALL, 64, NF4_LEVELS.into()),
        Kind::Fp4 => of(4..36, [0xBB, 0x33], 64, FP4.distinct_levels()),
        // Four codes of 31 in 24 bits.
        Kind::Mxfp6E2m3 => Inside { greatest: [0xDF, 0xF7, 0x7D], ..float(1..25, ALL.map(|_| 0xFF), 32, E2M3) },
        Kind::Mxfp6E3m2 => Inside { greatest: [0xDF, 0xF7, 0x7D], ..float(1..25, ALL.map(|_| 0xFF), 32, E3M2) },
        Kind::Mxfp8E4m3 => float(1..33, [0xFE, 0x7E], 32, E4M3),
        Kind::Mxfp8E5m2 => float(1..33, [0xFB, 0x7B], 32, E5M2),
        Kind::Fp8E4m3 => float(0..1, [0xFE, 0x7E], 1, E4M3),
        Kind::Fp8E5m2 => float(0..1, [0xFB, 0x7B], 1, E5M2),
    }
}

fn e2m1() -> Vec<f32> {
    let sizes = [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0];
    sizes.iter().rev().map(|x| -x).chain([0.0]).chain(sizes).collect()
}

impl Kind {
    /// Bits of the codes of a block; the rest are scales and minima.
    pub fn code_bits(self) -> usize {
        inside(self).codes.len() * 8
    }

    /// Bits of the minima of a block: as many as of the scales, where there are any.
    pub fn minima_bits(self) -> usize {
        if inside(self).minima { (self.block_bytes() * 8 - self.code_bits()) / 2 } else { 0 }
    }

    /// Weights that share a scale.
    pub fn run(self) -> usize {
        inside(self).run
    }

    /// What the codes stand for, in scales.
    pub fn levels(self) -> Codebook<1> {
        Codebook::new(inside(self).levels.into_iter().map(|x| [x]).collect())
    }
}

/// The scale and offset of each run of the blocks.
pub fn affines(kind: Kind, bytes: &[u8]) -> Vec<Affine<1>> {
    let inside = inside(kind);
    if kind.block_len() == 1 {
        return vec![Affine::IDENTITY; bytes.len()];
    }
    let (first, last) = (inside.levels[0], inside.levels[inside.levels.len() - 1]);
    let [low, high] = [inside.least, inside.greatest].map(|filling| filled(kind, bytes, &inside.codes, filling));
    let runs = low.chunks(inside.run).zip(high.chunks(inside.run));
    runs.map(|(low, high)| match inside.minima {
        true => Affine { scale: (high[0] - low[0]) / (last - first), offset: [low[0]] },
        false => Affine { scale: high[0] / last, offset: [0.0] },
    })
    .collect()
}

/// What the blocks decode to with all codes alike.
fn filled(kind: Kind, bytes: &[u8], codes: &Range<usize>, filling: [u8; 3]) -> Vec<f32> {
    let mut bytes = bytes.to_vec();
    for block in bytes.chunks_exact_mut(kind.block_bytes()) {
        for (byte, filler) in block[codes.clone()].iter_mut().zip(filling.into_iter().cycle()) {
            *byte = filler;
        }
    }
    let mut decoded = Vec::new();
    // Whole blocks went in.
    let _ = decode_row(kind, &bytes, &mut decoded);
    decoded
}

#[cfg(test)]
mod tests {
    use super::super::encode_row;
    use super::*;
    use crate::engine::random::Random;

    #[test]
    fn codes_scales_and_minima_decode_to_what_the_decoder_makes_of_the_bytes() {
        let mut random = Random::seeded(21);
        let values: Vec<f32> = (0..2048).map(|i| random.next_gaussian() * 0.03 + (i % 512) as f32 * 1e-4).collect();
        for kind in Kind::ALL {
            let (mut bytes, mut decoded) = (Vec::new(), Vec::new());
            encode_row(kind, &values, &mut bytes).unwrap();
            decode_row(kind, &bytes, &mut decoded).unwrap();
            let (book, affines) = (kind.levels(), affines(kind, &bytes));
            assert_eq!(affines.len(), values.len() / kind.run(), "{kind:?}");
            for (i, y) in decoded.iter().enumerate() {
                let affine = affines[i / kind.run()];
                let back = affine.apply(book.points()[usize::from(book.nearest(affine.invert([*y])))])[0];
                let size = (affine.scale * 127.0).abs().max(y.abs());
                assert!((back - y).abs() <= size * 2e-6, "{kind:?} weight {i}: {back} for {y}");
            }
        }
    }

    #[test]
    fn the_receipt_of_a_block_adds_up() {
        for kind in Kind::ALL {
            let bits = kind.block_bytes() * 8;
            assert!(kind.code_bits() + kind.minima_bits() <= bits, "{kind:?}");
        }
        assert_eq!((Kind::Q4K.code_bits(), Kind::Q4K.minima_bits()), (1024, 64));
        assert_eq!((Kind::Q8_0.code_bits(), Kind::Q8_0.minima_bits()), (256, 0));
    }
}
