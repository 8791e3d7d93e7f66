//! A line of the table: a tensor, or the heading of a group.

use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;

#[derive(Clone, Debug)]
pub(super) enum Line {
    Tensor(usize),
    Group(Heading),
}

/// What a group's tensors come to together.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub name: String,
    pub tensors: usize,
    pub values: u64,
    pub folded: bool,
    /// Error and rate under each format on show, over the matrices that have figures; in a group without matrices, over all
    /// its tensors.
    pub sums: Vec<(ScalarError, Rate)>,
}
