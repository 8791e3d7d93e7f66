//! Samples whose scales and levels are known: tensors, and whatever else a recipe encodes.

use super::codes::{How, assign};
use super::polish::polish;
use super::rows::{Rows, Sample};
use crate::engine::control::{Control, Stopped};
use crate::engine::metric::Gram;
use crate::engine::quantized::Quantized;
use crate::engine::samples::Samples;

/// Samples, of which those of weight 0 are holes, and what holds their groups' levels; the codes in it are of no account.
pub struct QuantizedRows<'a, const D: usize> {
    /// Grouping, scales and codebooks: the levels of every group.
    pub quantized: &'a Quantized<D>,
    /// The samples to be coded, grouped as `quantized` has it.
    pub samples: Samples<'a, D>,
}

impl<const D: usize> Rows<D> for QuantizedRows<'_, D> {
    fn size(&self) -> (usize, usize) {
        (self.samples.width, self.samples.len())
    }

    fn lists(&self) -> (usize, usize) {
        let (width, len) = self.size();
        let groups = |len| self.quantized.grouping.count(len, width);
        (groups(width), groups(len))
    }

    fn levels(&self, list: u32) -> impl Iterator<Item = [f32; D]> {
        self.quantized.levels(list as usize)
    }

    fn sample(&self, i: usize) -> Option<Sample<D>> {
        let sample = || Sample { value: self.samples.values[i], list: self.quantized.group_of(i) as u32 };
        (self.samples.weight(i) > 0.0).then(sample)
    }

    fn nearest(&self, list: u32, x: [f32; D]) -> (u16, [f32; D]) {
        self.quantized.code_in(list as usize, x)
    }
}

/// Chooses the codes anew; scales, levels and bits stay. Reports no progress.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn recoded<const D: usize>(
    quantized: &Quantized<D>,
    samples: Samples<'_, D>,
    how: How<'_>,
    control: &Control<'_>,
) -> Result<Quantized<D>, Stopped> {
    let quiet = control.with_progress(&|_| {});
    let codes = assign(&mut QuantizedRows { quantized, samples }, how, &quiet)?;
    Ok(Quantized { codes, ..quantized.clone() })
}

/// Changes codes one at a time as long as the output of a layer with these inputs gains; scales, levels and bits stay.
/// Its result depends on the codes that it starts from: GPTQ's are better than the nearest. Reports no progress.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn polished(
    quantized: &Quantized<1>,
    samples: Samples<'_, 1>,
    gram: &Gram,
    control: &Control<'_>,
) -> Result<Quantized<1>, Stopped> {
    let mut codes = quantized.codes.clone();
    polish(&QuantizedRows { quantized, samples }, gram, &mut codes, control)?;
    Ok(Quantized { codes, ..quantized.clone() })
}
