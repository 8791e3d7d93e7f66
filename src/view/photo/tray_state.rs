//! The tray of photos that are open: what can be asked of it, and whom settings are for.

use std::collections::HashMap;

use egui::TextureHandle;

use crate::view::document::DocumentId;

/// Which photos a setting is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All that are open; locks and edits stay each photo's own.
    #[default]
    All,
    /// The one that is on show.
    This,
}

/// What can be asked of the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayAction {
    /// Shows this photo.
    Choose(DocumentId),
    /// Shows the photo so many places further on (+) or back (−).
    Step(i32),
    /// Closes this photo.
    Close(DocumentId),
    /// Sets whom settings are for.
    SetScope(Scope),
}

/// What the tray keeps.
#[derive(Default)]
pub struct TrayState {
    /// Whom settings are for.
    pub scope: Scope,
    /// The small pictures that were drawn.
    pub(crate) textures: HashMap<DocumentId, TextureHandle>,
    /// The photo that was scrolled to, so that it is done once.
    pub(crate) scrolled_to: Option<DocumentId>,
    /// The place that takes the keyboard, after the photo there was closed by it.
    pub(crate) focus: Option<usize>,
}
