//! What is open in the window, what can be opened, and the keys by which results belong to what is open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::engine::format::Format;
use crate::lesson::Carried;
use crate::picture::edits::PhotoEdits;
use crate::source::family::Family;
use crate::source::imatrix::Imatrix;
use crate::source::photo::Photo;
use crate::source::safetensors::Model;
use crate::spec::{PhotoSpec, TensorSpec, WeightSettings};

/// What a photo, a model or an importance matrix is known by while the window is open: each opening gets another, even
/// of the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct DocumentId(pub u64);

/// A photo that is open.
#[derive(Clone)]
pub struct PhotoDocument {
    /// What tells it apart from other openings.
    pub id: DocumentId,
    /// The photo itself.
    pub photo: Arc<Photo>,
}

/// A model that is open.
#[derive(Clone)]
pub struct ModelDocument {
    /// What tells it apart from other openings.
    pub id: DocumentId,
    /// The model itself.
    pub model: Arc<Model>,
}

/// An importance matrix that is open.
#[derive(Clone)]
pub(crate) struct ImatrixDocument {
    /// What tells it apart from other openings.
    pub(crate) id: DocumentId,
    /// The matrix itself.
    pub(crate) imatrix: Arc<Imatrix>,
}

/// A photo with edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EditedKey {
    /// The photo as it was opened.
    pub opened: DocumentId,
    /// What is done to it.
    pub edits: PhotoEdits,
}

/// A reduction of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct PhotoKey {
    /// The photo that is reduced.
    pub document: DocumentId,
    /// The settings of the reduction.
    pub spec: PhotoSpec,
}

/// A tensor of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TensorId {
    /// The model that the tensor is in.
    pub document: DocumentId,
    /// The tensor's place in the model's list.
    pub tensor: usize,
}

/// A reduction of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TensorKey {
    /// The model that the tensor is in.
    pub document: DocumentId,
    /// The tensor and its format.
    pub spec: TensorSpec,
}

/// The rate curve of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TensorRateKey {
    /// The tensor that is reduced.
    pub tensor: TensorId,
    /// What all formats on the curve have in common.
    pub settings: WeightSettings,
}

/// A stretch of a tensor's weights under the microscope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MicroscopeKey {
    /// The tensor that is looked at.
    pub tensor: TensorId,
    /// The index of the stretch's first weight.
    pub start: usize,
}

/// What the table of a model's tensors shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableKey {
    /// The model whose tensors are listed.
    pub document: DocumentId,
    /// The formats of the columns.
    pub formats: Vec<Format>,
    /// Whether the statistics of the weights are wanted.
    pub with_statistics: bool,
}

impl TensorKey {
    /// The tensor that is reduced.
    pub fn tensor(&self) -> TensorId {
        TensorId { document: self.document, tensor: self.spec.tensor }
    }
}

impl ModelDocument {
    /// The tensor at a place in the model's list.
    pub(crate) fn tensor_id(&self, tensor: usize) -> TensorId {
        TensorId { document: self.id, tensor }
    }
}

/// Something to open.
#[derive(Clone)]
pub(crate) enum Origin {
    Path(PathBuf),
    /// A file that is to be read as one of this family, whatever else it may be.
    Of(Family, PathBuf),
    SamplePhoto,
    SampleModel,
    /// What a lesson's file holds.
    Carried(Carried),
    /// A picture from the clipboard.
    Pasted(Arc<Photo>),
    /// One by this name, as the PNG that it is kept as.
    Packed(String, Arc<Vec<u8>>),
}

impl Origin {
    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) | Self::Of(_, path) => Some(path),
            _ => None,
        }
    }

    /// For people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Path(path) | Self::Of(_, path) => path.display().to_string(),
            Self::SamplePhoto => "The sample photo".to_owned(),
            Self::SampleModel => "The sample model".to_owned(),
            Self::Carried(file) => file.name.clone(),
            Self::Pasted(photo) => photo.name.clone(),
            Self::Packed(name, _) => name.clone(),
        }
    }
}
