//! Whole rows to blocks and back, and what refuses them.

use thiserror::Error;

use super::kind::Kind;
use super::plus::block::squared_error;

/// A length that is no whole number of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{kind} needs a multiple of {block} {unit}, not {length}")]
pub struct LengthError {
    /// The block format that was asked for.
    pub kind: Kind,
    /// The length that was refused, in weights or in bytes.
    pub length: usize,
    /// Weights or bytes of a block, whichever `length` counts.
    pub block: usize,
    unit: &'static str,
}

fn whole_blocks(kind: Kind, length: usize, block: usize, unit: &'static str) -> Result<(), LengthError> {
    if length.is_multiple_of(block) { Ok(()) } else { Err(LengthError { kind, length, block, unit }) }
}

/// Appends the blocks of a row. Values may be anything; those that are not finite spoil their own block
/// only.
///
/// # Errors
/// A row that is no multiple of the block is refused, and nothing is appended.
pub fn encode_row(kind: Kind, row: &[f32], bytes: &mut Vec<u8>) -> Result<(), LengthError> {
    whole_blocks(kind, row.len(), kind.block_len(), "weights")?;
    bytes.reserve(row.len() / kind.block_len() * kind.block_bytes());
    (kind.row().encode)(row, bytes);
    Ok(())
}

/// Appends the weights of the blocks.
///
/// # Errors
/// Bytes that are no multiple of the block are refused, and nothing is appended.
pub fn decode_row(kind: Kind, bytes: &[u8], weights: &mut Vec<f32>) -> Result<(), LengthError> {
    whole_blocks(kind, bytes.len(), kind.block_bytes(), "bytes")?;
    weights.reserve(bytes.len() / kind.block_bytes() * kind.block_len());
    (kind.row().decode)(bytes, weights);
    Ok(())
}

/// Like `encode_row`, with less squared error at the same bytes. The importance of each weight counts as
/// given; what is not finite or less than 0 counts as 0.
///
/// # Errors
/// A row that is no multiple of the block, or an importance of another length, is refused, and nothing is
/// appended.
pub fn encode_row_plus(
    kind: Kind,
    row: &[f32],
    importance: Option<&[f32]>,
    bytes: &mut Vec<u8>,
) -> Result<(), LengthError> {
    let first = bytes.len();
    if let Some(weights) = importance.filter(|weights| weights.len() != row.len()) {
        return Err(LengthError { kind, length: weights.len(), block: row.len(), unit: "importances" });
    }
    whole_blocks(kind, row.len(), kind.block_len(), "weights")?;
    encode_row(kind, row, bytes)?;
    let Some(search) = kind.row().search else { return Ok(()) };
    let mut searched = Vec::new();
    search(row, importance, &mut searched);
    keep_better(kind, row, importance, &searched, &mut bytes[first..])
}

/// Takes over the blocks of `candidate` that have less error than those of `kept`.
fn keep_better(
    kind: Kind,
    row: &[f32],
    importance: Option<&[f32]>,
    candidate: &[u8],
    kept: &mut [u8],
) -> Result<(), LengthError> {
    let (len, bytes) = (kind.block_len(), kind.block_bytes());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    decode_row(kind, candidate, &mut ours)?;
    decode_row(kind, kept, &mut theirs)?;
    for (k, (candidate, kept)) in candidate.chunks_exact(bytes).zip(kept.chunks_exact_mut(bytes)).enumerate() {
        let part = k * len..(k + 1) * len;
        let error = |decoded: &[f32]| {
            squared_error(&row[part.clone()], importance.map(|w| &w[part.clone()]), &decoded[part.clone()])
        };
        let (ours, theirs) = (error(&ours), error(&theirs));
        // A scale beyond f16 makes the reference's block infinite; a finite one is better.
        if ours < theirs || (ours.is_finite() && !theirs.is_finite()) {
            kept.copy_from_slice(candidate);
        }
    }
    Ok(())
}
