//! The choice of a dither as plain data: what caches are keyed by and exports say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::codes::How;
use super::diffusion::Diffusion;
use super::kernel::KernelName;
use super::mask::Mask;
use crate::engine::error::NameError;

/// How the levels of neighbouring samples are varied, so that a flat area keeps its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Pattern {
    /// Every sample takes its nearest level.
    #[default]
    None,
    /// Codes and palette are found together under a filter that models the eye, in a space of its own: the best to look
    /// at. Its strength is its grain, up to 200 percent.
    Eye,
    /// Errors are handed on to the neighbours.
    Diffusion(KernelName),
    /// A level is chosen by the threshold of its place: an even grain that stays where it is.
    Ordered(Mask),
}

impl Pattern {
    /// Those that are neither a kernel nor a mask.
    const OTHERS: usize = 2;

    /// No dither, the eye's, then every kernel and every mask.
    pub const ALL: [Pattern; Self::OTHERS + KernelName::ALL.len() + Mask::ALL.len()] = {
        let mut all = [Pattern::None; Self::OTHERS + KernelName::ALL.len() + Mask::ALL.len()];
        let mut at = Self::OTHERS;
        all[1] = Pattern::Eye;
        while at < all.len() {
            all[at] = match at - Self::OTHERS {
                kernel if kernel < KernelName::ALL.len() => Pattern::Diffusion(KernelName::ALL[kernel]),
                other => Pattern::Ordered(Mask::ALL[other - KernelName::ALL.len()]),
            };
            at += 1;
        }
        all
    };

    /// As on the command line and in exports.
    pub fn name(self) -> &'static str {
        match self {
            Pattern::None => "none",
            Pattern::Eye => "eye",
            Pattern::Diffusion(kernel) => kernel.name(),
            Pattern::Ordered(mask) => mask.name(),
        }
    }

    /// As the window shows it.
    pub fn label(self) -> &'static str {
        match self {
            Pattern::None => "No dither",
            Pattern::Eye => "Best for the eye",
            Pattern::Diffusion(kernel) => kernel.row().label,
            Pattern::Ordered(mask) => mask.row().label,
        }
    }

    /// The most that its strength can be.
    pub const fn most_percent(self) -> u8 {
        match self {
            Pattern::Eye => 200,
            Pattern::None | Pattern::Diffusion(_) | Pattern::Ordered(_) => 100,
        }
    }

    /// The pattern of a name as on the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pattern| pattern.name() == name)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Pattern {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        Self::from_name(name).ok_or_else(|| NameError::Unknown { what: "dither", name: name.to_owned() })
    }
}

kept_by_name!(Pattern);

/// A pattern with its dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dithering {
    /// Which error diffusion or threshold mask, if any.
    pub pattern: Pattern,
    /// 0 to 100. Of error diffusion: the share of each error that is passed on. Of ordered dither: how
    /// much of the way from the nearest level to the sample the mean goes. Of the eye's pattern, 0 to 200: its grain,
    /// how much neighbours make up for each other.
    pub strength_percent: u8,
    /// Error diffusion walks odd rows from right to left. Means nothing to other patterns.
    pub serpentine: bool,
    /// Error diffusion adds errors up in linear light, where a blend of neighbours is what the eye sees from afar.
    /// Means nothing to other patterns.
    #[serde(default)]
    pub linear: bool,
    /// Of the eye's pattern: what a smaller file counts, in percent of the energy of a pixel on the mean (see
    /// [`super::eye::Request::rate_weight`]). Means nothing to other patterns.
    #[serde(default)]
    pub rate_weight_percent: u16,
}

impl Default for Dithering {
    fn default() -> Self {
        Self::NONE
    }
}

impl Dithering {
    /// What a smaller file counts where nothing is said: nothing is lost by it.
    pub const RATE_WEIGHT: u16 = 30;

    /// Every sample takes its nearest level.
    pub const NONE: Dithering = Dithering::of(Pattern::None);

    /// A pattern as its authors described it: at full strength, all rows from left to right.
    pub const fn of(pattern: Pattern) -> Self {
        let rate_weight_percent = if matches!(pattern, Pattern::Eye) { Self::RATE_WEIGHT } else { 0 };
        Self { pattern, strength_percent: 100, serpentine: false, linear: false, rate_weight_percent }
    }

    /// One setting for all settings that give the same codes, so that a dial that does nothing makes
    /// no new entry in a cache.
    pub fn canonical(self) -> Self {
        let strength_percent = self.strength_percent.min(self.pattern.most_percent());
        match self.pattern {
            _ if strength_percent == 0 => Self::NONE,
            Pattern::None => Self::NONE,
            Pattern::Eye => Self { strength_percent, serpentine: false, linear: false, ..self },
            Pattern::Diffusion(_) => Self { strength_percent, rate_weight_percent: 0, ..self },
            Pattern::Ordered(_) => Self { strength_percent, ..Self::of(self.pattern) },
        }
    }

    /// 0 to 1; of the eye's pattern 0 to 2.
    pub fn strength(self) -> f32 {
        f32::from(self.strength_percent.min(self.pattern.most_percent())) / 100.0
    }

    /// The grain of the eye's pattern: 1 is the default.
    pub fn grain(self) -> Option<f32> {
        (self.canonical().pattern == Pattern::Eye).then(|| self.strength())
    }

    /// Whether errors are to be added up in linear light.
    pub fn in_light(self) -> bool {
        self.canonical().linear
    }

    /// What it does to codes, wherever errors are added up. The eye's pattern is of whole pictures and found elsewhere (see
    /// [`super::eye`]): samples in rows take their nearest levels.
    pub fn how(self) -> How<'static> {
        let (pattern, strength) = (self.canonical().pattern, self.strength());
        match pattern {
            Pattern::None | Pattern::Eye => How::Nearest,
            Pattern::Diffusion(name) => {
                How::Diffusion(Diffusion { kernel: name, serpentine: self.serpentine, strength })
            }
            Pattern::Ordered(mask) => How::Ordered { mask, strength },
        }
    }
}
