//! What is done with the shelf of kept results.

use super::App;
use crate::spec::Stage;
use crate::view::document::{PhotoDocument, PhotoKey};
use crate::view::photo::pane_slots::request_reduction;
use crate::view::photo::photos::OpenPhoto;
use crate::view::photo::shelf::kept::{Action, Pinned};
use crate::view::shell::notices::About;

impl App {
    pub(crate) fn act_on_shelf(&mut self, action: Action) {
        let pane = self.state.photo_pane;
        let shelf = &mut self.state.shelf;
        match action {
            Action::Keep => self.keep_shown(pane),
            Action::Toggle => shelf.is_open = !shelf.is_open,
            Action::Show(number) => self.show_kept(pane, number),
            Action::Step(by) => {
                if let Some(number) = self.neighbour(pane, by) {
                    self.show_kept(pane, number);
                }
            }
            Action::Hide => shelf.hide(pane),
            Action::Restore(number) => self.restore(pane, number),
            Action::Remove(number) => shelf.remove(number),
            Action::Mark(side, number) => {
                let same = shelf.marks[side] == Some(number);
                shelf.marks = shelf.marks.map(|mark| mark.filter(|&m| m != number));
                shelf.marks[side] = (!same).then_some(number);
            }
            Action::EndComparison => shelf.marks = [None; 2],
            Action::Sort(by) => {
                shelf.descending = shelf.sort == by && !shelf.descending;
                shelf.sort = by;
            }
        }
    }

    fn keep_shown(&mut self, pane: usize) {
        let Some(document) = self.results.photos.current().cloned() else { return };
        let wanted = PhotoKey { document: document.id, spec: self.state.pane_spec(pane) };
        let shown = self.results.work.photo_panes.get(pane).and_then(|p| p.report.shown());
        let Some((_, report)) = shown.filter(|(key, report)| **key == wanted && report.stage == Stage::Full) else {
            self.notices.error(
                About::Keeping,
                "Not kept: the reduction is still being made; try again in a moment.".to_owned(),
            );
            return;
        };
        let report = report.clone();
        let before = self.state.shelf.len();
        match self.state.shelf.keep(&document.photo, &report) {
            Ok(number) => {
                let shelf = &self.state.shelf;
                let is_new = shelf.len() > before;
                // On the open shelf one sees it.
                if !(is_new && shelf.is_open) {
                    let what = if is_new { "Kept as" } else { "Already kept as" };
                    let (title, words) = (report.spec.title(), report.spec.words());
                    self.notices.done(About::Keeping, format!("{what} number {number}: {title}, {words}"));
                }
            }
            Err(why) => self.notices.error(About::Keeping, why),
        }
        self.take_measured(&document);
    }

    /// Results that wait for their files' sizes and the figures of the eye get them, and pixels that were made again are held.
    pub(crate) fn tend_shelf(&mut self) {
        let Some(document) = self.results.photos.current().cloned() else { return };
        if self.state.shelf.is_empty() {
            return;
        }
        self.take_measured(&document);
        let panes = self.results.work.photo_panes.iter().map(|p| &p.report);
        for slot in panes.chain(&self.results.work.versus) {
            let Some((key, report)) = slot.shown() else { continue };
            let lacks =
                |r: &&mut Pinned| r.report.is_none() && key.document == document.id && report.stage == Stage::Full;
            if let Some(number) = self.state.shelf.find_mut(&document.photo, &key.spec).filter(lacks).map(|r| r.number)
            {
                self.state.shelf.hold(number, report);
            }
        }
    }

    fn take_measured(&mut self, document: &PhotoDocument) {
        for (i, pane) in self.results.work.photo_panes.iter().enumerate() {
            if let (Some((key, _)), Some(eye)) = (pane.report.shown(), self.results.eye_error(i))
                && key.document == document.id
            {
                self.state.shelf.take_eye(&document.photo, &key.spec, eye);
            }
        }
        let Some(original) = self.results.full_png() else { return };
        for pane in &self.results.work.photo_panes {
            let file = pane.file().map(|f| f.size);
            if let (Some((key, _)), Some(size)) = (pane.report.shown(), file)
                && key.document == document.id
            {
                self.state.shelf.take_size(&document.photo, &key.spec, original, size);
            }
        }
    }

    fn show_kept(&mut self, pane: usize, number: u64) {
        let Some(document) = self.results.photos.current().cloned() else { return };
        let Some(result) = self.state.shelf.get(number) else { return };
        if !result.is_of(&document.photo) {
            let is_it = |photo: &&OpenPhoto| result.is_of_open(photo) && self.state.has_edits(photo.id, result.edits());
            if let Some(photo) = self.results.photos.list().iter().find(is_it).map(|photo| photo.id) {
                self.state.show_on_other(photo, number);
                self.choose_photo(photo);
            }
            return;
        }
        let key = PhotoKey { document: document.id, spec: result.figures.spec.clone() };
        if let Some(report) = result.report.clone() {
            self.state.shelf.hold(number, &report);
            if let Some(slot) = self.results.work.photo_panes.get_mut(pane) {
                slot.report.offer(key, report);
            }
        }
        self.state.palette.close();
        self.state.shelf.show(pane, Some(number));
    }

    /// The result `by` places after the one that the pane shows, among those of this photo.
    fn neighbour(&self, pane: usize, by: i32) -> Option<u64> {
        let (shelf, photo) = (&self.state.shelf, &self.results.photos.current()?.photo);
        let order: Vec<u64> =
            shelf.ordered().into_iter().filter(|&n| shelf.get(n).is_some_and(|r| r.is_of(photo))).collect();
        let at = shelf.shown_in(pane).and_then(|r| order.iter().position(|&n| n == r.number));
        let next = match at {
            Some(at) => (at as i64 + i64::from(by)).rem_euclid(order.len() as i64),
            None if by > 0 => 0,
            None => order.len() as i64 - 1,
        };
        order.get(usize::try_from(next).ok()?).copied()
    }

    /// The settings of this pane become those of the result.
    fn restore(&mut self, pane: usize, number: u64) {
        let Some(spec) = self.state.shelf.get(number).map(|r| r.figures.spec.clone()) else { return };
        let mut new = self.state.photo.clone();
        if let Some(shown) = new.panes.get_mut(pane) {
            *shown = shown.showing(&spec);
        }
        self.set_photo(new);
        self.state.shelf.hide(pane);
    }

    /// Asks for the pixels of the two that are compared; held ones are there at once.
    pub(crate) fn request_versus(&mut self) {
        let Some(document) = self.results.photos.current().cloned() else { return };
        let Some(two) = self.state.shelf.versus(&document.photo) else { return };
        for (slot, result) in self.results.work.versus.iter_mut().zip(two) {
            let key = PhotoKey { document: document.id, spec: result.figures.spec.clone() };
            if let Some(report) = &result.report {
                slot.offer(key.clone(), report.clone());
            }
            request_reduction(slot, &document, key.spec);
        }
    }
}
