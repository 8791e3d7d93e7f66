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
    /// Of each format on show, over those of its matrices that have figures; of a group without matrices, over all.
    pub sums: Vec<(ScalarError, Rate)>,
}
