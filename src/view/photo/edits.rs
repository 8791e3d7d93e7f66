//! Edits of the panes' palettes by hand: what is chosen, what the next click does, and what was wanted before
//! the edits, which belong to the photo that they were made on.

use crate::palette::edit::{Edit, PaletteSource};
use crate::palette::order::Order;
use crate::palette::{Fixed, builtin_palettes};
use crate::picture::edits::Crop;
use crate::run::report::PhotoReport;
use crate::view::photo::settings::{MOST_PANES, PhotoSettings};
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
    pub unedited: [Option<PaletteSource>; MOST_PANES],
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
        if report.spec.palette().is_none() {
            return Err("under a number format the photo has no palette".to_owned());
        }
        if report.tiles().is_some() && !can_be_made_of_tiles(edit) {
            return Err(OF_TILES.to_owned());
        }
        let source = &mut settings.panes[pane].source;
        let next = source.after(edit, &report.palette, report.spec.space()).map_err(|why| why.to_string())?;
        let before = std::mem::replace(source, next);
        self.unedited[pane].get_or_insert(before);
        self.chosen = chosen_after(edit);
        self.gesture = Gesture::Choose;
        Ok(())
    }

    /// Clears all edits of a pane.
    pub fn reset(&mut self, settings: &mut PhotoSettings, pane: usize) {
        if let Some(unedited) = self.unedited[pane].take() {
            settings.panes[pane].source = unedited;
            self.close();
        }
    }

    /// What of the settings is for other photos too: what was edited, locked and compared belongs to this one. How many colours,
    /// and colours that were given by name or as a file, are for all.
    pub fn for_all_photos(&self, settings: &PhotoSettings) -> PhotoSettings {
        let named = |given: &Fixed| self.imported.contains(given) || builtin_palettes().contains(given);
        let mut shared = settings.clone();
        shared.edits.crop = shared.edits.crop.filter(|crop| !matches!(crop, Crop::Area(_)));
        for (pane, unedited) in shared.panes.iter_mut().zip(&self.unedited) {
            let PaletteSource { given, count, .. } = unedited.clone().unwrap_or_else(|| pane.source.clone());
            pane.source = PaletteSource { given: given.filter(named), locked: None, count };
            pane.candidate = None;
        }
        shared
    }

    /// Settings were changed otherwise: another number of colours stays when edits are cleared.
    pub fn settings_changed(&mut self, old: &PhotoSettings, new: &PhotoSettings) {
        for (pane, (was, is)) in old.panes.iter().zip(&*new.panes).enumerate() {
            let (was, is) = (&was.source, &is.source);
            if was.given != is.given {
                let unedited =
                    is.locked.is_some().then_some(PaletteSource { locked: None, count: was.count, ..is.clone() });
                self.unedited[pane] = unedited;
                self.close();
            } else if let Some(unedited) = &mut self.unedited[pane]
                && was.count != is.count
            {
                unedited.count = is.count;
            }
        }
    }

    /// Whether a pane wants something else than before the first edit of its palette.
    pub fn is_edited(&self, settings: &PhotoSettings, pane: usize) -> bool {
        self.unedited[pane].as_ref().is_some_and(|unedited| *unedited != settings.panes[pane].source)
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

    /// The chosen colour and the one that is being mixed for its place, where they differ.
    pub fn draft(&self) -> Option<(Rgba, Rgba)> {
        match (self.chosen, self.gesture) {
            (Some(from), Gesture::Change(to)) if from != to => Some((from, to)),
            _ => None,
        }
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
