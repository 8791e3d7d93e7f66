//! What to open in a folder: where a file is wanted, a model in a few usual places, or a picture; where photos are
//! wanted, all of them.

use std::collections::VecDeque;
use std::fs::{File, ReadDir};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::OpenError;
use super::format::{Evidence, FileFormat, Opens};
use super::formats;

/// A hub's cache has its files so deep: `snapshots/REVISION/FILE`.
const DEEPEST: usize = 3;
/// Entries that are looked at; a folder of more is not searched to its end.
const MOST: usize = 4000;

/// Whether it is no model, how deep it lies, and its place among the endings: the least is opened.
type Rank = (bool, usize, usize);

/// The file to open, by its path within the folder: a model before a picture, the nearest, the index before its parts.
pub(super) fn what_to_open(folder: &Path) -> Option<String> {
    let (_, path) = best(folder)?;
    Some(path.strip_prefix(folder).ok()?.display().to_string())
}

fn best(folder: &Path) -> Option<(Rank, PathBuf)> {
    let mut folders = VecDeque::from([(folder.to_owned(), 0)]);
    let (mut best, mut seen) = (None::<(Rank, PathBuf)>, 0);
    while let Some((place, depth)) = folders.pop_front().filter(|_| seen < MOST) {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(&place).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        for path in entries.into_iter().take(MOST) {
            seen += 1;
            let Some(name) = path.file_name().map(|n| n.to_string_lossy().to_lowercase()) else { continue };
            if path.is_dir() {
                if depth < DEEPEST && !name.starts_with('.') {
                    folders.push_back((path, depth + 1));
                }
            } else if let Some(rank) = rank(&name, depth)
                && best.as_ref().is_none_or(|(other, _)| rank < *other)
            {
                best = Some((rank, path));
            }
        }
    }
    best
}

fn rank(name: &str, depth: usize) -> Option<Rank> {
    // Any JSON may stand beside a model; the index of one says so in its name.
    let of_files = formats::of_models().rev().flat_map(|format| format.endings).filter(|ending| **ending != "json");
    let models: Vec<&str> = std::iter::once("safetensors.index.json").chain(of_files.copied()).collect();
    let pictures = formats::of_photos().flat_map(|format| format.endings).copied();
    // What stands beside a model's weights and is none.
    let beside = ["mmproj", "imatrix", "adapter"].iter().any(|word| name.contains(word));
    let ends = |ending: &str| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
    let place = models.iter().copied().chain(pictures).position(ends)?;
    Some((place >= models.len() || beside, depth, place))
}

/// What there is in a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FolderContent {
    /// The photos, told by their content, in the order of their names.
    pub photos: Vec<PathBuf>,
    /// How many files are something else.
    pub others: usize,
}

/// The photos in a folder, without those in folders within it.
///
/// # Errors
/// When the folder cannot be read.
pub fn all_photos_in(folder: &Path) -> Result<FolderContent, OpenError> {
    content(std::fs::read_dir(folder).map_err(|e| OpenError::io(folder, e))?, || Ok(()))
}

/// The photos to open where a folder is given; none where there is no photo, or where there is a model, which is opened
/// instead. `check` is asked before each file.
///
/// # Errors
/// That of `check`.
pub fn photos_to_open<E>(folder: &Path, check: impl Fn() -> Result<(), E>) -> Result<Option<FolderContent>, E> {
    let is_of_model = matches!(best(folder), Some(((false, ..), _)));
    let entries = std::fs::read_dir(folder).ok().filter(|_| !is_of_model);
    let found = entries.map(|entries| content(entries, check)).transpose()?;
    Ok(found.filter(|found| !found.photos.is_empty()))
}

fn content<E>(entries: ReadDir, check: impl Fn() -> Result<(), E>) -> Result<FolderContent, E> {
    let mut found = FolderContent::default();
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        check()?;
        if is_photo(&path) { found.photos.push(path) } else { found.others += 1 }
    }
    found.photos.sort_by_cached_key(|path| path.file_name().map(|name| name.to_string_lossy().to_lowercase()));
    Ok(found)
}

fn is_photo(path: &Path) -> bool {
    const LOOKED_AT: u64 = 64;
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start));
    let evidence = formats::evidence(&start, &path.to_string_lossy());
    let is_photo = |(evidence, format): (Evidence, &FileFormat)| {
        evidence == Evidence::Marked && matches!(format.opens, Opens::Photo(_))
    };
    read.is_ok() && evidence.is_some_and(is_photo)
}
