//! What is open in the window, what can be opened, and the keys by which results belong to what is open.

use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::format::Format;
use crate::lesson::Carried;
use crate::source::family::Family;
use crate::source::photo::Photo;
use crate::source::safetensors::Model;
use crate::spec::{PhotoSpec, TensorSpec};

/// A photo in the window; the number tells apart two openings of the same file.
#[derive(Clone)]
pub struct PhotoDocument {
    pub id: u64,
    pub photo: Arc<Photo>,
}

#[derive(Clone)]
pub struct ModelDocument {
    pub id: u64,
    pub model: Arc<Model>,
}

pub(crate) type PhotoKey = (u64, PhotoSpec);

pub(crate) type TensorKey = (u64, TensorSpec);

pub(crate) type FormatComparisonKey = (u64, usize);

/// A model, a tensor, and where the stretch of weights begins that is looked at.
pub(crate) type MicroscopeKey = (u64, usize, usize);

/// A model, the formats of the table's columns, and whether its statistics are wanted.
pub(crate) type TableKey = (u64, Vec<Format>, bool);

/// Something to open.
#[derive(Clone)]
pub enum Origin {
    Path(PathBuf),
    /// A file that is to be read as one of this family, whatever else it may be.
    Of(Family, PathBuf),
    SamplePhoto,
    SampleModel,
    /// What a lesson's file holds.
    Carried(Carried),
    /// A picture from the clipboard.
    Pasted(Arc<Photo>),
}

impl Origin {
    /// For people.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) | Self::Of(_, path) => path.display().to_string(),
            Self::SamplePhoto => "The sample photo".to_owned(),
            Self::SampleModel => "The sample model".to_owned(),
            Self::Carried(file) => file.name.clone(),
            Self::Pasted(photo) => photo.name.clone(),
        }
    }
}
