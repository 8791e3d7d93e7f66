use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::assign::kernel::KernelName;
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::random::Random;
use quantscope::picture::image::Image;
use quantscope::run::photo::{quantize, reduce};
use quantscope::run::sketch::cells_of;
use quantscope::spec::{FittedPalette, PaletteSpec, Stage};

/// Slopes of three colours with noise, and `hidden` of the pixels transparent.
fn slopes(side: u32, hidden: bool) -> Image {
    let mut random = Random::seeded(4);
    let mut pixel = |i: u32| {
        let (x, y) = (i % side * 255 / side, i / side * 255 / side);
        let [r, g, b, a, ..] = random.next_u64().to_le_bytes().map(|v| v & 31);
        let seen = !hidden || a > 0;
        [x as u8 & 224 | r, y as u8 & 224 | g, (255 - x / 2 - y / 2) as u8 & 224 | b, if seen { 255 } else { 0 }]
    };
    Image::new(side, side, (0..side * side).map(&mut pixel).collect())
}

#[test]
fn the_fast_method_gives_the_same_codes_with_and_without_a_look_at_the_colours() {
    for (hidden, space) in
        [(false, quantscope::engine::colour::Space::Srgb), (true, quantscope::engine::colour::Space::Oklab)]
    {
        let image = slopes(300, hidden);
        for colors in [4, 16, 64] {
            let palette = FittedPalette { method: Method::Wu, ..FittedPalette::new(colors) };
            assert!(cells_of(&image, &palette).is_some());
            let spec = PaletteSpec { space, ..palette.into() };
            let alone = quantize(&slopes(300, hidden), &spec, &Control::unwatched()).unwrap();
            let report = reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
            let indexed = report.picture.indexed().unwrap();
            assert_eq!((indexed.codes, indexed.palette), (&alone.codes[..], &alone.palette[..]));
            assert_eq!(alone.palette.len(), usize::from(colors));
        }
    }
}

#[test]
fn a_kept_palette_is_the_one_that_was_fitted() {
    let fs = Dithering::of(Pattern::Diffusion(KernelName::FloydSteinberg));
    let locked = quantscope::palette::Fixed::new(quantscope::palette::NamedPalette::new(
        "locked",
        vec![[255, 0, 0, 255], [0, 0, 0, 255]],
    ));
    for (hidden, space, locked) in [
        (false, quantscope::engine::colour::Space::Srgb, None),
        (true, quantscope::engine::colour::Space::Oklab, None),
        (false, quantscope::engine::colour::Space::Oklab, Some(locked)),
    ] {
        let plain = PaletteSpec { space, ..FittedPalette { locked, ..FittedPalette::new(64) }.into() };
        let dithered = PaletteSpec { dither: Dithering { strength_percent: 60, ..fs }, ..plain.clone() };
        let image = slopes(120, hidden);
        let report = |image: &Image, spec| reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap();
        report(&image, plain);
        let (kept, fresh) = (report(&image, dithered.clone()), report(&slopes(120, hidden), dithered));
        let of = |report: &quantscope::run::report::PhotoReport| {
            let indexed = report.picture.indexed().unwrap();
            (indexed.codes.to_vec(), indexed.palette.to_vec())
        };
        assert!(of(&kept) == of(&fresh));
    }
}

#[test]
fn whole_cells_cost_little_beside_mapping_each_colour_to_its_nearest_entry() {
    let image = slopes(300, false);
    for colors in [16, 64] {
        let spec = FittedPalette { method: Method::Wu, ..FittedPalette::new(colors) };
        let found = quantize(&image, &spec.into(), &Control::unwatched()).unwrap();
        let (mut by_cell, mut nearest) = (0u64, 0u64);
        for (pixel, &code) in image.rgba.iter().zip(&found.codes) {
            let squared = |entry: &[u8; 4]| (0..3).map(|c| u64::from(pixel[c].abs_diff(entry[c])).pow(2)).sum::<u64>();
            by_cell += squared(&found.palette[usize::from(code)]);
            nearest += found.palette.iter().map(squared).min().unwrap();
        }
        assert!(by_cell >= nearest && by_cell * 100 <= nearest * 108, "{colors}: {by_cell} {nearest}");
    }
}

#[test]
fn where_cells_are_few_or_an_entry_is_locked_each_colour_takes_its_nearest_entry() {
    let few: Vec<[u8; 4]> = (0..900).map(|i| [i as u8 % 30, 7, (i / 30) as u8, 255]).collect();
    let few = Image::new(30, 30, few);
    let spec = FittedPalette { method: Method::Wu, ..FittedPalette::new(64) };
    assert!(cells_of(&few, &spec).is_none());
    let found = quantize(&few, &spec.into(), &Control::unwatched()).unwrap();
    for (pixel, &code) in few.rgba.iter().zip(&found.codes) {
        let squared = |entry: &[u8; 4]| (0..3).map(|c| u32::from(pixel[c].abs_diff(entry[c])).pow(2)).sum::<u32>();
        let least = found.palette.iter().map(squared).min().unwrap();
        assert_eq!(squared(&found.palette[usize::from(code)]), least);
    }
}
