//! A run described as plain data: the key of every cache, the header of every export.

use serde::{Deserialize, Serialize};

use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::block::Kind;
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::format::{Format, Group, LevelRule};
use crate::palette::Fixed;

/// One reduction of a photo to a palette, or under a number format.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoSpec {
    /// A number format for the values of each channel, as a tensor has one: then nothing below means anything.
    pub format: Option<Format>,
    /// Colours that are given: then `method`, `colors`, `locked` and `tile` mean nothing.
    pub palette: Option<Fixed>,
    /// Colours that are entries of every palette exactly as they are, whatever is fitted beside them: the first
    /// `colors` of them, towards which they count. Those of alpha 0 are left out.
    pub locked: Option<Fixed>,
    /// How the palette is fitted.
    pub method: Method,
    /// Where colours are compared, both when the palette is fitted and when pixels are mapped to it.
    pub space: Space,
    /// How pixels are mapped to the palette: each to its nearest entry, by error diffusion, or by thresholds.
    pub dither: Dithering,
    /// Entries of the palette, 1 to 256, a transparent one included.
    pub colors: u16,
    /// The side in pixels of square tiles, each with a palette of `colors` entries of its own; `None`: one palette.
    /// Kept within [`TILE_SIDES`].
    pub tile: Option<u16>,
    /// With tiles: each gets as many colours as it deserves; `None`: all get `colors`.
    pub tile_budget: Option<TileBudget>,
}

/// What the palettes and codes of all tiles may take together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileBudget {
    /// As much as `colors` for each would.
    SameSize,
    /// Hundredths of a bit a pixel.
    Centibits(u16),
}

/// Sides of tiles: smaller ones would store more palette than picture.
pub const TILE_SIDES: std::ops::RangeInclusive<u16> = 4..=64;

impl Default for PhotoSpec {
    fn default() -> Self {
        Self {
            format: None,
            palette: None,
            locked: None,
            method: Method::KMeans,
            space: Space::Srgb,
            dither: Dithering::NONE,
            colors: 16,
            tile: None,
            tile_budget: None,
        }
    }
}

impl PhotoSpec {
    /// The side of its tiles, where it has any.
    pub fn tile_side(&self) -> Option<usize> {
        let side = self.tile.filter(|_| self.palette.is_none() && self.format.is_none())?;
        Some(usize::from(side.clamp(*TILE_SIDES.start(), *TILE_SIDES.end())))
    }

    /// How bits are allocated to its tiles, where they are.
    pub fn tile_allocation(&self) -> Option<TileBudget> {
        self.tile_budget.filter(|_| self.tile_side().is_some())
    }

    /// The locked colours that can be seen, as many as there may be entries.
    pub fn locked_colors(&self) -> impl Iterator<Item = [u8; 4]> {
        let locked = self.locked.as_ref().filter(|_| self.palette.is_none() && self.format.is_none());
        let seen = locked.into_iter().flat_map(|l| l.colors()).copied().filter(|c| c[3] > 0);
        seen.take(usize::from(self.colors))
    }

    /// "16 colours", "PICO-8", "4 colours a tile".
    pub fn title(&self) -> String {
        if let Some(format) = self.format {
            return format.to_string();
        }
        let name = self.palette.as_ref().map_or_else(|| format!("{} colours", self.colors), |p| p.name().to_owned());
        match (self.tile_side(), self.tile_budget) {
            (None, _) => name,
            (Some(_), None) => name + " a tile",
            (Some(_), Some(TileBudget::SameSize)) => name + " a tile, allocated",
            (Some(_), Some(TileBudget::Centibits(n))) => format!("{} bits a pixel in tiles", f64::from(n) / 100.0),
        }
    }

    /// How it is made, in words: "k-means, Oklab, Atkinson 80 %, 2 locked". The title says of how many colours.
    pub fn words(&self) -> String {
        if self.format.is_some() {
            return "a number format, channel by channel".to_owned();
        }
        let method = if self.palette.is_none() { self.method.row().palette_label } else { "given colours" }.to_owned();
        let mut words = vec![method, self.space.label().to_owned()];
        let Dithering { pattern, strength_percent, serpentine, linear } = self.dither.canonical();
        if pattern == Pattern::None {
            words.push("no dither".to_owned());
        } else {
            let strength = if strength_percent < 100 { format!(" {strength_percent} %") } else { String::new() };
            words.push(pattern.label().to_owned() + &strength);
        }
        words.extend(serpentine.then(|| "serpentine".to_owned()));
        words.extend(linear.then(|| "linear light".to_owned()));
        words.extend(self.tile_side().map(|side| format!("{side} px tiles")));
        let locked = self.locked_colors().count();
        words.extend((locked > 0).then(|| format!("{locked} locked")));
        words.join(", ")
    }
}

/// How far to go: something to look at at once, or the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// From a deterministic subsample, in well under 100 ms.
    Preview,
    /// From every sample.
    Full,
}

/// One reduction of a tensor: which one, and under which number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TensorSpec {
    /// The tensor's place in its file's list.
    pub tensor: usize,
    /// The number format that it is coded in.
    pub format: Format,
}

/// What people deploy, at 8, 4 and 2 bits: what is looked at where nothing else is said.
pub fn usual_formats() -> [Format; 3] {
    [Kind::Q8_0, Kind::Q4K, Kind::Q2K].map(Format::block)
}

/// What all panes of the weights share; each adds its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeightSettings {
    /// Which levels the codes stand for.
    pub rule: LevelRule,
    /// Which weights share a scale or a codebook.
    pub group: Group,
    /// Whether the clipping of each group is searched for the least squared error; no effect on fitted levels.
    pub clip: bool,
}

impl Default for WeightSettings {
    fn default() -> Self {
        Self { rule: LevelRule::Symmetric, group: Group::Run(32), clip: true }
    }
}

impl WeightSettings {
    /// The format at a width. NF4 exists at 4 bits only: at others it is symmetric integers.
    pub fn format(self, bits: u8) -> Format {
        let rule = if self.rule == LevelRule::NF4 && bits != 4 { LevelRule::Symmetric } else { self.rule };
        let format = Format::new(rule, bits, self.group);
        if self.clip && !matches!(rule, LevelRule::Fitted(_)) { format.with_clip() } else { format }
    }
}
