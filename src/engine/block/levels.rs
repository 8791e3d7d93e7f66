//! Blocks taken apart into codes, scales and minima: x̂ = offset + scale · level(code), as every other
//! reduction decodes.
//!
//! The scale of a run is found from what its block decodes to when all codes are the least, and when all
//! are the greatest: no decoder is written twice. For pictures, histograms and hover; the decoded values
//! themselves come from [`super::decode_row`].

use std::ops::Range;

use super::kind::Kind;
use super::rows::decode_row;
use crate::engine::quantized::Affine;

/// The scale and offset of each run of the blocks.
pub fn affines(kind: Kind, bytes: &[u8]) -> Vec<Affine<1>> {
    let inside = &kind.row().inside;
    if kind.block_len() == 1 {
        return vec![Affine::IDENTITY; bytes.len()];
    }
    let levels = (inside.levels)();
    let (first, last) = (levels[0], levels[levels.len() - 1]);
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
