//! A model's tensors wherever they lie: in one mapped file or several, as plain values or in blocks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use super::bytes::Bytes;
use super::scheme;
use super::tensor::{Tensor, decode, requantizing};

/// An opened model: what its files say of its tensors, with the values left in the files until they are read.
#[derive(Debug, Default)]
pub struct Model {
    /// The file's name without its folder; of numbered parts, the name without the number.
    pub name: String,
    /// The file that was opened, or the index of several; none where the bytes came without a file.
    pub path: Option<PathBuf>,
    /// Length of all its files that hold tensors, in bytes.
    pub file_bytes: u64,
    /// How the tensors are stored on disk.
    pub container: Container,
    /// In the order in which they lie in the file.
    pub tensors: Vec<Tensor>,
    /// The file's own notes. Long lists of a GGUF are named with their length only.
    pub metadata: BTreeMap<String, String>,
    /// What must be said beside the model's figures.
    pub caveats: Caveats,
    pub(super) files: Vec<Bytes>,
}

/// What kind of file the model came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Container {
    /// A .safetensors file.
    #[default]
    Safetensors,
    /// Several .safetensors files under an index.
    Shards,
    /// With each entry of its metadata as it is written: key, type and value in one piece.
    Gguf {
        /// The metadata, in the order of the file.
        entries: Vec<Entry>,
    },
}

/// An entry of a GGUF's metadata, untouched, so that it can be carried over to another file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, such as `general.architecture`.
    pub key: String,
    /// Where key, type and value lie in the model's first file.
    pub bytes: Range<usize>,
}

/// What must be said beside a model's figures for them to be true, a sentence each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caveats {
    /// It is a part of a model, and the others are not beside it.
    pub missing_parts: Option<String>,
    /// The configuration beside it, which may say how it is quantized, cannot be read.
    pub unread_config: Option<String>,
    /// Some of its tensors hold packed codes, not weights.
    pub packed: Option<String>,
    /// It is itself quantized.
    pub requantized: Option<String>,
}

impl Caveats {
    /// The sentences that apply, without a full stop.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        [&self.missing_parts, &self.unread_config, &self.packed, &self.requantized]
            .into_iter()
            .filter_map(Option::as_deref)
    }
}

impl Model {
    /// Tells weights from packed codes, and notes what must be said of the model.
    pub(super) fn look_over(&mut self) {
        let method = scheme::method_beside(self.path.as_deref());
        scheme::mark(&mut self.tensors, method.as_ref().ok().and_then(Option::as_deref));
        // A GGUF says of itself how it is quantized.
        self.caveats.unread_config = method.err().filter(|_| !matches!(self.container, Container::Gguf { .. }));
        self.caveats.packed = scheme::sentence(&self.tensors);
        self.caveats.requantized = requantizing(&self.tensors);
    }

    /// The schemes that some of its tensors are packed by.
    pub fn schemes(&self) -> Vec<&'static str> {
        scheme::names(&self.tensors)
    }

    /// Appends the values of a range of a tensor, as f32. Out of range or unreadable: nothing.
    pub fn read(&self, tensor: usize, range: Range<usize>, values: &mut Vec<f32>) {
        let Some(info) = self.tensors.get(tensor) else { return };
        let Some(bytes) = self.tensor_bytes(tensor) else { return };
        let range = range.start..range.end.min(info.values);
        // A plain value is a block of one.
        let block = info.dtype.block().or_else(|| Some((1, info.dtype.bytes()?)));
        let Some((len, size)) = block else { return };
        let blocks = range.start / len..range.end.div_ceil(len);
        let Some(bytes) = bytes.get(blocks.start * size..blocks.end * size) else { return };
        let first = values.len();
        decode(info.dtype, bytes, values);
        values.truncate(first + range.end - blocks.start * len);
        values.drain(first..first + range.start - blocks.start * len);
    }

    /// The file, where there is one only.
    pub fn only_file(&self) -> Option<&[u8]> {
        let [file] = self.files.as_slice() else { return None };
        Some(file)
    }

    /// A tensor's data as it is stored.
    pub fn tensor_bytes(&self, tensor: usize) -> Option<&[u8]> {
        let info = self.tensors.get(tensor)?;
        self.files.get(info.file)?.get(info.bytes.clone())
    }

    /// An entry of a GGUF's metadata as it is written.
    pub fn entry_bytes(&self, entry: &Entry) -> &[u8] {
        self.files.first().and_then(|file| file.get(entry.bytes.clone())).unwrap_or_default()
    }

    /// All values of all tensors but those of packed codes and the like.
    pub fn total_values(&self) -> u64 {
        self.weights().map(|t| t.values as u64).sum()
    }

    /// Bytes of the same tensors as they are stored.
    pub fn total_bytes(&self) -> u64 {
        self.weights().map(|t| t.bytes.len() as u64).sum()
    }

    fn weights(&self) -> impl Iterator<Item = &Tensor> {
        self.tensors.iter().filter(|t| t.packed.is_none())
    }
}
