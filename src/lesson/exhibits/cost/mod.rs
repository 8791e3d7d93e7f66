//! What a format costs: receipts of its bits on the open tensor, and sizes of whole models.

pub mod receipts;

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, check_shown, names};
use crate::engine::control::Control;

use crate::engine::theory::size::{BitsPerWeight, COMMON, Size};
use crate::lesson::error::LessonError;
use receipts::Receipt;

/// Settings of what a format costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CostShow {
    /// Parameters of the model, in 10⁹.
    pub billions: f64,
    /// The format that stands out, as the list that is shown names it.
    pub format: String,
    /// Which table or chart is shown.
    pub seen: SeenCost,
}

/// A view of the costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenCost {
    /// What the bits of each format are for, on the open tensor.
    Receipts,
    /// A model's size in every format.
    #[default]
    Sizes,
    /// The usual mistake beside the truth.
    Mistake,
    /// Which memory holds it.
    Memories,
}

/// The smallest model that can be chosen, in 10⁹ parameters.
pub const LEAST_BILLIONS: f64 = 1.0;
/// The largest model that can be chosen, in 10⁹ parameters.
pub const MOST_BILLIONS: f64 = 700.0;

impl Default for CostShow {
    fn default() -> Self {
        Self { billions: 70.0, format: COMMON[1].format.to_owned(), seen: SeenCost::default() }
    }
}

impl CostShow {
    /// The formats that `format` is one of.
    pub fn formats(&self) -> Vec<&'static str> {
        match self.seen {
            SeenCost::Receipts => receipts::SHOWN.to_vec(),
            _ => COMMON.iter().map(|c| c.format).collect(),
        }
    }

    pub(super) fn turned_to(&self, stop: f64) -> Self {
        Self { billions: stop, ..self.clone() }
    }

    pub(super) fn figure_names(&self) -> Vec<String> {
        match self.seen {
            SeenCost::Receipts => names(receipts::SHOWN, &["bits", "rho"]),
            _ => names(self.formats(), &["bits", "gb", "told-gb", "fits-gib", "free-in-8-gib"]),
        }
    }

    pub(super) fn figures(&self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        if self.seen == SeenCost::Receipts {
            let figures = RefCell::new(Vec::new());
            let emit = |r: Receipt| figures.borrow_mut().extend([r.rate.bits_per_sample(), r.error.relative_error()]);
            receipts::receipts(from.model, from.tensor, &emit, control)?;
            return Ok(figures.into_inner());
        }
        let of = |c: &BitsPerWeight| {
            let size = Size::new(self.billions * 1e9, c.bits);
            let fits = size.fits_in().map_or(f64::INFINITY, f64::from);
            let free = size.free_gibibytes(8).unwrap_or(f64::NEG_INFINITY);
            [c.bits, size.gigabytes(), size.mistaken_gigabytes(), fits, free]
        };
        Ok(COMMON.iter().flat_map(of).collect())
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.billions, LEAST_BILLIONS..=MOST_BILLIONS, "{} billion parameters")?;
        check_shown(&self.format, &self.formats())
    }
}
