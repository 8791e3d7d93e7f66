//! A file for a pane: a palette becomes its given colours, and from there locked ones; a picture is compared in it.

use std::sync::Arc;

use serde_json::json;

use super::App;
use crate::palette::Fixed;
use crate::run::compare::photo::check_sizes;
use crate::source::photo::Photo;
use crate::spec::Candidate;
use crate::view::command_table::UNDO;
use crate::view::photo::destination::Destination;
use crate::view::shell::app::batch::Opening;
use crate::view::shell::notices::About;
use crate::view::state::Tab;

impl App {
    pub(crate) fn give_palette(&mut self, palette: Fixed, to: Destination) {
        let pane = match to {
            Destination::Chosen => self.state.photo_pane,
            // It may have been closed while the file was read.
            Destination::Pane(pane) | Destination::Compare(pane) => pane.min(self.state.photo.panes.len() - 1),
            Destination::Ask => {
                self.state.palette.undirected = Some(palette);
                return;
            }
        };
        self.timings.event("opened", json!({ "kind": "palette", "name": palette.name(), "pane": pane }));
        let imported = &mut self.state.palette.imported;
        imported.retain(|known| *known != palette);
        imported.push(palette.clone());
        let mut settings = self.state.photo.clone();
        let before = self.state.pane_spec(pane).title();
        let shown = &mut settings.panes[pane];
        (shown.source.given, shown.format, shown.candidate) = (Some(palette.clone()), None, None);
        self.set_photo(settings);
        self.state.shelf.hide(pane);
        self.select_photo_pane(pane);
        let count = match palette.colors().len() {
            1 => "1 colour is".to_owned(),
            n => format!("{n} colours are"),
        };
        self.notices.done(About::Editing, format!(
            "{}: its {count} now the palette of pane {}, in place of {before}. Under Palette they can become locked \
             colours; {UNDO} takes it back.",
            palette.name(),
            pane + 1,
        ));
    }

    /// Shows a picture in the pane that it was opened for, beside the photo. Returns whether that is all that is to be
    /// done with it: what was dropped onto a pane and cannot be compared is opened as a photo.
    pub(crate) fn compare_with(&mut self, picture: &Arc<Photo>, opening: &Opening) -> bool {
        let (Some(document), [_]) = (self.results.photos.current(), &opening.origins[..]) else { return false };
        let (pane, is_asked) = match opening.to {
            Destination::Compare(pane) => (pane, true),
            Destination::Pane(pane) => (pane, false),
            Destination::Chosen | Destination::Ask => return false,
        };
        let pane = pane.min(self.state.photo.panes.len() - 1);
        if let Err(why) = check_sizes(&document.photo, picture) {
            match is_asked {
                true => self.notices.error(About::Itself, why.to_string()),
                false => self.notices.done(About::Itself, format!("Opened, not compared: {why}")),
            }
            return is_asked;
        }
        self.timings.event("opened", json!({ "kind": "candidate", "name": picture.name, "pane": pane }));
        let mut settings = self.state.photo.clone();
        if let Some(shown) = settings.panes.get_mut(pane) {
            shown.candidate = Some(Candidate(picture.clone()));
        }
        self.set_photo(settings);
        self.state.shelf.hide(pane);
        self.select_photo_pane(pane);
        self.state.tab = Tab::Photo;
        true
    }

    /// They stay as they are, and others are fitted beside them: as many as the pane had, where there is room.
    pub(crate) fn lock_given_colours(&mut self) {
        let pane = self.state.photo_pane;
        let mut settings = self.state.photo.clone();
        let source = &mut settings.panes[pane].source;
        let Some(given) = source.given.take() else { return };
        source.count = source.count.max(given.colors().len() as u16);
        source.locked = Some(given);
        self.set_photo(settings);
        self.state.shelf.hide(pane);
    }
}
