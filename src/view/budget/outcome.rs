//! What comes of the settings: the mix, and what is known of its effect on the model's predictions.

use std::sync::Arc;

use crate::run::mix::{Mix, Plan};
use crate::run::model::kl_report::KlReport;
use crate::source::imatrix::Importance;

/// A mix with the plan that it was made under.
pub struct Outcome {
    pub mix: Mix,
    pub plan: Plan,
    pub importance: Option<Arc<Importance>>,
}

/// What is known of a mix's effect on the model's predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KlState<'a> {
    /// The model does not run here.
    NotRunnable,
    Pending,
    /// The user stopped the measurement.
    Cancelled,
    /// The model runs here and the measurement failed.
    Failed(&'a str),
    Measured(&'a KlReport),
}
