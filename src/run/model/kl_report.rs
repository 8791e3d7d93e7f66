//! What a mix of formats does to a model that can talk: its predictions' KL to full precision (see
//! [`crate::language::evaluate`]), beside one format for all at the same bytes.
//!
//! Less weight error is no promise of less KL: a few large tensors can have nearly all the error and little of
//! the say. So it is measured where it can be, and told as it comes out.

use std::sync::Mutex;

use super::runnable::{RunnableModel, Sensitivity};
use crate::engine::control::Control;
use crate::engine::format::{Format, Group};
use crate::language::architecture::Architecture;
use crate::language::evaluate::Evaluation;
use crate::language::tokenizer::Tokenizer;
use crate::run::error::RunError;
use crate::run::mix::{Mix, Total};
use crate::source::imatrix::Importance;
use crate::source::model::Model;

/// Changes of KL under this share of it are told as none.
const ALIKE: f64 = 0.02;

/// How far the predictions of a mix are from full precision's on the held-out text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KlReport {
    /// The mix as it is.
    pub mix: Evaluation,
    /// The comparison with one format for all free tensors; none where [`Mix::uniform`] is none.
    pub uniform: Option<Compared>,
}

/// One format for all, and the mix at the same bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// The one format.
    pub format: Format,
    /// The model with that format for every free tensor.
    pub one: Evaluation,
    /// The mix whose budget is exactly the size of the one format.
    pub same_size: Evaluation,
    /// What the mix gains in weight error over all weights, in decibels.
    pub gain_db: f64,
}

/// Whether the model runs here.
pub fn can_generate(model: &Model) -> bool {
    Architecture::of(model, Tokenizer::stories().len()).is_ok()
}

/// What the model makes of each tensor's ρ²: the KL with that tensor alone quantized, over its ρ². One for each tensor
/// of the file; none for those that are no matrices of the model. None at all for a model that does not run here.
///
/// # Errors
/// The work was cancelled, or a tensor cannot be read.
pub fn measure_sensitivity(model: &Model, control: &Control<'_>) -> Result<Option<Vec<Option<f64>>>, RunError> {
    if !can_generate(model) {
        return Ok(None);
    }
    let runnable = RunnableModel::new(model, control)?;
    // Small enough an error for all to add up, large enough to show in the predictions.
    let format = Format::int(4, Group::Run(32)).with_clip();
    let sensitivities = Mutex::new(vec![None; model.tensors.len()]);
    let each = |sensitivity: Sensitivity| {
        let tensor = runnable.architecture.matrices[sensitivity.place].tensor;
        let rho = sensitivity.error.relative_error();
        let mut sensitivities = sensitivities.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        sensitivities[tensor] = (rho > 0.0).then(|| sensitivity.evaluation.kl.max(0.0) / (rho * rho));
    };
    runnable.sensitivities(model, format, &each, control)?;
    Ok(Some(sensitivities.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())))
}

/// Evaluates a mix, and one format for all at the same bytes, on the held-out text; none for a model that does not run
/// here.
///
/// # Errors
/// The work was cancelled, or a tensor cannot be read.
pub fn compare_kl(
    model: &Model,
    mix: &Mix,
    importance: Option<&Importance>,
    control: &Control<'_>,
) -> Result<Option<KlReport>, RunError> {
    if !can_generate(model) {
        return Ok(None);
    }
    let runnable = RunnableModel::new(model, control)?;
    let evaluate = |format_of: &(dyn Fn(usize) -> Option<Format> + Sync)| -> Result<Evaluation, RunError> {
        let quantized_model = runnable.quantize_each(model, format_of, importance, control)?;
        Ok(runnable.reference.evaluate(&quantized_model.model, control)?)
    };
    let chosen = evaluate(&|t| mix.rows[t].format)?;
    let uniform = match &mix.uniform {
        None => None,
        Some(uniform) => {
            // Kept and locked tensors are the same in all.
            let free = |t: usize| mix.rows[t].duty == crate::run::mix::Duty::Free;
            let one = evaluate(&|t| if free(t) { Some(uniform.format) } else { mix.rows[t].format })?;
            let same_size = evaluate(&|t| uniform.same_size[t])?;
            Some(Compared { format: uniform.format, one, same_size, gain_db: uniform.gain_db(Total::counted_db) })
        }
    };
    Ok(Some(KlReport { mix: chosen, uniform }))
}

impl KlReport {
    /// In a sentence.
    pub fn sentence(&self) -> String {
        let measured = format!(
            "measured on the model's own predictions of a held-out text, the mix's KL to full precision is {:.4} nats a \
             token",
            self.mix.kl
        );
        let Some(c) = &self.uniform else { return measured };
        let (one, same) = (c.one.kl, c.same_size.kl);
        let weights = if c.gain_db >= 0.0 { "less" } else { "more" };
        let change = if (same - one).abs() <= ALIKE * one {
            "the KL is the same".to_owned()
        } else if same < one {
            format!("the KL falls by {:.0} %", 100.0 * (1.0 - same / one))
        } else {
            format!("the KL rises by {:.0} %", 100.0 * (same / one - 1.0))
        };
        format!(
            "{measured}; at the bytes of {} for all it is {same:.4}, and {one:.4} for that one format: {weights} weight \
             error in all ({:+.2} dB), and {change}",
            c.format, c.gain_db
        )
    }
}
