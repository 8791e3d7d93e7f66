use quantscope::engine::control::Control;
use quantscope::export::ExportError;
use quantscope::export::packed::*;
use quantscope::picture::png::{indexed_png, true_png};

fn decoded(png: &[u8]) -> image::RgbaImage {
    image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap().into_rgba8()
}

fn smaller(quick: &[u8]) -> Vec<u8> {
    match pack(quick, &Control::unwatched()).unwrap() {
        Packed::Smaller(file) => file,
        other => panic!("{other:?}"),
    }
}

/// Waves, so that there is something to be found.
fn codes(width: usize, height: usize, entries: usize) -> Vec<u8> {
    let wave = |i: usize| ((i % width) as f32 * 0.07).sin() + ((i / width) as f32 * 0.05).cos();
    (0..width * height).map(|i| ((wave(i) + 2.0) * 0.24 * entries as f32) as u8 % entries as u8).collect()
}

fn palette(entries: usize) -> Vec<[u8; 4]> {
    (0..entries).map(|i| [i as u8, 200, (i * 3) as u8, if i == 0 { 0 } else { 255 }]).collect()
}

#[test]
fn a_packed_file_is_smaller_and_the_same_picture_with_the_same_palette() {
    let control = Control::unwatched();
    for entries in [2, 4, 16, 100] {
        let quick = indexed_png(300, 211, &codes(300, 211, entries), &palette(entries), &control).unwrap();
        let packed = smaller(&quick);
        assert!(packed.len() < quick.len(), "{entries}: {} {}", packed.len(), quick.len());
        assert_eq!(decoded(&packed), decoded(&quick));
        let plte = |png: &[u8]| {
            let reader = ::png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
            (reader.info().palette.clone().unwrap().into_owned(), reader.info().bit_depth)
        };
        assert_eq!(plte(&packed), plte(&quick));
    }
    let pixels: Vec<[u8; 4]> = codes(120, 90, 200).into_iter().map(|v| [v, v / 2, 255 - v, 255]).collect();
    let quick = true_png(120, 90, &pixels, &control).unwrap();
    let packed = smaller(&quick);
    assert_eq!(decoded(&packed), decoded(&quick));
}

#[test]
fn packing_twice_gains_nothing_and_garbage_is_refused() {
    let control = Control::unwatched();
    let quick = indexed_png(300, 211, &codes(300, 211, 16), &palette(16), &control).unwrap();
    let packed = smaller(&quick);
    assert_eq!(pack(&packed, &control).unwrap(), Packed::AsSmall);
    let file = PngFile::quick(packed.clone()).packed(&control).unwrap();
    assert_eq!((file.size.packed, file.bytes.len()), (Some(packed.len() as u64), packed.len()));
    for garbage in [b"".as_slice(), b"GIF89a", b"\x89PNG\r\n\x1a\n", &quick[..40], &quick[..quick.len() / 2]] {
        assert!(matches!(pack(garbage, &control), Err(ExportError::Unfit(_))), "{}", garbage.len());
    }
    let mut broken = quick;
    let at = broken.windows(4).position(|w| w == b"IDAT").unwrap() + 20;
    broken[at..at + 40].fill(0x55);
    assert!(pack(&broken, &control).is_err());
}

#[test]
fn sizes_are_compared_like_with_like() {
    let (quick, both) = (PngSize { quick: 9, packed: None }, PngSize { quick: 12, packed: Some(8) });
    assert_eq!((quick.alike(both), both.alike(quick), both.alike(both)), ((9, 12), (12, 9), (8, 8)));
    assert_eq!((quick.bytes(), both.bytes()), (9, 8));
}
