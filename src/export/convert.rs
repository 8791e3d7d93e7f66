//! A whole model written with some of its tensors quantized: as the quantized bytes (GGUF), or as what
//! they decode to (.safetensors), so that any evaluation harness can score them.
//!
//! A tensor at a time, a part of it at a time: memory does not grow with the model. The file is whole or
//! not there. Names are those of the model; a GGUF that was not one before has no vocabulary and no
//! configuration, so that it holds the tensors and does not run.

use std::fmt::Display;
use std::fs;
use std::io::Write;
use std::path::Path;

use super::safetensors::FloatType;
use super::{Broken, ExportError, destination, gguf, safetensors, write_streamed};
use crate::engine::control::Control;
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::run::bytes::{byte_len, encode_in_parts, gguf_dtype};
use crate::run::mix::stands_in;
use crate::run::tensor::decode_in_parts;
use crate::source::gguf::type_number;
use crate::source::imatrix::{Columns, Importance};
use crate::source::model::Model;
use crate::source::tensor::{Dtype, Tensor};
use crate::spec::TensorSpec;

/// Values that are read at once where nothing is encoded.
const PART: usize = 1 << 18;

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Conversion<'a> {
    /// The model whose tensors are written, all of them and in its order.
    pub model: &'a Model,
    /// One for each tensor; none: as it is stored.
    pub formats: &'a [Option<Format>],
    /// Column weights for the encoders that take an importance matrix; none: every column counts alike.
    pub importance: Option<&'a Importance>,
}

/// The kind of file that a model is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A GGUF: quantized tensors as blocks, the others as they are stored or, where it has no such type, as F32.
    Gguf,
    /// A .safetensors: what quantized tensors decode to in this float type; plain tensors keep their type.
    Safetensors(FloatType),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Written {
    /// Length of the written file; 0 where the file system does not say.
    pub file_bytes: u64,
    /// Tensors that were given a format.
    pub quantized: usize,
    /// Tensors that stay as they are stored.
    pub kept: usize,
    /// Quantized tensors whose rows fit no block, so that another type stands in.
    pub stand_ins: usize,
    /// Names too long for llama.cpp.
    pub long_names: usize,
    /// Values that the written float type made infinite.
    pub infinite: u64,
    /// Quantized tensors whose encoder heeded the importance matrix.
    pub weighed: usize,
    /// The error of the quantized tensors: what the written file decodes to, beside what was read.
    pub error: ScalarError,
}

impl Target {
    /// The kind that the file's name says; `float` is for the weights of a .safetensors.
    ///
    /// # Errors
    /// [`ExportError::Ending`] for any other name.
    pub fn of(path: &Path, float: FloatType) -> Result<Self, ExportError> {
        destination::find(path, "a model", [("gguf", Self::Gguf), ("safetensors", Self::Safetensors(float))])
    }
}

/// Writes the file.
///
/// # Errors
/// The destination cannot be written, or something in the model cannot be held by it; then nothing is left behind.
pub fn convert(to: Target, path: &Path, what: Conversion<'_>, control: &Control<'_>) -> Result<Written, ExportError> {
    refuse_what_would_be_wrong(to, what)?;
    let mut written = Written {
        quantized: what.formats.iter().flatten().count(),
        kept: what.model.tensors.len() - what.formats.iter().flatten().count(),
        weighed: what.weighed(),
        ..Written::default()
    };
    let tensors = what.model.tensors.iter();
    match to {
        Target::Gguf => {
            let slots = tensors.clone().zip(what.formats).map(|(t, f)| gguf_slot(t, *f));
            let slots = slots.collect::<Result<Vec<_>, _>>()?;
            let (header, alignment) = gguf::header(what.model, &slots)?;
            written.stand_ins = tensors.zip(what.formats).filter(|(t, f)| f.is_some_and(|f| stands_in(t, f))).count();
            written.long_names = slots.iter().filter(|s| s.name.len() >= gguf::LONGEST_NAME).count();
            write_streamed(path, &mut |out| {
                out.write_all(&header)?;
                each_tensor(what.model, control, &mut |t, control| {
                    written.error = written.error + write_blocks(out, what, t, slots[t].dtype, control)?;
                    Ok(gguf::pad(out, slots[t].bytes, alignment)?)
                })
            })?;
        }
        Target::Safetensors(float) => {
            let slots = tensors.zip(what.formats).map(|(t, f)| safetensors_slot(t, *f, float));
            let slots = slots.collect::<Result<Vec<_>, _>>()?;
            let header = safetensors::header(what.model, &slots);
            write_streamed(path, &mut |out| {
                out.write_all(&header)?;
                each_tensor(what.model, control, &mut |t, control| {
                    write_decoded(out, what, t, float, &mut written, control)
                })
            })?;
        }
    }
    written.file_bytes = fs::metadata(path).map_or(0, |info| info.len());
    Ok(written)
}

impl Conversion<'_> {
    /// Quantized tensors that the importance matrix knows, under formats whose encoders heed it.
    pub fn weighed(&self) -> usize {
        let heeds = |t: usize, format: Option<Format>| {
            let format = format.filter(|format| format.takes_importance());
            format.is_some() && self.importance.is_some_and(|importance| importance.of(t).is_some())
        };
        self.formats.iter().enumerate().filter(|(t, format)| heeds(*t, **format)).count()
    }
}

/// Half a model, and packed codes where they would be read as numbers: a .safetensors keeps them with all their parts.
fn refuse_what_would_be_wrong(to: Target, what: Conversion<'_>) -> Result<(), ExportError> {
    let unfit = |why: String| Err(ExportError::Unfit(format!("{}: {why}", what.model.name)));
    if let Some(why) = &what.model.caveats.missing_parts {
        return unfit(format!("{why}; a part of a model is not written"));
    }
    let schemes = what.model.schemes().join(" and ");
    match to {
        _ if schemes.is_empty() => Ok(()),
        Target::Gguf => unfit(format!("its weights are packed by {schemes}, which a GGUF has no type for")),
        Target::Safetensors(_) if what.formats.iter().all(Option::is_none) => {
            unfit(format!("its weights are packed by {schemes}: there is nothing else in it to quantize"))
        }
        Target::Safetensors(_) => Ok(()),
    }
}

fn unfit(tensor: &Tensor, why: impl Display) -> ExportError {
    ExportError::Unfit(format!("'{}': {why}", tensor.name))
}

/// In order, with progress by weights.
fn each_tensor(
    model: &Model,
    control: &Control<'_>,
    write: &mut dyn FnMut(usize, &Control<'_>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let total = model.tensors.iter().map(|t| t.values as u64).sum::<u64>().max(1) as f32;
    let mut done = 0.0;
    for (t, tensor) in model.tensors.iter().enumerate() {
        control.check()?;
        let share = tensor.values as f32;
        let part = |p: f32| control.progress((done + p * share) / total);
        write(t, &control.with_progress(&part))?;
        done += share;
        control.progress(done / total);
    }
    Ok(())
}

fn gguf_slot(tensor: &Tensor, format: Option<Format>) -> Result<gguf::Slot<'_>, ExportError> {
    let dtype = match format {
        Some(format) => gguf_dtype(tensor, format)
            .map_err(|why| unfit(tensor, format!("{why}; write a .safetensors of the dequantized weights instead")))?,
        None => kept_gguf_dtype(tensor)?,
    };
    let bytes = match format {
        None if dtype == tensor.dtype => tensor.bytes.len() as u64,
        _ => byte_len(tensor, dtype).unwrap_or(0),
    };
    Ok(gguf::Slot { name: &tensor.name, shape: &tensor.shape, dtype, bytes })
}

/// As it is stored, or as F32 where the file has no such type and F32 holds the values.
fn kept_gguf_dtype(tensor: &Tensor) -> Result<Dtype, ExportError> {
    use ::safetensors::Dtype as Stored;
    match tensor.dtype {
        dtype if type_number(dtype).is_some() => Ok(dtype),
        Dtype::Plain(Stored::U8 | Stored::U16 | Stored::BOOL | Stored::F8_E4M3 | Stored::F8_E5M2) => {
            Ok(Dtype::Plain(Stored::F32))
        }
        other => Err(unfit(tensor, format!("it is stored as {}, which a GGUF written here cannot hold", other.name()))),
    }
}

fn safetensors_slot(
    tensor: &Tensor,
    format: Option<Format>,
    float: FloatType,
) -> Result<safetensors::Slot<'_>, ExportError> {
    let (dtype, bytes) = match (format, tensor.dtype) {
        (None, Dtype::Plain(stored)) => (format!("{stored:?}"), tensor.bytes.len() as u64),
        (None, Dtype::Foreign(..)) => return Err(unfit(tensor, tensor.unreadable().unwrap_or("it cannot be read"))),
        _ => (float.label().to_owned(), tensor.values as u64 * float.bytes()),
    };
    Ok(safetensors::Slot { name: &tensor.name, shape: &tensor.shape, dtype, bytes })
}

fn columns<'a>(what: &Conversion<'a>, tensor: usize) -> Option<&'a Columns> {
    what.importance.and_then(|i| i.of(tensor)).map(AsRef::as_ref)
}

fn write_blocks(
    out: &mut dyn Write,
    what: Conversion<'_>,
    tensor: usize,
    dtype: Dtype,
    control: &Control<'_>,
) -> Result<ScalarError, Broken> {
    match what.formats[tensor] {
        Some(format) => {
            let spec = TensorSpec { tensor, format };
            let each = &mut |bytes: &[u8]| Ok(out.write_all(bytes)?);
            return encode_in_parts::<Broken>(what.model, spec, columns(&what, tensor), each, control);
        }
        None if dtype == what.model.tensors[tensor].dtype => copy(out, what.model, tensor, control)?,
        None => each_part(what.model, tensor, control, &mut |values| {
            let mut bytes = Vec::with_capacity(values.len() * 4);
            FloatType::F32.append(values, &mut bytes);
            Ok(out.write_all(&bytes)?)
        })?,
    }
    Ok(ScalarError::default())
}

fn write_decoded(
    out: &mut dyn Write,
    what: Conversion<'_>,
    tensor: usize,
    float: FloatType,
    written: &mut Written,
    control: &Control<'_>,
) -> Result<(), Broken> {
    let mut infinite = 0;
    let mut append = |values: &[f32]| -> Result<(), Broken> {
        let mut bytes = Vec::with_capacity(values.len() * 4);
        infinite += float.append(values, &mut bytes);
        Ok(out.write_all(&bytes)?)
    };
    match (what.formats[tensor], what.model.tensors[tensor].dtype) {
        (Some(format), _) => {
            let spec = TensorSpec { tensor, format };
            let (mut at, mut raw) = (0, Vec::new());
            let mut each = |values: &[f32]| {
                raw.clear();
                what.model.read(tensor, at..at + values.len(), &mut raw);
                at += values.len();
                let stored: Vec<f32> = values.iter().map(|&x| float.round(x)).collect();
                written.error = written.error + ScalarError::measure(&raw, &stored);
                append(values)
            };
            decode_in_parts(what.model, spec, columns(&what, tensor), &mut each, control)?;
        }
        (None, Dtype::Plain(_)) => copy(out, what.model, tensor, control)?,
        (None, _) => each_part(what.model, tensor, control, &mut append)?,
    }
    written.infinite += infinite;
    Ok(())
}

fn copy(out: &mut dyn Write, model: &Model, tensor: usize, control: &Control<'_>) -> Result<(), Broken> {
    let missing = || unfit(&model.tensors[tensor], "its bytes are not in the file");
    let bytes = model.tensor_bytes(tensor).ok_or_else(missing)?;
    for part in bytes.chunks(PART) {
        control.check()?;
        out.write_all(part)?;
    }
    Ok(())
}

fn each_part(
    model: &Model,
    tensor: usize,
    control: &Control<'_>,
    each: &mut dyn FnMut(&[f32]) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let values = model.tensors[tensor].values;
    for start in (0..values).step_by(PART) {
        control.check()?;
        let mut part = Vec::new();
        model.read(tensor, start..(start + PART).min(values), &mut part);
        each(&part)?;
    }
    Ok(())
}
