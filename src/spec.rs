//! A run described as plain data: the key of every cache, the header of every export.

use serde::{Deserialize, Serialize};

use crate::engine::assign::dithering::Dithering;
use crate::engine::fit::Method;
use crate::engine::format::{Format, Group, LevelRule};
use crate::palette::Fixed;

/// The colour space in which colours are compared while a palette is fitted and pixels are mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// The 8-bit codes as they are: least squared error, highest PSNR.
    Srgb,
    /// Oklab (Björn Ottosson, 2020): distances that follow the eye.
    Oklab,
}

/// One reduction of a photo to a palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhotoSpec {
    /// Colours that are given: then `method` and `colors` mean nothing.
    pub palette: Option<Fixed>,
    pub method: Method,
    pub space: Space,
    pub dither: Dithering,
    /// Entries of the palette, 1 to 256, a transparent one included.
    pub colors: u16,
}

impl Default for PhotoSpec {
    fn default() -> Self {
        Self { palette: None, method: Method::KMeans, space: Space::Srgb, dither: Dithering::NONE, colors: 16 }
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

impl Space {
    pub const ALL: [Space; 2] = [Space::Srgb, Space::Oklab];

    pub fn label(self) -> &'static str {
        match self {
            Space::Srgb => "sRGB",
            Space::Oklab => "Oklab",
        }
    }
}

/// One reduction of a tensor: which one, and under which number format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TensorSpec {
    /// The tensor's place in its file's list.
    pub tensor: usize,
    pub format: Format,
}

/// What all panes of the weights share; each adds its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeightSettings {
    pub rule: LevelRule,
    pub group: Group,
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
