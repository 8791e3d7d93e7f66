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
