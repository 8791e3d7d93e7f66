//! File → source model: what a file is (told from its content), decoded pixels, mapped tensors.
//! Nothing here knows the window.

pub mod builtin;
pub mod bytes;
mod decode;
pub mod error;
pub mod family;
pub mod folder;
mod format;
pub mod formats;
pub mod gguf;
pub mod imatrix;
pub mod model;
pub mod naming;
pub mod open;
pub mod order;
pub mod palette;
pub mod pattern;
pub mod photo;
pub mod profile;
pub mod role;
pub mod safetensors;
pub mod scheme;
pub mod shards;
pub mod split;
pub mod stray;
pub mod tensor;
