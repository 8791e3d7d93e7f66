//! A palette from a file: it becomes a pane's given colours, and from there locked ones.

use serde_json::json;

use super::App;
use crate::palette::Fixed;
use crate::view::command_table::UNDO;
use crate::view::photo::destination::Destination;

impl App {
    pub(crate) fn give_palette(&mut self, palette: Fixed, to: Destination) {
        let pane = match to {
            Destination::Chosen => self.state.photo_pane,
            // It may have been closed while the file was read.
            Destination::Pane(pane) => pane.min(self.state.photo.panes.len() - 1),
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
        (shown.source.given, shown.format) = (Some(palette.clone()), None);
        self.set_photo(settings);
        self.state.shelf.hide(pane);
        self.select_photo_pane(pane);
        let count = match palette.colors().len() {
            1 => "1 colour is".to_owned(),
            n => format!("{n} colours are"),
        };
        self.notices.done(format!(
            "{}: its {count} now the palette of pane {}, in place of {before}. Under Palette they can become locked \
             colours; {UNDO} takes it back.",
            palette.name(),
            pane + 1,
        ));
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
