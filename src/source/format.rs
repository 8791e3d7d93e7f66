//! What is known of a format of photos or of models.

use std::path::PathBuf;

use super::bytes::Bytes;
use super::decode::raster::Raster;
use super::error::Cause;
use super::model::Model;

pub(super) use crate::palette::{Evidence, has_ending};

/// A format of photos or of models: all that is known of it. Each has a file and a line in
/// [`FORMATS`](super::formats::FORMATS).
#[derive(Debug)]
pub struct FileFormat {
    /// For people: "PNG".
    pub name: &'static str,
    /// Without the dot, in lower case.
    pub endings: &'static [&'static str],
    /// Whether a file's content is of this format, or else its name says so.
    pub(super) evidence: fn(&[u8], &str) -> Option<Evidence>,
    pub(super) opens: Opens,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Opens {
    /// Decodes a picture, not yet turned upright and not yet converted to sRGB.
    Photo(fn(&[u8]) -> Result<Raster, Cause>),
    /// Finds the tensors; with the name that the model is shown under, and the file's path where there is one.
    Model(fn(String, Option<PathBuf>, Bytes) -> Result<Model, Cause>),
}
