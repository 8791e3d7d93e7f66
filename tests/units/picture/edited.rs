use std::sync::atomic::AtomicBool;

use quantscope::engine::colour::{linear_from_srgb8, srgb8_from_linear};
use quantscope::engine::control::Control;
use quantscope::picture::edited::edited;
use quantscope::picture::edits::{Levels, PhotoEdits, Resize};
use quantscope::picture::error::EditError;
use quantscope::picture::image::Image;

fn made(image: &Image, edits: PhotoEdits) -> Image {
    edited(image, &edits, &Control::unwatched()).unwrap()
}

fn resized(image: &Image, width: u32, height: u32) -> Image {
    made(image, PhotoEdits { resize: Some(Resize::Exact(width, height)), ..PhotoEdits::default() })
}

/// Every pixel another colour.
fn slope(width: u32, height: u32) -> Image {
    let color = |i: u32| [(i % width * 255 / width) as u8, (i / width * 255 / height) as u8, (i % 251) as u8, 255];
    Image::new(width, height, (0..width * height).map(color).collect())
}

#[test]
fn a_cut_holds_the_pixels_of_its_area() {
    let image = slope(20, 10);
    let cut = made(&image, PhotoEdits { crop: "3,4,5x2".parse().ok(), ..PhotoEdits::default() });
    assert_eq!((cut.width, cut.height), (5, 2));
    let wanted: Vec<[u8; 4]> =
        (4..6).flat_map(|y| (3..8).map(move |x| (x, y))).map(|(x, y)| image.rgba[y * 20 + x]).collect();
    assert_eq!(cut.rgba, wanted);
}

#[test]
fn levels_move_codes_as_their_formula_says_and_leave_alphas() {
    let image = Image::new(4, 1, vec![[0, 50, 100, 9], [150, 200, 255, 255], [125, 125, 125, 255], [1, 2, 3, 0]]);
    let levels = |text: &str| made(&image, PhotoEdits { levels: text.parse().ok(), ..PhotoEdits::default() }).rgba;
    assert_eq!(levels("50,200"), [[0, 0, 85, 9], [170, 255, 255, 255], [128, 128, 128, 255], [0, 0, 0, 0]]);
    // √(125/255) · 255 = 178.5, to the even or the next.
    assert!([178, 179].contains(&levels("0,255,2")[2][0]));
    assert_eq!(made(&image, PhotoEdits { levels: Some(Levels::NONE), ..PhotoEdits::default() }).rgba, image.rgba);
}

#[test]
fn black_and_white_lines_become_the_grey_of_half_the_light() {
    let lines = Image::new(64, 64, (0..64 * 64).map(|i| [[0, 0, 0, 255], [255; 4]][i / 64 % 2]).collect());
    let half = srgb8_from_linear(0.5);
    for size in [(64, 8), (8, 8), (64, 16)] {
        let small = resized(&lines, size.0, size.1);
        // In the middle; at the borders the filter sees one line more than the other.
        let middle = small.rgba[(size.1 / 2 * size.0) as usize];
        assert!(middle[0].abs_diff(half) <= 2, "{middle:?} {half}");
    }
}

#[test]
fn one_colour_stays_and_opaque_stays_opaque_at_any_size() {
    let flat = Image::new(31, 17, vec![[200, 30, 99, 255]; 31 * 17]);
    for (width, height) in [(1, 1), (7, 3), (31, 40), (100, 5), (640, 480)] {
        let other = resized(&flat, width, height);
        assert_eq!((other.width, other.height), (width, height));
        assert!(other.rgba.iter().all(|c| *c == [200, 30, 99, 255]), "{width} × {height}");
    }
    assert!(resized(&slope(90, 70), 33, 47).is_opaque());
}

#[test]
fn transparent_pixels_lend_no_colour() {
    let half = |x: usize| if x < 32 { [255, 0, 0, 255] } else { [0, 255, 0, 0] };
    let image = Image::new(64, 8, (0..64 * 8).map(|i| half(i % 64)).collect());
    let small = resized(&image, 13, 8);
    assert!(small.rgba.iter().all(|c| c[3] == 0 || c[..3] == [255, 0, 0]), "{:?}", &small.rgba[..13]);
    assert!(small.has_translucency());
}

#[test]
fn bands_join_without_a_seam() {
    // Rows of one grey each: each column is resized alike, whichever band its rows are in.
    let (wide, high) = (3000, 700);
    let grey = |y: usize| [(y * 255 / high) as u8; 3];
    let image = |width: usize| {
        let pixels = (0..width * high).map(|i| {
            let [r, g, b] = grey(i / width);
            [r, g, b, 255]
        });
        Image::new(width as u32, high as u32, pixels.collect())
    };
    // So wide a picture is made in many bands, the narrow one in one.
    for rows in [1500, 111] {
        let (in_bands, at_once) = (resized(&image(wide), wide as u32, rows), resized(&image(2), 2, rows));
        let column = |image: &Image| image.rgba.chunks(image.width as usize).map(|row| row[0]).collect::<Vec<_>>();
        assert_eq!(column(&in_bands), column(&at_once));
    }
}

#[test]
fn blocks_have_the_mean_light_of_their_pixels_also_at_the_borders() {
    let image = slope(10, 7);
    let blocks = made(&image, PhotoEdits { pixelate: 4, ..PhotoEdits::default() });
    assert_eq!((blocks.width, blocks.height), (10, 7));
    for (left, top) in [(0, 0), (4, 0), (8, 4)] {
        let inside = |y: usize| (left..(left + 4).min(10)).map(move |x| y * 10 + x);
        let places: Vec<usize> = (top..(top + 4).min(7)).flat_map(inside).collect();
        let light = places.iter().map(|&i| linear_from_srgb8(image.rgba[i][0])).sum::<f32>() / places.len() as f32;
        let first = blocks.rgba[places[0]];
        assert!(places.iter().all(|&i| blocks.rgba[i] == first));
        assert!(first[0].abs_diff(srgb8_from_linear(light)) <= 1, "{first:?}");
    }
    let one = made(&image, PhotoEdits { pixelate: u16::MAX, ..PhotoEdits::default() });
    assert!(one.rgba.iter().all(|c| *c == one.rgba[0]), "a block larger than the picture");
}

#[test]
fn a_stop_is_an_end_without_a_picture() {
    let stop = AtomicBool::new(true);
    let control = Control::new(&stop, &|_| {});
    let edits = PhotoEdits { resize: Some(Resize::Percent(5000)), ..PhotoEdits::default() };
    assert_eq!(edited(&slope(40, 40), &edits, &control).map(|_| ()), Err(EditError::Stopped));
}
