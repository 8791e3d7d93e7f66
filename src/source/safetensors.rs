//! A model in a .safetensors file: its header parsed, its data left where it is.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use safetensors::{SafeTensorError, SafeTensors};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::bytes::Bytes;
use super::error::Cause;
use super::tensor::{Dtype, Tensor, decode};

#[derive(Debug)]
pub struct Model {
    pub name: String,
    pub path: Option<PathBuf>,
    pub file_bytes: u64,
    /// In the order in which they lie in the file.
    pub tensors: Vec<Tensor>,
    /// The file's own notes.
    pub metadata: BTreeMap<String, String>,
    bytes: Bytes,
}

impl Model {
    pub(super) fn parse(name: String, path: Option<PathBuf>, bytes: Bytes) -> Result<Self, Cause> {
        // The parser adds offsets unchecked: made-up ones overflow, which is a panic in debug builds.
        let parsed = catch_unwind(AssertUnwindSafe(|| SafeTensors::read_metadata(&bytes)));
        let impossible = |_| malformed("a tensor's offsets are impossibly large".to_owned());
        let (header_len, header) = parsed.map_err(impossible)?.map_err(explain)?;
        let data = 8 + header_len;
        refuse_duplicates(bytes.get(8..data).unwrap_or_default())?;
        let mut tensors: Vec<Tensor> = header
            .tensors()
            .into_iter()
            .map(|(name, info)| {
                let (start, end) = info.data_offsets;
                Tensor {
                    name,
                    dtype: Dtype(info.dtype),
                    shape: info.shape.clone(),
                    values: info.shape.iter().product(),
                    bytes: data + start..data + end,
                }
            })
            .collect();
        // Empty tensors share their offset with a neighbour: the name decides.
        tensors.sort_by(|a, b| (a.bytes.start, a.bytes.end, &a.name).cmp(&(b.bytes.start, b.bytes.end, &b.name)));
        let metadata = header.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
        Ok(Self { name, path, file_bytes: bytes.len() as u64, tensors, metadata, bytes })
    }

    /// Appends the values of a range of a tensor, as f32. Out of range or unreadable: nothing.
    pub fn read(&self, tensor: usize, range: Range<usize>, out: &mut Vec<f32>) {
        let Some(info) = self.tensors.get(tensor) else { return };
        let Some(bytes) = self.bytes.get(info.bytes.clone()) else { return };
        let Some(width) = info.dtype.bytes() else { return };
        let end = range.end.min(info.values);
        if let Some(bytes) = bytes.get(range.start * width..end * width) {
            decode(info.dtype, bytes, out);
        }
    }

    /// All values of all tensors.
    pub fn total_values(&self) -> u64 {
        self.tensors.iter().map(|t| t.values as u64).sum()
    }
}

/// The parser keeps the last of two tensors of one name; a file with two is broken.
fn refuse_duplicates(header: &[u8]) -> Result<(), Cause> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut seen = std::collections::HashSet::new();
            let mut twice = None;
            while let Some((name, _)) = map.next_entry::<String, IgnoredAny>()? {
                if !seen.insert(name.clone()) {
                    twice.get_or_insert(name);
                }
            }
            Ok(twice)
        }
    }
    let found = serde_json::Deserializer::from_slice(header).deserialize_map(Names);
    match found {
        Ok(Some(name)) => Err(malformed(format!("two tensors are called '{name}'"))),
        _ => Ok(()),
    }
}

fn malformed(why: String) -> Cause {
    Cause::Malformed(format!("not a valid .safetensors file: {why}"))
}

fn explain(error: SafeTensorError) -> Cause {
    malformed(match error {
        SafeTensorError::HeaderTooSmall => "it is too short to hold a header".to_owned(),
        SafeTensorError::HeaderTooLarge => "it claims a header longer than 100 MB".to_owned(),
        SafeTensorError::InvalidHeaderLength => "it is cut short, or its header's length is wrong".to_owned(),
        SafeTensorError::InvalidHeader(e) => format!("its header is not UTF-8 ({e})"),
        SafeTensorError::InvalidHeaderDeserialization(e) | SafeTensorError::JsonError(e) => {
            format!("its header cannot be read ({e})")
        }
        SafeTensorError::InvalidOffset(name) => {
            format!("the data of tensor '{name}' overlaps another's, leaves a gap, or ends before it begins")
        }
        SafeTensorError::TensorInvalidInfo => "a tensor's shape and type do not fit the bytes it is given".to_owned(),
        SafeTensorError::MetadataIncompleteBuffer => {
            "the tensors do not cover the file exactly: it is cut short or has bytes left over".to_owned()
        }
        SafeTensorError::ValidationOverflow => "a tensor's shape is impossibly large".to_owned(),
        other => other.to_string(),
    })
}
