//! What the figures of an exhibit are computed from, and how they are named.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::lesson::error::LessonError;
use crate::picture::Picture;
use crate::picture::error::PngError;
use crate::picture::image::Image;
use crate::run::DIAL;
use crate::run::model::loaded::LoadedModel;
use crate::source::model::Model;

/// What figures are computed from.
pub struct Sources<'a> {
    /// The photo of the lesson.
    pub image: &'a Arc<Image>,
    /// The file of weights of the lesson.
    pub model: &'a Model,
    /// The tensor looked at, by its place.
    pub tensor: usize,
    /// The model of these weights, or the sample model in its place, ready to run and with its inputs.
    pub loaded: &'a LoadedModel,
    /// The seed of the lesson.
    pub seed: u64,
    /// The length of a picture's PNG; files are not written here.
    pub png_bytes: &'a dyn Fn(&Picture) -> Result<u64, PngError>,
}

/// In the order of their names.
pub type Figures = Result<Vec<f64>, LessonError>;

/// `of.name` for each name of each.
pub(super) fn names<'a>(of: impl IntoIterator<Item = &'a str>, each: &[&str]) -> Vec<String> {
    of.into_iter().flat_map(|of| each.iter().map(move |name| format!("{of}.{name}"))).collect()
}

/// Whether a setting is within its range; the error is `message` with the value in the place of `{}`, and the range.
pub(super) fn check_range<T: PartialOrd + Display>(
    value: T,
    range: RangeInclusive<T>,
    message: &str,
) -> Result<(), LessonError> {
    if range.contains(&value) {
        return Ok(());
    }
    let what = message.replace("{}", &value.to_string());
    Err(LessonError::Rule(format!("{what}; {} to {} can be shown", range.start(), range.end())))
}

/// Whether a format is one of those shown.
pub(super) fn check_shown(format: &str, shown: &[&str]) -> Result<(), LessonError> {
    if shown.contains(&format) {
        return Ok(());
    }
    Err(LessonError::Rule(format!("'{format}' is none of the formats shown: {}", shown.join(", "))))
}

/// Whether it is a stop of the dial.
pub(super) fn on_dial(bits: u8) -> Result<(), LessonError> {
    if DIAL.contains(&bits) {
        return Ok(());
    }
    Err(LessonError::Rule(format!("{bits} bits; the dial stops at {DIAL:?}")))
}
