//! The mix that the settings lead to, and what is known of its effect on the model's predictions.

use std::sync::Arc;

use crate::run::mix::{Mix, Plan};
use crate::run::model::kl_report::KlReport;
use crate::source::imatrix::Importance;

/// A mix with the plan that it was made under.
pub struct Outcome {
    /// The format of each tensor, with sizes and errors.
    pub mix: Mix,
    /// The plan that the mix was made under: which tensor could get which format.
    pub plan: Plan,
    /// The importance matrix that weighed the errors, if one was in use.
    pub importance: Option<Arc<Importance>>,
}

/// What is known of a mix's effect on the model's predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum KlState<'a> {
    /// The model does not run here.
    NotRunnable,
    /// The result is still to come.
    Pending,
    /// The user stopped the measurement.
    Cancelled,
    /// The model runs here and the measurement failed.
    Failed(&'a str),
    /// The measured KL of the mix, and of one format for all tensors where one fits.
    Measured(&'a KlReport),
}
