//! Values that are coded as a tensor's are: whether they can be read, and how.

use std::ops::Range;

use crate::engine::format::Format;
use crate::run::error::RunError;
use crate::source::model::Model;
use crate::source::tensor::Tensor;

/// Values in rows: a tensor's weights, or one channel of a photo.
pub trait Matrix: Sync {
    /// Number of all values.
    fn values(&self) -> usize;

    /// Values in a row.
    fn row_len(&self) -> usize;

    /// Values in a row as a format's encoder sees it.
    fn row_under(&self, _format: Format) -> usize {
        self.row_len()
    }

    /// Appends a range of the values.
    fn read(&self, range: Range<usize>, out: &mut Vec<f32>);

    /// A range of the values.
    fn read_all(&self, range: Range<usize>) -> Vec<f32> {
        let mut out = Vec::with_capacity(range.len());
        self.read(range, &mut out);
        out
    }
}

/// A tensor with values that can be read.
pub(super) struct Weights<'a> {
    model: &'a Model,
    tensor: usize,
    pub(super) info: &'a Tensor,
}

impl<'a> Weights<'a> {
    pub(super) fn of(model: &'a Model, tensor: usize) -> Result<Self, RunError> {
        Ok(Self { model, tensor, info: readable(model, tensor)? })
    }
}

impl Matrix for Weights<'_> {
    fn values(&self) -> usize {
        self.info.values
    }

    fn row_len(&self) -> usize {
        self.info.row_len()
    }

    fn row_under(&self, format: Format) -> usize {
        self.info.row_under(format)
    }

    fn read(&self, range: Range<usize>, out: &mut Vec<f32>) {
        self.model.read(self.tensor, range, out);
    }
}

pub(crate) fn readable(model: &Model, tensor: usize) -> Result<&Tensor, RunError> {
    let info = model.tensors.get(tensor).ok_or(RunError::NoTensor)?;
    match info.unreadable() {
        Some(why) => Err(RunError::Unreadable(why)),
        None if info.values == 0 => Err(RunError::NoValues),
        None => Ok(info),
    }
}
