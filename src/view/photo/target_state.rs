//! What is asked of the window of bytes and quality.

use crate::run::target::Target;
use crate::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec};

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
    pub asked: Option<Target>,
}

impl Default for TargetState {
    fn default() -> Self {
        Self { is_open: false, kilobytes: 100.0, quality: 80.0, asked: None }
    }
}

/// What can be done in the window.
#[derive(Clone, Debug)]
pub enum TargetAct {
    /// Opens or closes it.
    Toggle,
    /// Looks for a file.
    Find(Target),
    /// Gives the chosen pane these settings.
    Take(PaletteSpec),
}

/// How a pane's palettes are made, whatever their number of colours; none where that number cannot be chosen.
pub fn base_of(spec: &PhotoSpec) -> Option<PaletteSpec> {
    let spec = spec.palette()?;
    let palette = spec.fitted().filter(|palette| palette.tiles.is_none())?;
    let entries = Entries::Fitted(FittedPalette { colors: 256, ..palette.clone() });
    Some(PaletteSpec { entries, ..spec.clone() })
}
