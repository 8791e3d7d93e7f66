//! Edits of the panes' palettes by hand, with a way back: what is chosen, what the next click does, and
//! what was wanted before each edit.

use std::collections::VecDeque;

use super::state::PhotoSettings;
use super::swatches::Look;
use crate::palette::Fixed;
use crate::palette::edit::{Edit, Wish};
use crate::palette::order::Order;
use crate::report::PhotoReport;

type Rgba = [u8; 4];

/// What the next click is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gesture {
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
    pub order: Order,
    pub look: Look,
    /// Palettes of files, to be had again.
    pub imported: Vec<Fixed>,
    /// The chosen swatch of the chosen pane, by its colour: its place may be another after a fit.
    pub chosen: Option<Rgba>,
    pub gesture: Gesture,
    past: VecDeque<Step>,
    /// What each pane wanted before its first edit.
    base: [Option<Wish>; 3],
}

/// What one edit replaced.
#[derive(Clone, Copy)]
struct Step {
    pane: usize,
    wish: Wish,
    base: Option<Wish>,
}

/// Steps back.
const MOST_STEPS: usize = 100;

impl Default for PaletteState {
    fn default() -> Self {
        Self {
            order: Order::Listed,
            look: Look::Grid,
            imported: Vec::new(),
            chosen: None,
            gesture: Gesture::Choose,
            past: VecDeque::new(),
            base: [None; 3],
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
        let wish = settings.wish(pane);
        let next = wish.after(edit, &report.palette, report.spec.space)?;
        self.remember(pane, wish);
        self.base[pane] = self.base[pane].or(Some(wish));
        settings.set_wish(pane, next);
        self.chosen = chosen_after(edit);
        self.gesture = Gesture::Choose;
        Ok(())
    }

    /// Takes the last edit back; returns its pane.
    pub fn undo(&mut self, settings: &mut PhotoSettings) -> Option<usize> {
        let step = self.past.pop_back()?;
        settings.set_wish(step.pane, step.wish);
        self.base[step.pane] = step.base;
        self.put_down();
        Some(step.pane)
    }

    /// Clears all edits of a pane.
    pub fn reset(&mut self, settings: &mut PhotoSettings, pane: usize) {
        if let Some(base) = self.base[pane] {
            self.remember(pane, settings.wish(pane));
            settings.set_wish(pane, base);
            self.base[pane] = None;
            self.put_down();
        }
    }

    /// Settings were changed otherwise: another number of colours stays when edits are cleared, and given
    /// colours that go can be had back.
    pub fn settings_changed(&mut self, old: PhotoSettings, new: PhotoSettings) {
        for pane in 0..3 {
            let (was, is) = (old.wish(pane), new.wish(pane));
            if was.given != is.given {
                self.remember(pane, was);
                self.base[pane] = is.locked.map(|_| Wish { locked: None, ..is });
                self.put_down();
            } else if let Some(base) = &mut self.base[pane]
                && was.count != is.count
            {
                base.count = is.count;
            }
        }
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn is_edited(&self, settings: PhotoSettings, pane: usize) -> bool {
        self.base[pane].is_some_and(|base| base != settings.wish(pane))
    }

    /// Picking is about no swatch.
    pub fn begin(&mut self, gesture: Gesture) {
        self.chosen = self.chosen.filter(|_| gesture != Gesture::Pick);
        self.gesture = gesture;
    }

    /// Nothing is chosen and nothing begun.
    pub fn put_down(&mut self) {
        (self.chosen, self.gesture) = (None, Gesture::Choose);
    }

    pub fn is_up(&self) -> bool {
        self.chosen.is_some() || self.gesture != Gesture::Choose
    }

    fn remember(&mut self, pane: usize, wish: Wish) {
        if self.past.len() == MOST_STEPS {
            self.past.pop_front();
        }
        self.past.push_back(Step { pane, wish, base: self.base[pane] });
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
    use crate::run::photo::reduce;
    use crate::source::image::Image;
    use crate::spec::Stage;

    fn report(settings: PhotoSettings, pane: usize) -> PhotoReport {
        let rgba = (0..=255).flat_map(|v: u8| [[v, 255 - v, v / 2, 255], [v, v, v, 255]]).collect();
        let image = Arc::new(Image::new(32, 16, rgba));
        reduce(&image, settings.pane_spec(pane), Stage::Full, &Control::unwatched()).unwrap()
    }

    #[test]
    fn every_edit_can_be_taken_back_and_all_of_a_pane_at_once() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let start = settings;
        let mut steps = vec![settings];
        for _ in 0..3 {
            let shown = report(settings, 1);
            state.edit(&mut settings, 1, Edit::Delete(shown.palette[2].rgba), &shown).unwrap();
            assert_eq!(report(settings, 1).palette.len(), shown.palette.len() - 1);
            steps.push(settings);
        }
        assert!(state.is_edited(settings, 1) && !state.is_edited(settings, 0));
        state.reset(&mut settings, 1);
        assert_eq!((settings, state.is_edited(settings, 1)), (start, false));
        for step in steps.into_iter().rev() {
            assert_eq!(state.undo(&mut settings), Some(1));
            assert_eq!((settings, state.is_edited(settings, 1)), (step, step != start));
            if step == start {
                break;
            }
        }
        assert_eq!((state.undo(&mut settings), state.can_undo()), (None, false));
    }

    #[test]
    fn the_way_back_is_bounded() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let shown = report(settings, 1);
        for i in 0..3 * MOST_STEPS {
            let color = shown.palette[3].rgba;
            state
                .edit(&mut settings, 1, if i % 2 == 0 { Edit::Lock(color) } else { Edit::Unlock(color) }, &shown)
                .unwrap();
        }
        assert_eq!(std::iter::from_fn(|| state.undo(&mut settings)).count(), MOST_STEPS);
    }

    #[test]
    fn a_number_of_colours_set_after_an_edit_stays_when_edits_are_cleared() {
        let (mut state, mut settings) = (PaletteState::default(), PhotoSettings::default());
        let shown = report(settings, 1);
        state.edit(&mut settings, 1, Edit::Lock(shown.palette[0].rgba), &shown).unwrap();
        let old = settings;
        settings.pane_colors[1] = 20;
        state.settings_changed(old, settings);
        state.reset(&mut settings, 1);
        assert_eq!((settings.pane_locked[1], settings.pane_colors[1]), (None, 20));
    }

    #[test]
    fn a_refused_edit_changes_nothing() {
        let mut state = PaletteState::default();
        let mut settings = PhotoSettings { tile: Some(8), ..PhotoSettings::default() };
        let shown = report(settings, 2);
        let color = shown.palette[0].rgba;
        assert_eq!(state.edit(&mut settings, 2, Edit::Delete(color), &shown), Err(OF_TILES.to_owned()));
        assert!(!state.can_undo() && settings.pane_locked[2].is_none());
        assert_eq!(state.edit(&mut settings, 2, Edit::Lock(color), &shown), Ok(()));
        assert!(state.edit(&mut settings, 2, Edit::Lock(color), &shown).is_err());
    }
}
