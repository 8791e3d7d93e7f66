//! Writing a .safetensors file: a JSON header whose sizes are known beforehand, then the data without a
//! gap. Source: the format's own description (huggingface/safetensors).

use std::collections::BTreeMap;

use half::{bf16, f16};
use serde_json::{Map, Value, json};

use crate::source::model::{Container, Model};

/// What weights are written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FloatType {
    /// IEEE binary32: every value exactly as it was decoded.
    #[default]
    F32,
    /// IEEE binary16: 11 significant bits, infinite from 65,520.
    F16,
    /// bfloat16: 8 significant bits with the range of F32.
    Bf16,
}

/// A tensor as it will stand in the file.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// The tensor's name in the file.
    pub name: &'a str,
    /// Sides from the outermost; empty for a single number.
    pub shape: &'a [usize],
    /// As the header spells it.
    pub dtype: String,
    /// Length of the data.
    pub bytes: u64,
}

impl FloatType {
    /// Every type, widest first.
    pub const ALL: [FloatType; 3] = [FloatType::F32, FloatType::F16, FloatType::Bf16];

    /// The type's name as the header of a .safetensors spells it.
    pub fn label(self) -> &'static str {
        match self {
            FloatType::F32 => "F32",
            FloatType::F16 => "F16",
            FloatType::Bf16 => "BF16",
        }
    }

    /// Bytes a value: 4 or 2.
    pub fn bytes(self) -> u64 {
        if self == FloatType::F32 { 4 } else { 2 }
    }

    /// The value as it is stored: rounded to nearest even.
    pub fn round(self, x: f32) -> f32 {
        match self {
            FloatType::F32 => x,
            FloatType::F16 => f16::from_f32(x).to_f32(),
            FloatType::Bf16 => bf16::from_f32(x).to_f32(),
        }
    }

    /// Appends the rounded values; returns how many that were finite became infinite.
    pub fn append(self, values: &[f32], bytes: &mut Vec<u8>) -> u64 {
        for &x in values {
            match self {
                FloatType::F32 => bytes.extend(x.to_le_bytes()),
                FloatType::F16 => bytes.extend(f16::from_f32(x).to_le_bytes()),
                FloatType::Bf16 => bytes.extend(bf16::from_f32(x).to_le_bytes()),
            }
        }
        values.iter().filter(|x| x.is_finite() && !self.round(**x).is_finite()).count() as u64
    }
}

/// Length and JSON, filled up with spaces to a multiple of eight. The notes of a .safetensors model are carried over.
pub fn header(model: &Model, slots: &[Slot<'_>]) -> Vec<u8> {
    let mut tensors = Map::new();
    let mut notes: BTreeMap<&str, &str> = BTreeMap::from([("format", "pt")]);
    if !matches!(model.container, Container::Gguf { .. }) {
        notes.extend(model.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    }
    tensors.insert("__metadata__".to_owned(), json!(notes));
    let mut offset = 0u64;
    for slot in slots {
        let place = json!({"dtype": slot.dtype, "shape": slot.shape, "data_offsets": [offset, offset + slot.bytes]});
        tensors.insert(slot.name.to_owned(), place);
        offset += slot.bytes;
    }
    let mut text = Value::Object(tensors).to_string();
    text.extend(std::iter::repeat_n(' ', text.len().next_multiple_of(8) - text.len()));
    let mut out = (text.len() as u64).to_le_bytes().to_vec();
    out.extend(text.into_bytes());
    out
}
