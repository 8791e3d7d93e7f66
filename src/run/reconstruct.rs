//! A whole tensor as it decodes under a format, for whoever runs on it.

use super::blocks::rate_of_blocks;
use super::tensor::{Fault, finite_points, readable};
use crate::engine::block;
use crate::engine::control::Control;
use crate::engine::format::LevelRule;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::source::safetensors::Model;
use crate::spec::TensorSpec;

#[derive(Clone, Debug)]
pub struct Reconstruction {
    pub values: Vec<f32>,
    pub error: ScalarError,
    pub rate: Rate,
}

/// Encodes and decodes all of a tensor, in memory.
///
/// # Errors
/// A sentence for people when the tensor cannot be read or the format does not fit its rows.
pub fn reconstruct(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Reconstruction, Fault> {
    let info = readable(model, spec.tensor)?;
    let (format, row) = (spec.format, info.row_len().max(1));
    let mut original = Vec::with_capacity(info.values);
    model.read(spec.tensor, 0..info.values, &mut original);
    let (values, rate) = match (format.rule, format.recipe()) {
        (_, Some(recipe)) => {
            let (points, weights) = finite_points(&original);
            let samples = Samples { values: &points, width: row, weights: weights.as_deref() };
            let quantized = recipe.encode(samples, control)?;
            (quantized.decode().into_iter().map(|[x]| x).collect(), quantized.rate)
        }
        (LevelRule::Block(kind), None) => {
            let (mut bytes, mut decoded) = (Vec::new(), Vec::new());
            for row in original.chunks(row) {
                control.check()?;
                block::encode_row(kind, row, &mut bytes).map_err(|e| Fault::Message(e.to_string()))?;
            }
            block::decode_row(kind, &bytes, &mut decoded).map_err(|e| Fault::Message(e.to_string()))?;
            (decoded, rate_of_blocks(kind, info.values))
        }
        (_, None) => return Err(Fault::Message(format!("{format} has no levels"))),
    };
    let error = ScalarError::measure(&original, &values);
    Ok(Reconstruction { values, error, rate })
}
