//! A run described as plain data: the key of every cache, the header of every export.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::assign::dithering::{Dithering, Pattern};
use crate::engine::block::Kind;
use crate::engine::colour::Space;
use crate::engine::fit::Method;
use crate::engine::format::{Format, Group, LevelRule};
use crate::engine::rows;
use crate::palette::Fixed;
use crate::source::photo::Photo;

/// One reduction of a photo, or what stands in the place of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PhotoSpec {
    /// To the colours of a palette.
    Palette(PaletteSpec),
    /// The values of each channel under a number format, as those of a tensor.
    Numbers(Format),
    /// A picture that was made elsewhere, measured against the photo as a reduction is.
    Candidate(Candidate),
}

/// An opened picture that is compared with an original: a clone is equal, another opening of the same file is not.
#[derive(Clone, Debug)]
pub struct Candidate(pub Arc<Photo>);

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Candidate {}

impl Hash for Candidate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// What a reduction of a photo is made for, which decides how its palette is found, where colours are compared and how
/// codes are chosen.
pub struct GoalRow {
    /// As on the command line.
    pub name: &'static str,
    /// As the window shows it.
    pub label: &'static str,
    /// What it is good for, in a sentence.
    pub hint: &'static str,
    /// Its settings.
    pub way: (Method, Space, Pattern),
}

rows! {
    /// What a reduction of a photo is made for.
    Goal: GoalRow, "goal";

    /// The picture is to look best; method and space are the pattern's own.
    Eye = GoalRow {
        name: "eye",
        label: "Best for the eye",
        hint: "Palette and codes are found together so that the picture looks best: what is left of the error is what the \
               eye sees least",
        way: (Method::KMeans, Space::Srgb, Pattern::Eye),
    },

    /// The squared error is to be least.
    Nearest = GoalRow {
        name: "nearest",
        label: "Nearest colours",
        hint: "The palette of the least squared error in sRGB, and each pixel its nearest entry: the highest PSNR",
        way: (Method::KMeans, Space::Srgb, Pattern::None),
    },
}

/// One reduction of a photo to a palette.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PaletteSpec {
    /// Which colours the palette has.
    pub entries: Entries,
    /// Where colours are compared, both when the palette is fitted and when pixels are mapped to it.
    pub space: Space,
    /// How pixels are mapped to the palette: each to its nearest entry, by error diffusion, or by thresholds.
    pub dither: Dithering,
}

/// The colours of a palette.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entries {
    /// They are fitted to the photo, or to each of its tiles.
    Fitted(FittedPalette),
    /// They are given, and stay in their order.
    Given(Fixed),
}

/// A palette that is fitted to a photo.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FittedPalette {
    /// How the palette is fitted.
    pub method: Method,
    /// Entries of the palette, 1 to 256, a transparent one included.
    pub colors: u16,
    /// Colours that are entries of every palette exactly as they are, whatever is fitted beside them: the first
    /// `colors` of them, towards which they count. Those of alpha 0 are left out.
    pub locked: Option<Fixed>,
    /// Square tiles, each with a palette of `colors` entries of its own; `None`: one palette.
    pub tiles: Option<TileSpec>,
}

/// Square tiles of a photo, each with a palette of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileSpec {
    /// Pixels a side, kept within [`TILE_SIDES`].
    pub side: u16,
    /// Each tile gets as many colours as it deserves; `None`: all get as many.
    pub budget: Option<TileBudget>,
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

impl TileSpec {
    /// Pixels a side within [`TILE_SIDES`].
    pub fn side(self) -> usize {
        usize::from(self.side.clamp(*TILE_SIDES.start(), *TILE_SIDES.end()))
    }
}

impl FittedPalette {
    /// So many entries by k-means, one palette for the whole photo.
    pub fn new(colors: u16) -> Self {
        Self { method: Method::KMeans, colors, locked: None, tiles: None }
    }

    /// The locked colours that can be seen, as many as there may be entries.
    pub fn locked_colors(&self) -> impl Iterator<Item = [u8; 4]> {
        let seen = self.locked.iter().flat_map(Fixed::colors).copied().filter(|c| c[3] > 0);
        seen.take(usize::from(self.colors))
    }
}

impl From<FittedPalette> for PaletteSpec {
    /// Colours are compared in sRGB, and each pixel takes its nearest entry.
    fn from(palette: FittedPalette) -> Self {
        Self { entries: Entries::Fitted(palette), space: Space::Srgb, dither: Dithering::NONE }
    }
}

impl From<PaletteSpec> for PhotoSpec {
    fn from(spec: PaletteSpec) -> Self {
        Self::Palette(spec)
    }
}

impl From<FittedPalette> for PhotoSpec {
    fn from(palette: FittedPalette) -> Self {
        Self::Palette(palette.into())
    }
}

impl PaletteSpec {
    /// The palette where it is fitted.
    pub fn fitted(&self) -> Option<&FittedPalette> {
        match &self.entries {
            Entries::Fitted(palette) => Some(palette),
            Entries::Given(_) => None,
        }
    }
}

impl PhotoSpec {
    /// What makes a palette, where there is one.
    pub fn palette(&self) -> Option<&PaletteSpec> {
        match self {
            Self::Palette(spec) => Some(spec),
            Self::Numbers(_) | Self::Candidate(_) => None,
        }
    }

    /// The picture that was made elsewhere, where it is one.
    pub fn candidate(&self) -> Option<&Photo> {
        match self {
            Self::Candidate(candidate) => Some(&candidate.0),
            Self::Palette(_) | Self::Numbers(_) => None,
        }
    }

    /// The palette where it is fitted.
    pub fn fitted(&self) -> Option<&FittedPalette> {
        self.palette()?.fitted()
    }

    /// The palette where it is given.
    pub fn given(&self) -> Option<&Fixed> {
        match &self.palette()?.entries {
            Entries::Fitted(_) => None,
            Entries::Given(palette) => Some(palette),
        }
    }

    /// The tiles, where there are any.
    pub fn tiles(&self) -> Option<TileSpec> {
        self.fitted()?.tiles
    }

    /// Where values are compared; number formats code those of sRGB, in which other pictures are stored, too.
    pub fn space(&self) -> Space {
        self.palette().map_or(Space::Srgb, |spec| spec.space)
    }

    /// How codes are chosen; number formats have no dither, and that of a picture made elsewhere is not known.
    pub fn dither(&self) -> Dithering {
        self.palette().map_or(Dithering::NONE, |spec| spec.dither)
    }

    /// The locked colours that can be seen, as many as there may be entries.
    pub fn locked_colors(&self) -> impl Iterator<Item = [u8; 4]> {
        self.fitted().into_iter().flat_map(FittedPalette::locked_colors)
    }

    /// "16 colours", "PICO-8", "4 colours a tile", "theirs.png".
    pub fn title(&self) -> String {
        let spec = match self {
            Self::Palette(spec) => spec,
            Self::Numbers(format) => return format.to_string(),
            Self::Candidate(candidate) => return candidate.0.name.clone(),
        };
        match &spec.entries {
            Entries::Given(palette) => palette.name().to_owned(),
            Entries::Fitted(FittedPalette { colors, tiles, .. }) => match tiles.map(|tiles| tiles.budget) {
                None => format!("{colors} colours"),
                Some(None) => format!("{colors} colours a tile"),
                Some(Some(TileBudget::SameSize)) => format!("{colors} colours a tile, allocated"),
                Some(Some(TileBudget::Centibits(n))) => format!("{} bits a pixel in tiles", f64::from(n) / 100.0),
            },
        }
    }

    /// How it is made, in words: "k-means, Oklab, Atkinson 80 %, 2 locked". The title says of how many colours.
    pub fn words(&self) -> String {
        let spec = match self {
            Self::Palette(spec) => spec,
            Self::Numbers(_) => return "a number format, channel by channel".to_owned(),
            Self::Candidate(candidate) => return format!("a picture from elsewhere, {}", candidate.0.format),
        };
        let given = self.given().map(|given| match given.list().is_measured() {
            true => "given colours as measured".to_owned(),
            false => "given colours".to_owned(),
        });
        let locked = self.locked_colors().count();
        let locked = (locked > 0).then(|| format!("{locked} locked"));
        given.into_iter().chain(spec.facts().into_iter().flatten()).chain(locked).collect::<Vec<_>>().join(", ")
    }

    /// The title with what tells it apart from others of the same photo: "16 colours, Atkinson".
    pub fn title_among(&self, all: &[&PhotoSpec]) -> String {
        let words = [self.title(), self.words_apart(all)];
        words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// What tells it apart from others of the same photo, in words: of method, space, dither and tiles those that are
    /// not the same wherever they have an effect.
    pub fn words_apart(&self, all: &[&PhotoSpec]) -> String {
        let Self::Palette(spec) = self else { return String::new() };
        let all: Vec<_> = all.iter().filter_map(|spec| spec.palette()).map(PaletteSpec::facts).collect();
        let differs = |(k, fact): &(usize, Option<String>)| all.iter().any(|f| f[*k].is_some() && f[*k] != *fact);
        let apart = spec.facts().into_iter().enumerate().filter(differs).filter_map(|(_, fact)| fact);
        apart.collect::<Vec<_>>().join(", ")
    }
}

impl PaletteSpec {
    /// Method, space, dither and tiles in words: "k-means", "Oklab", "Atkinson 80 %", "8 px tiles"; none where it has no
    /// effect.
    fn facts(&self) -> [Option<String>; 4] {
        let fitted = self.fitted();
        let Dithering { pattern, strength_percent, serpentine, linear, rate_weight_percent } = self.dither.canonical();
        let smaller = match rate_weight_percent {
            Dithering::RATE_WEIGHT => String::new(),
            other => format!(", rate weight {other} %"),
        };
        let strength =
            |of: &str| if strength_percent == 100 { String::new() } else { format!("{of} {strength_percent} %") };
        let dither = match pattern {
            Pattern::Eye => "best for the eye".to_owned() + &strength(", grain") + &smaller,
            Pattern::None => "no dither".to_owned(),
            Pattern::Diffusion(_) | Pattern::Ordered(_) => pattern.label().to_owned() + &strength(""),
        };
        let dials = [(serpentine, ", serpentine"), (linear, ", linear light")].into_iter();
        let dials: String = dials.filter_map(|(is_on, word)| is_on.then_some(word)).collect();
        // The eye's pattern has a method and a space of its own.
        let own = pattern == Pattern::Eye;
        [
            fitted.filter(|_| !own).map(|palette| palette.method.row().palette_label.to_owned()),
            (!own).then(|| self.space.label().to_owned()),
            Some(dither + &dials),
            fitted.and_then(|palette| palette.tiles).map(|tiles| format!("{} px tiles", tiles.side())),
        ]
    }
}

/// How far to go: something to look at at once, or the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// From a deterministic subsample, in well under 100 ms.
    Preview,
    /// From every sample, with a part of the work where that is asked for in steps.
    Draft,
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
