//! GIF: whether there are frames after the first.

use image::ImageFormat;

use super::common;
use super::raster::Raster;
use crate::source::error::Cause;
use crate::source::format::{Evidence, FileFormat, Opens};

pub(crate) static FORMAT: FileFormat = FileFormat {
    name: "GIF",
    endings: &["gif"],
    evidence: |bytes, _| (bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")).then_some(Evidence::Marked),
    opens: Opens::Photo(decode),
};

fn decode(bytes: &[u8]) -> Result<Raster, Cause> {
    let mut raster = common::decode_rows(ImageFormat::Gif, FORMAT.name, bytes)?;
    if has_second_frame(bytes) == Some(true) {
        raster.notes.push(common::FIRST_FRAME.to_owned());
    }
    Ok(raster)
}

/// Without decoding either.
fn has_second_frame(bytes: &[u8]) -> Option<bool> {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(bytes).ok()?;
    decoder.next_frame_info().ok()??;
    Some(decoder.next_frame_info().ok()?.is_some())
}
