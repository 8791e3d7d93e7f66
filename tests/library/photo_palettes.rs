//! Palettes with locked colours and palettes a tile, from the photo to the file.

use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::colour::Space;
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::random::Random;
use quantscope::palette::{Fixed, NamedPalette};
use quantscope::picture::image::Image;
use quantscope::picture::png;
use quantscope::run::photo;
use quantscope::run::report::PhotoReport;
use quantscope::source::builtin;
use quantscope::source::open::Source;
use quantscope::spec::{FittedPalette, PaletteSpec, PhotoSpec, Stage, TileSpec};

fn sample() -> std::sync::Arc<Image> {
    let Ok(Source::Photo(photo)) = builtin::photo() else { panic!("no sample photo") };
    photo.image.clone()
}

/// A corner of the sample photo; with `alpha`, a part of it hidden and a part translucent.
fn corner(side: u32, alpha: bool) -> Image {
    let image = sample();
    let pixel = |x: u32, y: u32| {
        let [r, g, b, _] = image.rgba[(y * 2 * image.width + x * 2) as usize];
        [r, g, b, if !alpha || y > 20 { 255 } else { (x * 255 / side) as u8 }]
    };
    Image::new(side, side, (0..side * side).map(|i| pixel(i % side, i / side)).collect())
}

fn grey(side: u32) -> Image {
    let image = corner(side, false);
    Image::new(side, side, image.rgba.iter().map(|c| [c[1], c[1], c[1], 255]).collect())
}

fn locked(colors: &[[u8; 4]]) -> Option<Fixed> {
    Some(Fixed::new(NamedPalette::new("locked", colors.to_vec())))
}

fn reduced(image: &Image, spec: impl Into<PhotoSpec>) -> PhotoReport {
    photo::reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap()
}

fn of_tiles(colors: u16, side: u16) -> FittedPalette {
    FittedPalette { tiles: Some(TileSpec { side, budget: None }), ..FittedPalette::new(colors) }
}

/// Those in which colours stay themselves.
fn spaces() -> impl Iterator<Item = Space> {
    Space::ALL.into_iter().filter(|space| space.row().tells_hues)
}

#[test]
fn locked_colours_are_entries_byte_for_byte_whatever_the_method_space_and_dither() {
    let colors = [[255, 0, 255, 255], [1, 2, 3, 255], [200, 17, 90, 255]];
    let dithers =
        [Pattern::None, Pattern::Eye, Pattern::ALL[2], Pattern::from_name("blue-noise").unwrap()].map(Dithering::of);
    for image in [corner(64, false), corner(64, true), grey(64)] {
        for method in Method::ALL {
            for space in spaces() {
                for dither in dithers {
                    let palette = FittedPalette { method, locked: locked(&colors), ..FittedPalette::new(12) };
                    let report = reduced(&image, PaletteSpec { space, dither, ..palette.into() });
                    for color in colors {
                        assert!(
                            report.palette.iter().any(|e| e.rgba == color),
                            "{method:?} {space:?} {dither:?}: {color:?}"
                        );
                    }
                    let exact = !method.row().is_grid;
                    assert!(!exact || report.palette.len() == 12, "{method:?} {space:?}: {}", report.palette.len());
                }
            }
        }
    }
}

#[test]
fn translucent_colours_can_be_locked_in_an_opaque_photo() {
    let color = [9, 200, 31, 77];
    for space in spaces() {
        let palette = FittedPalette { locked: locked(&[color, [5, 6, 7, 0]]), ..FittedPalette::new(8) };
        let report = reduced(&corner(48, false), PaletteSpec { space, ..palette.into() });
        assert!(report.palette.iter().any(|e| e.rgba == color));
        assert!(report.palette.iter().all(|e| e.rgba[3] > 0), "what cannot be seen cannot be locked");
        assert_eq!(report.palette.len(), 8);
    }
}

#[test]
fn however_many_colours_are_locked_there_are_no_more_entries_than_asked_for() {
    let many: Vec<[u8; 4]> = (0..300).map(|i| [(i % 256) as u8, (i / 256) as u8, 128, 255]).collect();
    for image in [corner(32, false), corner(32, true)] {
        for (n, colors, side) in [(5, 2, None), (300, 256, None), (300, 7, None), (5, 4, Some(8))] {
            let tiles = side.map(|side| TileSpec { side, budget: None });
            let palette = FittedPalette { locked: locked(&many[..n]), tiles, ..FittedPalette::new(colors) };
            let report = reduced(&image, palette);
            let entries = report.tiles().map_or(report.palette.len(), |tiles| tiles.entries);
            assert_eq!(entries, usize::from(colors), "{n} locked");
            assert!(report.spec.locked_colors().count() <= usize::from(colors));
        }
    }
}

#[test]
fn a_photo_of_fewer_colours_than_asked_for_keeps_them_beside_the_locked_ones() {
    let image = Image::new(3, 1, vec![[10, 20, 30, 255], [40, 50, 60, 255], [70, 80, 90, 255]]);
    let locked = locked(&[[1, 1, 1, 255], [40, 50, 60, 255]]);
    let palette = FittedPalette { locked, ..FittedPalette::new(16) };
    let report = reduced(&image, palette.clone());
    assert_eq!((report.palette.len(), report.error.psnr_db), (4, f64::INFINITY));
    assert_eq!(reduced(&image, FittedPalette { colors: 3, ..palette }).palette.len(), 3);
}

/// FACTS: the idea of a block scale, seen with the eye.
#[test]
fn four_colours_a_tile_of_8_beat_sixteen_for_all_at_fewer_bits() {
    let image = sample();
    let whole = reduced(&image, FittedPalette::new(16));
    let tiled = reduced(&image, of_tiles(4, 8));
    // 2 bits a code, and 4 · 24 bits a tile of 64 pixels.
    assert_eq!(tiled.rate.bits_per_sample(), 3.5);
    assert!(whole.rate.bits_per_sample() > 4.0);
    let gain = tiled.error.psnr_db - whole.error.psnr_db;
    assert!(gain > 2.0, "{gain}");
    let tiles = tiled.tiles().unwrap();
    assert_eq!((tiles.side, tiles.count, tiles.entries), (8, 96 * 64, 4));
    assert!(tiles.colors > 256 && tiled.palette.len() == 256);
}

#[test]
fn every_tile_has_its_own_palette_and_no_more_than_it_may() {
    let odd = Image::new(53, 37, corner(64, true).rgba[..53 * 37].to_vec());
    for (colors, side) in [(2, 4), (7, 8), (200, 16), (16, 64)] {
        for pattern in [Pattern::None, Pattern::Eye, Pattern::ALL[2], Pattern::from_name("bayer4").unwrap()] {
            let dither = Dithering::of(pattern);
            let lock = [250, 1, 250, 255];
            let palette = FittedPalette { locked: locked(&[lock]), ..of_tiles(colors, side) };
            let spec = PaletteSpec { dither, ..palette.into() };
            let report = reduced(&odd, spec.clone());
            let indexed = report.picture.indexed().unwrap();
            let tiles = indexed.tiles.unwrap();
            let mut used = std::collections::HashMap::<usize, std::collections::HashSet<[u8; 4]>>::new();
            for y in 0..37u32 {
                for x in 0..53u32 {
                    let shown = report.picture.pixel(x, y);
                    let tile = tiles.grouping().group_of((y * 53 + x) as usize, 53);
                    used.entry(tile).or_default().insert(shown);
                    let hidden = odd.rgba[(y * 53 + x) as usize][3] == 0;
                    assert_eq!(shown[3] == 0, hidden, "{spec:?} at {x}, {y}");
                }
            }
            assert_eq!(used.len(), tiles.count(37));
            assert!(used.values().all(|c| c.len() <= usize::from(colors).max(2)), "{spec:?}");
            for palette in indexed.palette.chunks(tiles.entries) {
                assert!(palette.contains(&lock), "{spec:?}");
            }
        }
    }
}

#[test]
fn a_tiled_picture_is_written_as_it_is_shown_in_whichever_png_holds_it() {
    let image = corner(64, false);
    for (colors, side, kind) in [(2, 32, png::Kind::Indexed), (16, 8, png::Kind::TrueColour)] {
        let report = reduced(&image, of_tiles(colors, side));
        assert_eq!(png::kind_of(&report.picture), kind);
        let file = png::of_picture(&report.picture, &Control::unwatched()).unwrap();
        let back = image::load_from_memory(&file).unwrap().into_rgba8();
        let shown = report.picture.indexed().unwrap().pixels();
        assert!(back.pixels().map(|p| p.0).eq(shown), "{colors} {side}");
    }
}

#[test]
fn tiles_are_the_same_whatever_the_number_of_threads() {
    let image = corner(100, true);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let report = pool.install(|| reduced(&image, of_tiles(5, 9)));
        report.picture.indexed().unwrap().pixels().collect::<Vec<_>>()
    };
    assert_eq!(with(1), with(2));
}

#[test]
fn the_squared_error_map_agrees_with_the_figure() {
    let mut random = Random::seeded(1);
    let pixels = (0..40 * 30).map(|_| [random.next_u64() as u8 & 31, 100, 100, 255]).collect();
    let image = Image::new(40, 30, pixels);
    let report = reduced(&image, FittedPalette::new(2));
    let map = photo::squared_map(&image, &report, &Control::unwatched()).unwrap();
    let mean = map.indexed().unwrap().codes.iter().map(|&k| f64::from(k) + 0.5).sum::<f64>() / (40.0 * 30.0);
    let mse = mean / 255.0 * f64::from(quantscope::run::report::ERROR_MAP_SQUARED);
    assert!((mse - report.error.mse).abs() < 3.0, "{mse} against {}", report.error.mse);
}

#[test]
fn the_map_from_afar_agrees_with_the_figure_and_a_preview_has_neither() {
    let mut random = Random::seeded(1);
    let pixels = (0..40 * 30).map(|_| [random.next_u64() as u8 & 127, 100, 100, 255]).collect();
    let image = Image::new(40, 30, pixels);
    let report = reduced(&image, FittedPalette::new(2));
    let eye = photo::eye_error(&image, &report, &Control::unwatched()).unwrap().unwrap();
    let map = photo::afar_map(&image, &report, &Control::unwatched()).unwrap();
    let mean = map.indexed().unwrap().codes.iter().map(|&k| f64::from(k) + 0.5).sum::<f64>() / (40.0 * 30.0);
    let afar = mean / 255.0 * f64::from(quantscope::run::report::ERROR_MAP_AFAR);
    assert!((afar - eye.afar).abs() < 0.05, "{afar} against {eye:?}");
    let larger = Image::new(41, 30, vec![[1, 2, 3, 255]; 41 * 30]);
    assert_eq!(photo::eye_error(&larger, &report, &Control::unwatched()), Ok(None), "it is of other pixels");
}

/// A blend of neighbours is a blend of their light: dither that adds errors up in light is truer from afar.
#[test]
fn dither_in_linear_light_is_truer_from_afar() {
    let image = corner(200, false);
    for space in spaces() {
        // Two colours a tile mix little of what it holds: what is left out outweighs how errors are added up.
        for palette in [FittedPalette::new(4), FittedPalette::new(16), of_tiles(4, 16)] {
            let afar = |linear: bool| {
                let dither = Dithering { linear, ..Dithering::of(Pattern::ALL[2]) };
                reduced(&image, PaletteSpec { space, dither, ..palette.clone().into() }).psnr_afar_db
            };
            let (light, codes) = (afar(true), afar(false));
            assert!(light > codes, "{space:?} {palette:?}: {light} {codes}");
        }
    }
    // Nothing but error diffusion is changed by it.
    let none = Dithering { linear: true, ..Dithering::NONE };
    assert_eq!(none.canonical(), Dithering::NONE);
}

#[test]
fn dither_in_linear_light_runs_on_greys_and_translucent_pixels() {
    for image in [grey(100), corner(100, true)] {
        let dither = Dithering { linear: true, ..Dithering::of(Pattern::ALL[2]) };
        let report = reduced(&image, PaletteSpec { dither, ..FittedPalette::new(6).into() });
        let plain = reduced(&image, FittedPalette::new(6));
        assert!(report.psnr_afar_db > plain.psnr_afar_db, "{} {}", report.psnr_afar_db, plain.psnr_afar_db);
        assert_eq!(report.palette.len(), 6);
    }
}
