use quantscope::engine::control::Control;
use quantscope::export::ExportError;
use quantscope::export::packed::{PngFile, Reduced};
use quantscope::export::webp::*;
use quantscope::picture::Picture;

fn written(picture: Picture) -> Result<Vec<u8>, ExportError> {
    let reduced = Reduced { picture: picture.into(), png: PngFile::quick(Vec::new()), pack: false };
    Ok((WEBP.write)(&reduced, &Control::unwatched())?.to_vec())
}

#[test]
fn another_decoder_reads_the_same_pixels_whatever_the_palette() {
    for entries in [1, 2, 5, 16, 256] {
        for alpha in [255, 100] {
            let mut palette: Vec<[u8; 4]> =
                (0..entries).map(|i| [i as u8, 255 - i as u8, (i * 7 % 256) as u8, 255]).collect();
            palette[0][3] = alpha;
            let codes = (0..70 * 31).map(|i| (i * 7 % entries) as u8).collect();
            let picture = Picture::new_indexed(70, 31, codes, palette);
            let wanted = picture.rgba();
            let file = written(picture).unwrap();
            assert!(file.starts_with(b"RIFF") && &file[8..16] == b"WEBPVP8L");
            let back = image::load_from_memory(&file).unwrap().into_rgba8();
            assert!(back.dimensions() == (70, 31) && back.pixels().map(|p| p.0).eq(wanted), "{entries} {alpha}");
        }
    }
}

#[test]
fn a_picture_too_wide_for_the_format_is_refused_with_its_size() {
    let wide = Picture::new_indexed(16385, 1, vec![0; 16385], vec![[1, 2, 3, 255]]);
    let message = written(wide).unwrap_err().to_string();
    assert!(message.contains("16385 × 1"), "{message}");
}
