//! The photo's edits: asked for as they are set, and what is reduced once they are carried out.

use super::App;
use crate::view::document::{DocumentId, EditedKey, PhotoDocument};

impl App {
    /// Asks for the photo with the edits that are set.
    pub(super) fn request_edited(&mut self) {
        let Some(document) = self.results.photos.opened() else { return };
        let (edits, opened) = (self.state.photo.edits, document.photo.clone());
        if !edits.is_none() {
            let key = EditedKey { opened: document.id, edits };
            self.results.work.edited.request_value(key, move |control| opened.edited(edits, control));
            return;
        }
        let document = document.clone();
        if self.results.work.edited.wanted().is_some() {
            self.results.work.edited.clear();
        }
        if self.results.photos.current().is_some_and(|shown| !shown.photo.edits.is_none()) {
            self.show_edited(document);
        }
    }

    /// The photo with the edits that were asked for last, or, under a hand that moves, with some that were on the way.
    pub(super) fn take_edited(&mut self) {
        let (Some(opened), Some(shown)) = (self.results.photos.opened(), self.results.photos.current()) else { return };
        let Some((key, photo)) = self.results.work.edited.shown() else { return };
        let (is_there, is_newer) = (shown.photo.edits == self.state.photo.edits, key.edits != shown.photo.edits);
        if key.opened == opened.id && is_newer && !is_there {
            let photo = photo.clone();
            let id = DocumentId(self.fresh_id());
            self.show_edited(PhotoDocument { id, photo });
        }
    }

    fn show_edited(&mut self, document: PhotoDocument) {
        let extent = |document: &PhotoDocument| (document.photo.image.width, document.photo.image.height);
        if self.results.photos.current().map(extent) != Some(extent(&document)) {
            self.state.compare_photo = Default::default();
            self.state.bridge_photo = Default::default();
        }
        self.state.palette.close();
        self.forget_spares();
        self.results.photos.show_edited(document);
    }
}
