//! GIF files: the same codes and the same palette as the pane shows.
//!
//! GIF has one palette of at most 256 colours, of which one may be transparent, and nothing between
//! transparent and opaque. Source: *Graphics Interchange Format*, version 89a, CompuServe 1990.
//! Cost, one thread: about 25 ms a megapixel.

use std::sync::Arc;

use gif::{Encoder, Frame};

use super::ExportError;
use super::exporter::Exporter;
use super::packed::OfReduced;
use crate::engine::control::Control;
use crate::picture::Picture;
use crate::picture::png::{codes_into, one_palette};

/// The exporter of a reduction as a GIF: see [`of_picture`].
pub static GIF: OfReduced = Exporter {
    label: "GIF",
    ending: "gif",
    write: |reduced, control| Ok(Arc::new(of_picture(&reduced.picture, control)?)),
};

/// The file of a reduction: every entry of its palette in the order of the pane, pixel for pixel.
///
/// # Errors
/// [`ExportError::Stopped`]; [`ExportError::Unfit`] for what a GIF cannot hold: a picture without a palette, tiles
/// with more than 256 colours between them, half-transparent colours, sides over 65,535 pixels.
pub fn of_picture(picture: &Picture, control: &Control<'_>) -> Result<Vec<u8>, ExportError> {
    let unfit = |why: &str| Err(ExportError::Unfit(why.to_owned()));
    let Some(indexed) = picture.indexed() else { return unfit("the picture has no palette") };
    let Some(palette) = one_palette(indexed) else {
        return unfit("a GIF has one palette of 256 colours, and these tiles have more between them");
    };
    if palette.iter().any(|c| (1..255).contains(&c[3])) {
        return unfit("a GIF has no half-transparent colours");
    }
    let (Ok(width), Ok(height)) = (u16::try_from(picture.width), u16::try_from(picture.height)) else {
        return unfit("a GIF has at most 65,535 pixels a side");
    };
    if width == 0 || height == 0 {
        return unfit("the picture has no pixels");
    }
    control.check()?;
    control.progress(0.1);
    let mut codes = if indexed.tiles.is_none() { indexed.codes.to_vec() } else { codes_into(indexed, &palette) };
    let transparent = palette.iter().position(|c| c[3] == 0);
    // One entry alone may be transparent.
    if let Some(first) = transparent {
        codes.iter_mut().filter(|code| palette[usize::from(**code)][3] == 0).for_each(|code| *code = first as u8);
    }
    control.check()?;
    let frame = Frame::from_indexed_pixels(width, height, codes, transparent.map(|place| place as u8));
    let colors: Vec<u8> = palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let failed = |e: gif::EncodingError| ExportError::Unfit(e.to_string());
    let mut encoder = Encoder::new(Vec::new(), width, height, &colors).map_err(failed)?;
    encoder.write_frame(&frame).map_err(failed)?;
    control.check()?;
    encoder.into_inner().map_err(failed)
}
