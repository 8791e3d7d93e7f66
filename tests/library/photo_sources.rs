//! Photos of every kind open with true colours, or say what was done to them. The files are made by
//! `fixtures/photos/make.py`, and what those with a profile should look like is another colour manager's word.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::picture::png;
use quantscope::run::photo::reduce;
use quantscope::source::open::{Source, open_path};
use quantscope::source::photo::Photo;
use quantscope::spec::{FittedPalette, Stage};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos").join(name)
}

fn open(name: &str) -> Arc<Photo> {
    match open_path(&fixture(name)) {
        Ok(Source::Photo(photo)) => photo,
        other => panic!("{name}: {other:?}"),
    }
}

fn pixel(photo: &Photo, x: usize, y: usize) -> [u8; 4] {
    photo.image.rgba[y * photo.image.width as usize + x]
}

fn near(a: [u8; 4], b: [u8; 4], within: u8) -> bool {
    a.iter().zip(b).all(|(x, y)| x.abs_diff(y) <= within)
}

fn expected(name: &str) -> Vec<[u8; 4]> {
    let all: serde_json::Value = serde_json::from_slice(&std::fs::read(fixture("expected.json")).unwrap()).unwrap();
    let channel = |v: &serde_json::Value| v.as_u64().unwrap() as u8;
    let color = |c: &serde_json::Value| [channel(&c[0]), channel(&c[1]), channel(&c[2]), 255];
    all[name].as_array().unwrap().iter().map(color).collect()
}

#[test]
fn colours_of_a_profile_are_converted_as_another_colour_manager_converts_them() {
    for (name, like, within) in
        [("wide.png", "wide.png", 2), ("wide16.png", "wide.png", 2), ("linear_grey.png", "linear_grey.png", 2)]
    {
        let photo = open(name);
        assert!(photo.notes.iter().any(|n| n.starts_with("converted to sRGB from its colour profile (")), "{name}");
        for (found, wanted) in photo.image.rgba.iter().zip(expected(like)) {
            assert!(near(*found, wanted, within), "{name}: {found:?} {wanted:?}");
        }
    }
    let photo = open("wide.jpg");
    assert!(photo.notes.iter().any(|n| n.contains("Wide RGB")), "{:?}", photo.notes);
    for (i, wanted) in expected("wide.png").into_iter().enumerate() {
        let found = pixel(&photo, i % 4 * 8 + 4, i / 4 * 8 + 4);
        assert!(near(found, wanted, 4), "{found:?} {wanted:?}");
    }
}

#[test]
fn an_srgb_profile_leaves_every_code_as_it_is() {
    let photo = open("srgb.png");
    assert_eq!((photo.image.rgba.clone(), photo.notes.len()), (expected("srgb.png"), 0));
}

#[test]
fn what_cannot_be_applied_is_said() {
    let photo = open("broken_profile.jpg");
    assert!(photo.notes.iter().any(|n| n.contains("its colour profile is not applied")), "{:?}", photo.notes);
    assert!(near(pixel(&photo, 4, 4), [200, 120, 60, 255], 4));
}

#[test]
fn cmyk_is_shown_as_the_inks_look_and_said() {
    let photo = open("cmyk.jpg");
    assert!(photo.notes.iter().any(|n| n.starts_with("CMYK converted to RGB")), "{:?}", photo.notes);
    let inks = [[0, 255, 255], [255, 0, 255], [255, 255, 0], [0, 0, 0], [255, 255, 255], [127, 127, 127]];
    for (i, [r, g, b]) in inks.into_iter().enumerate() {
        let found = pixel(&photo, i * 5 + 2, 8);
        assert!(near(found, [r, g, b, 255], 6), "{i}: {found:?}");
    }
}

#[test]
fn grey_and_sixteen_bits_keep_their_values() {
    let photo = open("grey.png");
    assert!((0..16).all(|i| pixel(&photo, i, 0) == [i as u8 * 17, i as u8 * 17, i as u8 * 17, 255]));
    let photo = open("grey16.png");
    let values: Vec<u8> = photo.image.rgba.iter().map(|c| c[0]).collect();
    assert_eq!(values, [0, 100, 200, 255]);
    assert!(photo.notes.iter().any(|n| n.contains("16-bit")), "{:?}", photo.notes);
}

#[test]
fn of_an_animation_the_first_frame_is_shown_and_said() {
    let photo = open("animated.gif");
    assert!(photo.image.rgba.iter().all(|c| *c == [255, 0, 0, 255]));
    assert!(photo.notes.iter().any(|n| n.contains("first frame")), "{:?}", photo.notes);
    assert!(open("still.gif").notes.is_empty());
}

#[test]
fn the_smallest_the_plainest_and_the_emptiest_photos_are_reduced_and_written() {
    for (name, note) in [("dot.png", None), ("one_colour.png", None), ("transparent.png", Some("fully transparent"))] {
        let photo = open(name);
        assert_eq!(photo.notes.iter().any(|n| note.is_some_and(|text| n.contains(text))), note.is_some(), "{name}");
        for colors in [2, 16, 256] {
            let control = Control::unwatched();
            let spec = FittedPalette::new(colors);
            let report = reduce(&photo.image, spec, Stage::Full, &control).unwrap();
            assert_eq!(report.palette.len(), 1, "{name}");
            let file = png::of_picture(&report.picture, &control).unwrap();
            let back = image::load_from_memory(&file).unwrap().into_rgba8();
            assert_eq!(back.dimensions(), (photo.image.width, photo.image.height));
            let same = |(a, b): (&image::Rgba<u8>, &[u8; 4])| a.0 == *b || (a.0[3] == 0 && b[3] == 0);
            assert!(back.pixels().zip(&photo.image.rgba).all(same), "{name}");
        }
    }
}
