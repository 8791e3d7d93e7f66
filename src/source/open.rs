//! Opening: what a file is, is told from its content; its name only helps to say what is wrong.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::bytes::Bytes;
use super::error::{Cause, OpenError};
use super::model::Model;
use super::photo::Photo;
use super::{folder, gguf, shards, stray};
use crate::panics::caught;

#[derive(Clone, Debug)]
pub enum Source {
    Photo(Arc<Photo>),
    Model(Arc<Model>),
}

/// Opens a file.
///
/// # Errors
/// One line that names the file and the cause.
pub fn open_path(path: &Path) -> Result<Source, OpenError> {
    let io = |e| OpenError::io(path, e);
    let info = std::fs::metadata(path).map_err(io)?;
    let name = path.display().to_string();
    if info.is_dir() {
        return Err(OpenError::new(name, Cause::Directory(folder::what_to_open(path))));
    }
    if info.len() == 0 {
        return Err(OpenError::new(name, Cause::Empty));
    }
    let file = File::open(path).map_err(io)?;
    let bytes = Bytes::map(&file).map_err(io)?;
    open(&name, bytes, Some(path))
}

/// Opens bytes that came without a file, by the name they came with.
pub fn open_bytes(name: &str, bytes: Vec<u8>) -> Result<Source, OpenError> {
    open(name, Bytes::Held(bytes), None)
}

/// The one place where files are decoded: a decoder that panics has met a file that it cannot read.
pub(super) fn open(name: &str, bytes: Bytes, path: Option<&Path>) -> Result<Source, OpenError> {
    guarded(name, || decode(name, bytes, path))
}

fn guarded(name: &str, decode: impl FnOnce() -> Result<Source, OpenError>) -> Result<Source, OpenError> {
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
    match kind_of(&bytes, name) {
        Kind::Image(format) => {
            let photo = Photo::decode(short, path.map(Path::to_owned), format, &bytes).map_err(refuse)?;
            Ok(Source::Photo(Arc::new(photo)))
        }
        Kind::Safetensors => {
            let model = Model::parse(short, path.map(Path::to_owned), bytes).map_err(refuse)?;
            Ok(looked_over(model.with_other_parts()))
        }
        Kind::Gguf => {
            let model = Model::parse_gguf(short, path.map(Path::to_owned), bytes).map_err(refuse)?;
            Ok(looked_over(model.with_other_parts()))
        }
        Kind::Shards => Ok(looked_over(Model::open_shards(short, path, &bytes).map_err(refuse)?)),
        Kind::Stray(what) => Err(refuse(Cause::Unsupported(what))),
        Kind::Other(what) => Err(refuse(Cause::Unsupported(format!(
            "{what} cannot be opened; photos (PNG, JPEG, WebP, BMP, GIF, TIFF), .safetensors and GGUF models can"
        )))),
        Kind::Unknown => Err(refuse(Cause::UnknownKind(
            "neither a photo (PNG, JPEG, WebP, BMP, GIF, TIFF) nor a .safetensors or GGUF model".to_owned(),
        ))),
    }
}

fn looked_over(mut model: Model) -> Source {
    model.look_over();
    Source::Model(Arc::new(model))
}

#[derive(Debug, PartialEq)]
enum Kind {
    Image(image::ImageFormat),
    Safetensors,
    Gguf,
    /// An index of several .safetensors files.
    Shards,
    /// What stands where the file should be, in words.
    Stray(String),
    /// Recognised, and not for us.
    Other(&'static str),
    Unknown,
}

fn kind_of(bytes: &[u8], name: &str) -> Kind {
    use image::ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let brand = bytes.get(4..12).unwrap_or_default();
    if !shards::looks_like_index(bytes, name)
        && let Some(what) = stray::what_it_is(bytes)
    {
        return Kind::Stray(what);
    }
    match () {
        _ if starts(b"\x89PNG\r\n\x1a\n") => Kind::Image(Png),
        _ if starts(b"\xff\xd8\xff") => Kind::Image(Jpeg),
        _ if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Kind::Image(WebP),
        _ if starts(b"GIF87a") || starts(b"GIF89a") => Kind::Image(Gif),
        _ if starts(b"II*\0") || starts(b"MM\0*") => Kind::Image(Tiff),
        _ if starts(b"BM") && is_bitmap(bytes) => Kind::Image(Bmp),
        _ if starts(gguf::MAGIC) => Kind::Gguf,
        _ if shards::looks_like_index(bytes, name) => Kind::Shards,
        _ if looks_like_safetensors(bytes) => Kind::Safetensors,
        _ if starts(b"PK\x03\x04") => Kind::Other("a zip archive (or a PyTorch model)"),
        _ if starts(b"%PDF") => Kind::Other("a PDF"),
        _ if brand.starts_with(b"ftypavif") => Kind::Other("an AVIF picture"),
        _ if brand.starts_with(b"ftyphei") => Kind::Other("a HEIC picture"),
        _ if has_extension(name, &["safetensors"]) => Kind::Safetensors,
        _ if has_extension(name, &["gguf"]) => Kind::Gguf,
        _ => Kind::Unknown,
    }
}

/// "BM" begins many texts; a bitmap goes on with its header's size.
fn is_bitmap(bytes: &[u8]) -> bool {
    matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// Eight bytes of length and then a JSON object.
fn looks_like_safetensors(bytes: &[u8]) -> bool {
    let header = bytes.get(8..).unwrap_or_default();
    header.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|e| extensions.contains(&e.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_is_one_line_with_the_files_name() {
        let error = guarded("folder/x.jpg", || panic!("index out of bounds: {}\nat", 7)).unwrap_err();
        let wanted = "folder/x.jpg: it cannot be read: its decoder failed (index out of bounds: 7 at)";
        assert_eq!(error.to_string(), wanted);
    }

    #[test]
    fn the_kind_is_told_from_the_content_and_not_from_the_name() {
        let header = b"\x10\0\0\0\0\0\0\0  {\"a\":{}}".as_slice();
        assert_eq!(kind_of(header, "photo.png"), Kind::Safetensors);
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n", "model.safetensors"), Kind::Image(image::ImageFormat::Png));
        assert_eq!(kind_of(b"BMW is a maker of cars", "bm"), Kind::Unknown);
        assert_eq!(kind_of(b"GGUF\x03\0\0\0", "x"), Kind::Gguf);
        assert_eq!(kind_of(b"{\"weight_map\": {}}", "x"), Kind::Shards);
        assert_eq!(kind_of(b"\0", "broken.safetensors"), Kind::Safetensors);
    }
}
