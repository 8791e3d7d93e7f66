//! The error of a tensor under a format that is defined down to its bytes: every row is encoded to the
//! bytes that the reference writes, decoded from them, and compared.

use rayon::prelude::*;

use super::tensor::{Fault, readable};
use crate::engine::block::{self, Kind};
use crate::engine::control::{Control, Stopped};
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::source::safetensors::Model;

/// Weights that one task codes, in whole rows.
const PART: usize = 1 << 16;

/// # Errors
/// A sentence for people when the tensor cannot be read, or when its rows are no multiple of the block:
/// converters fall back to another format there.
pub fn measure_blocks(
    model: &Model,
    tensor: usize,
    kind: Kind,
    control: &Control<'_>,
) -> Result<(ScalarError, Rate), Fault> {
    let info = readable(model, tensor)?;
    let (row, block) = (info.row_len().max(1), kind.block_len());
    if row % block != 0 {
        let name = kind.name();
        let why =
            format!("{name} has blocks of {block} weights and this tensor's rows have {row}: it is stored otherwise");
        return Err(Fault::Message(why));
    }
    let step = (PART / row).max(1) * row;
    let starts: Vec<usize> = (0..info.values).step_by(step).collect();
    let parts: Vec<ScalarError> = starts
        .par_iter()
        .map(|&start| {
            control.check()?;
            let (mut original, mut bytes, mut decoded) = (Vec::new(), Vec::new(), Vec::new());
            model.read(tensor, start..(start + step).min(info.values), &mut original);
            for row in original.chunks(row) {
                // The length has been looked at: neither can refuse.
                let _ = block::encode_row(kind, row, &mut bytes);
            }
            let _ = block::decode_row(kind, &bytes, &mut decoded);
            Ok(ScalarError::measure(&original, &decoded))
        })
        .collect::<Result<_, Stopped>>()?;
    let error = parts.into_iter().fold(ScalarError::default(), |sum, part| sum + part);
    Ok((error, rate_of_blocks(kind, info.values)))
}

/// The whole bits of a weight are its code; what is left over is its share of scales and minima.
pub(super) fn rate_of_blocks(kind: Kind, values: usize) -> Rate {
    let samples = values as u64;
    let all = samples / kind.block_len() as u64 * kind.block_bytes() as u64 * 8;
    let index_bits = samples * kind.bits_per_weight() as u64;
    Rate { index_bits, side_bits: all - index_bits, samples, ..Rate::default() }
}
