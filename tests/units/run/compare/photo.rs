use std::sync::Arc;

use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::control::Control;
use quantscope::picture::{image::Image, png};
use quantscope::run::compare::photo::check_sizes;
use quantscope::run::error::RunError;
use quantscope::run::photo;
use quantscope::run::report::{PhotoCoding, PhotoReport};
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::photo::Photo;
use quantscope::spec::{Candidate, FittedPalette, PaletteSpec, PhotoSpec, Stage};

/// A photo with transparent and translucent pixels.
fn original() -> Image {
    let alpha = |x: u32, y: u32| if x < 4 { 0 } else { 255 - (y % 2 * 55) as u8 };
    let pixel = |x: u32, y: u32| [(x * 5 % 256) as u8, (y * 7 % 256) as u8, (x * y % 256) as u8, alpha(x, y)];
    Image::new(60, 40, (0..40).flat_map(|y| (0..60).map(move |x| pixel(x, y))).collect())
}

fn opened(name: &str, bytes: Vec<u8>) -> Arc<Photo> {
    let Source::Photo(photo) = open_bytes(name, bytes).unwrap() else { panic!("a model") };
    photo
}

fn measured(original: &Image, candidate: Arc<Photo>) -> Result<PhotoReport, RunError> {
    let spec = PhotoSpec::Candidate(Candidate(candidate));
    photo::reduce(original, spec, Stage::Preview, &Control::unwatched())
}

/// A PNG of 2 rows whose pixels are the codes.
fn indexed_png(palette: &[[u8; 3]], gamma: Option<f32>, codes: &[u8]) -> Arc<Photo> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, codes.len() as u32 / 2, 2);
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_palette(palette.as_flattened().to_vec());
    if let Some(gamma) = gamma {
        encoder.set_source_gamma(::png::ScaledFloat::new(gamma));
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(codes).unwrap();
    writer.finish().unwrap();
    opened("theirs.png", bytes)
}

fn colors(report: &PhotoReport) -> Vec<[u8; 4]> {
    report.palette.iter().map(|entry| entry.rgba).collect()
}

#[test]
fn a_png_of_our_own_has_exactly_the_figures_of_the_reduction_that_it_is_of() {
    let (image, control) = (original(), Control::unwatched());
    let dither = Dithering { pattern: Pattern::ALL[1], ..Dithering::NONE };
    for (colors, dither) in [(16, dither), (3, Dithering::NONE), (256, Dithering::NONE)] {
        let spec = PaletteSpec { dither, ..FittedPalette::new(colors).into() };
        let ours = photo::reduce(&image, spec, Stage::Full, &control).unwrap();
        let file = png::of_picture(&ours.picture, &control).unwrap();
        let theirs = measured(&image, opened("ours.png", file)).unwrap();
        assert_eq!(theirs.stage, Stage::Full, "there is no preview of it");
        assert!(matches!(theirs.coding, PhotoCoding::Palette));
        assert_eq!((theirs.error, theirs.psnr_afar_db), (ours.error, ours.psnr_afar_db));
        assert_eq!((theirs.rate, &theirs.histogram), (ours.rate, &ours.histogram));
        assert_eq!(theirs.palette, ours.palette);
        assert_eq!(theirs.picture.rgba(), ours.picture.rgba());
        assert_eq!(theirs.error_map.rgba(), ours.error_map.rgba());
    }
}

#[test]
fn the_palette_of_a_file_keeps_its_order_its_repetitions_and_what_no_pixel_uses() {
    let palette = [[9, 9, 9], [250, 0, 0], [250, 0, 0], [0, 0, 1], [3, 200, 3]];
    let theirs = indexed_png(&palette, None, &[1, 1, 4, 3]);
    let report = measured(&theirs.image.clone(), theirs).unwrap();
    assert_eq!(colors(&report), palette.map(|[r, g, b]| [r, g, b, 255]));
    assert_eq!(report.palette.iter().map(|entry| entry.count).collect::<Vec<_>>(), [0, 2, 0, 1, 1]);
    assert_eq!(report.picture.code(0, 1), Some(4));
    assert_eq!(report.error.psnr_db, f64::INFINITY);
}

#[test]
fn a_palette_that_is_converted_to_srgb_is_the_palette_of_the_converted_pixels() {
    let theirs = indexed_png(&[[200, 10, 10], [30, 30, 30]], Some(1.0), &[1, 0, 1, 1]);
    assert_ne!(theirs.image.rgba[1], [200, 10, 10, 255]);
    let expected = [theirs.image.rgba[1], theirs.image.rgba[0]];
    assert_eq!(colors(&measured(&theirs.image.clone(), theirs).unwrap()), expected);
}

#[test]
fn a_gif_keeps_the_order_of_its_palette_with_the_transparent_entry() {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, 2, 1, &[7, 7, 7, 0, 0, 0, 250, 250, 250, 1, 2, 3]).unwrap();
    let frame =
        gif::Frame { width: 2, height: 1, transparent: Some(1), buffer: vec![2, 1].into(), ..Default::default() };
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    let theirs = opened("theirs.gif", bytes);
    let report = measured(&theirs.image.clone(), theirs).unwrap();
    assert_eq!(colors(&report), [[7, 7, 7, 255], [0; 4], [250, 250, 250, 255], [1, 2, 3, 255]]);
    assert_eq!((report.picture.code(0, 0), report.picture.code(1, 0)), (Some(2), Some(1)));
}

#[test]
fn more_colours_than_a_palette_has_are_true_colour_at_24_bits_a_pixel() {
    let slope = |x: u32, y: u32| image::Rgb([x as u8, y as u8 * 9, 7]);
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(40, 20, slope).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let theirs = opened("theirs.png", bytes.into_inner());
    let mut pixels = theirs.image.rgba.clone();
    pixels[41] = [90, 9, 7, 255];
    let report = measured(&Image::new(40, 20, pixels), theirs).unwrap();
    assert!(matches!(report.coding, PhotoCoding::TrueColour { colors: 800 }));
    assert_eq!((report.colors(), report.palette.len(), report.has_palette()), (800, 256, false));
    assert_eq!(report.rate.bits_per_sample(), 24.0);
    assert_eq!(report.error.max_abs, 89);
    assert_eq!(report.picture.pixel(1, 1), [1, 9, 7, 255]);
}

#[test]
fn pictures_of_other_sizes_are_refused_by_name_and_whole_multiples_get_advice() {
    let plain = |name: &str, width: u32, height: u32| {
        Photo::without_file(
            name.to_owned(),
            Image::new(width, height, vec![[1, 2, 3, 255]; (width * height) as usize]).into(),
        )
    };
    let ours = plain("photo.jpg", 20, 10);
    assert_eq!(check_sizes(&ours, &plain("same.png", 20, 10)), Ok(()));
    let message = |theirs: &Photo| check_sizes(&ours, theirs).unwrap_err().to_string();
    let turned = message(&plain("turned.png", 10, 20));
    for part in ["turned.png", "10 × 20", "photo.jpg", "20 × 10"] {
        assert!(turned.contains(part), "{turned}");
    }
    assert!(!turned.contains("nearest"), "{turned}");
    let magnified = message(&plain("large.png", 60, 30));
    assert!(magnified.contains("3 times as large") && magnified.contains("nearest neighbour"), "{magnified}");
    assert!(!message(&plain("wide.png", 60, 20)).contains("times as large"));
    let refused = measured(&ours.image, plain("turned.png", 10, 20).into());
    assert!(matches!(refused, Err(RunError::SizesDiffer(_))));
}
