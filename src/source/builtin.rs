//! The samples that are part of the program: a photo and a model, so that there is always something
//! to see. Their origins are in `assets/README.md`.

use super::bytes::Bytes;
use super::error::OpenError;
use super::open::{Source, open};

static PHOTO: &[u8] = include_bytes!("../../assets/parrots.png");
static MODEL: &[u8] = include_bytes!("../../assets/stories260K.safetensors");

/// The sample photo, decoded anew at each call.
///
/// # Errors
/// The error of [`open_bytes`](super::open::open_bytes), if the embedded file were broken.
pub fn photo() -> Result<Source, OpenError> {
    open("parrots.png", Bytes::Static(PHOTO), None)
}

/// The sample model, a llama of 260 thousand weights.
///
/// # Errors
/// The error of [`open_bytes`](super::open::open_bytes), if the embedded file were broken.
pub fn model() -> Result<Source, OpenError> {
    open("stories260K.safetensors", Bytes::Static(MODEL), None)
}
