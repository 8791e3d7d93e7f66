//! A whole tensor as it decodes under a format, for whoever runs on it.

use super::tensor::{Fault, decoded};
use crate::engine::control::Control;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
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
/// A sentence for people when the tensor cannot be read.
pub fn reconstruct(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Reconstruction, Fault> {
    let (values, error, rate) = decoded(model, spec, control)?;
    Ok(Reconstruction { values, error, rate })
}
