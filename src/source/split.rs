//! A model in several files whose names count them, `NAME-00002-of-00005.gguf` or `.safetensors`: whichever of them is
//! opened, the others are opened with it, or it is said that they are missing. Sources: llama.cpp's `gguf-split`,
//! `save_pretrained` of Hugging Face's transformers.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::bytes::Bytes;
use super::error::Cause;
use super::model::{Container, Model};
use super::tensor::Tensor;

/// No model is cut into more parts.
const MOST_PARTS: usize = 9999;

/// A name that counts the files of its model.
#[derive(Debug, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// The name without the numbers and the ending.
    pub stem: &'a str,
    /// Which of the files it is, from 1.
    pub number: usize,
    /// How many files the model has.
    pub count: usize,
    /// The ending, without the dot.
    pub extension: &'a str,
}

impl<'a> Numbered<'a> {
    /// Takes a file's name apart; none where it does not count its files.
    pub fn of(name: &'a str) -> Option<Self> {
        let (name, extension) = name.rsplit_once('.')?;
        let (rest, count) = name.rsplit_once("-of-")?;
        let (stem, number) = rest.rsplit_once('-')?;
        let counted = |text: &str| text.parse().ok().filter(|_| text.len() == 5);
        let (number, count) = (counted(number)?, counted(count)?);
        ((1..=count).contains(&number) && count <= MOST_PARTS).then_some(Self { stem, number, count, extension })
    }

    /// The name of another of the files.
    pub fn sibling(&self, number: usize) -> String {
        format!("{}-{number:05}-of-{:05}.{}", self.stem, self.count, self.extension)
    }
}

impl Model {
    /// The whole of the model that a file is a part of. Where parts are missing: the file as it is, with a caveat.
    pub(super) fn with_other_parts(mut self) -> Self {
        let path = self.path.clone().unwrap_or_default();
        let numbered = path.file_name().and_then(|name| Numbered::of(name.to_str()?)).filter(|own| own.count > 1);
        self.caveats.missing_parts = match numbered.map(|own| (self.other_parts(&path, &own), own)) {
            Some((Ok(others), own)) => return self.joined(others, &own),
            Some((Err(why), own)) => Some(part_sentence(own.number, own.count, &why)),
            None => self.part_by_metadata(),
        };
        self
    }

    /// What a GGUF says of itself that was given another name.
    fn part_by_metadata(&self) -> Option<String> {
        let number = |key: &str| self.metadata.get(key)?.parse::<usize>().ok();
        let (at, count) = (number("split.no")?, number("split.count").filter(|&count| count > 1)?);
        Some(part_sentence(at.saturating_add(1), count, "its name does not count them"))
    }

    /// All parts but this one, in order.
    fn other_parts(&self, path: &Path, own: &Numbered<'_>) -> Result<Vec<Model>, String> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let siblings = || (1..=own.count).filter(|&k| k != own.number).map(|k| own.sibling(k));
        let missing: Vec<String> = siblings().filter(|name| !folder.join(name).is_file()).collect();
        if let Some(first) = missing.first() {
            let more = if missing.len() > 1 { format!(" and {} more", missing.len() - 1) } else { String::new() };
            return Err(format!("'{first}'{more} not found beside it"));
        }
        let mut names: HashSet<&str> = self.tensors.iter().map(|t| t.name.as_str()).collect();
        let parts: Vec<Model> =
            siblings().map(|name| self.sibling(folder.join(&name), name)).collect::<Result<_, _>>()?;
        let twice = parts.iter().flat_map(|part| &part.tensors).find(|t| !names.insert(t.name.as_str()));
        match twice {
            Some(tensor) => Err(format!("two of them have a tensor '{}'", tensor.name)),
            None => Ok(parts),
        }
    }

    fn sibling(&self, path: PathBuf, name: String) -> Result<Model, String> {
        let named = |cause: Cause| format!("'{name}' cannot be opened: {cause}");
        let bytes = File::open(&path).and_then(|file| Bytes::map(&file)).map_err(|e| named(Cause::Io(e)))?;
        let parsed = match self.container {
            Container::Gguf { .. } => Self::parse_gguf(name.clone(), Some(path), bytes),
            Container::Safetensors | Container::Shards => Self::parse(name.clone(), Some(path), bytes),
        };
        parsed.map_err(named)
    }

    /// In order: the first part of a GGUF has its metadata.
    fn joined(self, others: Vec<Model>, own: &Numbered<'_>) -> Self {
        let path = self.path.clone();
        let (mut whole, mut rest) = (self, others);
        if own.number > 1 && !rest.is_empty() {
            let first = rest.remove(0);
            let opened = std::mem::replace(&mut whole, first);
            rest.insert((own.number - 2).min(rest.len()), opened);
        }
        for (at, part) in rest.into_iter().enumerate() {
            let file = at + 1;
            whole.tensors.extend(part.tensors.into_iter().map(|t| Tensor { file, ..t }));
            whole.file_bytes += part.file_bytes;
            for (key, value) in part.metadata {
                whole.metadata.entry(key).or_insert(value);
            }
            whole.files.extend(part.files);
        }
        if whole.container == Container::Safetensors {
            whole.container = Container::Shards;
        }
        whole.name = format!("{}.{}", own.stem, own.extension);
        whole.path = path;
        whole
    }
}

fn part_sentence(number: usize, count: usize, why: &str) -> String {
    format!("this is part {number} of {count}, and the others are not part of what is shown: {why}")
}
