//! The photos that are open: one more comes, another is chosen, one is closed, and one whose pixels were let go is read
//! again.

use std::path::Path;
use std::time::Instant;

use serde_json::json;

use super::App;
use crate::jobs::Running;
use crate::view::document::{DocumentId, Origin};
use crate::view::photo::photos::{ReadPhoto, Taken};
use crate::view::photo::tray_state::{Scope, TrayAction};
use crate::view::shell::app::batch::Opening;
use crate::view::shell::notices::About;
use crate::view::work::FolderReport;

impl App {
    pub(super) fn act_on_tray(&mut self, action: TrayAction) {
        match action {
            TrayAction::Choose(id) => self.choose_photo(id),
            TrayAction::Step(by) => {
                if let Some(id) = self.results.photos.neighbour(by) {
                    self.choose_photo(id);
                }
            }
            TrayAction::Close(id) => self.close_photo(id),
            TrayAction::SetScope(scope) => {
                self.state.tray.scope = scope;
                if scope == Scope::All {
                    self.state.share_settings();
                }
            }
        }
    }

    /// Takes a photo that was opened. The first of a batch is shown; a sample that nobody asked for makes room for it.
    pub(super) fn take_photo(&mut self, id: DocumentId, read: ReadPhoto, opening: &mut Opening) {
        let is_first = !std::mem::replace(&mut opening.photo, true);
        self.timings.event("opened", json!({ "kind": "photo", "name": read.name() }));
        let photos = &self.results.photos;
        let sample = photos.list().first().filter(|photo| matches!(photo.origin, Origin::SamplePhoto));
        let sample = sample.filter(|_| opening.from_user && photos.list().len() == 1).map(|photo| photo.id);
        let id = match self.results.photos.take(id, read) {
            Taken::Known(id) => id,
            Taken::New => {
                self.state.add_photo(id);
                id
            }
            Taken::InPlaceOf(old) => {
                self.state.photo_replaced(old, id);
                id
            }
        };
        if is_first || self.results.photos.current().is_none() {
            self.choose_photo(id);
        }
        if let Some(sample) = sample.filter(|sample| *sample != id) {
            self.close_photo(sample);
        }
        self.results.photos.free();
    }

    pub(super) fn choose_photo(&mut self, id: DocumentId) {
        let photos = &mut self.results.photos;
        let from = photos.current_id();
        if from == Some(id) {
            photos.give_up();
        } else if photos.choose(id) {
            self.state.change_photo(from, id);
            // The last photo's pixels are in what was made of them.
            let (now, since) = (Instant::now(), self.asked_at);
            self.results.work.photo_original.forget(now, since);
        }
    }

    fn close_photo(&mut self, id: DocumentId) {
        if self.results.photos.list().len() < 2 {
            return;
        }
        let was_shown = self.results.photos.current_id() == Some(id);
        let next = self.results.photos.close(id);
        self.state.tray.textures.remove(&id);
        if let Some(next) = next {
            self.choose_photo(next);
        }
        self.state.other_photos.remove(&id);
        if was_shown {
            self.forget_spares();
        }
    }

    /// Takes a photo that was chosen and read again.
    pub(super) fn take_reopened(&mut self) {
        let Some((id, name)) = self.results.photos.awaited().map(|photo| (photo.id, photo.name.clone())) else {
            return;
        };
        let reopen = &mut self.results.work.reopen;
        let failed = reopen.error().map(str::to_owned).map(Err);
        let gave_up = reopen.is_cancelled() || failed.is_some();
        if let Some(outcome) = reopen.drain().pop().or(failed) {
            match outcome {
                Ok(read) => {
                    let fresh = DocumentId(self.fresh_id());
                    if let Taken::InPlaceOf(old) = self.results.photos.take(fresh, read) {
                        self.notices
                            .done(About::Itself, format!("{name} is another picture now than when it was opened."));
                        self.state.photo_replaced(old, fresh);
                        self.choose_photo(fresh);
                    } else {
                        self.choose_photo(id);
                    }
                }
                Err(why) => {
                    self.notices.error(About::Itself, format!("{name} was not shown: {why}"));
                    self.give_up_photo(id);
                }
            }
            self.results.work.reopen.clear();
        } else if gave_up {
            self.results.work.reopen.clear();
            self.give_up_photo(id);
        }
    }

    /// A photo cannot be read again: where none is on show, another takes its place.
    fn give_up_photo(&mut self, id: DocumentId) {
        self.results.photos.give_up();
        if self.results.photos.current_id().is_none() {
            self.close_photo(id);
        }
    }

    pub(super) fn tell_of_folder(&mut self, folder: &Path, report: &FolderReport) {
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        let about = About::Opening(folder.to_owned());
        let FolderReport { opened, others, failed, is_cut } = report;
        let count = |n: usize, one: &str, more: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {more}") };
        let mut lines = vec![format!("{name}: {} opened", count(*opened, "photo is", "photos are"))];
        if *others > 0 {
            lines.push(format!("{} no photo", count(*others, "other thing in it is", "other things in it are")));
        }
        if *is_cut {
            lines.push("it holds more than is opened at once".to_owned());
        }
        let told = lines.join("; ");
        if failed.is_empty() {
            self.notices.done(about, told);
        } else {
            let failed_count = count(failed.len(), "photo cannot be read:", "photos cannot be read:");
            self.notices.error(about, format!("{told}; {failed_count}\n{}", failed.join("\n")));
        }
    }
}
