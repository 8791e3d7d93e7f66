//! What a tensor takes under a format, told from its shape.

use crate::engine::format::{Format, LevelRule};
use crate::source::tensor::Tensor;

/// Exact for formats of fixed width. Learned levels can be fewer than there is room for: their codes alone are sure.
/// What a coder of its own takes depends on the weights: nothing is sure.
pub(super) fn least_bits(tensor: &Tensor, format: Format) -> u64 {
    match format.rule {
        LevelRule::Coded(_) => 0,
        LevelRule::Fitted(_) => tensor.values as u64 * u64::from(format.bits),
        _ => most_bits(tensor, format),
    }
}

/// Exact for formats of fixed width; for others about what is to be expected of a large tensor.
pub(super) fn most_bits(tensor: &Tensor, format: Format) -> u64 {
    let row = tensor.row_len().max(1);
    (format.bits_per_weight(tensor.values / row, row) * tensor.values as f64).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::control::Control;
    use crate::engine::format::table;
    use crate::run::tensor::measure;
    use crate::source::builtin;
    use crate::source::open::Source;
    use crate::spec::TensorSpec;

    #[test]
    fn bits_told_from_the_shape_are_those_of_the_measurement_and_never_more() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        // Rows of 64, of 172, and a vector.
        let of = |part: &str| model.tensors.iter().position(|t| t.name.contains(part)).unwrap();
        for tensor in [of("layers.0.self_attn.k_proj"), of("layers.0.mlp.down_proj"), of("norm")] {
            for row in table() {
                let spec = TensorSpec { tensor, format: row.format };
                let Ok((_, rate)) = measure(&model, spec, &Control::unwatched()) else { continue };
                let (told, found) = (least_bits(&model.tensors[tensor], row.format), rate.total_bits());
                let exact = !matches!(row.format.rule, LevelRule::Coded(_) | LevelRule::Fitted(_));
                assert!(told == found || !exact && told < found, "{}: {told} {found}", row.name);
            }
        }
    }
}
