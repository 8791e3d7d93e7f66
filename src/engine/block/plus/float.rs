//! Small floats with a small float as their scale: all scales worth a thought are tried.

use super::super::minifloat::Mini;
use super::super::number::greatest_size;
use super::super::{e2m1, mx};
use super::block::{Block, squared_error};

#[inline(always)]
pub(crate) fn mxfp4(block: &Block<32>) -> [u8; 17] {
    let exponent = e2m1::shared_exponent(greatest_size(&block.original));
    least(block, near(exponent), |e| e2m1::write_mxfp4(&block.original, e), e2m1::decode_mxfp4)
}

#[inline(always)]
pub(crate) fn mxfp8(block: &Block<32>, mini: Mini) -> [u8; mx::BYTES_8] {
    let exponent = mx::shared_exponent(&block.original, mini).unwrap_or(0);
    least(block, near(exponent), |e| mx::write_8(&block.original, mini, e), |bytes| mx::decode_8(bytes, mini))
}

#[inline(always)]
pub(crate) fn mxfp6(block: &Block<32>, mini: Mini) -> [u8; mx::BYTES_6] {
    let exponent = mx::shared_exponent(&block.original, mini).unwrap_or(0);
    least(block, near(exponent), |e| mx::write_6(&block.original, mini, e), |bytes| mx::decode_6(bytes, mini))
}

#[inline(always)]
fn near(exponent: u8) -> impl Iterator<Item = u8> {
    exponent.saturating_sub(1)..=exponent.saturating_add(1).min(254)
}

#[inline(always)]
fn least<const B: usize>(
    block: &Block<32>,
    choices: impl Iterator<Item = u8>,
    write: impl Fn(u8) -> [u8; B],
    decode: impl Fn(&[u8; B]) -> [f32; 32],
) -> [u8; B] {
    let (mut kept, mut least) = ([0; B], f64::INFINITY);
    for choice in choices {
        let bytes = write(choice);
        let error = squared_error(&block.original, Some(&block.w), &decode(&bytes));
        if error < least {
            (kept, least) = (bytes, error);
        }
    }
    kept
}

/// Every scale from half to twice what brings the greatest size to the greatest level.
#[inline(always)]
pub(crate) fn nvfp4(block: &Block<64>) -> [u8; 36] {
    const AROUND: u8 = 9;
    let mut out = [0; 36];
    let (scales, packed) = out.split_at_mut(4);
    let runs = block.original.as_chunks::<16>().0.iter().zip(block.w.as_chunks::<16>().0);
    for ((x, w), (scale, packed)) in runs.zip(scales.iter_mut().zip(packed.chunks_exact_mut(8))) {
        let first = e2m1::to_ue4m3(greatest_size(x) / 6.0);
        let mut least = f64::INFINITY;
        for choice in first.saturating_sub(AROUND)..=(first + AROUND).min(0x7E) {
            let (mut bytes, mut decoded) = ([0; 8], [0.0; 16]);
            e2m1::write_run(x, choice, &mut bytes);
            e2m1::levels(&bytes, e2m1::half_ue4m3(choice), &mut decoded);
            let error = squared_error(x, Some(w), &decoded);
            if error < least {
                least = error;
                *scale = choice;
                packed.copy_from_slice(&bytes);
            }
        }
    }
    out
}
