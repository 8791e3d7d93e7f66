//! A few weights under a format, on their own and taken apart: what they decode to, and the levels behind it.

use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::quantized::Quantized;
use crate::engine::rate::Rate;
use crate::engine::samples::Samples;
use crate::run::coding::Encoder;

pub(super) struct Alone {
    pub decoded: Vec<f32>,
    pub quantized: Quantized<1>,
    pub rate: Rate,
}

/// All of `raw`, in rows of `row` weights, which must be finite. Formats that have an encoder of their own give no codes.
pub(super) fn code(format: Format, raw: &[f32], row: usize, control: &Control<'_>) -> Result<Alone, Stopped> {
    if let Some(recipe) = format.recipe() {
        let quantized = recipe.encode(Samples::new(raw.as_chunks().0, row), control)?;
        let decoded = quantized.decode().into_flattened();
        return Ok(Alone { decoded, rate: quantized.rate, quantized });
    }
    let coded = Encoder::new(format, row).encode(raw, row, None, true, control)?;
    Ok(Alone { decoded: coded.decoded, rate: coded.rate, quantized: coded.quantized })
}

impl Alone {
    /// What weight `i` could have been, in rising order.
    pub(super) fn levels_of(&self, i: usize) -> Vec<f32> {
        let q = &self.quantized;
        if q.codebooks.is_empty() {
            return Vec::new();
        }
        let group = q.group_of(i);
        let affine = q.affine(group);
        let mut levels: Vec<f32> = q.codebook(group).points().iter().map(|&p| affine.apply(p)[0]).collect();
        levels.sort_by(f32::total_cmp);
        levels.dedup();
        levels
    }
}
