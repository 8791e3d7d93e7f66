//! Nearest codes beside those of error feedback: on a photo, on a layer with its inputs, or in the whole model.

pub mod compute;

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sources, check_range, names};
use crate::engine::control::Control;
use crate::lesson::error::LessonError;
use crate::lesson::exhibits::feedback::compute::{LayerSpec, LayerWay, ModelWay, of_layer, of_model, of_photo};

use crate::engine::format::{Format, Group};
use crate::language::architecture::{Architecture, Part};
use crate::run::report::PhotoReport;

/// Settings of nearest codes beside those of error feedback.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackShow {
    /// What is coded: a photo, a layer, or the whole model.
    pub subject: Subject,
    /// Entries of the photo's palette.
    pub colors: u16,
    /// Bits of the weights' codes, 2 to 8; groups of 32 share a scale.
    pub bits: u8,
    /// The layer of the model that is looked at, from 0.
    pub layer: usize,
    /// The matrix of that layer.
    pub part: Part,
    /// The inputs as they are; otherwise inputs of the same powers that have nothing to do with one another.
    pub correlated: bool,
    /// The input whose row of the filter is shown.
    pub column: usize,
}

/// What is coded with error feedback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The pixels of the photo: Floyd–Steinberg diffusion.
    #[default]
    Photo,
    /// One matrix of the model with its inputs: diffusion along the row, and GPTQ.
    Layer,
    /// All matrices of the model: GPTQ.
    Model,
}

impl Default for FeedbackShow {
    fn default() -> Self {
        Self {
            subject: Subject::default(),
            colors: 16,
            bits: 3,
            layer: 1,
            part: Part::Gate,
            correlated: true,
            column: 0,
        }
    }
}

impl FeedbackShow {
    /// Symmetric integers of `bits` bits in groups of 32, with the clipping searched.
    pub fn format(&self) -> Format {
        Format::int(self.bits, Group::Run(32)).with_clip()
    }

    pub(super) fn turned_to(self, stop: f64) -> Self {
        match self.subject {
            Subject::Photo => Self { colors: stop as u16, ..self },
            _ => Self { bits: stop as u8, ..self },
        }
    }

    pub(super) fn figure_names(self) -> Vec<String> {
        match self.subject {
            Subject::Photo => names(["nearest", "diffused"], &["psnr-db", "afar-db", "bits"]),
            Subject::Layer => names(["nearest", "along-the-row", "gptq", "polished"], &["rho", "output-rho", "moved"]),
            Subject::Model => names(["nearest", "gptq"], &["rho", "output-rho", "kl", "perplexity"]),
        }
    }

    pub(super) fn figures(self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        let loaded = from.loaded;
        match self.subject {
            Subject::Photo => {
                let photo = of_photo(from.image, self.colors, control)?;
                let of = |r: PhotoReport| [r.error.psnr_db, r.psnr_afar_db, r.rate.bits_per_sample()];
                Ok([of(photo.nearest), of(photo.diffused)].concat())
            }
            Subject::Layer => {
                let place = Architecture::place(self.layer, self.part);
                let spec = LayerSpec { place, format: self.format(), correlated: self.correlated };
                let layer = of_layer(&loaded.model, &loaded.runnable, &loaded.inputs, spec, control)?;
                let of = |w: &LayerWay| [w.raw.relative_error(), w.output.amplitude(), w.moved as f64];
                Ok(layer.ways.iter().flat_map(of).collect())
            }
            Subject::Model => {
                let model = of_model(&loaded.model, &loaded.runnable, &loaded.inputs, self.format(), control)?;
                let of = |w: &ModelWay| [w.raw.relative_error(), w.output, w.evaluation.kl, w.evaluation.perplexity()];
                Ok([of(&model.nearest), of(&model.gptq)].concat())
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), LessonError> {
        check_range(self.colors, 2..=256, "{} colours")?;
        check_range(self.bits, 2..=8, "codes of {} bits")
    }
}
