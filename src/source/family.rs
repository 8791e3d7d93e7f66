//! What is done with a file that is opened where nothing else is said of it: the one place that decides it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{formats, imatrix, palette};
use crate::palette::FileKind;

/// What a file is to the program, whatever its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A picture to cut to few colours.
    Photo,
    /// A file of model weights.
    Model,
    /// A list of colours, in any palette format that is read.
    Palette,
    /// A lesson for the window's Learn tab.
    Lesson,
    /// llama.cpp's importance matrix.
    Importance,
}

impl Family {
    const ALL: [Self; 5] = [Self::Photo, Self::Model, Self::Palette, Self::Lesson, Self::Importance];

    /// With its article.
    pub fn label(self) -> &'static str {
        match self {
            Self::Photo => "a photo",
            Self::Model => "a model",
            Self::Palette => "a palette",
            Self::Lesson => "a lesson",
            Self::Importance => "an importance matrix",
        }
    }

    /// The endings of its files, without the dot, in lower case.
    pub fn endings(self) -> Vec<&'static str> {
        match self {
            Self::Photo => formats::of_photos().flat_map(|format| format.endings).copied().collect(),
            Self::Model => formats::of_models().flat_map(|format| format.endings).copied().collect(),
            Self::Palette => FileKind::ALL.iter().map(|kind| kind.ending).collect(),
            Self::Lesson => vec!["toml"],
            Self::Importance => vec!["gguf", "dat", "imatrix"],
        }
    }

    /// As far as its name tells; its content decides. Of several that it may be, the first: a PNG is a photo.
    pub fn by_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
        Self::ALL.into_iter().find(|family| family.endings().contains(&ending.as_str()))
    }

    /// By its content, of a palette also by its ending. None: a photo or a model, as [`super::open::open_path`] has it.
    pub fn of(path: &Path) -> Option<Self> {
        match () {
            () if is_lesson(path) => Some(Self::Lesson),
            () if imatrix::is_imatrix(path) => Some(Self::Importance),
            () if Self::by_name(path) == Some(Self::Palette) || palette::is_strip(path) => Some(Self::Palette),
            () => None,
        }
    }
}

fn is_lesson(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start));
    read.is_ok() && begins_lesson(&start)
}

/// Whether a file of this beginning is meant to be a lesson, well made or not: by its first key, comments aside.
pub fn begins_lesson(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.find(|l| !l.is_empty() && !l.starts_with('#')).is_some_and(|line| line.starts_with("quantscope_lesson"))
}
