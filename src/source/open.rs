//! Opening: what a file is, is told from its content; its name only helps to say what is wrong.

use std::path::Path;
use std::sync::Arc;

use super::bytes::Bytes;
use super::decode::avif::has_brand;
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
            let why = format!("{what}; photos ({photos}), {} models can be opened", models("and"));
            Err(Cause::Unsupported(why))
        }
        (Some((_, format)), _) => Ok(format),
        (None, None) => Err(Cause::UnknownKind(format!("neither a photo ({photos}) nor a {} model", models("or")))),
    }
}

/// What is recognised and not opened, and what can be done with it.
fn other(bytes: &[u8]) -> Option<&'static str> {
    match () {
        () if bytes.starts_with(b"PK\x03\x04") => Some("a zip archive (or a PyTorch model) cannot be opened"),
        () if bytes.starts_with(b"%PDF") => Some("a PDF cannot be opened"),
        () if has_brand(bytes, &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) => Some(
            "a HEIC picture cannot be opened: export it as JPEG or PNG first (heif-convert does; an iPhone takes JPEGs \
             under Settings, Camera, Formats, Most Compatible)",
        ),
        () if is_svg(bytes) => {
            Some("an SVG drawing has no pixels: export it as PNG first, in the size that it is wanted in")
        }
        () => None,
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_ascii_lowercase();
    let text = start.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && text.contains("<svg") && !text.starts_with("<!doctype html") && !text.starts_with("<html")
}
