use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};
use quantscope::engine::control::Control;
use quantscope::engine::metric::{decibels, over_white};
use quantscope::lesson::exhibits::jpeg::compute::*;
use quantscope::picture::image::Image;
use quantscope::signal::jpeg::cells::CELLS;
use quantscope::source::builtin;
use quantscope::source::open::Source;

fn parrots() -> Arc<Image> {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("the sample photo opens") };
    photo.image.clone()
}

fn jpeg(image: &Arc<Image>, spec: JpegSpec) -> JpegReport {
    let control = Control::unwatched();
    Transformed::new(image.clone(), spec.half_colour, &control).unwrap().quantize(spec.quality, &control).unwrap()
}

fn pixels(report: &JpegReport) -> Vec<[u8; 4]> {
    let picture = &report.picture;
    (0..picture.height).flat_map(|y| (0..picture.width).map(move |x| picture.pixel(x, y))).collect()
}

fn opened(file: &[u8]) -> Vec<[u8; 4]> {
    let opened = image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().into_rgba8();
    opened.pixels().map(|p| p.0).collect()
}

fn mean_squared(a: &[[u8; 4]], b: &[[u8; 4]]) -> f64 {
    assert_eq!(a.len(), b.len());
    let of = |a: &[u8; 4], b: &[u8; 4]| (0..3).map(|c| f64::from(a[c].abs_diff(b[c])).powi(2)).sum::<f64>() / 3.0;
    a.iter().zip(b).map(|(a, b)| of(a, b)).sum::<f64>() / a.len() as f64
}

#[test]
fn more_quality_means_less_error_more_bits_and_fewer_zeros() {
    let image = parrots();
    for half_colour in [false, true] {
        let at = [5, 20, 50, 80, 95].map(|quality| jpeg(&image, JpegSpec { quality, half_colour }));
        for pair in at.windows(2) {
            assert!(pair[1].psnr_db > pair[0].psnr_db);
            assert!(pair[1].estimated_bits > pair[0].estimated_bits && pair[1].file.len() > pair[0].file.len());
            assert!(pair[1].zeros < pair[0].zeros);
        }
        for r in &at {
            let (estimated, real) = (r.estimated_bits / 8.0, r.file.len() as f64);
            println!(
                "{:?}: {:.2} dB, {estimated:.0} and {real} bytes, {:.3} bits a pixel, {:.1} % zeros",
                r.spec,
                r.psnr_db,
                r.bits_per_pixel(),
                100.0 * r.zeros as f64 / r.coefficients as f64
            );
            // The tables of the standard suit usual photos at usual steps; 600 bytes are head and tables.
            let least = if r.spec.quality < 50 { 0.3 } else { 0.75 };
            assert!((least..1.0).contains(&(estimated / real)), "{estimated} {real}");
        }
    }
}

#[test]
fn another_programs_reader_opens_the_file_and_sees_the_same_picture() {
    let image = parrots();
    for spec in [(30, false), (90, false), (30, true), (90, true)] {
        let report = jpeg(&image, JpegSpec { quality: spec.0, half_colour: spec.1 });
        let (ours, theirs) = (pixels(&report), opened(&report.file));
        // It works in whole numbers, and may smooth half colours in another way.
        let within = if spec.1 { 4.0 } else { 1.0 };
        assert!(mean_squared(&ours, &theirs) < within, "{spec:?}: {}", mean_squared(&ours, &theirs));
    }
}

#[test]
fn another_programs_writer_makes_a_file_of_the_same_size_and_error() {
    let image = parrots();
    let rgb: Vec<u8> = image.rgba.iter().flat_map(|c| [c[0], c[1], c[2]]).collect();
    for quality in [20, 50, 80] {
        let mut file = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut file, quality);
        encoder.encode(&rgb, image.width, image.height, ExtendedColorType::Rgb8).unwrap();
        let ours = jpeg(&image, JpegSpec { quality, half_colour: false });
        let ratio = ours.file.len() as f64 / file.len() as f64;
        assert!((ratio - 1.0).abs() < 0.01, "quality {quality}: {} and {} bytes", ours.file.len(), file.len());
        let theirs = decibels(255.0 * 255.0, mean_squared(&image.rgba, &opened(&file)));
        assert!((theirs - ours.psnr_db).abs() < 0.2, "quality {quality}: {theirs} {}", ours.psnr_db);
    }
}

#[test]
fn frequencies_go_farther_than_pixels_with_the_same_bytes() {
    let image = parrots();
    let report = jpeg(&image, JpegSpec { quality: 50, half_colour: true });
    let bytes = report.file.len() as u64;
    let rounded = pixels_in_as_many_bytes(&image, bytes, &Control::unwatched()).unwrap();
    println!(
        "{bytes} bytes: JPEG {:.2} dB; {} colours in {} bytes {:.2} dB",
        report.psnr_db,
        rounded.report.colors(),
        rounded.png_bytes,
        rounded.report.error.psnr_db
    );
    assert!(rounded.fits && rounded.png_bytes <= bytes);
    assert!(report.psnr_db > rounded.report.error.psnr_db + 6.0);
    // A power of two would leave a third of the bytes unspent.
    assert!(10 * rounded.png_bytes > 9 * bytes, "{} of {bytes}", rounded.png_bytes);
}

#[test]
fn pictures_of_any_size_come_back_whole_and_open() {
    for (width, height) in [(1, 1), (7, 3), (8, 8), (17, 9), (16, 33)] {
        let rgba: Vec<[u8; 4]> = (0..width * height).map(|i| [(i * 3 % 256) as u8, 90, 40, 255]).collect();
        let image = Arc::new(Image::new(width, height, rgba));
        for half_colour in [false, true] {
            let report = jpeg(&image, JpegSpec { quality: 100, half_colour });
            let theirs = opened(&report.file);
            assert_eq!(theirs.len(), image.rgba.len());
            if !half_colour {
                assert!(mean_squared(&pixels(&report), &image.rgba) < 1.0, "{width} × {height}");
                assert!(mean_squared(&theirs, &image.rgba) < 2.0, "{width} × {height}");
            }
        }
    }
    let nothing = jpeg(&Arc::new(Image::new(0, 0, Vec::new())), JpegSpec::default());
    assert!(nothing.file.is_empty() && nothing.psnr_db.is_infinite() && nothing.coefficients == 0);
}

#[test]
fn a_block_under_the_microscope_is_the_block_in_the_picture() {
    let image = parrots();
    let control = Control::unwatched();
    let transformed = Transformed::new(image.clone(), false, &control).unwrap();
    let block = transformed.block_at((203, 117), 40).unwrap();
    assert_eq!(block.place, (25, 14));
    for (i, luma) in block.pixels.iter().enumerate() {
        let at = (14 * 8 + i / 8) * image.width as usize + 25 * 8 + i % 8;
        let [r, g, b] = over_white(image.rgba[at]).map(f32::from);
        let expected = 0.299 * r + 0.587 * g + 0.114 * b;
        assert!((luma - expected).abs() < 1e-2);
    }
    for f in 0..CELLS {
        let step = f32::from(block.steps[f]);
        assert_eq!(block.kept[f], block.codes[f] as f32 * step);
        assert!((block.kept[f] - block.frequencies[f]).abs() <= step / 2.0 + 1e-3);
    }
    let error = |a: &[f32; CELLS], b: &[f32; CELLS]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
    let (of_pixels, of_frequencies) = (error(&block.pixels, &block.back), error(&block.frequencies, &block.kept));
    assert!((of_pixels / of_frequencies - 1.0).abs() < 1e-3);
    assert_eq!(transformed.block_at((image.width as usize, 0), 40), None);
}

#[test]
fn the_counts_add_up() {
    let image = parrots();
    let report = jpeg(&image, JpegSpec { quality: 50, half_colour: true });
    let luma = u64::from(image.width.div_ceil(16) * 2 * image.height.div_ceil(16) * 2) * 63;
    assert_eq!(report.histogram.counts.iter().sum::<u64>(), luma);
    assert_eq!(report.levels.counts.iter().sum::<u64>(), luma);
    assert!(report.zero_shares[63] > 0.9 && report.zero_shares[0] < 0.3, "{:?}", report.zero_shares);
    assert_eq!(report.coefficients, luma / 63 * 64 * 3 / 2);
}
