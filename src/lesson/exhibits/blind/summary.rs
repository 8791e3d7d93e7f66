//! The whole course in one table: the photo and the model at every stop of the dial, as the other views measure them.
//! Cost: seven reductions of the photo, seven of the model, each read through the held-out text.

use std::sync::Arc;

use crate::engine::control::Control;
use crate::lesson::error::LessonError;
use crate::picture::Picture;
use crate::picture::image::Image;
use crate::run::model::generation::{Ask, Generation};
use crate::run::model::loaded::LoadedModel;
use crate::run::report::PhotoFigures;
use crate::run::{DIAL, photo};
use crate::spec::{FittedPalette, Stage, WeightSettings};

/// A stop of the dial.
#[derive(Clone, Debug)]
pub struct Line {
    /// Bits of a weight's code; the photo has 2^bits colours.
    pub bits: u8,
    /// Rate and errors of the reduced photo.
    pub photo: PhotoFigures,
    /// The middle of the reduced photo, at most [`CROP`] pixels.
    pub crop: Arc<Picture>,
    /// With the model's figures on the held-out text.
    pub generation: Generation,
}

/// Pixels of a crop, across and down.
pub const CROP: (u32, u32) = (192, 64);

/// Computes a line for each stop of the dial. With each, `emit` gets all lines so far and whether it is the last.
///
/// # Errors
/// `Stopped`, or why the model cannot be measured; what was emitted stands.
pub fn summary(
    image: &Image,
    loaded: &LoadedModel,
    emit: &mut dyn FnMut(&[Line], bool),
    control: &Control<'_>,
) -> Result<(), LessonError> {
    let mut lines = Vec::with_capacity(DIAL.len());
    for (at, bits) in DIAL.into_iter().enumerate() {
        control.progress(at as f32 / DIAL.len() as f32);
        lines.push(line(image, loaded, bits, control)?);
        emit(&lines, at + 1 == DIAL.len());
    }
    Ok(())
}

/// Reduces the photo to 2^bits colours and the model to `bits` bits, and measures both.
///
/// # Errors
/// `Stopped`, or why the model cannot be measured.
pub fn line(image: &Image, loaded: &LoadedModel, bits: u8, control: &Control<'_>) -> Result<Line, LessonError> {
    let spec = FittedPalette::new(1 << bits);
    let report = photo::reduce(image, spec, Stage::Full, control)?;
    let (generation, model) = Generation::new(loaded, WeightSettings::default().format(bits), Ask::default(), control)?;
    let generation = generation.scored(loaded, &model, control)?;
    Ok(Line { bits, photo: report.figures(None), crop: Arc::new(middle_of(&report.picture)), generation })
}

fn middle_of(picture: &Picture) -> Picture {
    let (width, height) = (picture.width.min(CROP.0), picture.height.min(CROP.1));
    let (left, top) = ((picture.width - width) / 2, (picture.height - height) / 2);
    let pixel = |i: u32| picture.pixel(left + i % width.max(1), top + i / width.max(1));
    Picture::new_rgba(Arc::new(Image::new(width, height, (0..width * height).map(pixel).collect())))
}
