//! Nearest codes beside those of error feedback: on a photo, on a layer with its inputs, or in the whole model.

use serde::{Deserialize, Serialize};

use crate::consumer::architecture::Part;
use crate::engine::format::{Format, Group};
use crate::spec::PhotoSpec;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackShow {
    pub subject: Subject,
    /// Of the photo's palette.
    pub colors: u16,
    /// Of the weights' codes, 2 to 8; groups of 32 share a scale.
    pub bits: u8,
    /// The layer of the model that is looked at, from 0, and the matrix in it.
    pub layer: usize,
    pub part: Part,
    /// The inputs as they are; otherwise inputs of the same powers that have nothing to do with one another.
    pub correlated: bool,
    /// The input whose row of the filter is shown.
    pub column: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    #[default]
    Photo,
    Layer,
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
    pub fn photo_spec(&self) -> PhotoSpec {
        PhotoSpec { colors: self.colors, ..PhotoSpec::default() }
    }

    pub fn format(&self) -> Format {
        Format::int(self.bits, Group::Run(32)).with_clip()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !(2..=256).contains(&self.colors) {
            return Err(format!("{} colours; 2 to 256 can be shown", self.colors));
        }
        if !(2..=8).contains(&self.bits) {
            return Err(format!("codes of {} bits; 2 to 8 can be shown", self.bits));
        }
        Ok(())
    }
}
