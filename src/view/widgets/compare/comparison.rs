//! What is compared: the panes with their pictures, how they are set side by side, and what lives on between frames.

use std::sync::Arc;

use super::legend::ErrorScale;
use super::pane::PaneTexture;
use super::viewport::Viewport;
use crate::picture::Picture;
use crate::view::widgets::compare::mode::Mode;

/// What lives on between frames.
pub struct CompareState {
    /// The pan and zoom that all panes share.
    pub viewport: Viewport,
    /// Where the split's line is, 0 to 1.
    pub(super) split: f32,
    pub(super) textures: Vec<PaneTexture>,
    pub(super) lens: Vec<PaneTexture>,
    pub(super) veils: Vec<PaneTexture>,
}

impl Default for CompareState {
    fn default() -> Self {
        Self { viewport: Viewport::default(), split: 0.5, textures: Vec::new(), lens: Vec::new(), veils: Vec::new() }
    }
}

/// A pixel that the pointer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoveredPixel {
    /// The pane that shows it, from 0.
    pub pane: usize,
    /// Its column and row in the picture.
    pub pixel: (u32, u32),
}

/// A pane's content; the first pane is the original. What is left out is empty.
#[derive(Default)]
pub struct PaneContent<'a> {
    /// What the pane is called, at the left above its picture.
    pub title: &'a str,
    /// What more there is to say of the title, where there is room.
    pub detail: &'a str,
    /// Figures, at the right of the title.
    pub caption: &'a str,
    /// The picture; in the mode of error maps, only that of the original is drawn.
    pub picture: Option<&'a Arc<Picture>>,
    /// A reduction's map of the error, drawn in the mode of error maps.
    pub error_map: Option<&'a Arc<Picture>>,
    /// What the error map's colours mean.
    pub error_scale: Option<ErrorScale>,
    /// What is shown is older than what is wanted: how far that is, 0 to 1.
    pub stale: Option<f32>,
    /// Why there is nothing to show.
    pub message: Option<&'a str>,
    /// Points at the right of the title that are left free.
    pub room: f32,
}

/// The panes and what they have in common.
pub struct Comparison<'a> {
    /// Tells apart comparisons in one window.
    pub name: &'a str,
    /// The original first, then its reductions.
    pub panes: &'a [PaneContent<'a>],
    /// Size of the original in pixels: what pan and zoom speak of.
    pub extent: (u32, u32),
    /// How the panes are drawn.
    pub mode: Mode,
    /// The pane that split and flicker set the chosen one against.
    pub base: usize,
    /// The chosen pane, at least 1.
    pub selected: usize,
    /// Draw the original in place of every reduction, while its key is held.
    pub show_original: bool,
    /// Draw squares behind the pictures.
    pub transparent: bool,
    /// The magnifier is on: what it says of a pixel of a pane.
    pub lens: Option<LensText<'a>>,
    /// What is marked in all panes.
    pub marks: Marks<'a>,
}

impl<'a> Comparison<'a> {
    /// Side by side and with nothing else: no pane is chosen, no magnifier is on, nothing is transparent or marked.
    pub fn side_by_side(name: &'a str, panes: &'a [PaneContent<'a>], extent: (u32, u32)) -> Self {
        let (mode, lens, marks) = (Mode::SideBySide, None, Marks::default());
        let (base, selected, show_original, transparent) = (0, 0, false, false);
        Self { name, panes, extent, mode, base, selected, show_original, transparent, lens, marks }
    }
}

/// What is marked in every pane, since the pointer is over it elsewhere.
#[derive(Clone, Copy, Default)]
pub struct Marks<'a> {
    /// A row of pixels to outline, from 0 at the top.
    pub row: Option<u32>,
    /// Laid over the pictures.
    pub veil: Option<&'a Arc<Picture>>,
    /// Pixels that would not be seen otherwise.
    pub pixels: &'a [(u32, u32)],
}

/// The picture of pane `i` as the mode and the held key want it.
pub(super) fn shown_picture<'a>(c: &Comparison<'a>, i: usize) -> Option<&'a Arc<Picture>> {
    if c.show_original {
        return c.panes.first().and_then(|p| p.picture);
    }
    let pane = &c.panes[i];
    if c.mode == Mode::ErrorMap && i > 0 { pane.error_map } else { pane.picture }
}

/// What is to be said of a pixel of a pane, in short lines.
pub type LensText<'a> = &'a dyn Fn(usize, (u32, u32)) -> Vec<String>;
