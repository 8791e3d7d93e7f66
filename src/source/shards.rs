//! A model in one .safetensors file, or in several: the index names the file of each tensor, the files lie beside it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::bytes::Bytes;
use super::error::Cause;
use super::format::{Evidence, FileFormat, Opens, has_ending};
use super::model::{Container, Model};
use super::safetensors::header_of;

pub(super) static FORMAT: FileFormat =
    FileFormat { name: ".safetensors", endings: &["safetensors", "json"], evidence, opens: Opens::Model(open) };

fn evidence(bytes: &[u8], name: &str) -> Option<Evidence> {
    match () {
        () if looks_like_index(bytes, name) => Some(Evidence::Marked),
        () if looks_like_header(bytes) => Some(Evidence::Looks),
        () => has_ending(name, "safetensors").then_some(Evidence::Named),
    }
}

fn open(name: String, path: Option<PathBuf>, bytes: Bytes) -> Result<Model, Cause> {
    match looks_like_index(&bytes, &name) {
        true => Model::open_shards(name, path.as_deref(), &bytes),
        false => Ok(Model::parse(name, path, bytes)?.with_other_parts()),
    }
}

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// Whether a file's beginning is that of an index.
fn looks_like_index(bytes: &[u8], name: &str) -> bool {
    let begins = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let head = &bytes[..bytes.len().min(4096)];
    begins && (name.ends_with(".index.json") || head.windows(12).any(|w| w == b"\"weight_map\""))
}

/// Eight bytes of length and then a JSON object.
fn looks_like_header(bytes: &[u8]) -> bool {
    let header = bytes.get(8..).unwrap_or_default();
    header.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

impl Model {
    /// # Errors
    /// The index is broken, or names a file that is not there, not beside it, or without the tensor.
    fn open_shards(name: String, path: Option<&Path>, index: &[u8]) -> Result<Self, Cause> {
        let index: Index = serde_json::from_slice(index).map_err(|e| malformed(&format!("it cannot be read ({e})")))?;
        let Some(folder) = path.and_then(Path::parent) else {
            return Err(Cause::Unsupported("an index of shards is opened from its folder, by its path".into()));
        };
        let shards: BTreeSet<&String> = index.weight_map.values().collect();
        let path = path.map(Path::to_owned);
        let mut model = Self { name, path, container: Container::Shards, ..Self::default() };
        for shard in shards {
            model.add_shard(folder, shard, &index)?;
        }
        let found: HashSet<&String> = model.tensors.iter().map(|t| &t.name).collect();
        match index.weight_map.iter().find(|(tensor, _)| !found.contains(tensor)) {
            Some((tensor, shard)) => Err(malformed(&format!("tensor '{tensor}' is not in '{shard}'"))),
            None => Ok(model),
        }
    }

    fn add_shard(&mut self, folder: &Path, shard: &str, index: &Index) -> Result<(), Cause> {
        // An index must not reach outside its own folder.
        let inside = Path::new(shard).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !inside || shard.is_empty() {
            return Err(malformed(&format!("the shard '{shard}' is not in the index's own folder")));
        }
        let path = folder.join(shard);
        let no_file = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => malformed(&format!("the shard '{shard}' is missing")),
            _ => malformed(&format!("the shard '{shard}' cannot be read ({e})")),
        };
        let bytes = File::open(&path).and_then(|file| Bytes::map(&file)).map_err(no_file)?;
        let (tensors, metadata) = header_of(&bytes, self.files.len()).map_err(|cause| in_shard(shard, cause))?;
        // What the index places elsewhere is not part of the model.
        self.tensors.extend(tensors.into_iter().filter(|t| index.weight_map.get(&t.name).is_some_and(|s| s == shard)));
        self.metadata.extend(metadata);
        self.file_bytes += bytes.len() as u64;
        self.files.push(bytes);
        Ok(())
    }
}

fn in_shard(shard: &str, cause: Cause) -> Cause {
    match cause {
        Cause::Malformed(why) => Cause::Malformed(format!("the shard '{shard}' is {why}")),
        other => other,
    }
}

fn malformed(why: &str) -> Cause {
    Cause::Malformed(format!("not a valid index of shards: {why}"))
}
