//! GIF: the palette of the first frame, and whether there are frames after it.

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
    let (palette, has_second_frame) = first_frame(bytes).unwrap_or_default();
    raster.palette = palette;
    if has_second_frame {
        raster.notes.push(common::FIRST_FRAME.to_owned());
    }
    Ok(raster)
}

/// Its palette, and whether another frame follows: without decoding either.
fn first_frame(bytes: &[u8]) -> Option<(Vec<[u8; 4]>, bool)> {
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(bytes).ok()?;
    let frame = decoder.next_frame_info().ok()??;
    let (own, clear) = (frame.palette.clone(), frame.transparent.map(usize::from));
    let colors = own.or_else(|| decoder.global_palette().map(<[u8]>::to_vec)).unwrap_or_default();
    let entry = |(place, &[r, g, b]): (usize, &[u8; 3])| if clear == Some(place) { [0; 4] } else { [r, g, b, u8::MAX] };
    let palette = colors.as_chunks::<3>().0.iter().enumerate().map(entry).collect();
    Some((palette, matches!(decoder.next_frame_info(), Ok(Some(_)))))
}
