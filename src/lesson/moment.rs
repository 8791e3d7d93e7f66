//! A lesson's file, and that of a moment: a lesson that also holds the photo and the weights its figures belong to, so
//! that it re-opens elsewhere with the same ones.

use std::sync::Arc;

use super::{Carried, Lesson};
use crate::engine::control::Control;
use crate::export::ExportError;
use crate::picture::png::true_png;
use crate::source::model::Model;
use crate::source::photo::Photo;
use crate::source::safetensors::one_tensor;

/// A model up to this size is carried whole, so that it can still talk; of a larger one, the tensor looked at.
const CARRIED_WHOLE: usize = 8 << 20;
/// Weights of a tensor that is carried alone.
const MOST_WEIGHTS: usize = 16 << 20;

/// The file of a moment: the lesson with the photo, and with the model or only its tensor at the given place.
///
/// # Errors
/// [`ExportError::Stopped`]; [`ExportError::Unfit`] for a tensor too large to be carried.
pub fn bytes(
    mut lesson: Lesson,
    photo: Option<&Photo>,
    model: Option<(&Model, usize)>,
    control: &Control<'_>,
) -> Result<Vec<u8>, ExportError> {
    if let Some(photo) = photo {
        let image = &photo.image;
        let png = true_png(image.width, image.height, &image.rgba, control)?;
        lesson.photo = Some(Carried { name: photo.name.clone(), bytes: Arc::new(png) });
    }
    if let Some((model, tensor)) = model {
        lesson.model = Some(carried_model(model, tensor)?);
        lesson.tensor = model.tensors.get(tensor).map(|t| t.name.clone());
    }
    control.check()?;
    super::write(&lesson).map(String::into_bytes).map_err(|why| ExportError::Unfit(why.to_string()))
}

fn carried_model(model: &Model, tensor: usize) -> Result<Carried, ExportError> {
    if let Some(file) = model.only_file().filter(|file| file.len() <= CARRIED_WHOLE) {
        return Ok(Carried { name: model.name.clone(), bytes: Arc::new(file.to_vec()) });
    }
    let unfit = |why: &str| ExportError::Unfit(format!("{}: {why}", model.name));
    let info = model.tensors.get(tensor).ok_or_else(|| unfit("no tensor is chosen"))?;
    if info.values > MOST_WEIGHTS {
        return Err(unfit(&format!("{} is too large to be carried in a lesson's file", info.name)));
    }
    let mut values = Vec::with_capacity(info.values);
    model.read(tensor, 0..info.values, &mut values);
    let file = one_tensor(&info.name, &info.shape, &values).map_err(|e| unfit(&e.to_string()))?;
    Ok(Carried { name: model.name.clone(), bytes: Arc::new(file) })
}
