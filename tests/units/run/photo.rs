use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::colour::{Space, oklab_from_srgb8};
use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::engine::random::Random;
use quantscope::palette::{self, Fixed, NamedPalette};
use quantscope::picture::image::Image;
use quantscope::picture::png;
use quantscope::run::photo::*;
use quantscope::run::report::PhotoReport;
use quantscope::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, Stage, TileSpec};

#[test]
fn a_preview_says_how_many_bits_the_whole_will_take() {
    let mut random = Random::seeded(2);
    let image = Image::new(512, 512, (0..512 * 512).map(|_| random.next_u64().to_le_bytes()).map(opaque).collect());
    assert!(image.small().rgba.len() < image.rgba.len());
    let format: Format = "int4-g32".parse().unwrap();
    for spec in [
        PhotoSpec::from(FittedPalette::new(16)),
        FittedPalette { tiles: Some(TileSpec { side: 16, budget: None }), ..FittedPalette::new(4) }.into(),
        PhotoSpec::Numbers(format),
    ] {
        let rate = |stage| reduce(&image, spec.clone(), stage, &Control::unwatched()).unwrap().rate;
        let (preview, full) = (rate(Stage::Preview), rate(Stage::Full));
        assert_eq!(preview.samples, full.samples);
        assert!((preview.bits_per_sample() / full.bits_per_sample() - 1.0).abs() < 1e-3, "{preview:?} {full:?}");
    }
}

#[test]
fn the_nearest_entry_is_the_one_that_the_pixel_became() {
    let mut random = Random::seeded(3);
    let image = Image::new(64, 64, (0..64 * 64).map(|_| random.next_u64().to_le_bytes()).map(opaque).collect());
    let spec = FittedPalette::new(24);
    let report = reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
    for (at, color) in image.rgba.iter().enumerate() {
        let near = report.nearest(*color);
        assert!(near.len() == 24 && near.is_sorted_by(|a, b| a.0 <= b.0));
        let became = report.picture.pixel(at as u32 % 64, at as u32 / 64);
        let distance = near.iter().find(|(_, rgba)| *rgba == became).map(|(distance, _)| *distance);
        assert_eq!(distance, Some(near[0].0), "pixel {at}");
    }
}

fn opaque([r, g, b, ..]: [u8; 8]) -> [u8; 4] {
    [r, g, b, 255]
}

fn given(palette: NamedPalette, space: Space, dither: Dithering) -> PaletteSpec {
    PaletteSpec { entries: Entries::Given(Fixed::new(palette)), space, dither }
}

fn reduced(image: &Image, spec: impl Into<PhotoSpec>) -> PhotoReport {
    reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap()
}

fn tone([r, g, b, _]: [u8; 4]) -> f32 {
    oklab_from_srgb8([r, g, b])[0]
}

/// Sixteen columns of greys from black to white, and rows that are redder and bluer in turn.
fn tones() -> Image {
    let pixel = |i: u32| {
        let (x, y) = ((i % 64 / 4 * 17) as u8, i / 64 % 3);
        if y == 0 { [x, x, x, 255] } else { [x, x / 2, if y == 1 { 0 } else { x }, 255] }
    };
    Image::new(64, 48, (0..64 * 48).map(pixel).collect())
}

#[test]
fn by_lightness_no_darker_pixel_takes_a_lighter_entry_and_the_ends_are_black_and_white() {
    let [a, b, c, d] = palette::find("game-boy").unwrap().palette().colors[..] else { panic!("four greens") };
    let list = NamedPalette::new("shuffled", vec![c, a, d, b]);
    let image = tones();
    let report = reduced(&image, given(list, Space::Lightness, Dithering::NONE));
    let mut pairs: Vec<_> =
        image.rgba.iter().zip(report.picture.rgba()).map(|(&was, is)| (tone(was), tone(is))).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    assert!(pairs.is_sorted_by(|x, y| x.1 <= y.1 || x.0 == y.0), "{pairs:?}");
    assert_eq!((report.picture.pixel(0, 0), report.picture.pixel(63, 0)), (a, d));
    assert!(report.palette.iter().all(|entry| entry.count > 0), "a photo takes all four");
}

#[test]
fn dither_by_lightness_keeps_the_mean_tone_of_a_ramp() {
    let list = palette::find("game-boy").unwrap().palette();
    let (low, high) = (tone(list.colors[0]), tone(list.colors[3]));
    let flat = [120, 60, 90, 255];
    let image = Image::new(96, 96, vec![flat; 96 * 96]);
    for (pattern, linear) in [("floyd-steinberg", false), ("floyd-steinberg", true), ("blue-noise", false)] {
        let dither = Dithering { linear, ..Dithering::of(Pattern::from_name(pattern).unwrap()) };
        let shown = reduced(&image, given(list.clone(), Space::Lightness, dither)).picture.rgba();
        // In light, the cubes are what adds up.
        let power = if linear { 3 } else { 1 };
        let mean =
            shown.iter().map(|&c| ((tone(c) - low) / (high - low)).powi(power)).sum::<f32>() / shown.len() as f32;
        assert!((mean - tone(flat).powi(power)).abs() < 0.03, "{pattern} {linear}: {mean} for {}", tone(flat));
    }
}

#[test]
fn a_palette_fitted_by_lightness_is_of_greys_and_translucent_pixels_stay_so() {
    let mut image = tones();
    let opaque = reduced(&image, PaletteSpec { space: Space::Lightness, ..FittedPalette::new(6).into() });
    assert_eq!(opaque.palette.len(), 6);
    assert!(opaque.palette.iter().all(|e| e.rgba[0] == e.rgba[1] && e.rgba[1] == e.rgba[2] && e.rgba[3] == 255));
    image.rgba[5][3] = 128;
    let image = Image::new(64, 48, image.rgba);
    let list = NamedPalette::new("two", vec![[0, 0, 80, 255], [255, 255, 0, 128], [255, 255, 200, 255]]);
    let report = reduced(&image, given(list, Space::Lightness, Dithering::NONE));
    assert!(report.picture.rgba().iter().zip(&image.rgba).all(|(is, was)| is[3] == 255 || was[3] < 255));
}

#[test]
fn measured_colours_are_shown_and_compared_and_nominal_ones_written() {
    let panel = palette::find("eink-spectra-6").unwrap().palette();
    let pixels: Vec<[u8; 4]> = (0..60).map(|i| panel.colors[i % 6]).collect();
    let report = reduced(&Image::new(10, 6, pixels.clone()), given(panel.clone(), Space::Srgb, Dithering::NONE));
    assert_eq!((report.picture.rgba(), report.error.mse), (pixels, 0.0));
    let file = png::of_picture(&report.written(), &Control::unwatched()).unwrap();
    assert_eq!(palette::read("x.png", &file).unwrap().colors, panel.nominal);
    assert_eq!(report.written().pixel(3, 0), [255, 0, 0, 255]);
    assert!(report.notes().iter().any(|note| note.contains("nominal")), "{:?}", report.notes());
    assert!(report.spec.words().contains("as measured"));
}

/// Transparent pixels need an entry: what repeats another gives way, and its codes for red, green and blue stay.
#[test]
fn hidden_pixels_drop_no_entry_of_a_full_palette() {
    let mut colors: Vec<[u8; 4]> = (0..=255).map(|v| [v, 255 - v, 7, 255]).collect();
    colors[200] = colors[3];
    let mut pixels = colors.clone();
    pixels[9] = [1, 2, 3, 0];
    let list = NamedPalette::new("full", colors.clone());
    let report = reduced(&Image::new(16, 16, pixels), given(list, Space::Srgb, Dithering::NONE));
    let shown: Vec<[u8; 4]> = report.palette.iter().map(|entry| entry.rgba).collect();
    let rgb = |list: &[[u8; 4]]| list.iter().map(|c| [c[0], c[1], c[2]]).collect::<Vec<_>>();
    assert_eq!(rgb(&shown), rgb(&colors));
    assert_eq!(shown.iter().position(|c| c[3] == 0), Some(200));
    assert!(report.notes()[0].starts_with("entry 200 has become the transparent one"), "{:?}", report.notes());
}

#[test]
fn a_ramp_of_one_hue_is_told_where_hues_are_compared_by_their_codes() {
    let notes = |name: &str, space| {
        let list = palette::find(name).unwrap().palette();
        reduced(&tones(), given(list, space, Dithering::NONE)).notes()
    };
    assert!(notes("game-boy", Space::Srgb)[0].contains("ramp"));
    for (name, space) in [("game-boy", Space::Lightness), ("grey-4", Space::Srgb), ("pico-8", Space::Srgb)] {
        assert_eq!(notes(name, space), Vec::<String>::new(), "{name}");
    }
}
