//! A photo beside its reduction, with the palette, the sizes, or one pixel followed on its way.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::assign::dithering::Dithering;
use crate::engine::colour::Space;
use crate::engine::control::Control;
use crate::engine::fit::Method;
use crate::lesson::error::LessonError;
use crate::run::photo;
use crate::spec::{FittedPalette, PaletteSpec, PhotoSpec, Stage};

/// Settings of a photo beside its reduction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PhotoShow {
    /// Entries of the palette, 1 to 256.
    pub colors: u16,
    /// How the palette is fitted.
    pub method: Method,
    /// Where colours are compared.
    pub space: Space,
    /// How pixels are mapped to the palette.
    pub dither: Dithering,
    /// What stands below the pictures.
    pub seen: Seen,
}

/// What stands below the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The entries of the palette.
    #[default]
    Palette,
    /// Raw and PNG bytes before and after.
    Sizes,
    /// The pixel under the pointer, its nearest entries and their distances.
    NearestEntry,
}

impl Default for PhotoShow {
    fn default() -> Self {
        let (method, space, dither) = (Method::KMeans, Space::Srgb, Dithering::NONE);
        Self { colors: 256, method, space, dither, seen: Seen::default() }
    }
}

impl PhotoShow {
    /// The reduction that the settings describe.
    pub fn spec(&self) -> PhotoSpec {
        let palette = FittedPalette { method: self.method, ..FittedPalette::new(self.colors) };
        PaletteSpec { space: self.space, dither: self.dither.canonical(), ..palette.into() }.into()
    }

    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { colors: stop as u16, ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        let original = names(["original"], &["colors", "raw-bytes", "png-bytes"]);
        [original, names(["palette"], &["colors", "bits", "psnr-db", "raw-bytes", "png-bytes"])].concat()
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let original = photo::original(from.image, Stage::Full, control)?;
        let report = photo::reduce(from.image, self.spec(), Stage::Full, control)?;
        let pixels = from.image.rgba.len() as f64;
        Ok(vec![
            original.colors as f64,
            3.0 * pixels,
            (from.png_bytes)(&original.picture)? as f64,
            report.colors() as f64,
            report.rate.bits_per_sample(),
            report.error.psnr_db,
            report.rate.total_bits().div_ceil(8) as f64,
            (from.png_bytes)(&report.picture)? as f64,
        ])
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.colors, 1..=256, "{} colours")
    }
}
