//! The bit budget: a number format for every tensor under a budget of bits.
//!
//! First every tensor is measured under every format that it may take; then [`allocate`] spends the
//! budget where a bit takes away most error. The error is Σe² over all weights, or Σa·e² where an
//! importance matrix says how much each column counts; or the KL that the tensors' errors are expected to cost,
//! where the model runs here (see [`Objective`]). It adds up over tensors: the sum is what is least. Weight error
//! does not predict the model, so what every token passes through is locked high beforehand: see [`default_locks`].
//! Norms, biases and the like stay as they are stored and count with their bits; a lock decides for
//! the tensors that its pattern matches. Bits are those of the tensors' data, everything counted.
//! Cost: the measuring, once; a change of the budget is answered at once, and that a budget cannot be met is known
//! from the shapes, before anything is measured.

pub mod bits;
mod default_locks;
mod locks;
mod plan;
mod total;

use std::collections::HashMap;

use rayon::prelude::*;

use super::Steps;
use super::tensor::{Measured, measure_weighed, note};
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::theory::allocate::{
    Allocation, Choice, Item, Objective, Refusal, Slopes, allocate, best_uniform, divisible_gain_db,
};
use crate::run::error::RunError;
use crate::source::imatrix::Importance;
use crate::source::model::Model;
use crate::spec::TensorSpec;
pub use default_locks::default_locks;
pub use locks::Lock;
pub use plan::{Budget, Duty, Plan, stands_in, stored_bits};
pub use total::Total;
use total::counted;

/// What has been measured so far.
pub type Measurements = HashMap<TensorSpec, Result<Measured, RunError>>;

/// The formats of all tensors, with their bits and error.
#[derive(Clone, Debug)]
pub struct Mix {
    /// One a tensor, in the model's order.
    pub rows: Vec<Row>,
    /// Bits that the data of all tensors may take.
    pub budget_bits: u64,
    /// The least that these formats and locks can take.
    pub floor_bits: u64,
    /// Bits and error of the whole model under these formats.
    pub total: Total,
    /// What was made least.
    pub objective: Objective,
    /// The one format for all free tensors that has the least error within the same budget.
    pub uniform: Option<Uniform>,
    /// All weights, those that stay as they are included.
    pub values: u64,
    /// Bits of the tensors that stay as they are.
    pub kept_bits: u64,
    /// How many tensors stay as they are.
    pub kept: usize,
    /// Quantized tensors whose rows fit no block of their format, so that another stands in.
    pub stand_ins: usize,
}

/// One format for all, and what the mix makes of the same bytes.
#[derive(Clone, Debug)]
pub struct Uniform {
    /// The one format.
    pub format: Format,
    /// Bits and error of the whole model with that format for every free tensor.
    pub total: Total,
    /// What the tensors get when the budget is exactly what the one format takes; none: as it is stored.
    pub same_size: Vec<Option<Format>>,
    /// Bits and error of the whole model under `same_size`.
    pub same_size_total: Total,
    /// What no mix of whole tensors is to be expected to pass over all weights: see
    /// [`crate::engine::theory::allocate::divisible_gain_db`].
    pub divisible_gain_db: f64,
}

impl Uniform {
    /// What the mix gains at the same bytes, in decibels.
    pub fn gain_db(&self, db: impl Fn(&Total) -> f64) -> f64 {
        db(&self.same_size_total) - db(&self.total)
    }
}

/// A tensor's place in a mix.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the plan let the tensor become.
    pub duty: Duty,
    /// None: as it is stored.
    pub format: Option<Format>,
    /// Bits of the tensor's data, side information included.
    pub bits: u64,
    /// None for what stays as it is.
    pub measured: Option<Measured>,
    /// What decided: error that a bit takes away.
    pub slopes: Slopes,
    /// How the tensor is stored, where that is not what its format's name says.
    pub note: Option<String>,
}

impl Plan {
    /// Spends the budget.
    ///
    /// # Errors
    /// [`RunError::UnderFloor`]; or [`RunError::NoChoice`], a tensor has no format that it can take.
    pub fn mix(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        budget: Budget,
    ) -> Result<Mix, RunError> {
        let items: Vec<Item> = (0..self.duties.len()).map(|t| self.item(model, t, measured, importance)).collect();
        let budget_bits = budget.bits(model);
        let allocation =
            allocate(&items, budget_bits).map_err(|refusal| self.explain(model, refusal, budget_bits, measured))?;
        let rows: Vec<Row> = (0..items.len()).map(|t| self.row(model, t, &items, &allocation, measured)).collect();
        let total = |format_of: &dyn Fn(usize) -> Option<Format>| self.total(model, measured, importance, format_of);
        let uniform = best_uniform(&items, budget_bits).and_then(|(place, bits, _)| {
            let allocation = allocate(&items, bits).ok()?;
            let format = self.formats[place];
            let same_size: Vec<Option<Format>> = (0..items.len()).map(|t| self.chosen_format(t, &allocation)).collect();
            Some(Uniform {
                format,
                total: self.uniform(model, measured, importance, format),
                same_size_total: total(&|t| same_size[t]),
                divisible_gain_db: self.divisible_gain_db(model, measured, importance, format),
                same_size,
            })
        });
        Ok(Mix {
            objective: self.objective,
            budget_bits,
            floor_bits: floor(&items),
            total: total(&|t| rows[t].format),
            uniform,
            values: model.total_values(),
            kept_bits: rows.iter().filter(|r| r.format.is_none()).map(|r| r.bits).sum(),
            kept: rows.iter().filter(|r| r.format.is_none()).count(),
            stand_ins: rows
                .iter()
                .zip(&model.tensors)
                .filter(|(r, t)| r.format.is_some_and(|f| stands_in(t, f)))
                .count(),
            rows,
        })
    }

    /// The totals of one format for all free tensors.
    pub fn uniform(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        format: Format,
    ) -> Total {
        self.total(model, measured, importance, &|t| self.duties[t].fixed().unwrap_or(Some(format)))
    }

    fn divisible_gain_db(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        format: Format,
    ) -> f64 {
        let (mut free, mut fixed) = (Vec::new(), 0.0);
        for (tensor, duty) in self.duties.iter().enumerate() {
            let error = |format| match measured.get(&TensorSpec { tensor, format }) {
                Some(Ok(m)) => counted(m, tensor, importance).1,
                _ => 0.0,
            };
            match duty.fixed() {
                None => free.push((model.tensors[tensor].values as f64, error(format))),
                Some(Some(format)) => fixed += error(format),
                Some(None) => {}
            }
        }
        divisible_gain_db(&free, fixed)
    }

    fn item(&self, model: &Model, t: usize, measured: &Measurements, importance: Option<&Importance>) -> Item {
        let choice = |format: Format| match measured.get(&TensorSpec { tensor: t, format }) {
            Some(Ok(m)) => {
                let (energy, error) = counted(m, t, importance);
                Choice { bits: m.rate.total_bits(), error: self.objective.cost(energy, error, self.kl_weight(t)) }
            }
            _ => Choice { bits: 0, error: f64::NAN },
        };
        match self.duties[t].fixed() {
            Some(None) => {
                Item { choices: vec![Choice { bits: stored_bits(&model.tensors[t]), error: 0.0 }], locked: Some(0) }
            }
            Some(Some(format)) => Item { choices: vec![choice(format)], locked: Some(0) },
            None => Item { choices: self.formats.iter().map(|&f| choice(f)).collect(), locked: None },
        }
    }

    fn chosen_format(&self, t: usize, allocation: &Allocation) -> Option<Format> {
        self.duties[t].fixed().unwrap_or_else(|| Some(self.formats[allocation.chosen[t]]))
    }

    fn row(&self, model: &Model, t: usize, items: &[Item], allocation: &Allocation, measured: &Measurements) -> Row {
        let format = self.chosen_format(t, allocation);
        Row {
            duty: self.duties[t],
            format,
            bits: items[t].choices[allocation.chosen[t]].bits,
            measured: format.and_then(|format| measured.get(&TensorSpec { tensor: t, format })?.as_ref().ok().copied()),
            slopes: allocation.slopes[t],
            note: format.and_then(|format| note(&model.tensors[t], format)),
        }
    }

    fn total(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        format_of: &dyn Fn(usize) -> Option<Format>,
    ) -> Total {
        let mut total = Total::default();
        for (tensor, info) in model.tensors.iter().enumerate() {
            let Some(format) = format_of(tensor) else {
                total.bits += stored_bits(info);
                continue;
            };
            if let Some(Ok(m)) = measured.get(&TensorSpec { tensor, format }) {
                total.add(m.rate.total_bits(), m, counted(m, tensor, importance));
            }
        }
        total
    }

    fn explain(&self, model: &Model, refusal: Refusal, budget_bits: u64, measured: &Measurements) -> RunError {
        match refusal {
            Refusal::UnderFloor { floor_bits } => self.under_floor(model, floor_bits, budget_bits),
            Refusal::NoChoice { item } => {
                let spec = |&format: &Format| measured.get(&TensorSpec { tensor: item, format });
                let why = self.formats.iter().filter_map(spec).find_map(|m| m.as_ref().err());
                RunError::NoChoice { tensor: model.tensors[item].name.clone(), why: why.cloned().map(Box::new) }
            }
        }
    }
}

/// Measures; `emit` gets each as soon as it is there, in no fixed order.
///
/// # Errors
/// `Stopped` when the work was cancelled; what was emitted stands.
pub fn measure_all(
    model: &Model,
    specs: &[TensorSpec],
    importance: Option<&Importance>,
    emit: &(dyn Fn(TensorSpec, Result<Measured, RunError>) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, specs.len());
    specs.par_iter().try_for_each(|&spec| {
        let unwatched = |_: f32| {};
        let columns = importance.and_then(|i| i.of(spec.tensor)).map(AsRef::as_ref);
        emit(spec, RunError::of_item(measure_weighed(model, spec, columns, &control.with_progress(&unwatched)))?);
        steps.one_more();
        Ok(())
    })
}

fn choices(item: &Item) -> impl Iterator<Item = &Choice> {
    let locked = item.locked;
    item.choices.iter().enumerate().filter(move |(c, _)| locked.is_none_or(|l| l == *c)).map(|(_, c)| c)
}

fn floor(items: &[Item]) -> u64 {
    items.iter().filter_map(|i| choices(i).filter(|c| c.error.is_finite()).map(|c| c.bits).min()).sum()
}
