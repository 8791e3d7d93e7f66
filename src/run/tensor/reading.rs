//! Whether a tensor can be read, and its weights.

use std::ops::Range;

use crate::engine::control::Failure;
use crate::source::model::Model;
use crate::source::tensor::Tensor;

pub(crate) fn readable(model: &Model, tensor: usize) -> Result<&Tensor, Failure> {
    let message = |why: String| Err(Failure::Message(why));
    let Some(info) = model.tensors.get(tensor) else { return message("there is no such tensor".to_owned()) };
    match info.unreadable() {
        Some(why) => message(why.to_owned()),
        None if info.values == 0 => message("it has no values".to_owned()),
        None => Ok(info),
    }
}

pub(super) fn read_all(model: &Model, tensor: usize, range: Range<usize>) -> Vec<f32> {
    let mut out = Vec::with_capacity(range.len());
    model.read(tensor, range, &mut out);
    out
}
