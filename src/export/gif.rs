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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::indexed::Tiles;
    use crate::export::write_whole;

    fn picture(width: u32, height: u32, palette: Vec<[u8; 4]>) -> Picture {
        let codes = (0..width * height).map(|i| (i * 7 % palette.len() as u32) as u8).collect();
        Picture::new_indexed(width, height, codes, palette)
    }

    fn written(picture: &Picture) -> Result<Vec<u8>, ExportError> {
        of_picture(picture, &Control::unwatched())
    }

    fn colors(n: usize) -> Vec<[u8; 4]> {
        (0..n).map(|i| [i as u8, 255 - i as u8, (i * 7 % 256) as u8, 255]).collect()
    }

    #[test]
    fn another_decoder_reads_the_same_pixels_and_the_same_palette() {
        for entries in [1, 2, 3, 4, 5, 16, 17, 100, 256] {
            for (width, height) in [(1, 1), (7, 5), (300, 200)] {
                let picture = picture(width, height, colors(entries));
                let file = written(&picture).unwrap();
                let back = image::load_from_memory(&file).unwrap().into_rgba8();
                assert_eq!(back.dimensions(), (width, height));
                assert!(back.pixels().map(|p| p.0).eq(picture.indexed().unwrap().pixels()), "{entries}");
                let reader = gif::DecodeOptions::new().read_info(file.as_slice()).unwrap();
                let expected: Vec<u8> = colors(entries).iter().flat_map(|c| [c[0], c[1], c[2]]).collect();
                assert!(reader.global_palette().unwrap().starts_with(&expected), "{entries}");
            }
        }
    }

    #[test]
    fn transparent_pixels_stay_transparent() {
        let mut palette = colors(5);
        palette[0] = [0; 4];
        let picture = picture(30, 20, palette);
        let back = image::load_from_memory(&written(&picture).unwrap()).unwrap().into_rgba8();
        for (found, shown) in back.pixels().zip(picture.indexed().unwrap().pixels()) {
            assert!(found.0 == shown || (found.0[3] == 0 && shown[3] == 0), "{found:?} {shown:?}");
        }
    }

    #[test]
    fn tiles_are_written_where_one_palette_holds_their_colours() {
        let tiled = |palette: Vec<[u8; 4]>, entries: usize| {
            let codes = (0..40 * 40).map(|i| (i % entries) as u8).collect();
            Picture::new_tiled(40, 40, codes, palette, Some(Tiles::new(40, 20, entries)))
        };
        let few = tiled(colors(12), 3);
        let back = image::load_from_memory(&written(&few).unwrap()).unwrap().into_rgba8();
        assert!(back.pixels().map(|p| p.0).eq(few.indexed().unwrap().pixels()));
        let many = (0..400).map(|i| [(i % 256) as u8, (i / 256) as u8, 9, 255]).collect();
        let message = written(&tiled(many, 100)).unwrap_err().to_string();
        assert!(message.contains("more between them"), "{message}");
    }

    #[test]
    fn what_a_gif_cannot_hold_is_said() {
        let mut translucent = colors(3);
        translucent[1][3] = 128;
        assert!(written(&picture(3, 3, translucent)).unwrap_err().to_string().contains("half-transparent"));
        assert!(written(&picture(70_000, 1, colors(2))).unwrap_err().to_string().contains("65,535"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_when_the_file_is_written() {
        let file = written(&picture(9, 9, colors(4))).unwrap();
        let error = write_whole(std::path::Path::new("/dev/full"), &file).unwrap_err();
        assert_eq!(error.to_string(), "cannot write /dev/full: the disk is full");
    }
}
