//! How the photo is reduced, pane by pane.

use std::ops::{Deref, DerefMut};

use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::format::Format;
use crate::palette::edit::PaletteSource;
use crate::picture::edits::PhotoEdits;
use crate::spec::{self, Candidate, Entries, FittedPalette, PaletteSpec, PhotoSpec, TileBudget, TileSpec};

/// Most reductions of the photo beside each other.
pub const MOST_PANES: usize = 4;

/// How photos are reduced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoSettings {
    /// What is done to the photo before it is reduced.
    pub edits: PhotoEdits,
    /// What each pane shows.
    pub panes: Panes,
}

/// The settings of all panes, from left to right: at least one and at most [`MOST_PANES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panes(Vec<PaneSettings>);

/// What one pane of the photo shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaneSettings {
    /// Where its palette comes from.
    pub source: PaletteSource,
    /// A number format in place of the palette, which comes back with the next choice of colours.
    pub format: Option<Format>,
    /// A picture from elsewhere in place of any reduction, which comes back with the next choice for this pane.
    pub candidate: Option<Candidate>,
    /// How its palette is fitted.
    pub method: Method,
    /// The space in which colours are compared while the palette is fitted and pixels are mapped.
    pub space: Space,
    /// The dither pattern with its settings.
    pub dither: Dithering,
    /// The side of tiles with a palette of their own.
    pub tile: Option<u16>,
    /// Whether each tile gets as many colours as it deserves, at the same size.
    pub tile_budget: bool,
}

/// What a reduction is made for, which decides its method, space and dither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The least of the error is to be seen.
    Eye,
    /// The squared error is to be least.
    Nearest,
    /// Any other settings, chosen one by one.
    Custom,
}

/// Sides of tiles to choose from, in pixels.
pub const TILES: [u16; 4] = [4, 8, 16, 32];

/// Method, space and dither of a goal.
const fn settings_of(goal: spec::Goal) -> (Method, Space, Dithering) {
    let (method, space, pattern) = goal.row().way;
    (method, space, Dithering::of(pattern))
}

impl Goal {
    /// Method, space and dither that serve the goal, without tiles; none where they are chosen one by one.
    pub fn preset(self) -> Option<(Method, Space, Dithering)> {
        let goal = match self {
            Goal::Eye => spec::Goal::Eye,
            Goal::Nearest => spec::Goal::Nearest,
            Goal::Custom => return None,
        };
        Some(settings_of(goal))
    }

    /// Gives a pane the settings that serve the goal; its colours stay.
    pub fn apply(self, pane: &mut PaneSettings) {
        if let Some(preset) = self.preset() {
            (pane.method, pane.space, pane.dither) = preset;
            (pane.tile, pane.tile_budget) = (None, false);
        }
    }
}

impl PaneSettings {
    /// So many colours, best for the eye.
    fn of_colors(count: u16) -> Self {
        let (method, space, dither) = settings_of(spec::Goal::Eye);
        let source = PaletteSource { given: None, locked: None, count };
        Self { source, format: None, candidate: None, method, space, dither, tile: None, tile_budget: false }
    }

    /// The goal that the settings serve.
    pub fn goal(&self) -> Goal {
        let preset = [Goal::Eye, Goal::Nearest].into_iter().find(|goal| goal.preset() == Some(self.effective()));
        preset.filter(|_| self.tiles().is_none()).unwrap_or(Goal::Custom)
    }

    /// Method, space and dither, as far as they have an effect.
    fn effective(&self) -> (Method, Space, Dithering) {
        let own = (self.method, self.space, self.dither);
        let (method, space, _) = if self.is_for_eye() { settings_of(spec::Goal::Eye) } else { own };
        (method, space, self.dither.canonical())
    }

    /// Whether palette and codes are found together for the eye: then method, space and tiles have no effect.
    pub fn is_for_eye(&self) -> bool {
        self.dither.canonical().pattern == Pattern::Eye
    }

    fn tiles(&self) -> Option<u16> {
        self.tile.filter(|_| !self.is_for_eye())
    }

    /// What the pane shows.
    pub fn spec(&self) -> PhotoSpec {
        if let Some(candidate) = &self.candidate {
            return PhotoSpec::Candidate(candidate.clone());
        }
        let (source, format, (method, space, dither)) = (self.source.clone(), self.format, self.effective());
        let budget = self.tile_budget.then_some(TileBudget::SameSize);
        let entries = match (format, source.given) {
            (Some(format), _) => return PhotoSpec::Numbers(format),
            (None, Some(given)) => Entries::Given(given),
            (None, None) => Entries::Fitted(FittedPalette {
                method,
                colors: source.count,
                locked: source.locked,
                tiles: self.tiles().map(|side| TileSpec { side, budget }),
            }),
        };
        PaletteSpec { entries, space, dither }.into()
    }

    /// With what shows this reduction.
    #[must_use]
    pub fn showing(&self, spec: &PhotoSpec) -> Self {
        let mut pane = Self { candidate: None, ..self.clone() };
        match spec.clone() {
            PhotoSpec::Candidate(candidate) => pane.candidate = Some(candidate),
            PhotoSpec::Numbers(format) => pane.format = Some(format),
            PhotoSpec::Palette(PaletteSpec { entries, space, dither }) => {
                (pane.space, pane.dither, pane.format) = (space, dither, None);
                match entries {
                    Entries::Given(palette) => pane.source.given = Some(palette),
                    Entries::Fitted(FittedPalette { method, colors: count, locked, tiles }) => {
                        pane.source = PaletteSource { given: None, locked, count };
                        (pane.method, pane.tile) = (method, tiles.map(|tiles| tiles.side));
                        pane.tile_budget = tiles.is_some_and(|tiles| tiles.budget.is_some());
                    }
                }
            }
        }
        pane
    }

    /// Changes method, space, dither and tiles where they differ between `old` and `new`.
    fn follow(&mut self, old: &Self, new: &Self) {
        if old.method != new.method {
            self.method = new.method;
        }
        if old.space != new.space {
            self.space = new.space;
        }
        if old.dither != new.dither {
            self.dither = new.dither;
        }
        if (old.tile, old.tile_budget) != (new.tile, new.tile_budget) {
            (self.tile, self.tile_budget) = (new.tile, new.tile_budget);
        }
    }
}

impl Default for Panes {
    fn default() -> Self {
        Self([256, 16, 4].map(PaneSettings::of_colors).into())
    }
}

impl Deref for Panes {
    type Target = [PaneSettings];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Panes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Panes {
    /// Adds a pane at the end with the settings of the one at this place; returns whether there was room.
    pub fn add_like(&mut self, pane: usize) -> bool {
        let like = self.0.get(pane).filter(|_| self.0.len() < MOST_PANES).cloned();
        let has_room = like.is_some();
        self.0.extend(like);
        has_room
    }

    /// Takes a pane away, unless it is the only one; returns whether it did.
    pub fn close(&mut self, pane: usize) -> bool {
        let closes = self.0.len() > 1 && pane < self.0.len();
        if closes {
            self.0.remove(pane);
        }
        closes
    }
}

impl PhotoSettings {
    /// What a pane shows; `pane` is less than their number.
    pub fn pane_spec(&self, pane: usize) -> PhotoSpec {
        self.panes[pane].spec()
    }

    /// With other settings of one pane. Where they are for `all`, the other panes follow in method, space, dither and
    /// tiles, as far as those were changed; their colours stay.
    #[must_use]
    pub fn with_pane(&self, pane: usize, settings: PaneSettings, all: bool) -> Self {
        let mut new = self.clone();
        let others = new.panes.iter_mut().filter(|_| all);
        others.for_each(|other| other.follow(&self.panes[pane], &settings));
        new.panes[pane] = settings;
        new
    }

    /// These settings, chosen after `old` ones: where the pane showed a picture from elsewhere and was set otherwise, its
    /// reduction is back.
    pub fn chosen_after(mut self, old: &PhotoSettings, pane: usize) -> Self {
        if let (Some(pane), Some(was)) = (self.panes.get_mut(pane), old.panes.get(pane))
            && pane.candidate == was.candidate
            && pane != was
        {
            pane.candidate = None;
        }
        self
    }

    /// With the settings that serve a goal in one pane, or in all.
    #[must_use]
    pub fn with_goal(&self, goal: Goal, pane: usize, all: bool) -> Self {
        let mut new = self.clone();
        let panes = new.panes.iter_mut().enumerate().filter(|(i, _)| all || *i == pane);
        panes.for_each(|(_, pane)| goal.apply(pane));
        new.panes[pane].candidate = None;
        new
    }
}

/// Takes what is of a pane out of what is of each: of those behind it, each moves one place forward.
pub fn close_place<T: Default>(of_panes: &mut [T], pane: usize) {
    if let Some(from) = of_panes.get_mut(pane..) {
        from.rotate_left(usize::from(!from.is_empty()));
        from.last_mut().into_iter().for_each(|last| *last = T::default());
    }
}
