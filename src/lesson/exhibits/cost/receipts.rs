//! The receipts of a lesson: one tensor under formats that spend their bits in different ways.

use crate::engine::control::Control;
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::lesson::error::LessonError;
use crate::run::tensor::measure;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// Formats of the table, from many bits to few; of four bits, the cheaper ones first.
pub const SHOWN: [&str; 10] = [
    "q8_0",
    "int8-row",
    "int4-tensor",
    "int4-row",
    "mxfp4",
    "nf4",
    "int4-g32",
    "int4-g16-e4m3",
    "int4-g32-affine",
    "kmeans4-g64",
];

/// What a format's bits are spent on, and the error it leaves, on one tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receipt {
    /// The format, as [`SHOWN`] names it.
    pub name: &'static str,
    /// Error of the decoded weights.
    pub error: ScalarError,
    /// Bits of the tensor by what they are for.
    pub rate: Rate,
}

/// Measures the tensor under each of [`SHOWN`].
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor; what was emitted stands.
pub fn receipts(
    model: &Model,
    tensor: usize,
    emit: &dyn Fn(Receipt),
    control: &Control<'_>,
) -> Result<(), LessonError> {
    let unwatched = |_: f32| {};
    let quiet = control.with_progress(&unwatched);
    for (k, name) in SHOWN.into_iter().enumerate() {
        let (error, rate) = measure(model, TensorSpec { tensor, format: Format::built_in(name) }, &quiet)?;
        emit(Receipt { name, error, rate });
        control.progress((k + 1) as f32 / SHOWN.len() as f32);
    }
    Ok(())
}
