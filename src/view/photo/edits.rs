//! Edits of the panes' palettes by hand: what is chosen, what the next click does, and what was wanted before
//! the edits, which belong to the photo that they were made on.

use crate::palette::edit::{Edit, PaletteSource};
use crate::palette::order::Order;
use crate::palette::{Fixed, builtin_palettes};
use crate::run::report::PhotoReport;
use crate::view::photo::settings::PhotoSettings;
use crate::view::widgets::look::Look;

type Rgba = [u8; 4];

/// What the next click is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gesture {
    /// On a swatch: it becomes the chosen one.
    #[default]
    Choose,
    /// On a swatch: it is merged with the chosen one.
    Merge,
    /// Nothing else while the colour that takes the chosen one's place is being mixed.
    Change(Rgba),
    /// On a pixel of the photo: its colour is forced in.
    Pick,
}

/// How the palettes on the photo's tab are shown and edited.
pub struct PaletteState {
    /// The order in which a palette's colours are shown.
    pub order: Order,
    /// How a palette is laid out.
    pub look: Look,
    /// Palettes of files, to be had again.
    pub imported: Vec<Fixed>,
    /// One that was dropped, but onto no pane: the user is asked which.
    pub undirected: Option<Fixed>,
    /// The chosen swatch of the chosen pane, by its colour: its place may be another after a fit.
    pub chosen: Option<Rgba>,
    /// What the next click does.
    pub gesture: Gesture,
    /// What each pane wanted before its first edit.
    pub unedited: [Option<PaletteSource>; 3],
}

impl Default for PaletteState {
    fn default() -> Self {
        Self {
            order: Order::Listed,
            look: Look::Grid,
            imported: Vec::new(),
            undirected: None,
            chosen: None,
            gesture: Gesture::Choose,
            unedited: Default::default(),
        }
    }
}

impl PaletteState {
    /// Makes an edit of what `report` shows.
    ///
    /// # Errors
    /// One line for people when the edit cannot be made; then all is as it was.
    pub fn edit(
        &mut self,
        settings: &mut PhotoSettings,
        pane: usize,
        edit: Edit,
        report: &PhotoReport,
    ) -> Result<(), String> {
        if report.numbers.is_some() {
            return Err("under a number format the photo has no palette".to_owned());
        }
        if report.spec.tile_side().is_some() && !can_be_made_of_tiles(edit) {
            return Err(OF_TILES.to_owned());
        }
        let source = settings.palette_source(pane);
        let next = source.after(edit, &report.palette, report.spec.space).map_err(|why| why.to_string())?;
        self.unedited[pane].get_or_insert(source);
        settings.set_palette_source(pane, next);
        self.chosen = chosen_after(edit);
        self.gesture = Gesture::Choose;
        Ok(())
    }

    /// Clears all edits of a pane.
    pub fn reset(&mut self, settings: &mut PhotoSettings, pane: usize) {
        if let Some(unedited) = self.unedited[pane].take() {
            settings.set_palette_source(pane, unedited);
            self.close();
        }
    }

    /// Another photo is open: what was edited and locked belongs to the last one. How many colours, and colours that
    /// were given by name or as a file, stay.
    pub fn photo_changed(&mut self, settings: &mut PhotoSettings) {
        for pane in 0..3 {
            let source = self.unedited[pane].take().unwrap_or_else(|| settings.palette_source(pane));
            let named = |given: &Fixed| self.imported.contains(given) || builtin_palettes().contains(given);
            settings.set_palette_source(
                pane,
                PaletteSource { given: source.given.filter(named), locked: None, count: source.count },
            );
        }
        self.close();
    }

    /// Settings were changed otherwise: another number of colours stays when edits are cleared.
    pub fn settings_changed(&mut self, old: &PhotoSettings, new: &PhotoSettings) {
        for pane in 0..3 {
            let (was, is) = (old.palette_source(pane), new.palette_source(pane));
            if was.given != is.given {
                let unedited = is.locked.is_some().then_some(PaletteSource { locked: None, count: was.count, ..is });
                self.unedited[pane] = unedited;
                self.close();
            } else if let Some(unedited) = &mut self.unedited[pane]
                && was.count != is.count
            {
                unedited.count = is.count;
            }
        }
    }

    /// Whether a pane (0 to 2) wants something else than before the first edit of its palette.
    pub fn is_edited(&self, settings: &PhotoSettings, pane: usize) -> bool {
        self.unedited[pane].as_ref().is_some_and(|unedited| *unedited != settings.palette_source(pane))
    }

    /// Picking is about no swatch.
    pub fn begin(&mut self, gesture: Gesture) {
        self.chosen = self.chosen.filter(|_| gesture != Gesture::Pick);
        self.gesture = gesture;
    }

    /// Nothing is chosen and nothing begun.
    pub fn close(&mut self) {
        (self.chosen, self.gesture) = (None, Gesture::Choose);
    }

    /// Whether a swatch is chosen or an edit begun, which [`PaletteState::close`] would end.
    pub fn is_up(&self) -> bool {
        self.chosen.is_some() || self.gesture != Gesture::Choose
    }
}

/// Why some edits are not offered.
pub const OF_TILES: &str = "With a palette a tile, colours are locked and forced in; the others are each tile's own.";

/// What is done to one entry of one palette has no meaning where there are thousands of palettes.
fn can_be_made_of_tiles(edit: Edit) -> bool {
    !matches!(edit, Edit::Change { .. } | Edit::Delete(_) | Edit::Merge(..))
}

fn chosen_after(edit: Edit) -> Option<Rgba> {
    match edit {
        Edit::Lock(c) | Edit::Unlock(c) | Edit::Force(c) | Edit::Change { to: c, .. } => Some(c),
        Edit::Delete(_) | Edit::Merge(..) | Edit::LockAll | Edit::UnlockAll => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::control::Control;
    use crate::picture::image::Image;
    use crate::run::photo::reduce;
    use crate::spec::Stage;

    fn report(settings: &PhotoSettings, pane: usize) -> PhotoReport {
        let rgba = (0..=255).flat_map(|v: u8| [[v, 255 - v, v / 2, 255], [v, v, v, 255]]).collect();
        let image = Arc::new(Image::new(32, 16, rgba));
        reduce(&image, settings.pane_spec(pane), Stage::Full, &Control::unwatched()).unwrap()
    }

    #[test]
    fn all_edits_of_a_pane_are_cleared_at_once() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let start = settings.clone();
        for _ in 0..3 {
            let shown = report(&settings, 1);
            state.edit(&mut settings, 1, Edit::Delete(shown.palette[2].rgba), &shown).unwrap();
            assert_eq!(report(&settings, 1).palette.len(), shown.palette.len() - 1);
        }
        assert!(state.is_edited(&settings, 1) && !state.is_edited(&settings, 0));
        state.reset(&mut settings, 1);
        assert_eq!((&settings, state.is_edited(&settings, 1)), (&start, false));
    }

    #[test]
    fn edits_and_locks_go_with_their_photo_and_settings_stay() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        settings.pane_colors[1] = 20;
        settings.tile = Some(8);
        let pico = builtin_palettes().iter().find(|p| p.name() == "PICO-8").unwrap();
        settings.pane_palettes[2] = Some(pico.clone());
        let start = settings.clone();
        let shown = report(&settings, 1);
        state.edit(&mut settings, 1, Edit::Lock(shown.palette[0].rgba), &shown).unwrap();
        settings.tile = None;
        let shown = report(&settings, 2);
        state.edit(&mut settings, 2, Edit::Delete(shown.palette[0].rgba), &shown).unwrap();
        assert_ne!(settings.pane_palettes[2].as_ref(), Some(pico));
        state.photo_changed(&mut settings);
        assert_eq!(settings, PhotoSettings { tile: None, ..start });
        assert!((0..3).all(|pane| !state.is_edited(&settings, pane)));
    }

    #[test]
    fn a_palette_that_was_edited_and_came_back_by_another_way_goes_as_well() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let pico = builtin_palettes().iter().find(|p| p.name() == "PICO-8").unwrap();
        settings.pane_palettes[1] = Some(pico.clone());
        let shown = report(&settings, 1);
        state.edit(&mut settings, 1, Edit::Delete(shown.palette[0].rgba), &shown).unwrap();
        // Restored from the shelf, it comes without what it was before.
        state.unedited = Default::default();
        state.photo_changed(&mut settings);
        assert_eq!(settings.pane_palettes[1], None);
    }

    #[test]
    fn a_number_of_colours_set_after_an_edit_stays_when_edits_are_cleared() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let shown = report(&settings, 1);
        state.edit(&mut settings, 1, Edit::Lock(shown.palette[0].rgba), &shown).unwrap();
        let old = settings.clone();
        settings.pane_colors[1] = 20;
        state.settings_changed(&old, &settings);
        state.reset(&mut settings, 1);
        assert_eq!((&settings.pane_locked[1], settings.pane_colors[1]), (&None, 20));
    }

    #[test]
    fn a_refused_edit_changes_nothing() {
        let mut state = PaletteState::default();
        let mut settings = PhotoSettings { tile: Some(8), ..PhotoSettings::default() };
        let shown = report(&settings, 2);
        let color = shown.palette[0].rgba;
        assert_eq!(state.edit(&mut settings, 2, Edit::Delete(color), &shown), Err(OF_TILES.to_owned()));
        assert!(!state.is_edited(&settings, 2) && settings.pane_locked[2].is_none());
        assert_eq!(state.edit(&mut settings, 2, Edit::Lock(color), &shown), Ok(()));
        assert!(state.edit(&mut settings, 2, Edit::Lock(color), &shown).is_err());
    }
}
