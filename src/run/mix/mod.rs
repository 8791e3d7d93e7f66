//! What each layer deserves: a number format for every tensor under a budget of bits.
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

mod bits;
mod locks;
mod total;

use std::collections::HashMap;

use rayon::prelude::*;

use super::Steps;
use super::tensor::{Measured, measure_weighed, note};
use crate::engine::control::{Control, Failure, Stopped};
use crate::engine::format::{Format, LevelRule, Stored, stored_as};
use crate::engine::theory::allocate::{
    Allocation, Choice, Item, Objective, Refusal, Slopes, allocate, best_uniform, divisible_gain_db,
};
use crate::source::imatrix::Importance;
use crate::source::model::Model;
use crate::source::tensor::Tensor;
use crate::spec::TensorSpec;
use bits::{least_bits, most_bits};
pub use locks::{Lock, default_locks, pattern};
pub use total::Total;
use total::counted;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Over all weights of the model, those that stay as they are included.
    BitsPerWeight(f64),
    Bits(u64),
}

/// What may become of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Stays as it is stored, and why.
    Kept(&'static str),
    /// Was told what to be; none: as it is stored.
    Locked(Option<Format>),
    /// By one of the [`default_locks`].
    LockedByDefault(Format),
    Free,
}

impl Duty {
    /// What the tensor is stored as where that is not to be chosen; none within: as it is stored.
    pub fn fixed(self) -> Option<Option<Format>> {
        match self {
            Duty::Kept(_) => Some(None),
            Duty::Locked(format) => Some(format),
            Duty::LockedByDefault(format) => Some(Some(format)),
            Duty::Free => None,
        }
    }
}

/// Which tensor may become what.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub formats: Vec<Format>,
    /// One a tensor.
    pub duties: Vec<Duty>,
    pub objective: Objective,
    /// For [`Objective::Kl`]: the KL that a ρ² of 1 of each tensor would cost; none where it was not measured, which
    /// counts with the mean of the others.
    pub kl_weights: Vec<Option<f64>>,
}

/// What has been measured so far.
pub type Measurements = HashMap<TensorSpec, Result<Measured, String>>;

/// The formats of all tensors, and what comes of it.
#[derive(Clone, Debug)]
pub struct Mix {
    /// One a tensor, in the model's order.
    pub rows: Vec<Row>,
    pub budget_bits: u64,
    /// The least that these formats and locks can take.
    pub floor_bits: u64,
    pub total: Total,
    /// What was made least.
    pub objective: Objective,
    /// The one format for all free tensors that has the least error within the same budget.
    pub uniform: Option<Uniform>,
    /// All weights, those that stay as they are included.
    pub values: u64,
    /// Of the tensors that stay as they are.
    pub kept_bits: u64,
    pub kept: usize,
    /// Quantized tensors whose rows fit no block of their format, so that another stands in.
    pub stand_ins: usize,
}

/// One format for all, and what the mix makes of the same bytes.
#[derive(Clone, Debug)]
pub struct Uniform {
    pub format: Format,
    pub total: Total,
    /// What the tensors get when the budget is exactly what the one format takes; none: as it is stored.
    pub same_size: Vec<Option<Format>>,
    pub same_size_total: Total,
    /// What no mix of whole tensors is to be expected to pass over all weights: see
    /// [`divisible_gain_db`](crate::engine::theory::allocate::divisible_gain_db).
    pub divisible_gain_db: f64,
}

impl Uniform {
    /// What the mix gains at the same bytes, in decibels.
    pub fn gain_db(&self, db: impl Fn(&Total) -> f64) -> f64 {
        db(&self.same_size_total) - db(&self.total)
    }
}

#[derive(Clone, Debug)]
pub struct Row {
    pub duty: Duty,
    /// None: as it is stored.
    pub format: Option<Format>,
    pub bits: u64,
    /// None for what stays as it is.
    pub measured: Option<Measured>,
    /// What decided: error that a bit takes away.
    pub slopes: Slopes,
    pub note: Option<String>,
}

impl Budget {
    pub fn bits(self, model: &Model) -> u64 {
        match self {
            Budget::BitsPerWeight(bits) => (bits * model.total_values() as f64).max(0.0) as u64,
            Budget::Bits(bits) => bits,
        }
    }
}

impl Plan {
    /// The first lock that matches a tensor decides.
    ///
    /// # Errors
    /// A sentence for people: no format, a pattern that cannot be read or matches nothing, a lock on what cannot be
    /// quantized.
    pub fn new(model: &Model, formats: &[Format], locks: &[Lock]) -> Result<Self, String> {
        let mut distinct: Vec<Format> = Vec::new();
        for format in formats {
            if !distinct.contains(format) {
                distinct.push(*format);
            }
        }
        if distinct.is_empty() {
            return Err("there is no format to choose from".to_owned());
        }
        let mut duties: Vec<Duty> = model.tensors.iter().map(own_duty).collect();
        for lock in locks.iter().rev() {
            let pattern = pattern(&lock.pattern)?;
            let matched: Vec<usize> = (0..duties.len()).filter(|&t| pattern.matches(&model.tensors[t].name)).collect();
            if matched.is_empty() {
                return Err(format!("no tensor matches '{}'", lock.pattern));
            }
            for t in matched {
                let tensor = &model.tensors[t];
                if lock.format.is_some()
                    && (tensor.unreadable().is_some() || !tensor.dtype.is_float() || tensor.values == 0)
                {
                    let why = tensor.kept_because().unwrap_or("it has no weights");
                    return Err(format!("'{}' cannot be given a format: {why}", tensor.name));
                }
                duties[t] = match lock.format {
                    Some(format) if lock.by_default => Duty::LockedByDefault(format),
                    format => Duty::Locked(format),
                };
            }
        }
        Ok(Self { formats: distinct, duties, objective: Objective::default(), kl_weights: Vec::new() })
    }

    /// Makes least the KL that the tensors' errors are expected to cost.
    #[must_use]
    pub fn with_kl_weights(self, kl_weights: Vec<Option<f64>>) -> Self {
        Self { objective: Objective::Kl, kl_weights, ..self }
    }

    fn kl_weight(&self, t: usize) -> f64 {
        let all = self.kl_weights.iter().flatten();
        let mean = || match all.clone().count() {
            0 => 1.0,
            n => all.clone().sum::<f64>() / n as f64,
        };
        self.kl_weights.get(t).copied().flatten().unwrap_or_else(mean)
    }

    /// All that must be measured. What is locked by default may be freed, or be locked to another format under another
    /// budget: it is measured under all formats.
    pub fn wanted(&self) -> Vec<TensorSpec> {
        let of_duty = |(tensor, duty): (usize, &Duty)| match duty {
            Duty::Kept(_) | Duty::Locked(None) => Vec::new(),
            Duty::Locked(Some(format)) => vec![TensorSpec { tensor, format: *format }],
            Duty::LockedByDefault(_) | Duty::Free => {
                self.formats.iter().map(|&format| TensorSpec { tensor, format }).collect()
            }
        };
        self.duties.iter().enumerate().flat_map(of_duty).collect()
    }

    /// Whether the budget can be met, told from the shapes. Formats whose bits depend on the weights are taken to need
    /// few: they may still turn out to need too many.
    ///
    /// # Errors
    /// A sentence for people that names the floor.
    pub fn check(&self, model: &Model, budget: Budget) -> Result<(), String> {
        let ((floor_bits, _), budget_bits) = (self.range_bits(model), budget.bits(model));
        if floor_bits > budget_bits { Err(self.under_floor(model, floor_bits, budget_bits)) } else { Ok(()) }
    }

    /// The least that the plan can take and the most that is of use, told from the shapes.
    pub fn range_bits(&self, model: &Model) -> (u64, u64) {
        let of_tensor = |(tensor, duty): (&Tensor, &Duty)| match duty.fixed() {
            Some(None) => (stored_bits(tensor), stored_bits(tensor)),
            Some(Some(format)) => (least_bits(tensor, format), most_bits(tensor, format)),
            None => {
                let least = self.formats.iter().map(|&f| least_bits(tensor, f)).min();
                let most = self.formats.iter().map(|&f| most_bits(tensor, f)).max();
                (least.unwrap_or(0), most.unwrap_or(0))
            }
        };
        let ranges = model.tensors.iter().zip(&self.duties).map(of_tensor);
        ranges.fold((0, 0), |(low, high), (least, most)| (low + least, high + most))
    }

    /// Spends the budget.
    ///
    /// # Errors
    /// A sentence for people: the budget is under the floor, which it names; or a tensor has no format that it can
    /// take.
    pub fn mix(
        &self,
        model: &Model,
        measured: &Measurements,
        importance: Option<&Importance>,
        budget: Budget,
    ) -> Result<Mix, String> {
        let items: Vec<Item> = (0..self.duties.len()).map(|t| self.item(model, t, measured, importance)).collect();
        let budget_bits = budget.bits(model);
        let found =
            allocate(&items, budget_bits).map_err(|refusal| self.explain(model, refusal, budget_bits, measured))?;
        let rows: Vec<Row> = (0..items.len()).map(|t| self.row(model, t, &items, &found, measured)).collect();
        let total = |format_of: &dyn Fn(usize) -> Option<Format>| self.total(model, measured, importance, format_of);
        let uniform = best_uniform(&items, budget_bits).and_then(|(place, bits, _)| {
            let found = allocate(&items, bits).ok()?;
            let format = self.formats[place];
            let same_size: Vec<Option<Format>> = (0..items.len()).map(|t| self.chosen_format(t, &found)).collect();
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

    fn chosen_format(&self, t: usize, found: &Allocation) -> Option<Format> {
        self.duties[t].fixed().unwrap_or_else(|| Some(self.formats[found.chosen[t]]))
    }

    fn row(&self, model: &Model, t: usize, items: &[Item], found: &Allocation, measured: &Measurements) -> Row {
        let format = self.chosen_format(t, found);
        Row {
            duty: self.duties[t],
            format,
            bits: items[t].choices[found.chosen[t]].bits,
            measured: format.and_then(|format| measured.get(&TensorSpec { tensor: t, format })?.as_ref().ok().copied()),
            slopes: found.slopes[t],
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

    fn explain(&self, model: &Model, refusal: Refusal, budget_bits: u64, measured: &Measurements) -> String {
        match refusal {
            Refusal::UnderFloor { floor_bits } => self.under_floor(model, floor_bits, budget_bits),
            Refusal::NoChoice { item } => {
                let name = &model.tensors[item].name;
                let spec = |&format: &Format| measured.get(&TensorSpec { tensor: item, format });
                match self.formats.iter().filter_map(spec).find_map(|m| m.as_ref().err()) {
                    Some(why) => format!("'{name}' can be stored in none of these formats: {why}"),
                    None => format!("'{name}' can be stored in none of these formats"),
                }
            }
        }
    }

    fn under_floor(&self, model: &Model, floor_bits: u64, budget_bits: u64) -> String {
        let each = |bits: u64| bits as f64 / model.total_values().max(1) as f64;
        let why = match self.stand_ins(model) {
            0 => String::new(),
            n => {
                format!(" ({n} tensors have rows that fit no block of a format here, so that a larger type stands in)")
            }
        };
        format!(
            "the budget of {:.3} bits per weight ({}) is under the floor: these formats and locks take at least {:.3} \
             bits per weight ({}){why}; raise the budget, add smaller formats or remove locks",
            each(budget_bits),
            megabytes(budget_bits),
            each(floor_bits),
            megabytes(floor_bits),
        )
    }

    fn stand_ins(&self, model: &Model) -> usize {
        let free = self.duties.iter().zip(&model.tensors).filter(|(duty, _)| **duty == Duty::Free);
        free.filter(|(_, tensor)| self.formats.iter().any(|&format| stands_in(tensor, format))).count()
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
    emit: &(dyn Fn(TensorSpec, Result<Measured, String>) + Sync),
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let steps = Steps::new(control, specs.len());
    specs.par_iter().try_for_each(|&spec| {
        let unwatched = |_: f32| {};
        let columns = importance.and_then(|i| i.of(spec.tensor)).map(AsRef::as_ref);
        emit(spec, Failure::told(measure_weighed(model, spec, columns, &control.with_progress(&unwatched)))?);
        steps.one_more();
        Ok(())
    })
}

fn own_duty(tensor: &Tensor) -> Duty {
    tensor.kept_because().map_or(Duty::Free, Duty::Kept)
}

/// Bits that a tensor takes in the file; packed codes and what belongs to them are no part of any sum of weights.
pub fn stored_bits(tensor: &Tensor) -> u64 {
    if tensor.packed.is_some() { 0 } else { tensor.bytes.len() as u64 * 8 }
}

/// Whether another type than the one that is asked for is written for this tensor.
pub fn stands_in(tensor: &Tensor, format: Format) -> bool {
    let LevelRule::Block(kind) = format.rule else { return false };
    match stored_as(kind, tensor.row_under(format).max(1)) {
        Stored::Whole(used) => used != kind,
        Stored::F16 => true,
        Stored::Padded(_) | Stored::Flat(_) => false,
    }
}

fn choices(item: &Item) -> impl Iterator<Item = &Choice> {
    let locked = item.locked;
    item.choices.iter().enumerate().filter(move |(c, _)| locked.is_none_or(|l| l == *c)).map(|(_, c)| c)
}

fn floor(items: &[Item]) -> u64 {
    items.iter().filter_map(|i| choices(i).filter(|c| c.error.is_finite()).map(|c| c.bits).min()).sum()
}

fn megabytes(bits: u64) -> String {
    format!("{:.2} MB", bits as f64 / 8e6)
}

#[cfg(test)]
mod tests;
