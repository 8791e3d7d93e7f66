//! What is asked of the window of bytes and quality.

use crate::run::target::Target;
use crate::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec};
use crate::view::document::PhotoKey;

/// A file that is looked for: of which photo, how it is made but for its number of colours, and what it is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetKey {
    /// The photo, and how palettes are made.
    pub photo: PhotoKey,
    /// What the file is to be.
    pub target: Target,
}

/// The window of bytes and quality: whether it is open, and what is looked for.
#[derive(Clone, Debug)]
pub struct TargetState {
    /// Whether the window is open.
    pub is_open: bool,
    /// Kilobytes at most, as they stand in their field.
    pub kilobytes: f64,
    /// SSIMULACRA2 at least, as it stands in its field.
    pub quality: f64,
    /// What is looked for, once it was asked for.
    pub asked: Option<TargetKey>,
    /// What was last taken, and what it was found from: as long as a pane shows it, the search starts there again.
    taken: Option<(PaletteSpec, PaletteSpec)>,
}

impl Default for TargetState {
    fn default() -> Self {
        Self { is_open: false, kilobytes: 100.0, quality: 80.0, asked: None, taken: None }
    }
}

/// What can be done in the window.
#[derive(Clone, Debug)]
pub enum TargetAct {
    /// Opens or closes it.
    Toggle,
    /// Looks for a file.
    Find(TargetKey),
    /// Gives the chosen pane these settings, which were found from other ones.
    Take(PaletteSpec, PaletteSpec),
}

impl TargetState {
    /// Opens or closes the window.
    pub fn toggle(&mut self) {
        (self.is_open, self.asked) = (!self.is_open, None);
    }

    /// A pane shows now what was found from `base`.
    pub fn took(&mut self, found: PaletteSpec, base: PaletteSpec) {
        self.taken = Some((found, base));
    }

    /// How a pane's palettes are made, whatever their number of colours; none where that number cannot be chosen.
    pub fn base(&self, shown: &PhotoSpec) -> Option<PaletteSpec> {
        let spec = shown.palette()?;
        if let Some((_, base)) = self.taken.as_ref().filter(|(taken, _)| taken == spec) {
            return Some(base.clone());
        }
        let palette = spec.fitted().filter(|palette| palette.tiles.is_none())?;
        let entries = Entries::Fitted(FittedPalette { colors: 256, ..palette.clone() });
        Some(PaletteSpec { entries, ..spec.clone() })
    }
}
