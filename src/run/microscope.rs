//! One weight under every format at once: the stretch of weights that it can be coded with on its own (its row,
//! where rows stand alone) goes through each format of the table, and any weight of it can then be asked.
//!
//! What a whole tensor shares (a scale, a codebook) is found once a tensor and kept; formats that code all
//! weights at once take part where the tensor is small enough for that.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use half::{bf16, f16};

use super::coding::{Encoder, PIECE, nothing};
use super::format_comparison::candidates;
use super::reconstruct::reconstruct;
use super::tensor::{encoder_of, readable};
use crate::engine::control::Control;
use crate::engine::format::{Family, Row};
use crate::engine::quantized::Quantized;
use crate::run::error::RunError;
use crate::source::model::Model;
use crate::spec::TensorSpec;

/// Weights of a tensor, at most, that a format may have to code all of for one of them.
const MOST_AT_ONCE: usize = 1 << 18;

/// A stretch of weights under one format.
#[derive(Clone, Debug)]
pub struct Lens {
    /// The format's name in the table of formats, or the plain number type's.
    pub name: &'static str,
    /// None for the plain number types that stand beside the formats.
    pub family: Option<Family>,
    /// Bits per weight of a whole tensor of this shape.
    pub bits: f64,
    /// Where in the tensor.
    pub range: Range<usize>,
    /// Or why there is nothing.
    pub stretch: Result<Stretch, &'static str>,
}

/// What a stretch of weights is coded as, and what it decodes to.
#[derive(Clone, Debug)]
pub struct Stretch {
    decoded: Vec<f32>,
    quantized: Quantized<1>,
}

/// What becomes of one weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The index of the level; none where the format has no code for each weight.
    pub code: Option<u16>,
    /// The scale of the weight's group; none where the format has no code for each weight.
    pub scale: Option<f32>,
    /// The zero point or minimum, in the weight's own unit.
    pub offset: Option<f32>,
    /// What the weight decodes to.
    pub decoded: f32,
}

impl Lens {
    /// None outside the stretch.
    pub fn read(&self, index: usize) -> Option<Reading> {
        let stretch = self.stretch.as_ref().ok()?;
        let at = index.checked_sub(self.range.start)?;
        let decoded = *stretch.decoded.get(at)?;
        let q = &stretch.quantized;
        let affine = q.affines.get(if q.codes.is_empty() { 0 } else { q.group_of(at) });
        let affine = affine.filter(|_| !q.codes.is_empty());
        Some(Reading {
            code: q.codes.get(at).copied(),
            scale: affine.map(|a| a.scale),
            offset: affine.map(|a| a.offset[0]).filter(|o| *o != 0.0),
            decoded,
        })
    }
}

/// What the formats share over a whole tensor, found once.
#[derive(Clone, Default)]
pub struct Prepared(Arc<Mutex<HashMap<&'static str, Kept>>>);

#[derive(Clone)]
enum Kept {
    /// With a scale or a codebook that all weights share.
    Encoder(Arc<Encoder>),
    /// What all weights decode to, where they are coded at once.
    All(Arc<[f32]>),
}

impl Prepared {
    fn get(&self, model: &Model, spec: TensorSpec, row: &Row, control: &Control<'_>) -> Result<Kept, RunError> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(row.name) {
            return Ok(kept.clone());
        }
        let encoder = encoder_of(model, spec, control)?;
        let kept = match encoder.codes_all_at_once() {
            true => Kept::All(reconstruct(model, spec, control)?.values.into()),
            false => Kept::Encoder(Arc::new(encoder)),
        };
        lock().insert(row.name, kept.clone());
        Ok(kept)
    }
}

/// The stretches around a weight, format by format, the cheap ones first. `prepared` is of this tensor.
///
/// # Errors
/// `Stopped`, or what is wrong with the tensor.
pub fn look(
    model: &Model,
    (tensor, index): (usize, usize),
    prepared: &Prepared,
    emit: &dyn Fn(Lens),
    control: &Control<'_>,
) -> Result<(), RunError> {
    let info = readable(model, tensor)?;
    let (values, row_len) = (info.values, info.row_len().max(1));
    let row = row_around(index, values, row_len);
    let mut raw = Vec::new();
    model.read(tensor, row.clone(), &mut raw);
    for lens in plain(&raw, &row) {
        emit(lens);
    }
    let unwatched = |_: f32| {};
    let quiet = control.with_progress(&unwatched);
    let rows = candidates();
    for (i, candidate) in rows.iter().enumerate() {
        control.check()?;
        let row_len = info.row_under(candidate.format).max(1);
        let bits = candidate.format.bits_per_weight(values / row_len, row_len);
        let (range, stretch) = stretch(model, tensor, index, candidate, prepared, &quiet)?;
        emit(Lens { name: candidate.name, family: Some(candidate.family), bits, range, stretch });
        control.progress((i + 1) as f32 / rows.len() as f32);
    }
    Ok(())
}

/// The row that a weight lies in, or a piece of a very long one.
pub fn row_around(index: usize, values: usize, row_len: usize) -> Range<usize> {
    let start = index / row_len * row_len;
    let inside = (index - start) / PIECE * PIECE;
    let end = (start + inside + PIECE).min(start + row_len).min(values);
    start + inside..end
}

fn stretch(
    model: &Model,
    tensor: usize,
    index: usize,
    candidate: &Row,
    prepared: &Prepared,
    control: &Control<'_>,
) -> Result<(Range<usize>, Result<Stretch, &'static str>), RunError> {
    let info = readable(model, tensor)?;
    let (values, row_len) = (info.values, info.row_len().max(1));
    let own_range = row_around(index, values, row_len);
    let in_pieces = own_range.len() < row_len;
    let row_len = info.row_under(candidate.format).max(1);
    if Encoder::new(candidate.format, row_len).codes_all_at_once() && values > MOST_AT_ONCE {
        return Ok((own_range, Err("codes all weights of the tensor at once: put it into a pane")));
    }
    let spec = TensorSpec { tensor, format: candidate.format };
    let encoder = match prepared.get(model, spec, candidate, control)? {
        Kept::Encoder(encoder) => encoder,
        Kept::All(values) => {
            let decoded = values.get(own_range.clone()).unwrap_or_default().to_vec();
            return Ok((own_range, Ok(Stretch { decoded, quantized: nothing(row_len) })));
        }
    };
    let range = match encoder.rows_stand_alone(in_pieces) {
        true => own_range,
        false => {
            let parts = encoder.part_ranges(values, row_len);
            parts.into_iter().find(|part| part.contains(&index)).unwrap_or(own_range)
        }
    };
    let mut raw = Vec::new();
    model.read(tensor, range.clone(), &mut raw);
    let coded = encoder.encode(&raw, row_len, None, true, control)?;
    Ok((range, Ok(Stretch { decoded: coded.decoded, quantized: coded.quantized })))
}

/// Sixteen and thirty-two bits, as they are.
fn plain(raw: &[f32], range: &Range<usize>) -> [Lens; 3] {
    let lens = |name: &'static str, bits: f64, rounded: fn(f32) -> f32| {
        let decoded = raw.iter().map(|&x| rounded(x)).collect();
        let stretch = Stretch { decoded, quantized: nothing(raw.len()) };
        Lens { name, family: None, bits, range: range.clone(), stretch: Ok(stretch) }
    };
    [
        lens("f32", 32.0, |x| x),
        lens("f16", 16.0, |x| f16::from_f32(x).to_f32()),
        lens("bf16", 16.0, |x| bf16::from_f32(x).to_f32()),
    ]
}
