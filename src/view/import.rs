//! A palette from a file: it becomes the chosen pane's given colours, and from there locked ones.

use super::app::App;
use crate::palette::Fixed;

impl App {
    pub(super) fn give_palette(&mut self, palette: Fixed) {
        let imported = &mut self.state.palette.imported;
        imported.retain(|known| *known != palette);
        imported.push(palette);
        let pane = self.state.photo_pane;
        let mut settings = self.state.photo;
        let before = self.pane_spec(pane).title();
        settings.pane_palettes[pane] = Some(palette);
        self.set_photo(settings);
        self.state.shelf.hide(pane);
        let count = match palette.colors().len() {
            1 => "1 colour is".to_owned(),
            n => format!("{n} colours are"),
        };
        self.notices.done(format!(
            "{}: its {count} now the palette of the chosen pane, in place of {before}. Under Palette they can become \
             locked colours; Ctrl Z takes it back.",
            palette.name()
        ));
    }

    /// They stay as they are, and others are fitted beside them: as many as the pane had, where there is room.
    pub(super) fn lock_given_colours(&mut self) {
        let pane = self.state.photo_pane;
        let mut settings = self.state.photo;
        let Some(given) = settings.pane_palettes[pane] else { return };
        settings.pane_palettes[pane] = None;
        settings.pane_locked[pane] = Some(given);
        settings.pane_colors[pane] = settings.pane_colors[pane].max(given.colors().len() as u16);
        self.set_photo(settings);
        self.state.shelf.hide(pane);
    }
}
