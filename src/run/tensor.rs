//! A tensor through the engine: pictures, histogram with levels, and figures; and the sweep over all
//! tensors of a model.
//!
//! Work goes in parts of whole rows (or whole runs of a very long row), read from the mapped file one
//! at a time, so memory does not grow with the file. What all parts share (a tensor-wide scale or
//! codebook) is found first, from a sketch. Parts are merged in order: the result does not depend on
//! how many threads there are.

mod heat_map;
mod parts;
mod reading;
mod sketch;

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

pub use heat_map::{PICTURED, picture_width, pictured};
use heat_map::{
    diverging_code, error_code, error_top, errors_picture, kept_hole, preview_rows, typical_top, weights_picture,
};
use parts::{Keep, TensorRun};
pub use reading::Matrix;
use reading::Weights;
pub(crate) use reading::readable;
use sketch::extent;

use super::coding::Encoder;
use super::{DIAL, Steps};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::{Format, LevelRule, Stored, stored_as};
use crate::engine::metric::{ScalarError, WeighedError};
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::run::error::RunError;
use crate::run::report::{RatePoint, SweepCell, TensorOriginal, TensorReport};
use crate::source::imatrix::Columns;
use crate::source::model::Model;
use crate::source::tensor::Tensor;
use crate::spec::{Stage, TensorSpec, WeightSettings};

/// The tensor itself, ready to be shown.
///
/// # Errors
/// A sentence for people when the tensor has no values or they cannot be read.
pub fn original(model: &Model, tensor: usize, control: &Control<'_>) -> Result<TensorOriginal, RunError> {
    let weights = Weights::of(model, tensor)?;
    let info = weights.info;
    let values = weights.read_all(0..pictured(info));
    let extent = extent(&weights, control)?;
    let top = typical_top(&values);
    let width = picture_width(info);
    let codes = values.par_iter().map(|&x| diverging_code(x, top)).collect();
    Ok(TensorOriginal {
        tensor,
        picture: Arc::new(weights_picture(codes, width)),
        values: values.into(),
        picture_width: width,
        top,
        nan_count: extent.nan,
        infinite_count: extent.infinite,
    })
}

/// One tensor under one format, with pictures and every figure.
///
/// [`Stage::Preview`] codes some of the rows only; for a tensor small enough it is `None`.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn reduce(
    model: &Model,
    original: &TensorOriginal,
    format: Format,
    stage: Stage,
    control: &Control<'_>,
) -> Result<Option<TensorReport>, RunError> {
    let weights = Weights::of(model, original.tensor)?;
    let info = weights.info;
    let spec = TensorSpec { tensor: original.tensor, format };
    let start = Instant::now();
    let keep = Keep { codes: pictured(info), levels: true };
    let mut run = TensorRun::new(&weights, format, keep, None, control)?;
    let (held, step) = match stage {
        Stage::Draft | Stage::Full => (None, 1),
        Stage::Preview => match preview_rows(info, &original.values) {
            Some((rows, step)) => (Some(rows), step),
            None => return Ok(None),
        },
    };
    let outcome = run.over(held.as_deref(), keep, control)?;
    let quantize_time = start.elapsed();
    let quantized = Quantized {
        width: run.encoder.width(info.row_under(format).max(1)),
        codes: outcome.codes,
        grouping: run.encoder.grouping(),
        affines: outcome.affines,
        codebooks: outcome.codebooks,
        rate: outcome.rate,
    };
    let shown = held.as_deref().unwrap_or(&original.values);
    let decoded = outcome.decoded;
    let error_top = error_top(shown, &decoded);
    let width = if step == 1 { original.picture_width } else { info.row_len() };
    let codes = decoded.par_iter().zip(shown).map(|(&y, &x)| kept_hole(x, diverging_code(y, original.top))).collect();
    let errors = decoded.par_iter().zip(shown).map(|(&y, &x)| error_code(x, y, error_top)).collect();
    Ok(Some(TensorReport {
        spec,
        stage,
        picture: Arc::new(weights_picture(codes, width)),
        error_map: Arc::new(errors_picture(errors, width)),
        error_top,
        quantized: Arc::new(quantized),
        decoded: decoded.into(),
        note: note(info, format),
        error: outcome.error,
        rate: outcome.rate,
        levels: outcome.levels,
        histogram: outcome.histogram,
        quantize_time,
    }))
}

/// The error and the bits of one tensor under one format: what `reduce` reports, without pictures.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn measure(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<(ScalarError, Rate), RunError> {
    let measured = measure_weighed(model, spec, None, control)?;
    Ok((measured.error, measured.rate))
}

/// A tensor under a format: its error, also as an importance matrix counts it, and its bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The error, every weight counting alike.
    pub error: ScalarError,
    /// Bits of the encoded tensor, side information included.
    pub rate: Rate,
    /// None where nothing is known of the columns' importance.
    pub weighed: Option<WeighedError>,
}

/// Error and bits of one tensor under one format, each column weighed by its importance in the encoder (where it takes
/// that) and in [`Measured::weighed`].
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn measure_weighed(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    control: &Control<'_>,
) -> Result<Measured, RunError> {
    let weights = Weights::of(model, spec.tensor)?;
    let keep = Keep { codes: 0, levels: false };
    let outcome = TensorRun::new(&weights, spec.format, keep, importance, control)?.over(None, keep, control)?;
    Ok(Measured { error: outcome.error, rate: outcome.rate, weighed: outcome.weighed })
}

/// All that a tensor decodes to, a part at a time and in order, and its figures: memory does not grow with
/// the tensor, except under formats that need all of it at once.
///
/// # Errors
/// `Stopped`, what is wrong with the tensor, or whatever `each` fails with.
pub fn decode_in_parts<E: From<RunError> + From<Stopped>>(
    model: &Model,
    spec: TensorSpec,
    importance: Option<&Columns>,
    each: &mut dyn FnMut(&[f32]) -> Result<(), E>,
    control: &Control<'_>,
) -> Result<Measured, E> {
    decode_matrix(&Weights::of(model, spec.tensor)?, spec.format, importance, each, control)
}

/// [`decode_in_parts`] for values that need not lie in a model's file.
///
/// # Errors
/// `Stopped`, or whatever `each` fails with.
pub(super) fn decode_matrix<E: From<RunError> + From<Stopped>>(
    matrix: &dyn Matrix,
    format: Format,
    importance: Option<&Columns>,
    each: &mut dyn FnMut(&[f32]) -> Result<(), E>,
    control: &Control<'_>,
) -> Result<Measured, E> {
    let keep = Keep { codes: 0, levels: false };
    let mut run = TensorRun::new(matrix, format, keep, importance, control)?;
    if run.encoder.promises_rate() {
        // What was handed on cannot be taken back: first see that the promise is kept.
        run.over(None, keep, control)?;
    }
    let outcome = run.over_parts(None, keep, Some(each), control)?;
    Ok(Measured { error: outcome.error, rate: outcome.rate, weighed: outcome.weighed })
}

/// What was found of some of a tensor's weights.
pub struct Sampled {
    /// The error of the weights that were looked at.
    pub error: ScalarError,
    /// Bits of the weights that were looked at, side information included.
    pub rate: Rate,
    /// How many were looked at.
    pub values: usize,
}

/// [`measure`], but of bands of whole rows spread over a tensor where it has more than `most` weights.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn measure_sample(
    model: &Model,
    spec: TensorSpec,
    most: usize,
    control: &Control<'_>,
) -> Result<Sampled, RunError> {
    let weights = Weights::of(model, spec.tensor)?;
    let info = weights.info;
    if info.values <= most {
        let (error, rate) = measure(model, spec, control)?;
        return Ok(Sampled { error, rate, values: info.values });
    }
    let mut sample = Vec::new();
    for range in bands(info, most) {
        control.check()?;
        model.read(spec.tensor, range, &mut sample);
    }
    let values = sample.len();
    let keep = Keep { codes: 0, levels: false };
    let mut run = TensorRun::new(&weights, spec.format, keep, None, control)?;
    let outcome = run.over(Some(&sample), keep, control)?;
    Ok(Sampled { error: outcome.error, rate: outcome.rate, values })
}

/// Rows that stay together in a sample: as many as the widest tile of the table is high.
const BAND: usize = 128;
/// Bands of a sample, at least, where it has so many rows.
const BANDS: usize = 8;

/// Bands of whole rows, evenly spread, of about `most` weights in all; of a longer row its beginning.
fn bands(info: &Tensor, most: usize) -> Vec<Range<usize>> {
    let row = info.row_len().max(1);
    let (rows, wanted) = (info.values / row, most / row);
    if wanted == 0 {
        return std::iter::once(0..most.min(info.values)).collect();
    }
    let height = BAND.min(wanted / BANDS).max(1);
    let count = wanted / height;
    let start = |band: usize| band * (rows - height) / (count - 1).max(1);
    (0..count).map(|band| start(band) * row..(start(band) + height) * row).collect()
}

/// What encodes a tensor under a format, with what all its weights share already found.
pub(super) fn encoder_of(model: &Model, spec: TensorSpec, control: &Control<'_>) -> Result<Encoder, RunError> {
    let weights = Weights::of(model, spec.tensor)?;
    let keep = Keep { codes: 0, levels: false };
    let mut run = TensorRun::new(&weights, spec.format, keep, None, control)?;
    if run.encoder.promises_rate() {
        // Whether the promise is kept is known once all was coded.
        run.over(None, keep, control)?;
    }
    Ok(run.encoder)
}

/// What there is to say of how this tensor is stored under a format, beside its figures.
pub fn note(info: &Tensor, format: Format) -> Option<String> {
    let LevelRule::Block(kind) = format.rule else { return None };
    let row = info.row_under(format).max(1);
    stored_as(kind, row).note(kind, row)
}

/// The type that a tensor is stored as under a format: the format's own, or what stands in where its rows fit no block.
pub fn stored_type(info: &Tensor, format: Format) -> String {
    let LevelRule::Block(kind) = format.rule else { return format.to_string() };
    match stored_as(kind, info.row_under(format).max(1)) {
        Stored::Whole(used) | Stored::Padded(used) | Stored::Flat(used) => used.name().to_owned(),
        Stored::F16 => "f16".to_owned(),
    }
}

/// All that there is to say beside a tensor's figures under a format.
pub fn remarks(info: &Tensor, format: Format, error: &ScalarError, rate: &Rate) -> Option<String> {
    let parts =
        [note(info, format), overflow_note(error).map(str::to_owned), grid_note(error, rate).map(str::to_owned)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Few bits without any error are no feat of the format.
fn grid_note(error: &ScalarError, rate: &Rate) -> Option<&'static str> {
    let exact = error.values > 0 && error.sum_e2 == 0.0 && error.sum_x2 > 0.0;
    (exact && rate.bits_per_sample() < 16.0).then_some("exact: these weights lie on the format's grid already")
}

/// What there is to say where weights decode to infinity, so that the error is not finite.
pub fn overflow_note(error: &ScalarError) -> Option<&'static str> {
    let why = "some weights decode to infinity: a scale is beyond what the format can store";
    (!error.sum_e2.is_finite()).then_some(why)
}

/// SQNR against bits for every position of the dial.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn rate_curve(
    model: &Model,
    tensor: usize,
    settings: WeightSettings,
    control: &Control<'_>,
) -> Result<Vec<RatePoint>, RunError> {
    let mut points = Vec::with_capacity(DIAL.len());
    for (i, bits) in DIAL.into_iter().enumerate() {
        control.progress(i as f32 / DIAL.len() as f32);
        let (error, rate) = measure(model, TensorSpec { tensor, format: settings.format(bits) }, control)?;
        points.push(RatePoint { bits, bits_per_sample: rate.bits_per_sample(), sqnr_db: error.sqnr_db() });
    }
    Ok(points)
}

/// Every tensor under every format; `emit` gets each cell as soon as it is there, in no fixed order.
///
/// # Errors
/// `Stopped` when the work was cancelled; cells already emitted stand.
pub fn sweep(
    model: &Model,
    formats: &[Format],
    emit: &(dyn Fn(SweepCell) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, model.tensors.len() * formats.len());
    (0..model.tensors.len()).into_par_iter().try_for_each(|tensor| {
        for (column, &format) in formats.iter().enumerate() {
            let unwatched = |_: f32| {};
            let quiet = control.with_progress(&unwatched);
            let outcome = RunError::of_item(measure(model, TensorSpec { tensor, format }, &quiet))?;
            emit(SweepCell { tensor, column, outcome });
            steps.one_more();
        }
        Ok(())
    })
}
