//! What a tensor takes under a format, told from its shape.

use crate::engine::format::{Format, LevelRule};
use crate::source::tensor::Tensor;

/// The fewest bits that a tensor takes under a format. Exact for formats of fixed width. Learned levels can be fewer than
/// there is room for: their codes alone are sure.
/// What a coder of its own takes depends on the weights: nothing is sure.
pub fn least_bits(tensor: &Tensor, format: Format) -> u64 {
    match format.rule {
        LevelRule::Coded(_) => 0,
        LevelRule::Fitted(_) => tensor.values as u64 * u64::from(format.bits),
        _ => most_bits(tensor, format),
    }
}

/// The bits that a tensor takes under a format. Exact for formats of fixed width; for others about what is to be expected
/// of a large tensor.
pub fn most_bits(tensor: &Tensor, format: Format) -> u64 {
    let row = tensor.row_len().max(1);
    (format.bits_per_weight(tensor.values / row, row) * tensor.values as f64).round() as u64
}
