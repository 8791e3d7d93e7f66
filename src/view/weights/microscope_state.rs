//! What the microscope holds: the lenses that have come, and the order of its list.

use crate::jobs::Sweep;
use crate::run::microscope::{Lens, Prepared};
use crate::view::document::{MicroscopeKey, TensorId};

/// The stretch of weights that is looked at, in each format so far.
#[derive(Default)]
pub struct Microscope {
    tensor: Option<TensorId>,
    /// What the formats share over the tensor.
    pub prepared: Prepared,
    pub(crate) lenses: Vec<Lens>,
}

impl Microscope {
    /// Turns to a tensor; the lenses of another one are dropped.
    pub fn set_key(&mut self, tensor: TensorId) {
        if self.tensor != Some(tensor) {
            *self = Self { tensor: Some(tensor), ..Self::default() };
        }
    }

    /// Takes the lenses that a sweep has made, if they are of this tensor: one a format, the newest stays.
    pub fn take(&mut self, sweep: &mut Sweep<MicroscopeKey, Lens>) {
        let arrived = sweep.drain();
        if sweep.wanted().map(|key| key.tensor) != self.tensor {
            return;
        }
        for lens in arrived {
            match self.lenses.iter_mut().find(|old| old.name == lens.name) {
                Some(old) => *old = lens,
                None => self.lenses.push(lens),
            }
        }
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The format's bits a weight, most first.
    Bits,
    /// The absolute error of the weight looked at, least first.
    Error,
}

/// What is looked at in the microscope, and how its list is sorted.
#[derive(Clone, Debug, PartialEq)]
pub struct MicroscopeState {
    /// The weight that was last pointed at.
    pub index: Option<usize>,
    /// What the list of formats is sorted by.
    pub sort: Sort,
}

impl Default for MicroscopeState {
    fn default() -> Self {
        Self { index: None, sort: Sort::Bits }
    }
}
