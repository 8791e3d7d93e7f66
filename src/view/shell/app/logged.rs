//! Which results the log of timings has already named.

use std::time::Instant;

use crate::spec::Stage;
use crate::view::document::{DocumentId, PhotoKey, TableKey, TensorId, TensorKey};
use crate::view::learn::act::StepPlace;
use crate::view::photo::settings::MOST_PANES;

/// Which results the log has already named.
#[derive(Default)]
pub(crate) struct Logged {
    pub(super) photo: [Option<(PhotoKey, Stage)>; MOST_PANES + 1],
    /// What each pane wants, and since when.
    pub(super) asked: [Option<(PhotoKey, Instant)>; MOST_PANES + 1],
    pub(super) tensor: [Option<(TensorKey, Stage)>; 4],
    pub(super) table: Option<TableKey>,
    /// The model whose first cell has come.
    pub(super) first_cell: Option<DocumentId>,
    /// When a cancel was asked for that the work on all tensors has not obeyed yet.
    pub(super) cancel: Option<Instant>,
    pub(super) format_comparison: Option<TensorId>,
    pub(super) lesson: Option<StepPlace>,
}
