//! What a choice of formats comes to over a model: bytes, and error told in two ways.
//!
//! Over all weights: Σx²/Σe², in which every weight counts alike and a large embedding drowns small layers.
//! And tensor by tensor: the mean of ρ² = Σe²/Σx², and the mean of the decibels, in which every tensor counts
//! alike. Neither is the model's quality.

use crate::engine::metric::{ScalarError, decibels};
use crate::engine::theory::allocate::Objective;
use crate::run::tensor::Measured;
use crate::source::imatrix::Importance;

/// Sums over a model. The error is that of the quantized tensors: what stays as it is has none, and its
/// energy would only flatter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// Bits of all tensors.
    pub bits: u64,
    /// Sums over the quantized tensors, every weight counting alike.
    pub error: ScalarError,
    /// Energy and squared error as they were counted.
    pub counted: (f64, f64),
    /// Quantized tensors that have energy.
    pub tensors: u32,
    /// Σρ² over those, as it was counted.
    pub relative: f64,
    /// Sum of the decibels of those that have an error, and how many they are.
    pub decibels: (f64, u32),
}

impl Total {
    pub(super) fn add(&mut self, bits: u64, m: &Measured, (signal, noise): (f64, f64)) {
        self.bits += bits;
        self.error = self.error + m.error;
        self.counted = (self.counted.0 + signal, self.counted.1 + noise);
        if signal > 0.0 {
            self.tensors += 1;
            self.relative += noise / signal;
            if noise > 0.0 {
                self.decibels = (self.decibels.0 + decibels(signal, noise), self.decibels.1 + 1);
            }
        }
    }

    /// SQNR over all weights as it was counted: weighed, where there is an importance matrix.
    pub fn counted_db(&self) -> f64 {
        decibels(self.counted.0, self.counted.1)
    }

    /// Mean SQNR of the tensors that have an error.
    pub fn mean_db(&self) -> f64 {
        if self.decibels.1 == 0 { f64::INFINITY } else { self.decibels.0 / f64::from(self.decibels.1) }
    }

    /// The mean of ρ² in decibels: the worst tensors tell most.
    pub fn relative_db(&self) -> f64 {
        decibels(f64::from(self.tensors), self.relative)
    }

    /// What the objective makes best, in decibels.
    pub fn objective_db(&self, objective: Objective) -> f64 {
        match objective {
            Objective::WeightError => self.counted_db(),
            Objective::Kl => self.relative_db(),
        }
    }
}

/// Energy and squared error as they count. What an importance matrix does not know counts with its mean.
pub(super) fn counted(m: &Measured, tensor: usize, importance: Option<&Importance>) -> (f64, f64) {
    match (importance, m.weighed) {
        (Some(_), Some(weighed)) => (weighed.sum_x2, weighed.sum_e2),
        (Some(importance), None) if importance.of(tensor).is_none() => {
            (m.error.sum_x2 * importance.mean, m.error.sum_e2 * importance.mean)
        }
        _ => (m.error.sum_x2, m.error.sum_e2),
    }
}
