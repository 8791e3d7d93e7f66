//! A model in a .safetensors file: its header parsed, its data left where it is.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use safetensors::tensor::TensorView;
use safetensors::{SafeTensorError, SafeTensors};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::bytes::Bytes;
use super::error::Cause;
use super::tensor::{Dtype, Tensor};
use crate::panics::caught;

pub use super::model::Model;

impl Model {
    pub(super) fn parse(name: String, path: Option<PathBuf>, bytes: Bytes) -> Result<Self, Cause> {
        let (tensors, metadata) = header_of(&bytes, 0)?;
        let file_bytes = bytes.len() as u64;
        Ok(Self { name, path, file_bytes, tensors, metadata, files: vec![bytes], ..Self::default() })
    }
}

/// A file of one tensor of 32-bit floats.
///
/// # Errors
/// The shape has room for more or fewer values.
pub fn one_tensor(name: &str, shape: &[usize], values: &[f32]) -> Result<Vec<u8>, SafeTensorError> {
    let bytes: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    let view = TensorView::new(safetensors::Dtype::F32, shape.to_vec(), &bytes)?;
    safetensors::serialize([(name, view)], None)
}

/// The tensors, in the order of their data, and the file's notes.
pub(super) fn header_of(bytes: &[u8], file: usize) -> Result<(Vec<Tensor>, BTreeMap<String, String>), Cause> {
    // The parser adds offsets unchecked: made-up ones overflow, which is a panic in debug builds.
    let parsed = caught(|| SafeTensors::read_metadata(bytes));
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
                dtype: Dtype::Plain(info.dtype),
                shape: info.shape.clone(),
                values: info.shape.iter().product(),
                file,
                bytes: data + start..data + end,
                packed: None,
            }
        })
        .collect();
    // Empty tensors share their offset with a neighbour: the name decides.
    tensors.sort_by(|a, b| (a.bytes.start, a.bytes.end, &a.name).cmp(&(b.bytes.start, b.bytes.end, &b.name)));
    let metadata = header.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    Ok((tensors, metadata))
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
    let twice = serde_json::Deserializer::from_slice(header).deserialize_map(Names);
    match twice {
        Ok(Some(name)) => Err(malformed(format!("two tensors are called '{name}'"))),
        _ => Ok(()),
    }
}

pub(super) fn malformed(why: String) -> Cause {
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
