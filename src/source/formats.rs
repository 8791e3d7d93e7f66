//! The formats of photos and of models that are opened: who reads the list knows all of them.

use super::format::{Evidence, FileFormat, Opens};
use super::{decode, gguf, shards};

/// In the order in which they are named.
pub static FORMATS: &[&FileFormat] = &[
    &decode::png::FORMAT,
    &decode::jpeg::FORMAT,
    &decode::webp::FORMAT,
    &decode::bmp::FORMAT,
    &decode::gif::FORMAT,
    &decode::tiff::FORMAT,
    &decode::avif::FORMAT,
    &shards::FORMAT,
    &gguf::FORMAT,
];

/// The format that has the most to say for it, and what that is.
pub fn evidence(bytes: &[u8], name: &str) -> Option<(Evidence, &'static FileFormat)> {
    let evidence = FORMATS.iter().copied().filter_map(|format| Some(((format.evidence)(bytes, name)?, format)));
    evidence.max_by_key(|(evidence, _)| *evidence)
}

/// The formats of photos, in the order of [`FORMATS`].
pub fn of_photos() -> impl DoubleEndedIterator<Item = &'static FileFormat> {
    FORMATS.iter().copied().filter(|format| matches!(format.opens, Opens::Photo(_)))
}

/// The formats of models, in the order of [`FORMATS`].
pub fn of_models() -> impl DoubleEndedIterator<Item = &'static FileFormat> {
    FORMATS.iter().copied().filter(|format| matches!(format.opens, Opens::Model(_)))
}

/// "PNG, JPEG, WebP, BMP, GIF, TIFF or AVIF".
pub fn photo_names() -> String {
    listed(&of_photos().map(|format| format.name).collect::<Vec<_>>(), "or")
}

/// "a, b or c".
pub fn listed(words: &[&str], before_last: &str) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} {before_last} {last}", others.join(", ")),
        None => String::new(),
    }
}
