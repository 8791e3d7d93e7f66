//! A plan: which tensor may become what, under which budget, and what is known of that from the shapes alone.

use super::bits::{least_bits, most_bits};
use super::locks::Lock;
use crate::engine::format::{Format, LevelRule, Stored, stored_as};
use crate::engine::theory::allocate::Objective;
use crate::run::error::{RunError, UnderFloor};
use crate::source::model::Model;
use crate::source::pattern::NamePattern;
use crate::source::tensor::Tensor;
use crate::spec::TensorSpec;

/// The most that the data of all tensors may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Over all weights of the model, those that stay as they are included.
    BitsPerWeight(f64),
    /// In bits for the whole model.
    Bits(u64),
}

impl Budget {
    /// The budget in bits for the whole model; never below 0.
    pub fn bits(self, model: &Model) -> u64 {
        match self {
            Budget::BitsPerWeight(bits) => (bits * model.total_values() as f64).max(0.0) as u64,
            Budget::Bits(bits) => bits,
        }
    }
}

/// What may become of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Stays as it is stored, and why.
    Kept(&'static str),
    /// Was told what to be; none: as it is stored.
    Locked(Option<Format>),
    /// By one of the [`default_locks`](super::default_locks()).
    LockedByDefault(Format),
    /// Takes whichever of the plan's formats the budget allows.
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
    /// What free tensors choose from, each once, in the order in which they were named.
    pub formats: Vec<Format>,
    /// One a tensor.
    pub duties: Vec<Duty>,
    /// What the mix makes least.
    pub objective: Objective,
    /// For [`Objective::Kl`]: the KL that a ρ² of 1 of each tensor would cost; none where it was not measured, which
    /// counts with the mean of the others.
    pub kl_weights: Vec<Option<f64>>,
}

impl Plan {
    /// The first lock that matches a tensor decides.
    ///
    /// # Errors
    /// There is no format, a pattern cannot be read or matches nothing, or a lock is on what cannot be quantized.
    pub fn new(model: &Model, formats: &[Format], locks: &[Lock]) -> Result<Self, RunError> {
        let mut distinct: Vec<Format> = Vec::new();
        for format in formats {
            if !distinct.contains(format) {
                distinct.push(*format);
            }
        }
        if distinct.is_empty() {
            return Err(RunError::NoFormats);
        }
        let mut duties: Vec<Duty> = model.tensors.iter().map(own_duty).collect();
        for lock in locks.iter().rev() {
            let pattern = NamePattern::new(&lock.pattern)?;
            let matched: Vec<usize> = (0..duties.len()).filter(|&t| pattern.matches(&model.tensors[t].name)).collect();
            if matched.is_empty() {
                return Err(RunError::NoMatch(lock.pattern.clone()));
            }
            for t in matched {
                let tensor = &model.tensors[t];
                if lock.format.is_some()
                    && (tensor.unreadable().is_some() || !tensor.dtype.is_float() || tensor.values == 0)
                {
                    let why = tensor.kept_because().unwrap_or("it has no weights");
                    return Err(RunError::NotQuantizable { tensor: tensor.name.clone(), why });
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

    pub(super) fn kl_weight(&self, t: usize) -> f64 {
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
    /// [`RunError::UnderFloor`]: it cannot.
    pub fn check(&self, model: &Model, budget: Budget) -> Result<(), RunError> {
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

    pub(super) fn under_floor(&self, model: &Model, floor_bits: u64, budget_bits: u64) -> RunError {
        let (values, stand_ins) = (model.total_values(), self.stand_ins(model));
        RunError::UnderFloor(UnderFloor { budget_bits, floor_bits, values, stand_ins })
    }

    fn stand_ins(&self, model: &Model) -> usize {
        let free = self.duties.iter().zip(&model.tensors).filter(|(duty, _)| **duty == Duty::Free);
        free.filter(|(_, tensor)| self.formats.iter().any(|&format| stands_in(tensor, format))).count()
    }
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
