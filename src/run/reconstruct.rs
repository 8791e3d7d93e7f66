//! A whole tensor as it decodes under a format, for whoever runs on it.

use super::tensor::decode_in_parts;
use crate::engine::control::Control;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::run::error::RunError;
use crate::source::imatrix::Columns;
use crate::source::safetensors::Model;
use crate::spec::TensorSpec;

/// What a tensor decodes to under a format, with its error and its size.
#[derive(Clone, Debug)]
pub struct Reconstruction {
    /// One value a weight, in the file's order.
    pub values: Vec<f32>,
    /// The error against the weights as they are stored.
    pub error: ScalarError,
    /// Bits of the encoded tensor, side information included.
    pub rate: Rate,
}

/// Encodes and decodes all of a tensor, in memory.
///
/// # Errors
/// A sentence for people when the tensor cannot be read.
pub fn reconstruct(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Reconstruction, RunError> {
    reconstruct_weighed(model, spec, None, control)
}

/// Encodes and decodes all of a tensor, the error of each column counting in proportion to its importance.
///
/// # Errors
/// A sentence for people when the tensor cannot be read.
pub fn reconstruct_weighed(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    control: &Control<'_>,
) -> Result<Reconstruction, RunError> {
    let mut values = Vec::new();
    let mut each = |part: &[f32]| {
        values.extend_from_slice(part);
        Ok(())
    };
    let measured = decode_in_parts::<RunError>(model, spec, importance, &mut each, control)?;
    Ok(Reconstruction { values, error: measured.error, rate: measured.rate })
}
