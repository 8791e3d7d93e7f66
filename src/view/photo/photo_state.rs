//! What belongs to one photo of those that are open, while another one is on show: settings, history, zoom.

use crate::palette::edit::PaletteSource;
use crate::picture::edits::Crop;
use crate::spec::PhotoSpec;
use crate::view::photo::history::{History, Snapshot};
use crate::view::photo::settings::{PaneSettings, PhotoSettings, close_place};
use crate::view::widgets::compare::viewport::Viewport;

/// What a photo that is not on show has of its own.
pub struct PhotoState {
    /// Its settings, edits, locks, and the kept results that its panes show.
    pub now: Snapshot,
    /// The states that undo and redo lead to.
    pub history: History,
    /// The chosen pane.
    pub pane: usize,
    /// The kept results that are compared, A and B.
    pub marks: [Option<u64>; 2],
    /// Zoom and place on the Photo tab, then on the bridge.
    pub viewports: [Viewport; 2],
}

impl PhotoState {
    /// Of a photo that was not looked at yet.
    pub fn new(settings: PhotoSettings, kept: Vec<u64>, pane: usize) -> Self {
        let now = Snapshot { settings, kept, ..Snapshot::default() };
        let history = History::new(now.clone());
        Self { now, history, pane, marks: [None; 2], viewports: [Viewport::default(); 2] }
    }

    /// What a pane, one of those that there are, would show: a kept result, whose settings `kept` knows by its number,
    /// or what the settings say.
    pub fn pane_spec(&self, pane: usize, kept: impl Fn(u64) -> Option<PhotoSpec>) -> PhotoSpec {
        let shown = self.now.shown.get(pane).copied().flatten().and_then(kept);
        shown.unwrap_or_else(|| self.now.settings.pane_spec(pane))
    }

    /// Takes a pane away with what it shows.
    pub fn close_pane(&mut self, pane: usize) {
        if self.now.settings.panes.close(pane) {
            close_place(&mut self.now.unedited, pane);
            close_place(&mut self.now.shown, pane);
            self.pane = self.pane.min(self.now.settings.panes.len() - 1);
        }
    }

    /// Takes settings that are for all photos. Its own locks stay, the part that is cut out of it, what is compared with
    /// it, and edits of a palette that is the same as before.
    pub fn share(&mut self, settings: &PhotoSettings) {
        let own = std::mem::replace(&mut self.now.settings, settings.clone());
        if matches!(own.edits.crop, Some(Crop::Area(_))) {
            self.now.settings.edits.crop = own.edits.crop;
        }
        let panes = self.now.settings.panes.iter_mut().zip(&mut self.now.unedited);
        for ((pane, unedited), own) in panes.zip(own.panes.iter()) {
            pane.candidate = own.candidate.clone();
            let base = unedited.as_ref().unwrap_or(&own.source);
            if (&base.given, base.count) == (&pane.source.given, pane.source.count) {
                pane.source = own.source.clone();
                continue;
            }
            let unlocked = pane.source.clone();
            pane.source.locked = own.source.locked.clone().filter(|_| pane.source.given.is_none());
            *unedited = pane.source.locked.is_some().then_some(PaletteSource { locked: None, ..unlocked });
        }
        // A pane that was not there before, or is not there now, has no edits.
        let in_both = own.panes.len().min(self.now.settings.panes.len());
        self.now.unedited.iter_mut().skip(in_both).for_each(|unedited| *unedited = None);
        for (pane, shown) in self.now.shown.iter_mut().enumerate() {
            let [was, is] = [&own, &self.now.settings].map(|settings| settings.panes.get(pane).map(PaneSettings::spec));
            *shown = shown.filter(|_| was == is);
        }
    }
}
