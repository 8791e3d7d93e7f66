//! A photo and a tensor under one dial: 2^bits colours beside weights of as many bits.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, names, on_dial};
use crate::engine::control::Control;
use crate::engine::format::{Format, LevelRule};
use crate::engine::theory::gaussian;
use crate::lesson::error::LessonError;
use crate::run::report::TensorReport;
use crate::run::{photo, tensor};
use crate::spec::{FittedPalette, Stage, WeightSettings};

/// Settings of a photo and a tensor under one dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BothShow {
    /// A stop of the dial.
    pub bits: u8,
    /// Integers from a zero point in place of symmetric ones.
    pub affine: bool,
    /// The scale is searched, as on the bridge; otherwise the group's largest weight sets it.
    pub searched: bool,
    /// Which view of the two is shown.
    pub seen: BothSeen,
}

/// A view of the photo and the tensor together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BothSeen {
    /// Photo and heat map, each beside its original.
    #[default]
    Pictures,
    /// Error against bits of both.
    Curve,
    /// The palette and the codes, used and unused.
    Levels,
    /// What is saved of 24 and of 16 bits.
    Sizes,
}

impl BothSeen {
    /// All views, in the order in which the window lists them.
    pub const ALL: [BothSeen; 4] = [BothSeen::Pictures, BothSeen::Curve, BothSeen::Levels, BothSeen::Sizes];

    /// The name of the view as people read it.
    pub fn label(self) -> &'static str {
        match self {
            BothSeen::Pictures => "Pictures",
            BothSeen::Curve => "Error against bits",
            BothSeen::Levels => "Levels",
            BothSeen::Sizes => "Sizes",
        }
    }
}

impl Default for BothShow {
    fn default() -> Self {
        Self { bits: 8, affine: false, searched: true, seen: BothSeen::default() }
    }
}

impl BothShow {
    /// Groups of 32.
    pub fn settings(self) -> WeightSettings {
        let rule = if self.affine { LevelRule::Affine } else { LevelRule::Symmetric };
        WeightSettings { rule, clip: self.searched, ..WeightSettings::default() }
    }

    /// The number format of the weights at `bits`.
    pub fn format(self) -> Format {
        self.settings().format(self.bits)
    }

    pub(super) fn turned_to(self, stop: f64) -> Self {
        Self { bits: stop as u8, ..self }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        let photo = names(["photo"], &["colors", "psnr-db", "sqnr-db", "bits"]);
        let weights = names(["weights"], &["codes", "levels", "rho", "sqnr-db", "bits"]);
        let searched = names(["searched"], &["levels", "rho"]);
        let theory = names(["theory"], &["shannon-db"]);
        [photo, weights, searched, theory].concat()
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let spec = FittedPalette::new(1 << self.bits);
        let photo = photo::reduce(from.image, spec, Stage::Full, control)?;
        let original = tensor::original(from.model, from.tensor, control)?;
        let reduced = |show: Self| -> Result<TensorReport, LessonError> {
            let report = tensor::reduce(from.model, &original, show.format(), Stage::Full, control)?;
            report.ok_or_else(|| LessonError::Sources("the tensor has no weights".to_owned()))
        };
        let (weights, searched) = (reduced(self)?, reduced(Self { searched: true, ..self })?);
        Ok(vec![
            photo.colors() as f64,
            photo.error.psnr_db,
            photo.error.sqnr_db,
            photo.rate.bits_per_sample(),
            f64::from(1u32 << self.bits),
            weights.levels.points.len() as f64,
            weights.error.relative_error(),
            weights.error.sqnr_db(),
            weights.rate.bits_per_sample(),
            searched.levels.points.len() as f64,
            searched.error.relative_error(),
            gaussian::shannon_db(weights.rate.bits_per_sample()),
        ])
    }

    pub(super) fn check(self) -> Result<(), LessonError> {
        on_dial(self.bits)
    }
}
