use std::convert::Infallible;

use quantscope::engine::control::Control;
use quantscope::picture::Picture;
use quantscope::picture::image::Image;
use quantscope::run::target::{LADDER, Target, TargetError, best, frontier};
use quantscope::spec::{FittedPalette, PaletteSpec};

/// A slope of colours.
fn photo() -> Image {
    let pixel = |i: u32| [(i % 48 * 5) as u8, (i / 48 * 6) as u8, (i * 7 % 251) as u8, 255];
    Image::new(48, 40, (0..48 * 40).map(pixel).collect())
}

/// Ten bytes a colour of the palette.
fn size(picture: Picture, _: &Control<'_>) -> Result<u64, Infallible> {
    Ok(picture.indexed().map_or(0, |indexed| indexed.palette.len() as u64 * 10))
}

fn base() -> PaletteSpec {
    FittedPalette::new(256).into()
}

#[test]
fn the_file_of_a_size_has_as_many_colours_as_fit() {
    let found = best(&photo(), &base(), Target::MaxBytes(155), &size, &Control::unwatched()).unwrap();
    assert_eq!((found.bytes, found.spec.fitted().unwrap().colors), (150, 15));
}

#[test]
fn the_file_of_a_quality_reaches_it_and_one_colour_less_does_not() {
    let (photo, control) = (photo(), Control::unwatched());
    let least = 60.0;
    let found = best(&photo, &base(), Target::MinQuality(least), &size, &control).unwrap();
    assert!(found.quality.unwrap() >= least);
    let colors = found.spec.fitted().unwrap().colors;
    let fewer = best(&photo, &base(), Target::MaxBytes(u64::from(colors - 1) * 10), &size, &control).unwrap();
    assert!(fewer.quality.unwrap() < least, "{fewer:?}");
}

#[test]
fn a_target_that_nothing_meets_is_refused_with_the_floor() {
    let control = Control::unwatched();
    let small = best(&photo(), &base(), Target::MaxBytes(15), &size, &control).unwrap_err();
    assert!(matches!(small, TargetError::TooFewBytes { asked: 15, least: 20, colors: 2 }), "{small}");
    let good = best(&photo(), &base(), Target::MinQuality(99.99), &size, &control).unwrap_err();
    assert!(matches!(good, TargetError::TooGood { colors: 256, .. }), "{good}");
}

#[test]
fn a_frontier_has_a_point_for_each_number_of_colours() {
    let mut points = Vec::new();
    frontier(&photo(), &base(), &size, |point| points.push(point), &Control::unwatched()).unwrap();
    let colors: Vec<u16> = points.iter().map(|point| point.spec.fitted().unwrap().colors).collect();
    assert_eq!(colors, LADDER);
}
