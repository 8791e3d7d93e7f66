//! Many files into one folder: every photo of the tray as its chosen pane, or every pane of one photo.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::App;
use super::save::stem_of;
use crate::engine::control::Failure;
use crate::export::batch::{Batch, Item, Read};
use crate::export::packed::{OfReduced, PngFile, Reduced};
use crate::jobs::{self, Running};
use crate::picture;
use crate::picture::edits::PhotoEdits;
use crate::run::photo;
use crate::spec::{PhotoSpec, Stage};
use crate::view::document::DocumentId;
use crate::view::photo::photos::OpenPhoto;
use crate::view::shell::batch_state::BatchState;
use crate::view::shell::notices::About;
use crate::view::shell::savable::Savable;
use crate::view::shell::save_form::SaveForm;
use crate::view::work::{Bytes, read_photo};

impl App {
    /// Writes these files into a folder; those that are there are replaced only where that was asked for.
    pub(super) fn begin_batch(&mut self, what: Savable, kind: &'static OfReduced, folder: PathBuf, replace: bool) {
        if self.saving.batch.is_some() {
            self.notices.error(About::Saving(what), "Not saved: other files are still being written.".to_owned());
            return;
        }
        let items = match what {
            Savable::Panes(_) => self.items_of_panes(),
            _ => self.results.photos.list().iter().map(|photo| item(photo, self.settings_of(photo.id))).collect(),
        };
        let sources = self.results.photos.list().iter().filter_map(|p| p.path().map(PathBuf::from)).collect();
        let id = self.fresh_id();
        self.saving.batch = Some(BatchState::new(id, what, Batch { items, kind, folder, sources, replace }));
    }

    fn items_of_panes(&self) -> Vec<Item> {
        let current = self.results.photos.current_id().and_then(|id| self.results.photos.get(id));
        let panes = 0..self.state.photo.panes.len();
        current
            .into_iter()
            .flat_map(|photo| {
                panes.clone().map(|pane| item(photo, (self.state.pane_spec(pane), self.state.photo.edits)))
            })
            .collect()
    }

    /// What the chosen pane of a photo shows, whether it is on show or not, and what is done to the photo before.
    fn settings_of(&self, id: DocumentId) -> (PhotoSpec, PhotoEdits) {
        let kept = |number| Some(self.state.shelf.get(number)?.figures.spec.clone());
        match self.state.other_photos.get(&id) {
            Some(other) => (other.pane_spec(self.state.pane_of(other), kept), other.now.settings.edits),
            None => (self.state.pane_spec(self.state.photo_pane), self.state.photo.edits),
        }
    }

    /// Starts a batch, follows it, and says at the end how it went.
    pub(super) fn take_batch(&mut self) {
        let Some(mut state) = self.saving.batch.take() else { return };
        let work = &mut self.results.work;
        if let Some(batch) = state.batch.take() {
            work.request_batch(state.id, batch);
        }
        let taken = work.batch.drain().into_iter().filter_map(|outcome| state.take(outcome)).next();
        if let Some(why) = work.batch.error() {
            state.failed.push(why.to_owned());
        }
        if work.batch.is_busy() {
            self.saving.batch = Some(state);
            return;
        }
        let is_cancelled = work.batch.is_cancelled();
        work.batch.clear();
        if let Some(taken) = taken {
            const NAMED: usize = 3;
            let names: Vec<_> =
                taken.iter().take(NAMED).filter_map(|p| Some(p.file_name()?.to_string_lossy().into_owned())).collect();
            let more = if taken.len() > NAMED { format!(" and {} more", taken.len() - NAMED) } else { String::new() };
            let problem = Some(format!("There already: {}{more}", names.join(", ")));
            let path = state.folder.display().to_string();
            self.state.save_form = Some(SaveForm { problem, is_taken: true, ..SaveForm::new(state.what, path) });
            return;
        }
        let (text, has_failed) = state.report(is_cancelled);
        self.timings.event("batch_saved", json!({ "message": text }));
        let about = About::Saving(state.what);
        if has_failed { self.notices.error(about, text) } else { self.notices.done(about, text) }
    }

    /// The file of a kept result, which is made anew where its pixels are not at hand.
    ///
    /// # Errors
    /// What is missing, for people.
    pub(super) fn kept_bytes(&self, number: u64, kind: &'static OfReduced) -> Result<Bytes, String> {
        let result = self.state.shelf.get(number).ok_or("it is not on the shelf any more")?;
        let photo = self.results.photos.list().iter().find(|photo| result.is_of_open(photo));
        let read = read_of(photo.ok_or("its photo is not open")?, result.edits());
        let (spec, held) = (result.figures.spec.clone(), result.report.as_ref().map(|report| report.written()));
        Ok(Box::new(move |control| {
            let picture = match held {
                Some(picture) => picture,
                None => photo::reduce(&read(control)?.image, spec, Stage::Full, control)?.written(),
            };
            let png = PngFile::quick(picture::png::of_picture(&picture, control)?);
            let reduced = Reduced { picture, png, pack: true };
            Ok(jobs::in_turn(control, || (kind.write)(&reduced, control))??)
        }))
    }
}

fn item(photo: &OpenPhoto, (spec, edits): (PhotoSpec, PhotoEdits)) -> Item {
    let stem = stem_of(&photo.name, &spec);
    Item { name: photo.name.clone(), read: read_of(photo, edits), spec, stem }
}

/// Pixels that are in memory are not read again.
fn read_of(photo: &OpenPhoto, edits: PhotoEdits) -> Read {
    let (origin, held) = (photo.origin.clone(), photo.document().map(|document| document.photo.clone()));
    Box::new(move |control| {
        let photo = match &held {
            Some(photo) => photo.clone(),
            None => read_photo(&origin).map_err(Failure::Message)?,
        };
        if edits.is_none() { Ok(photo) } else { Ok(Arc::new(photo.edited(edits, control)?)) }
    })
}
