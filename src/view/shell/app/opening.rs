//! What is opened: files in batches, lessons with what they carry, and the answers of dialogs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::App;
use crate::jobs::Running;
use crate::lesson::Lesson;
use crate::source::family::Family;
use crate::view::document::{DocumentId, ImatrixDocument, ModelDocument, Origin};
use crate::view::photo::destination::Destination;
use crate::view::shell::app::batch::Opening;
use crate::view::shell::dialog::Purpose;
use crate::view::shell::notices::About;
use crate::view::state::{Side, Tab};
use crate::view::work::{Arrival, Opened};

impl App {
    pub(in crate::view) fn enqueue(&mut self, origins: Vec<Origin>) {
        self.enqueue_for(origins, Destination::Chosen);
    }

    /// Opens these files; of those to be compared in a pane the first.
    pub(super) fn open_paths(&mut self, paths: Vec<PathBuf>, to: Destination) {
        let origins = match to {
            Destination::Compare(_) => paths.into_iter().take(1).map(|path| Origin::Of(Family::Photo, path)).collect(),
            _ => paths.into_iter().map(Origin::Path).collect(),
        };
        self.enqueue_for(origins, to);
    }

    /// Opens these one after the other; what is for a pane goes to `to`.
    pub(super) fn enqueue_for(&mut self, origins: Vec<Origin>, to: Destination) {
        self.to_open.push_back((origins, to));
    }

    /// Whether files are on their way in or wait for it; not when the user has stopped that.
    pub(super) fn is_opening(&self) -> bool {
        !self.to_open.is_empty() || (self.opening.is_some() && !self.results.work.open.is_cancelled())
    }

    /// The rest of the batch that is on its way in, or else the next. One that was cancelled gives way to it.
    pub(super) fn open_next(&mut self) {
        if self.results.work.open.is_cancelled() && !self.to_open.is_empty() {
            self.opening = None;
        }
        if self.opening.is_none() {
            let Some((origins, to)) = self.to_open.pop_front() else { return };
            let from_user = !origins.iter().any(|o| matches!(o, Origin::SamplePhoto | Origin::SampleModel));
            let batch = self.fresh_id();
            let (photo, model, palette) = (false, false, false);
            self.opening = Some(Opening { batch, origins, taken: 0, from_user, photo, model, palette, to });
        }
        if let Some(opening) = &self.opening {
            self.results.work.request_open(opening.batch, opening.origins.get(opening.taken..).unwrap_or_default());
        }
    }

    pub(super) fn take_opened(&mut self) {
        let Some(mut opening) = self.opening.take() else { return };
        let arrived: Vec<Opened> = self.results.work.open.drain();
        for opened in arrived {
            opening.taken += usize::from(opened.is_last);
            self.accept(opened, &mut opening);
        }
        if let Some(why) = self.results.work.open.error() {
            let name = opening.origins.get(opening.taken).map_or_else(String::new, Origin::name);
            self.notices.error(About::Itself, format!("{name} was not opened: {why}"));
            // The rest is opened without it.
            opening.taken += 1;
            self.results.work.open.clear();
        }
        if opening.taken < opening.origins.len() {
            self.opening = Some(opening);
        } else if opening.from_user && self.state.tab != Tab::Learn {
            match (opening.photo || opening.palette, opening.model) {
                (true, true) => self.state.tab = Tab::Bridge,
                (true, false) => self.state.tab = Tab::Photo,
                (false, true) => self.state.tab = Tab::Weights,
                (false, false) => {}
            }
        }
    }

    pub(super) fn accept(&mut self, opened: Opened, opening: &mut Opening) {
        let id = DocumentId(self.fresh_id());
        let about = opened.path.clone().map_or(About::Itself, About::Opening);
        if opened.outcome.is_ok() {
            self.notices.succeeded(&about);
        }
        match opened.outcome {
            Ok(Arrival::Palette(palette)) => {
                opening.palette = true;
                self.give_palette(palette, opening.to);
                return;
            }
            Ok(Arrival::Lesson(lesson)) => {
                self.timings.event("opened", json!({ "kind": "lesson", "name": lesson.title }));
                self.open_lesson(lesson);
                return;
            }
            Ok(Arrival::Imatrix(imatrix)) => {
                self.timings.event("opened", json!({ "kind": "imatrix", "name": imatrix.name }));
                self.budget_state.weigh_by(ImatrixDocument { id, imatrix });
                if opening.from_user {
                    (self.state.tab, self.state.weights_side) = (Tab::Weights, Side::Budget);
                }
                return;
            }
            Ok(Arrival::Photo(read)) => {
                if read.photo.as_ref().is_some_and(|photo| self.compare_with(photo, opening)) {
                    return;
                }
                self.take_photo(id, read, opening);
            }
            Ok(Arrival::Packed(name, png)) => {
                self.results.photos.set_origin(&name, Origin::Packed(name.clone(), png));
            }
            Ok(Arrival::Folder(report)) => {
                self.tell_of_folder(opened.path.as_deref().unwrap_or(Path::new("")), &report);
            }
            Ok(Arrival::Model(model)) => {
                opening.model = true;
                let count = model.tensors.len();
                self.timings.event("opened", json!({ "kind": "model", "name": model.name, "tensors": count }));
                let wanted = self.state.wished_tensor.take();
                let wanted = wanted.and_then(|name| model.tensors.iter().position(|t| t.name == name));
                self.state.tensor = wanted.unwrap_or_else(|| most_telling(&model.tensors));
                self.state.microscope.index = None;
                self.forget_spares();
                let caveats = [&model.caveats.missing_parts, &model.caveats.packed].into_iter().flatten();
                let notes: Vec<String> = caveats.map(|caveat| format!("{}: {caveat}", model.name)).collect();
                if !notes.is_empty() {
                    self.notices.done(About::Itself, notes.join("\n"));
                }
                self.results.model = Some(ModelDocument { id, model });
                self.state.compare_weights = Default::default();
                self.state.bridge_weights = Default::default();
            }
            Err(error) => {
                self.timings.event("refused", json!({ "message": error }));
                self.notices.error(about, error);
                return;
            }
        }
        if let Some(path) = opened.path.filter(|_| opening.from_user) {
            self.state.kept.remember(std::path::absolute(&path).unwrap_or(path));
        }
    }

    /// A lesson and what it carries.
    pub(super) fn open_lesson(&mut self, lesson: Arc<Lesson>) {
        let carried = lesson.photo.iter().chain(&lesson.model).cloned().map(Origin::Carried);
        let carried: Vec<_> = carried.collect();
        self.state.wished_tensor = lesson.tensor.clone();
        self.state.tab = Tab::Learn;
        self.learn.add(lesson);
        if !carried.is_empty() {
            self.enqueue(carried);
        }
    }

    /// What came of a dialog.
    pub(super) fn take_answer(&mut self, focused: bool) {
        let Some((purpose, answer)) = self.dialog.as_mut().and_then(|dialog| dialog.poll(focused)) else { return };
        self.dialog = None;
        if answer.is_no_dialog() {
            self.notices.done(
                About::Itself,
                self.drops
                    .or(
                        "This desktop opens no file dialog (a portal or zenity is needed). Type a path, or drop files \
                         onto the window.",
                        "This desktop opens no file dialog (a portal or zenity is needed). Type a path.",
                    )
                    .to_owned(),
            );
            self.dialogs = !answer.is_never_a_dialog();
            match &purpose {
                Purpose::Open(_) | Purpose::Compare(_) => self.state.show_open = true,
                Purpose::SaveMix { .. } => {}
                Purpose::Save { what, suggested } => self.open_save_form(*what, suggested),
            }
        }
        let paths = answer.paths;
        match purpose {
            Purpose::Open(_) | Purpose::Compare(_) if paths.is_empty() => {}
            Purpose::Open(None) | Purpose::Compare(_) => self.open_paths(paths, purpose.destination()),
            Purpose::Open(Some(family)) => {
                self.enqueue(paths.into_iter().map(|path| Origin::Of(family, path)).collect());
            }
            Purpose::Save { what, .. } => {
                if let Some(path) = paths.into_iter().next() {
                    // The dialog has asked whether a file is to be replaced, but not of files in a folder.
                    self.save_to(what, path, what.of_folder().is_none());
                }
            }
            Purpose::SaveMix { .. } => {
                if let Some(path) = paths.into_iter().next() {
                    self.budget_state.destination = path.display().to_string();
                }
            }
        }
    }
}

/// Where to begin in a model: the first matrix of attention, or else the first matrix.
fn most_telling(tensors: &[crate::source::tensor::Tensor]) -> usize {
    let matrix =
        |t: &&crate::source::tensor::Tensor| t.shape.len() >= 2 && t.values >= 1024 && t.unreadable().is_none();
    let find = |accept: &dyn Fn(&str) -> bool| tensors.iter().position(|t| matrix(&t) && accept(&t.name));
    let named = |part: &str| find(&|name| name.contains(part));
    let attention = ["q_proj", "attn_q", "query", "c_attn", "attn"].into_iter().find_map(named);
    attention.or_else(|| find(&|_| true)).unwrap_or(0)
}
