use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use png::ColorType;
use quantscope::engine::control::Control;
use quantscope::export::write_whole;
use quantscope::picture::error::PngError;
use quantscope::picture::png::*;

fn palette_of(entries: usize) -> Vec<[u8; 4]> {
    (0..entries).map(|i| [i as u8, 255 - i as u8, (i * 7 % 256) as u8, 255]).collect()
}

fn codes_of(width: u32, height: u32, entries: usize) -> Vec<u8> {
    (0..(width * height) as usize).map(|i| (i * 31 % 257 % entries) as u8).collect()
}

fn encode(width: u32, height: u32, codes: &[u8], palette: &[[u8; 4]]) -> Vec<u8> {
    indexed_png(width, height, codes, palette, &Control::unwatched()).unwrap()
}

fn pixels_of(png: &[u8]) -> Vec<[u8; 4]> {
    let rgba = image::load_from_memory_with_format(png, image::ImageFormat::Png).unwrap().into_rgba8();
    rgba.pixels().map(|p| p.0).collect()
}

/// (bits a pixel, palette entries, tRNS length or none) as the file itself says.
fn header_of(png: &[u8]) -> (u8, usize, Option<usize>) {
    let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let info = reader.info();
    (info.bit_depth as u8, info.palette.as_ref().unwrap().len() / 3, info.trns.as_ref().map(|t| t.len()))
}

#[test]
fn every_pixel_decodes_to_its_palette_entry_at_every_depth_and_odd_width() {
    for entries in [1, 2, 3, 4, 5, 16, 17, 256] {
        for (width, height) in [(1, 1), (1, 5), (2, 3), (3, 2), (7, 4), (9, 9), (33, 3), (300, 2)] {
            let (codes, palette) = (codes_of(width, height, entries), palette_of(entries));
            let expected: Vec<[u8; 4]> = codes.iter().map(|&c| palette[usize::from(c)]).collect();
            assert_eq!(pixels_of(&encode(width, height, &codes, &palette)), expected, "{entries} {width}×{height}");
        }
    }
}

#[test]
fn the_palette_is_whole_and_the_depth_the_least_that_holds_it() {
    for (entries, bits) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)] {
        let png = encode(3, 1, &[0, 0, 0], &palette_of(entries));
        assert_eq!(header_of(&png), (bits, entries, None));
    }
}

#[test]
fn transparency_is_written_up_to_the_last_entry_that_needs_it() {
    let mut palette = palette_of(6);
    palette[0][3] = 0;
    palette[2][3] = 99;
    let png = encode(3, 2, &[0, 1, 2, 3, 4, 5], &palette);
    assert_eq!(header_of(&png), (4, 6, Some(3)));
    assert_eq!(pixels_of(&png), palette);
}

#[test]
fn full_colour_keeps_every_pixel_in_24_bits_when_opaque_and_32_when_not() {
    let control = Control::unwatched();
    let mut pixels: Vec<[u8; 4]> = (0..35u8).map(|i| [i, i * 3, i * 7, 255]).collect();
    for color in [ColorType::Rgb, ColorType::Rgba] {
        let png = true_png(7, 5, &pixels, &control).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!(reader.info().color_type, color);
        assert_eq!(pixels_of(&png), pixels);
        assert_eq!(true_png_size(7, 5, &pixels, &control).unwrap(), png.len() as u64);
        pixels[3] = [200, 100, 50, 0];
    }
}

#[test]
fn what_png_cannot_hold_is_refused() {
    let control = Control::unwatched();
    let attempt = |w, h, codes: &[u8], palette: &[[u8; 4]]| indexed_png(w, h, codes, palette, &control);
    assert_eq!(attempt(1, 1, &[0], &[]), Err(PngError::Entries(0)));
    assert_eq!(attempt(1, 1, &[0], &vec![[0; 4]; 257]), Err(PngError::Entries(257)));
    assert_eq!(attempt(1, 1, &[2], &palette_of(2)), Err(PngError::NoEntry));
    assert!(matches!(attempt(2, 1, &[0], &palette_of(2)), Err(PngError::Pixels { pixels: 1, width: 2, height: 1 })));
    assert!(matches!(attempt(0, 3, &[], &palette_of(2)), Err(PngError::Pixels { .. })));
    assert!(matches!(true_png(u32::MAX, u32::MAX, &[[0; 4]], &control), Err(PngError::Pixels { .. })));
}

#[test]
fn a_stop_ends_the_work_at_the_next_row() {
    let (stop, rows_seen) = (AtomicBool::new(false), Mutex::new(0));
    let progress = |_| {
        let mut rows = rows_seen.lock().unwrap();
        *rows += 1;
        stop.store(*rows == 10, Ordering::Relaxed);
    };
    let pixels = vec![[9, 9, 9, 255]; 64 * 64];
    let outcome = true_png(64, 64, &pixels, &Control::new(&stop, &progress));
    assert_eq!((outcome, *rows_seen.lock().unwrap()), (Err(PngError::Stopped), 10));
}

#[test]
fn a_picture_larger_than_one_chunk_survives_the_disk() {
    // Noise does not compress: this takes several chunks of pixel data.
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let codes: Vec<u8> = (0..1601 * 1400).map(|_| noise()).collect();
    let png = encode(1601, 1400, &codes, &palette_of(256));
    assert!(png.len() > 2 * CHUNK_BYTES);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise.png");
    write_whole(&path, &png).unwrap();
    let pixels = pixels_of(&std::fs::read(&path).unwrap());
    assert!(pixels.iter().zip(&codes).all(|(p, &c)| p[0] == c));
    assert!(image::load_from_memory(&png[..png.len() / 2]).is_err());
}
