//! A file carried inside another: its name, and its bytes in base64.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A photo or a model inside the file of a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The file's name, as it is shown.
    pub name: String,
    /// The contents of the file; base64 in TOML.
    #[serde(rename = "base64", serialize_with = "encode", deserialize_with = "decode")]
    pub bytes: Arc<Vec<u8>>,
}

fn encode<S: Serializer>(bytes: &Arc<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes.as_slice()))
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<u8>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text.as_bytes());
    bytes.map(Arc::new).map_err(|e| serde::de::Error::custom(format!("what is carried is damaged ({e})")))
}
