//! One palette or scale for all against one a part: of a photo, of a dark one with a bright pixel, of an outlier's row.

pub mod dark_photo;
pub mod outlier;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, check_shown, names};
use crate::engine::control::Control;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::local::outlier::{CASES, Case, outlier};
use crate::run::{photo, tensor};
use crate::spec::{FittedPalette, PhotoSpec, Stage, TILE_SIDES, TileSpec};

/// Settings of one palette or scale for all beside one for each part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LocalShow {
    /// What is cut into parts.
    pub seen: SeenLocal,
    /// Entries of the one palette.
    pub colors: u16,
    /// Entries of each tile's palette.
    pub tile_colors: u16,
    /// Pixels a side.
    pub tile: u16,
    /// How many times the largest the outlier is.
    pub strength: f32,
    /// The format of the weights that is drawn.
    pub format: String,
}

/// What is cut into parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenLocal {
    /// A photo with one palette beside one a tile.
    #[default]
    Tiles,
    /// A dark photo with one bright pixel.
    Pixel,
    /// A row of weights with an outlier.
    Weights,
}

/// The largest `strength` of an outlier; the smallest is 1.
pub const MOST_STRENGTH: f32 = 40.0;

impl Default for LocalShow {
    fn default() -> Self {
        let format = CASES[0].0.to_owned();
        Self { seen: SeenLocal::default(), colors: 16, tile_colors: 4, tile: 8, strength: 20.0, format }
    }
}

impl LocalShow {
    /// The photo under one palette of `colors` colours.
    pub fn one_palette(&self) -> PhotoSpec {
        FittedPalette::new(self.colors).into()
    }

    /// The photo with a palette of `tile_colors` colours for each tile.
    pub fn palette_a_tile(&self) -> PhotoSpec {
        FittedPalette {
            tiles: Some(TileSpec { side: self.tile, budget: None }),
            ..FittedPalette::new(self.tile_colors)
        }
        .into()
    }

    pub(super) fn turned_to(&self, stop: f64) -> Self {
        match self.seen {
            SeenLocal::Tiles => Self { tile: stop as u16, ..self.clone() },
            _ => Self { strength: stop as f32, ..self.clone() },
        }
    }

    pub(super) fn figure_names(&self) -> Vec<String> {
        match self.seen {
            SeenLocal::Tiles => names(["one", "tiles"], &["bits", "psnr-db"]),
            SeenLocal::Pixel => names(dark_photo::CASES.map(|(name, _)| name), &["greys", "psnr-db", "bits"]),
            SeenLocal::Weights => names(CASES.map(|(name, _)| name), &["error", "row-error", "bits", "outlier-kept"]),
        }
    }

    pub(super) fn figures(&self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        match self.seen {
            SeenLocal::Tiles => {
                let of = |spec: PhotoSpec| -> Result<[f64; 2], LessonError> {
                    let report = photo::reduce(from.image, spec, Stage::Full, control)?;
                    Ok([report.rate.bits_per_sample(), report.error.psnr_db])
                };
                Ok([of(self.one_palette())?, of(self.palette_a_tile())?].concat())
            }
            SeenLocal::Pixel => {
                let photo = dark_photo::measure(from.image, self.strength, control)?;
                let of = |c: &dark_photo::Case| [c.greys as f64, c.psnr_db, c.rate.bits_per_sample()];
                Ok(photo.cases.iter().flat_map(of).collect())
            }
            SeenLocal::Weights => {
                let original = tensor::original(from.model, from.tensor, control)?;
                let measured = outlier(&original.values, original.picture_width, self.strength, control)?;
                let kept = |decoded: &[f32]| match (decoded.get(measured.column), measured.row.get(measured.column)) {
                    (Some(&after), Some(&before)) => f64::from(after / before),
                    _ => f64::NAN,
                };
                let of = |c: &Case| {
                    let [error, row_error] = [c.error, c.row_error].map(|error| error.relative_error());
                    [error, row_error, c.rate.bits_per_sample(), kept(&c.decoded)]
                };
                Ok(measured.cases.iter().flat_map(of).collect())
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        for colors in [self.colors, self.tile_colors] {
            check_range(colors, 1..=256, "{} colours")?;
        }
        check_range(self.tile, TILE_SIDES, "tiles of {}")?;
        check_range(self.strength, 1.0..=MOST_STRENGTH, "an outlier × {}")?;
        check_shown(&self.format, &CASES.map(|(name, _)| name))
    }
}
