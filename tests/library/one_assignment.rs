//! Photos, tiles and tensors get their codes from one function of the engine: all three are held to the same few plain
//! lines here, to the last code.

use quantscope::engine::assign::codes::How;
use quantscope::engine::assign::dithering::{Dithering, Pattern};
use quantscope::engine::assign::feedback::RowFilter;
use quantscope::engine::assign::kernel::KernelName;
use quantscope::engine::assign::ordered::Mix;
use quantscope::engine::assign::quantized_rows::recoded;
use quantscope::engine::colour::{linear_from_srgb8, srgb_code_from_linear};
use quantscope::engine::control::Control;
use quantscope::engine::fit::Method;
use quantscope::engine::format::Format;
use quantscope::engine::grouping::Grouping;
use quantscope::engine::indexed::Indexed;
use quantscope::engine::random::Random;
use quantscope::engine::recipe::{Levels, Recipe};
use quantscope::engine::samples::Samples;
use quantscope::palette::{Fixed, NamedPalette};
use quantscope::picture::image::Image;
use quantscope::run::photo;
use quantscope::spec::{FittedPalette, PaletteSpec, TileSpec};

const WIDTH: usize = 41;
const HEIGHT: usize = 26;

/// A sample's levels; each is what it decodes to, and where nearest is judged.
type Level<const D: usize> = ([f32; D], [f32; D]);

/// What is to be given codes, `None` being holes, and the levels of each sample.
struct Plain<'a, const D: usize> {
    samples: &'a [Option<[f32; D]>],
    levels: &'a dyn Fn(usize) -> Vec<Level<D>>,
    /// From where errors are added up to where nearest is judged, if it can be judged there.
    seen: &'a dyn Fn([f32; D]) -> Option<[f32; D]>,
}

impl<const D: usize> Plain<'_, D> {
    fn nearest(&self, levels: &[Level<D>], x: [f32; D]) -> (u16, [f32; D]) {
        let far = |level: &Level<D>| -> f64 {
            let (at, p) = match (self.seen)(x) {
                Some(seen) => (seen, level.1),
                None => (x, level.0),
            };
            match D {
                // On a line neighbours are told apart exactly.
                1 => (f64::from(at[0]) - f64::from(p[0])).abs(),
                _ => f64::from((0..D).fold(0.0f32, |sum, c| sum + (at[c] - p[c]) * (at[c] - p[c]))),
            }
        };
        let best = (1..levels.len()).fold(0, |best, k| if far(&levels[k]) < far(&levels[best]) { k } else { best });
        (best as u16, levels[best].0)
    }

    /// What each sample decodes to; nothing for holes. Every sample must be a mixture of its levels.
    fn decoded(&self, dither: Dithering) -> Vec<Option<[f32; D]>> {
        match dither.pattern {
            Pattern::Diffusion(name) => self.diffused(dither, name),
            // The eye's pattern is of whole photos: rows take their nearest.
            Pattern::None | Pattern::Eye => self.each(|_, levels, x| self.nearest(levels, x).0),
            Pattern::Ordered(mask) => self.each(|i, levels, x| {
                let mut thresholds = [0.0; WIDTH];
                mask.thresholds(WIDTH, i / WIDTH, &mut thresholds);
                Mix::new(x, dither.strength(), |x| self.nearest(levels, x)).pick(thresholds[i % WIDTH])
            }),
        }
    }

    fn each(&self, code: impl Fn(usize, &[Level<D>], [f32; D]) -> u16) -> Vec<Option<[f32; D]>> {
        let decoded = |(i, sample): (usize, &Option<[f32; D]>)| {
            let levels = (self.levels)(i);
            sample.map(|x| levels[usize::from(code(i, &levels, x))].0)
        };
        self.samples.iter().enumerate().map(decoded).collect()
    }

    /// The loop of Floyd and Steinberg, with the errors of the whole picture at once.
    fn diffused(&self, dither: Dithering, name: KernelName) -> Vec<Option<[f32; D]>> {
        let mut errors = vec![[0.0f32; D]; self.samples.len()];
        let mut out = vec![None; self.samples.len()];
        let height = self.samples.len().div_ceil(WIDTH);
        for y in 0..height {
            let back = dither.serpentine && y % 2 == 1;
            for step in 0..WIDTH {
                let column = if back { WIDTH - 1 - step } else { step };
                let i = y * WIDTH + column;
                let Some(Some(sample)) = self.samples.get(i) else { continue };
                let x: [f32; D] = std::array::from_fn(|c| sample[c] + errors[i][c]);
                let (_, decoded) = self.nearest(&(self.levels)(i), x);
                out[i] = Some(decoded);
                for tap in name.row().taps {
                    let right = if back { -tap.right } else { tap.right };
                    let Some(place) = column.checked_add_signed(right).filter(|place| *place < WIDTH) else { continue };
                    if let Some(errors) = errors.get_mut((y + tap.down) * WIDTH + place) {
                        let share = tap.share * dither.strength();
                        (0..D).for_each(|c| errors[c] += (x[c] - decoded[c]) * share);
                    }
                }
            }
        }
        out
    }
}

/// Every dither that goes by rows.
fn every_dither() -> impl Iterator<Item = Dithering> {
    Pattern::ALL.into_iter().filter(|pattern| *pattern != Pattern::Eye).flat_map(|pattern| {
        let of = Dithering::of(pattern);
        let others = [Dithering { serpentine: true, strength_percent: 70, ..of }, Dithering { linear: true, ..of }];
        std::iter::once(of).chain(others).filter(move |d| *d == of || d.canonical() != of)
    })
}

/// Slopes with some noise; hidden in a disc and here and there.
fn picture(grey: bool, hidden: bool) -> Vec<[u8; 4]> {
    let mut random = Random::seeded(7);
    let mut pixel = |i: usize| {
        let (x, y) = (i % WIDTH, i / WIDTH);
        let noise = (random.next_u64() % 24) as usize;
        let [r, g, b] = [x * 5 + noise, y * 8 + noise, 230 - x * 2 - y * 3].map(|v| v.min(255) as u8);
        let is_hole = hidden && (x.abs_diff(20).pow(2) + y.abs_diff(12).pow(2) < 30 || i % 29 == 3);
        let alpha = if is_hole { 0 } else { 255 };
        if grey { [r, r, r, alpha] } else { [r, g, b, alpha] }
    };
    (0..WIDTH * HEIGHT).map(&mut pixel).collect()
}

/// All that a picture can hold is a mixture of these.
fn corners() -> Vec<[u8; 4]> {
    (0..8u8).map(|k| [k & 1, k >> 1 & 1, k >> 2].map(|bit| bit * 255)).map(|[r, g, b]| [r, g, b, 255]).collect()
}

fn codes<const D: usize>(c: [u8; 4]) -> [f32; D] {
    std::array::from_fn(|channel| f32::from(c[channel]))
}

fn light<const D: usize>(c: [u8; 4]) -> [f32; D] {
    std::array::from_fn(|channel| linear_from_srgb8(c[channel]))
}

fn photo_is_plain<const D: usize>(rgba: &[[u8; 4]], spec: PaletteSpec) {
    let image = Image::new(WIDTH as u32, HEIGHT as u32, rgba.to_vec());
    let photo::Reduction { codes: found, palette, tiles } =
        photo::quantize(&image, &spec, &Control::unwatched()).unwrap();
    let indexed = Indexed { width: WIDTH, codes: &found, palette: &palette, tiles };
    let linear = spec.dither.canonical().linear;
    let point = if linear { light::<D> } else { codes::<D> };
    let samples: Vec<_> = rgba.iter().map(|&c| (c[3] > 0).then(|| point(c))).collect();
    let levels = |i: usize| {
        let palette = match indexed.tiles {
            Some(tiles) => &indexed.palette[tiles.first(i % WIDTH, i / WIDTH)..][..tiles.entries],
            None => indexed.palette,
        };
        let visible = palette.iter().filter(|c| c[3] > 0);
        let mut levels: Vec<Level<D>> = visible.map(|&c| (point(c), codes(c))).collect();
        if D == 1 {
            levels.sort_by(|a, b| a.1[0].total_cmp(&b.1[0]));
        }
        levels
    };
    let seen = |x: [f32; D]| match linear {
        true => (D == 1 || x.iter().all(|v| (0.0..=1.0).contains(v))).then(|| x.map(srgb_code_from_linear)),
        false => Some(x),
    };
    let expected = Plain { samples: &samples, levels: &levels, seen: &seen }.decoded(spec.dither);
    for (i, (shown, expected)) in indexed.pixels().zip(expected).enumerate() {
        let shown = (shown[3] > 0).then(|| point(shown));
        assert_eq!(shown, expected, "{spec:?} at {i}");
    }
}

#[test]
fn a_photo_and_its_tiles_get_the_codes_of_the_plain_loops() {
    for dither in every_dither() {
        for tiles in [None, Some(TileSpec { side: 8, budget: None })] {
            let locked = Some(Fixed::new(NamedPalette::new("corners", corners())));
            let colors = if tiles.is_some() { 12 } else { 30 };
            let spec = PaletteSpec { dither, ..FittedPalette { tiles, locked, ..FittedPalette::new(colors) }.into() };
            photo_is_plain::<3>(&picture(false, false), spec.clone());
            photo_is_plain::<3>(&picture(false, true), spec.clone());
            let ends = vec![[0, 0, 0, 255], [255; 4]];
            let locked = Some(Fixed::new(NamedPalette::new("ends", ends)));
            let spec = PaletteSpec { dither, ..FittedPalette { tiles, locked, ..FittedPalette::new(5) }.into() };
            photo_is_plain::<1>(&picture(true, false), spec);
        }
    }
}

fn tensor_is_plain<const D: usize>(grouping: Grouping, dither: Dithering) {
    let of_picture = picture(false, true);
    let values: Vec<[f32; D]> = of_picture.iter().map(|&c| codes(c)).collect();
    let weights: Vec<f32> = of_picture.iter().map(|c| f32::from(u8::from(c[3] > 0))).collect();
    let mut kept: Vec<[f32; D]> = corners().into_iter().map(codes).collect();
    kept.sort_by(|a, b| a.partial_cmp(b).unwrap());
    kept.dedup();
    let levels = Levels::Fitted {
        method: Method::KMeans,
        count: kept.len() + 4,
        kept,
        stored: |p| p.map(f32::round),
        exact: None,
        entry_bits: 8,
        code_bits: None,
    };
    let recipe = Recipe { grouping, scale: None, levels, dither };
    // The last row is short.
    let len = values.len() - 9;
    let samples = Samples { values: &values[..len], width: WIDTH, weights: Some(&weights[..len]) };
    let found = recipe.encode(samples, &Control::unwatched()).unwrap();
    let points: Vec<_> = values.iter().zip(&weights).take(len).map(|(&x, w)| (*w > 0.0).then_some(x)).collect();
    let levels = |i: usize| found.levels(found.group_of(i)).map(|p| (p, p)).collect();
    let expected = Plain { samples: &points, levels: &levels, seen: &Some }.decoded(dither);
    for (i, expected) in expected.into_iter().enumerate() {
        match expected {
            Some(expected) => assert_eq!(found.decode_one(i), expected, "{grouping:?} {dither:?} at {i}"),
            None if dither == Dithering::NONE => {}
            None => assert_eq!(found.codes[i], 0, "{grouping:?} {dither:?} at {i}"),
        }
    }
}

#[test]
fn a_tensor_gets_the_codes_of_the_plain_loops_however_its_levels_are_shared() {
    for dither in every_dither().filter(|dither| !dither.linear) {
        for grouping in [Grouping::Whole, Grouping::Rows, Grouping::Runs(16), Grouping::Tiles { w: 12, h: 7 }] {
            tensor_is_plain::<1>(grouping, dither);
            tensor_is_plain::<3>(grouping, dither);
        }
    }
}

#[test]
fn feedback_gives_a_tensor_the_codes_of_the_plain_loop_under_any_filter_of_its_rows() {
    let mut random = Random::seeded(3);
    // The last row is short.
    let values: Vec<[f32; 1]> = (0..WIDTH * HEIGHT - 9).map(|_| [random.next_gaussian()]).collect();
    let (samples, control) = (Samples::new(&values, WIDTH), Control::unwatched());
    let shares = (0..WIDTH * WIDTH).map(|_| 0.2 * random.next_gaussian()).collect();
    for filter in [RowFilter::new(WIDTH, shares), RowFilter::along_the_row(WIDTH)] {
        for name in ["int4-g32", "int3-row", "kmeans4-row", "int4-t16"] {
            let format: Format = name.parse().unwrap();
            let nearest = format.recipe().unwrap().encode(samples, &control).unwrap();
            let found = recoded(&nearest, samples, How::Feedback(&filter), &control).unwrap().codes;
            let mut carried = vec![0.0f32; values.len()];
            for (i, value) in values.iter().enumerate() {
                let x = value[0] + carried[i];
                let (code, decoded) = nearest.code_in(nearest.group_of(i), [x]);
                assert_eq!(found[i], code, "{name} at {i}");
                for (later, share) in carried[i + 1..].iter_mut().zip(filter.after(i % WIDTH)) {
                    *later += (x - decoded[0]) * share;
                }
            }
            assert_ne!(found, nearest.codes, "{name}");
        }
    }
}

#[test]
fn the_codes_do_not_depend_on_the_number_of_threads() {
    let image = Image::new(WIDTH as u32, HEIGHT as u32, picture(false, true));
    for pattern in Pattern::ALL {
        for tiles in [None, Some(TileSpec { side: 8, budget: None })] {
            let palette = FittedPalette { tiles, ..FittedPalette::new(16) };
            let spec = PaletteSpec { dither: Dithering::of(pattern), ..palette.into() };
            let with = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| photo::quantize(&image, &spec, &Control::unwatched())).unwrap().codes
            };
            assert_eq!(with(1), with(3), "{spec:?}");
        }
    }
}
