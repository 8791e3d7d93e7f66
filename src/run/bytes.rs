//! A tensor as the bytes of a block format, a part at a time: the same blocks that are measured.
//!
//! Parts are whole rows (or whole blocks of a very long row), coded on all cores a batch at a time, so
//! memory does not grow with the tensor.

use rayon::prelude::*;

use super::coding::{Encoder, PART};
use super::tensor::readable;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, LevelRule, Stored, stored_as};
use crate::engine::metric::ScalarError;
use crate::run::error::RunError;
use crate::source::gguf::type_number;
use crate::source::imatrix::Columns;
use crate::source::model::Model;
use crate::source::tensor::{Dtype, Tensor, decode};
use crate::spec::TensorSpec;

/// How a GGUF stores a tensor under a format: the type itself, what stands in where rows fit no block of it, or f16.
///
/// # Errors
/// [`RunError::NoGgufType`]: no such file holds this format.
pub fn gguf_dtype(tensor: &Tensor, format: Format) -> Result<Dtype, RunError> {
    let f16 = Dtype::Plain(safetensors::Dtype::F16);
    let refused = || Err(RunError::NoGgufType(format.to_string()));
    let kind = match format.rule {
        LevelRule::Block(kind) => kind,
        _ => return refused(),
    };
    let dtype = match stored_as(kind, tensor.stored_row().max(1)) {
        Stored::Whole(used) => Dtype::Block(used),
        // The file knows no padding of rows.
        Stored::Padded(_) | Stored::F16 => f16,
        Stored::Flat(_) => return refused(),
    };
    if type_number(Dtype::Block(kind)).is_none() {
        return refused();
    }
    Ok(dtype)
}

/// Bytes of a tensor under a type that its rows fit.
pub fn byte_len(tensor: &Tensor, dtype: Dtype) -> Option<u64> {
    let values = tensor.values as u64;
    match dtype.block() {
        Some((len, bytes)) => Some(values / len as u64 * bytes as u64),
        None => Some(values * dtype.bytes()? as u64),
    }
}

/// Codes a tensor for a GGUF; `each` gets the bytes in order. Returns the error of what those bytes decode to.
///
/// # Errors
/// The tensor cannot be read or has no such bytes; whatever `each` fails with.
pub fn encode_in_parts<E: From<RunError> + From<Stopped>>(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    each: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    control: &Control<'_>,
) -> Result<ScalarError, E> {
    let info = readable(model, spec.tensor)?;
    let dtype = gguf_dtype(info, spec.format)?;
    let row = info.stored_row().max(1);
    let encoder = match dtype {
        Dtype::Block(_) => Encoder::new(spec.format, row),
        _ => Encoder::f16(),
    };
    let ranges = encoder.part_ranges(info.values, row);
    let mut error = ScalarError::default();
    for (done, batch) in ranges.chunks(4 * rayon::current_num_threads()).enumerate() {
        let parts: Vec<(Vec<u8>, ScalarError)> = batch
            .par_iter()
            .map(|range| {
                control.check()?;
                let mut raw = Vec::with_capacity(range.len());
                model.read(spec.tensor, range.clone(), &mut raw);
                let importance = importance.map(|columns| columns.over(range.clone(), info.values));
                let bytes = encoder.bytes(&raw, row, importance.as_deref());
                let bytes =
                    bytes.ok_or_else(|| RunError::NoBytes { tensor: info.name.clone(), format: spec.format })?;
                let error = ScalarError::measure(&raw, &decoded(dtype, &bytes));
                Ok((bytes, error))
            })
            .collect::<Result<_, RunError>>()?;
        for (part, of_part) in &parts {
            each(part)?;
            error = error + *of_part;
        }
        let coded = (done + 1) * batch.len() * PART;
        control.progress((coded as f32 / info.values as f32).min(1.0));
    }
    Ok(error)
}

/// What is no number is as far off as can be.
fn decoded(dtype: Dtype, bytes: &[u8]) -> Vec<f32> {
    let mut values = Vec::new();
    decode(dtype, bytes, &mut values);
    values.iter_mut().filter(|y| y.is_nan()).for_each(|y| *y = f32::INFINITY);
    values
}
