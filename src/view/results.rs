//! What is open in the window and what is known of it: all that views read and do not change.

use std::sync::Arc;

use crate::engine::metric::EyeError;
use crate::export::packed::PngSize;
use crate::run::report::{PhotoOriginal, PhotoReport, SizeTruth, TensorOriginal};
use crate::spec::Stage;
use crate::view::bridge::talk::speaking::Speaking;
use crate::view::document::{ModelDocument, PhotoKey};
use crate::view::photo::pane::shown_report;
use crate::view::photo::photos::Photos;
use crate::view::state::State;
use crate::view::weights::format_comparison_state::FormatComparison;
use crate::view::weights::microscope_state::Microscope;
use crate::view::weights::table::cells::TensorTable;
use crate::view::work::Work;

/// What is open, the jobs that run on it, and what has come of them.
pub(crate) struct Results {
    /// The photos that are open.
    pub(crate) photos: Photos,
    /// The model that is open.
    pub(crate) model: Option<ModelDocument>,
    /// The jobs with the results of each.
    pub(crate) work: Work,
    /// The figures of all tensors that have come so far.
    pub(crate) table: TensorTable,
    /// The ranks of the chosen tensor under all formats.
    pub(crate) format_comparison: FormatComparison,
    /// The chosen weight in all formats.
    pub(crate) microscope: Microscope,
}

impl Results {
    /// Nothing is open yet, and `work` has nothing to do.
    pub(crate) fn new(work: Work) -> Self {
        Self {
            photos: Photos::default(),
            model: None,
            work,
            table: TensorTable::default(),
            format_comparison: FormatComparison::default(),
            microscope: Microscope::default(),
        }
    }

    /// The original of the current photo, if it is there.
    pub(crate) fn photo_original(&self) -> Option<&Arc<PhotoOriginal>> {
        let id = self.photos.current()?.id;
        self.work.photo_original.shown().filter(|(key, _)| **key == id).map(|(_, original)| original)
    }

    /// The size of the photo's own PNG in full colour, once it is there.
    pub(crate) fn full_png(&self) -> Option<PngSize> {
        let id = self.photos.current()?.id;
        self.work.full_png.shown().filter(|(key, _)| **key == id).map(|(_, size)| **size)
    }

    /// What a pane's reduction saves, once both files are there.
    pub(crate) fn pane_sizes(&self, pane: usize) -> Option<SizeTruth> {
        let document = self.photos.current()?;
        let pane = self.work.photo_panes.get(pane)?;
        let report = shown_report(pane, document.id)?;
        let (original, reduced) = (self.full_png()?, pane.file()?.size);
        Some(SizeTruth::new(&document.photo, (&report.spec, report.rate), original.alike(reduced), reduced.bytes()))
    }

    /// What models of the eye make of a pane's reduction, once it is known.
    pub(crate) fn eye_error(&self, pane: usize) -> Option<EyeError> {
        let (shown, _) = self.work.photo_panes.get(pane)?.report.shown()?;
        self.work.photo_views.eye_of(pane, shown)
    }

    /// The finished result of what a pane is to show, once it is there. A kept result is looked at, not edited: its
    /// settings would have to be the panes' first.
    pub(crate) fn editable(&self, state: &State, pane: usize) -> Option<&PhotoReport> {
        let wanted = PhotoKey { document: self.photos.current()?.id, spec: state.photo.pane_spec(pane) };
        let (key, report) = self.work.photo_panes.get(pane)?.report.shown()?;
        let is_kept = state.shelf.shown_in(pane).is_some();
        let has_palette = report.spec.palette().is_some();
        (!is_kept && *key == wanted && report.stage == Stage::Full && has_palette).then_some(&**report)
    }

    /// The original of a tensor of the model that is open, if it is the one that is there.
    pub(crate) fn tensor_original(&self, tensor: usize) -> Option<&Arc<TensorOriginal>> {
        self.work.original_of(self.model.as_ref()?.tensor_id(tensor))
    }

    /// The model that runs for the model that is open, with the document that it runs for.
    pub(crate) fn speaking(&self) -> Option<Speaking<'_>> {
        let document = self.model.as_ref()?.id;
        self.work.loaded.shown().filter(|(key, _)| **key == document).map(|(_, loaded)| Speaking { document, loaded })
    }

    /// The chosen tensor where it holds weights, or else one that does.
    pub(crate) fn tensor_with_weights(&self, chosen: usize) -> usize {
        let Some(document) = &self.model else { return chosen };
        let readable = |t: &usize| document.model.tensors.get(*t).is_some_and(|info| info.unreadable().is_none());
        Some(chosen).filter(readable).or_else(|| (0..document.model.tensors.len()).find(readable)).unwrap_or(chosen)
    }
}
