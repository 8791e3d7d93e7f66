//! Opening: what a file is, is told from its content; its name only helps to say what is wrong.

use std::path::Path;
use std::sync::Arc;

use super::bytes::Bytes;
use super::error::{Cause, OpenError};
use super::format::{Evidence, FileFormat, Opens};
use super::model::Model;
use super::photo::Photo;
use super::{folder, formats, stray};
use crate::panics::caught;

/// An opened photo or model; a clone shares it.
#[derive(Clone, Debug)]
pub enum Source {
    /// A decoded picture.
    Photo(Arc<Photo>),
    /// A model whose tensors are read when they are asked for.
    Model(Arc<Model>),
}

/// Opens a file.
///
/// # Errors
/// One line that names the file and the cause.
pub fn open_path(path: &Path) -> Result<Source, OpenError> {
    open(&path.display().to_string(), Bytes::open(path, folder::what_to_open)?, Some(path))
}

/// Opens bytes that came without a file, by the name they came with.
///
/// # Errors
/// One line that names the bytes and the cause.
pub fn open_bytes(name: &str, bytes: Vec<u8>) -> Result<Source, OpenError> {
    open(name, Bytes::Held(bytes), None)
}

/// The one place where files are decoded: a decoder that panics has met a file that it cannot read.
pub(super) fn open(name: &str, bytes: Bytes, path: Option<&Path>) -> Result<Source, OpenError> {
    guarded(name, || decode(name, bytes, path))
}

/// What `decode` makes of the file called `name`; a panic in it becomes an error.
///
/// # Errors
/// Those of `decode`, and [`Cause::Malformed`] where it panicked.
pub fn guarded(name: &str, decode: impl FnOnce() -> Result<Source, OpenError>) -> Result<Source, OpenError> {
    caught(decode).unwrap_or_else(|panic| {
        let cause = Cause::Malformed(format!("it cannot be read: its decoder failed ({})", panic.text));
        Err(OpenError::new(name, cause))
    })
}

fn decode(name: &str, bytes: Bytes, path: Option<&Path>) -> Result<Source, OpenError> {
    let refuse = |cause| OpenError::new(name, cause);
    if bytes.is_empty() {
        return Err(refuse(Cause::Empty));
    }
    let short = path.and_then(Path::file_name).map_or_else(|| name.to_owned(), |n| n.to_string_lossy().into_owned());
    let (format, path) = (format_of(&bytes, name).map_err(refuse)?, path.map(Path::to_owned));
    match format.opens {
        Opens::Photo(decode) => {
            let raster = decode(&bytes).map_err(refuse)?;
            let photo = Photo::of_raster(short, path, format.name, raster, bytes.len() as u64);
            Ok(Source::Photo(Arc::new(photo)))
        }
        Opens::Model(open) => {
            let mut model = open(short, path, bytes).map_err(refuse)?;
            model.look_over();
            Ok(Source::Model(Arc::new(model)))
        }
    }
}

/// The format of a file, told from its content; a name alone is believed where nothing else is said.
///
/// # Errors
/// [`Cause::Unsupported`] for what is recognised and cannot be opened, [`Cause::UnknownKind`] for anything else.
pub fn format_of(bytes: &[u8], name: &str) -> Result<&'static FileFormat, Cause> {
    let evidence = formats::evidence(bytes, name);
    if let Some((Evidence::Marked, format)) = evidence {
        return Ok(format);
    }
    if let Some(what) = stray::what_it_is(bytes) {
        return Err(Cause::Unsupported(what));
    }
    let photos = formats::of_photos().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let models = formats::of_models().map(|format| format.name).collect::<Vec<_>>();
    let models = |word: &str| formats::listed(&models, word);
    match (evidence, other(bytes)) {
        (Some((Evidence::Named, _)) | None, Some(what)) => {
            let why = format!("{what} cannot be opened; photos ({photos}), {} models can", models("and"));
            Err(Cause::Unsupported(why))
        }
        (Some((_, format)), _) => Ok(format),
        (None, None) => Err(Cause::UnknownKind(format!("neither a photo ({photos}) nor a {} model", models("or")))),
    }
}

/// What is recognised, and not for us.
fn other(bytes: &[u8]) -> Option<&'static str> {
    let brand = bytes.get(4..12).unwrap_or_default();
    match () {
        () if bytes.starts_with(b"PK\x03\x04") => Some("a zip archive (or a PyTorch model)"),
        () if bytes.starts_with(b"%PDF") => Some("a PDF"),
        () if brand.starts_with(b"ftypavif") => Some("an AVIF picture"),
        () if brand.starts_with(b"ftyphei") => Some("a HEIC picture"),
        () => None,
    }
}
