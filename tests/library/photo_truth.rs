//! What a reduction must keep: the mean of flat areas under error diffusion, alpha, the exact colours of flat areas, and
//! the order of a palette that was given.

use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::assign::kernel::KernelName;
use quantscope::engine::colour::Space;
use quantscope::engine::colour::{linear_from_srgb8, oklab_from_srgb8};
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::random::Random;
use quantscope::export::gif;
use quantscope::palette::{self, Fixed, NamedPalette};
use quantscope::picture::image::Image;
use quantscope::picture::png;
use quantscope::run::photo;
use quantscope::run::report::PhotoReport;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::{Entries, FittedPalette, PaletteSpec, PhotoSpec, Stage, TileSpec};

type Rgba = [u8; 4];

fn reduced(image: &Image, spec: impl Into<PhotoSpec>) -> PhotoReport {
    photo::reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap()
}

fn pixels(report: &PhotoReport) -> Vec<Rgba> {
    report.picture.indexed().unwrap().pixels().collect()
}

fn given(colors: &[Rgba]) -> Fixed {
    Fixed::new(NamedPalette::new("given", colors.to_vec()))
}

fn fitted(method: Method, space: Space, colors: u16) -> PaletteSpec {
    PaletteSpec { space, ..FittedPalette { method, ..FittedPalette::new(colors) }.into() }
}

fn builtin_list(name: &str) -> Vec<Rgba> {
    palette::find(name).unwrap().colors.to_vec()
}

fn sample() -> std::sync::Arc<Image> {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("no sample photo") };
    photo.image.clone()
}

/// Where errors are added up.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Measure {
    Codes,
    Oklab,
    Light,
}

impl Measure {
    fn of(space: Space, linear: bool) -> Self {
        match (linear, space) {
            (true, _) => Self::Light,
            (false, Space::Srgb) => Self::Codes,
            (false, Space::Oklab | Space::Lightness) => Self::Oklab,
        }
    }

    fn point(self, [r, g, b, _]: Rgba) -> [f64; 3] {
        match self {
            Self::Codes => [r, g, b].map(f64::from),
            Self::Oklab => oklab_from_srgb8([r, g, b]).map(f64::from),
            Self::Light => [r, g, b].map(|v| f64::from(linear_from_srgb8(v))),
        }
    }

    fn mean(self, colors: impl ExactSizeIterator<Item = Rgba>) -> [f64; 3] {
        let n = colors.len() as f64;
        let sum = colors.map(|c| self.point(c)).fold([0.0; 3], |a, p| std::array::from_fn(|c| a[c] + p[c]));
        sum.map(|s| s / n)
    }

    /// The longest side of a palette's bounds.
    fn range(self, colors: &[Rgba]) -> f64 {
        let points: Vec<[f64; 3]> = colors.iter().map(|&c| self.point(c)).collect();
        let side = |c: usize| {
            let values = || points.iter().map(|p| p[c]);
            values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min)
        };
        (0..3).map(side).fold(0.0, f64::max)
    }

    /// The 8-bit colour nearest to a mixture of a palette's colours, by shares in this measure.
    fn mixed(self, colors: &[Rgba], shares: &[f64]) -> Rgba {
        let sum: f64 = shares.iter().sum();
        let mixed: [f64; 3] = std::array::from_fn(|c| {
            colors.iter().zip(shares).map(|(&color, share)| self.point(color)[c] * share / sum).sum()
        });
        match self {
            Self::Codes => [mixed[0].round() as u8, mixed[1].round() as u8, mixed[2].round() as u8, 255],
            Self::Oklab => {
                let [r, g, b] = quantscope::engine::colour::srgb8_from_oklab(mixed.map(|v| v as f32));
                [r, g, b, 255]
            }
            Self::Light => {
                let [r, g, b] = mixed.map(|v| quantscope::engine::colour::srgb8_from_linear(v as f32));
                [r, g, b, 255]
            }
        }
    }
}

const SIDE: u32 = 192;

/// Those in which colours stay themselves.
fn spaces() -> impl Iterator<Item = Space> {
    Space::ALL.into_iter().filter(|space| space.row().tells_hues)
}

fn every_diffusion() -> impl Iterator<Item = (KernelName, Space, Dithering)> {
    KernelName::ALL.into_iter().flat_map(|kernel| {
        let all = [(false, false), (false, true), (true, false), (true, true)];
        all.into_iter().flat_map(move |(serpentine, linear)| {
            let dither = Dithering { serpentine, linear, ..Dithering::of(Pattern::Diffusion(kernel)) };
            spaces().map(move |space| (kernel, space, dither))
        })
    })
}

/// How far the mean of a flat colour is off, in 255ths of the palette's range. The first rows and the edges are left
/// out: there errors are on their way and none has come in yet.
fn off(flat: Rgba, colors: &[Rgba], spec: PaletteSpec, measure: Measure) -> f64 {
    let image = Image::new(SIDE, SIDE, vec![flat; (SIDE * SIDE) as usize]);
    let found = photo::quantize(&image, &spec, &Control::unwatched()).unwrap();
    let (side, inside) = (SIDE as usize, 32..SIDE as usize - 32);
    let at = |y: usize, x: usize| found.palette[usize::from(found.codes[y * side + x])];
    let shown: Vec<Rgba> = inside.clone().flat_map(|y| inside.clone().map(move |x| at(y, x))).collect();
    let (mean, wanted) = (measure.mean(shown.into_iter()), measure.point(flat));
    let most = (0..3).map(|c| (mean[c] - wanted[c]).abs()).fold(0.0, f64::max);
    most / measure.range(colors) * 255.0
}

#[test]
fn a_flat_colour_that_a_palette_can_mix_keeps_its_mean_under_every_diffusion() {
    let palettes = ["bw", "pico-8", "ega-16", "cga-cyan", "cga-green", "game-boy", "web-safe", "grey-4"];
    let mut random = Random::seeded(5);
    for name in palettes {
        let colors = builtin_list(name);
        for (kernel, space, dither) in every_diffusion() {
            // Atkinson's kernel drops a quarter of each error: it does not keep means, nor is it to.
            if kernel == KernelName::Atkinson {
                continue;
            }
            let measure = Measure::of(space, dither.linear);
            let shares: Vec<f64> = colors.iter().map(|_| f64::from(random.next_f32()).powi(3) + 0.02).collect();
            let flat = measure.mixed(&colors, &shares);
            let spec = PaletteSpec { entries: Entries::Given(given(&colors)), space, dither };
            let off = off(flat, &colors, spec, measure);
            assert!(off < 2.0, "{name} {space:?} {dither:?} {flat:?}: {off:.2}");
        }
    }
}

/// Two locked colours far from a dark picture: all entries that it gets.
#[test]
fn a_dark_picture_between_locked_black_and_white_keeps_its_mean() {
    let colors = [[0, 0, 0, 255], [255, 255, 255, 255]];
    for (kernel, space, dither) in every_diffusion().filter(|(kernel, ..)| *kernel != KernelName::Atkinson) {
        for flat in [[17, 17, 17, 255], [60, 60, 60, 255]] {
            for tiles in [None, Some(TileSpec { side: 16, budget: None })] {
                let palette = FittedPalette { locked: Some(given(&colors)), tiles, ..FittedPalette::new(2) };
                let spec = PaletteSpec { space, dither, ..palette.into() };
                let off = off(flat, &colors, spec, Measure::of(space, dither.linear));
                assert!(off < 2.0, "{kernel:?} {space:?} {dither:?} {flat:?} {tiles:?}: {off:.2}");
            }
        }
    }
}

/// An area that no mixture comes to takes the nearest mixture, and lets nothing loose on its neighbour.
#[test]
fn what_no_mixture_comes_to_leaves_no_trail() {
    let colors = [[40, 40, 40, 255], [120, 120, 120, 255], [200, 200, 200, 255]];
    let flat = |i: u32| if i % 64 < 32 { [255, 255, 255, 255] } else { [120, 120, 120, 255] };
    let image = Image::new(64, 64, (0..64 * 64).map(flat).collect());
    for (kernel, space, dither) in every_diffusion() {
        let spec = PaletteSpec { entries: Entries::Given(given(&colors)), space, dither };
        for (i, shown) in pixels(&reduced(&image, spec)).into_iter().enumerate() {
            let expected = if i % 64 < 32 { 200 } else { 120 };
            assert_eq!(shown[0], expected, "{kernel:?} {space:?} {dither:?} at {i}");
        }
    }
}

#[test]
fn ordered_dithers_keep_the_mean_of_a_grey_between_black_and_white() {
    let colors = builtin_list("bw");
    for pattern in Pattern::ALL.into_iter().filter(|p| matches!(p, Pattern::Ordered(_))) {
        for grey in [20, 60, 96, 128, 160, 230] {
            let dither = Dithering::of(pattern);
            let spec = PaletteSpec { entries: Entries::Given(given(&colors)), dither, space: Space::Srgb };
            let off = off([grey, grey, grey, 255], &colors, spec, Measure::Codes);
            // A mask of two by two knows fourths.
            let within = if pattern.name() == "bayer2" { 34.0 } else { 14.0 };
            assert!(off < within, "{pattern:?} {grey}: {off:.2}");
        }
    }
}

const RED: Rgba = [0xe4, 0x00, 0x2b, 255];
const NAVY: Rgba = [0x1d, 0x35, 0x57, 255];
const WHITE: Rgba = [255; 4];

/// Discs and a bar of brand colours on nothing, with soft edges; `shift` moves them.
fn logo(side: u32, shift: f32) -> Image {
    let covered = |inside: f32| (inside + 0.5).clamp(0.0, 1.0);
    let pixel = |i: u32| {
        let (x, y, s) = ((i % side) as f32, (i / side) as f32, side as f32);
        let disc = |cx: f32, cy: f32, r: f32| covered(s * r - (x - s * cx - shift).hypot(y - s * cy - shift));
        let layers = [(NAVY, disc(0.5, 0.5, 0.45)), (WHITE, disc(0.5, 0.5, 0.33)), (RED, disc(0.5, 0.5, 0.22))];
        let mut over = [0.0f32; 4];
        for (color, alpha) in layers {
            for c in 0..3 {
                over[c] = over[c] * (1.0 - alpha) + f32::from(color[c]) * alpha;
            }
            over[3] = over[3] * (1.0 - alpha) + alpha;
        }
        let straight = |c: usize| if over[3] > 0.0 { (over[c] / over[3]).round() as u8 } else { 0 };
        let alpha = (over[3] * 255.0).round() as u8;
        if alpha == 0 { [0; 4] } else { [straight(0), straight(1), straight(2), alpha] }
    };
    Image::new(side, side, (0..side * side).map(pixel).collect())
}

/// Opaque stays opaque, transparent stays transparent.
fn keeps_alpha(image: &Image, report: &PhotoReport, what: &str) {
    for (original, shown) in image.rgba.iter().zip(pixels(report)) {
        match original[3] {
            255 => assert_eq!(shown[3], 255, "{what}: {original:?} became {shown:?}"),
            0 => assert_eq!(shown[3], 0, "{what}: {original:?} became {shown:?}"),
            _ => {}
        }
    }
}

/// Every pixel of a colour that fills more than 1 % is that colour.
fn keeps_flats(image: &Image, report: &PhotoReport, flats: &[Rgba], what: &str) {
    for (original, shown) in image.rgba.iter().zip(pixels(report)) {
        assert!(!flats.contains(original) || *original == shown, "{what}: {original:?} became {shown:?}");
    }
}

#[test]
fn a_logos_colours_are_exact_and_opaque_at_any_number_by_every_method_and_in_both_spaces() {
    for image in [logo(128, 0.3), logo(400, 0.0)] {
        for method in Method::ALL {
            for space in spaces() {
                for colors in [4, 8, 16, 64] {
                    let spec = fitted(method, space, colors);
                    let report = reduced(&image, spec);
                    let what = format!("{method:?} {space:?} {colors} of {}", image.width);
                    keeps_alpha(&image, &report, &what);
                    // A grid of four has places for no three colours.
                    if !method.row().is_grid || colors > 16 {
                        keeps_flats(&image, &report, &[RED, NAVY, WHITE], &what);
                    }
                    assert!(report.palette.len() <= usize::from(colors), "{what}");
                }
            }
        }
    }
}

#[test]
fn alpha_is_kept_under_every_dither_in_tiles_and_under_given_palettes() {
    let image = logo(96, 0.4);
    for pattern in Pattern::ALL {
        for space in spaces() {
            let dither = Dithering::of(pattern);
            let plain = PaletteSpec { dither, ..fitted(Method::KMeans, space, 8) };
            let linear = PaletteSpec { dither: Dithering { linear: true, ..dither }, ..plain.clone() };
            let tiles = FittedPalette { tiles: Some(TileSpec { side: 16, budget: None }), ..FittedPalette::new(8) };
            let tiled = PaletteSpec { entries: Entries::Fitted(tiles), ..plain.clone() };
            let half = given(&[[9, 9, 9, 128], [255, 0, 0, 255], [255, 255, 255, 255]]);
            for spec in [plain.clone(), linear, tiled, PaletteSpec { entries: Entries::Given(half), ..plain }] {
                keeps_alpha(&image, &reduced(&image, spec.clone()), &format!("{spec:?}"));
            }
        }
    }
}

/// A page: paper that is mostly exactly white with a scanner's noise below it, and grey letters.
fn scan(grey: bool) -> Image {
    let mut random = Random::seeded(8);
    let mut pixel = |i: u32| {
        let (x, y) = (i % 256, i / 256);
        let letter = y % 24 < 12 && x % 16 < 5 && (x / 16 + y / 24) % 3 > 0;
        let noise = |random: &mut Random, far: f32| (random.next_gaussian().abs() * far) as u8;
        let v = if letter { 40 + noise(&mut random, 20.0) } else { 255 - noise(&mut random, 0.9) };
        if grey { [v, v, v, 255] } else { [v, v, v.saturating_sub(noise(&mut random, 0.7)), 255] }
    };
    Image::new(256, 256, (0..256 * 256).map(&mut pixel).collect())
}

fn for_the_eye(colors: u16) -> PaletteSpec {
    PaletteSpec { dither: Dithering::of(Pattern::Eye), ..FittedPalette::new(colors).into() }
}

#[test]
fn a_photo_that_is_best_for_the_eye_is_better_by_every_figure_of_the_eye() {
    let image = sample();
    let eye = |spec: PaletteSpec| {
        let report = reduced(&image, spec);
        photo::eye_error(&image, &report, &Control::unwatched()).unwrap().unwrap()
    };
    for colors in [4, 16, 64] {
        let best = eye(for_the_eye(colors));
        let diffusion = Dithering { serpentine: true, ..Dithering::of(Pattern::Diffusion(KernelName::FloydSteinberg)) };
        for dither in [Dithering::NONE, diffusion] {
            let other = eye(PaletteSpec { dither, ..fitted(Method::KMeans, Space::Oklab, colors) });
            assert!(best.ssimulacra2 > other.ssimulacra2, "{colors} {dither:?}: {best:?} {other:?}");
            assert!(best.butteraugli_3norm < other.butteraugli_3norm, "{colors} {dither:?}: {best:?} {other:?}");
            assert!(best.afar < other.afar, "{colors} {dither:?}: {best:?} {other:?}");
        }
    }
}

#[test]
fn white_paper_stays_white() {
    for grey in [false, true] {
        let image = scan(grey);
        for method in Method::ALL.into_iter().filter(|method| !method.row().is_grid) {
            for space in spaces() {
                for colors in [4, 8, 16] {
                    let spec = fitted(method, space, colors);
                    let what = format!("{method:?} {space:?} {colors} grey {grey}");
                    keeps_flats(&image, &reduced(&image, spec), &[WHITE], &what);
                }
            }
        }
        for colors in [4, 8, 16] {
            keeps_flats(&image, &reduced(&image, for_the_eye(colors)), &[WHITE], &format!("eye {colors} grey {grey}"));
        }
    }
}

/// A photo with flat patches in it, as a screenshot has.
fn screenshot(flats: &[Rgba]) -> Image {
    let photo = sample();
    let mut rgba = photo.rgba.clone();
    let width = photo.width as usize;
    for (k, flat) in flats.iter().enumerate() {
        for y in 0..100 {
            rgba[(y + 20) * width + 20 + k * 120..][..100].fill(*flat);
        }
    }
    Image::new(photo.width, photo.height, rgba)
}

#[test]
fn flat_patches_in_a_photo_are_exact_where_there_is_room_for_them() {
    let flats = [[228, 0, 43, 255], [190, 30, 60, 255], [29, 53, 87, 255], [0, 200, 255, 255], [250, 240, 10, 255]];
    let image = screenshot(&flats);
    for method in Method::ALL.into_iter().filter(|method| !method.row().is_grid) {
        for space in spaces() {
            for colors in [32, 256] {
                let spec = fitted(method, space, colors);
                let what = format!("{method:?} {space:?} {colors}");
                keeps_flats(&image, &reduced(&image, spec.clone()), &flats, &what);
                let small = photo::reduce(&image, spec, Stage::Preview, &Control::unwatched()).unwrap();
                let has = |flat: &Rgba| small.palette.iter().any(|e| e.rgba == *flat);
                assert!(flats.iter().all(has), "preview of {what}: {:?}", small.palette);
            }
        }
    }
    for colors in [32, 256] {
        keeps_flats(&image, &reduced(&image, for_the_eye(colors)), &flats, &format!("eye {colors}"));
    }
}

/// The order, the repetitions and the entries that nothing uses: for sprites the index is the data.
#[test]
fn a_given_palette_is_in_the_file_entry_by_entry() {
    let photo = sample();
    let image = Image::new(64, 64, photo.rgba[..64 * 64].to_vec());
    let hidden = {
        let mut rgba = image.rgba.clone();
        rgba[..300].fill([0; 4]);
        Image::new(64, 64, rgba)
    };
    let grey = Image::new(64, 64, image.rgba.iter().map(|c| [c[1], c[1], c[1], 255]).collect());
    let lists: [&[Rgba]; 4] = [
        &[
            [250, 250, 250, 255],
            [0, 0, 0, 255],
            [250, 250, 250, 255],
            [1, 2, 3, 255],
            [200, 90, 40, 255],
            [0, 0, 0, 255],
        ],
        &[[90, 90, 90, 255], [255, 255, 255, 255], [0, 0, 0, 255], [90, 90, 90, 255], [200, 200, 200, 255]],
        &[[9, 9, 9, 255], [0, 255, 0, 0], [255, 255, 255, 255]],
        &[[9, 9, 9, 255], [40, 50, 60, 128], [255, 255, 255, 255]],
    ];
    for list in lists {
        for image in [&image, &hidden, &grey] {
            for pattern in ["none", "eye", "burkes", "bayer8"].map(|name| Pattern::from_name(name).unwrap()) {
                for space in spaces() {
                    let dither = Dithering::of(pattern);
                    let spec = PaletteSpec { entries: Entries::Given(given(list)), dither, space };
                    let report = reduced(image, spec);
                    let added = image.has_hidden() && list.iter().all(|c| c[3] > 0);
                    let expected: Vec<Rgba> = list.iter().copied().chain(added.then_some([0; 4])).collect();
                    assert_eq!(report.palette.iter().map(|e| e.rgba).collect::<Vec<_>>(), expected);
                    assert_eq!(report.palette.iter().map(|e| e.count).sum::<u64>(), 64 * 64);
                    let file = png::of_picture(&report.picture, &Control::unwatched()).unwrap();
                    assert_eq!(palette::read("x.png", &file).unwrap().colors, expected);
                    if expected.iter().all(|c| c[3] == 0 || c[3] == 255) {
                        let file = gif::of_picture(&report.picture, &Control::unwatched()).unwrap();
                        let reader = ::gif::DecodeOptions::new()
                            .read_info(file.as_slice())
                            .map(|r| r.global_palette().map(<[u8]>::to_vec));
                        let rgb: Vec<u8> = expected.iter().flat_map(|c| [c[0], c[1], c[2]]).collect();
                        assert!(reader.unwrap().unwrap().starts_with(&rgb));
                    }
                    keeps_alpha(image, &report, &format!("{list:?} {pattern:?}"));
                    if pattern == Pattern::None && space == Space::Srgb && list.len() == 6 {
                        nearest_everywhere(image, &report, list);
                    }
                }
            }
        }
    }
}

fn nearest_everywhere(image: &Image, report: &PhotoReport, list: &[Rgba]) {
    let far = |a: Rgba, b: Rgba| (0..3).map(|c| u32::from(a[c].abs_diff(b[c])).pow(2)).sum::<u32>();
    for (original, shown) in image.rgba.iter().zip(pixels(report)).filter(|(original, _)| original[3] == 255) {
        let least = list.iter().map(|&entry| far(*original, entry)).min();
        assert_eq!(Some(far(*original, shown)), least, "{original:?}");
    }
}

#[test]
fn a_full_list_gives_its_last_place_to_hidden_pixels_and_no_other() {
    let list: Vec<Rgba> = (0..=255).rev().map(|v| [v, v / 2, 7, 255]).collect();
    let image = Image::new(3, 1, vec![[0; 4], [255, 127, 7, 255], [0, 0, 7, 255]]);
    let report =
        reduced(&image, PaletteSpec { entries: Entries::Given(given(&list)), ..FittedPalette::new(16).into() });
    let colors: Vec<Rgba> = report.palette.iter().map(|e| e.rgba).collect();
    let other: Vec<usize> = (0..256).filter(|&k| colors[k] != list[k]).collect();
    assert_eq!((other, colors[255][3]), (vec![255], 0));
    assert_eq!(pixels(&report), [colors[255], list[0], list[254]]);
}

#[test]
fn a_method_that_gives_fewer_entries_says_so() {
    let image = sample();
    let with = |method, colors| reduced(&image, FittedPalette { method, ..FittedPalette::new(colors) });
    let uniform = with(Method::Uniform, 90);
    assert!(uniform.palette.len() < 90);
    let output = uniform.fewer_colors().unwrap();
    assert!(output.starts_with(&format!("{} colours, not 90", uniform.palette.len())), "{output}");
    assert_eq!(with(Method::Wu, 90).fewer_colors(), None);
}
