use quantscope::engine::control::Control;
use quantscope::engine::indexed::Tiles;
use quantscope::export::gif::*;
use quantscope::export::{ExportError, write_whole};
use quantscope::picture::Picture;

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
