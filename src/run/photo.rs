//! A photo through the engine: palette, picture, error map and figures.
//!
//! The encoder sees each different colour once, weighted by its pixels, and the pixels look their
//! code up: the result is the same as coding every pixel, at a fraction of the work. Only error
//! diffusion walks over the pixels themselves.

use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::DIAL;
use super::axes::{Axes, InAnyDimension, with_axes};
use crate::colourmap;
use crate::engine::assign::diffusion::{self, Diffusion};
use crate::engine::assign::dithering::Dithering;
use crate::engine::assign::mask::Mask;
use crate::engine::assign::ordered::{self, Mix};
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::grouping::Grouping;
use crate::engine::metric::{self, ByColour, ColourError, compare_colours, compare_indexed, psnr_afar, ssim_indexed};
use crate::engine::rate::Rate;
use crate::engine::recipe::{Levels, Recipe, Shared, bits_for};
use crate::engine::samples::Samples;
use crate::picture::Picture;
use crate::report::{ChannelHistogram, ERROR_MAP_DELTA_E, Entry, PhotoOriginal, PhotoReport, RatePoint};
use crate::source::colours::Colours;
use crate::source::image::Image;
use crate::spec::{PhotoSpec, Stage};

/// A preview looks at no more pixels than this.
const PREVIEW_PIXELS: usize = 160_000;
/// Different colours that one task maps.
const SLICE: usize = 1 << 15;

/// The photo itself, ready to be shown.
pub fn original(image: &Arc<Image>, stage: Stage, control: &Control<'_>) -> Result<PhotoOriginal, Stopped> {
    let image = match stage {
        Stage::Preview => Arc::new(image.preview(PREVIEW_PIXELS)),
        Stage::Full => image.clone(),
    };
    control.check()?;
    let colours = image.colours();
    Ok(PhotoOriginal {
        histogram: histogram(colours.keys.iter().copied().zip(colours.counts.iter().map(|&n| u64::from(n)))),
        colors: colours.keys.len(),
        transparent_pixels: colours.hidden,
        picture: Arc::new(Picture::new_rgba(image.clone())),
    })
}

/// One reduction of a photo, with every figure; [`Stage::Preview`] makes it of a subsample.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn reduce(image: &Image, spec: PhotoSpec, stage: Stage, control: &Control<'_>) -> Result<PhotoReport, Stopped> {
    if stage == Stage::Preview {
        let small = image.preview(PREVIEW_PIXELS);
        let report = reduce(&small, spec, Stage::Full, control)?;
        return Ok(PhotoReport { stage, ..report });
    }
    let start = Instant::now();
    let reduction = fit_and_map(image, spec, control)?;
    let mut quantize_time = start.elapsed();
    control.progress(0.4);
    let colors: Vec<[u8; 4]> = reduction.palette.iter().map(|e| e.rgba).collect();
    let width = image.width as usize;
    let (codes, error, delta_e_map) = match reduction.codes {
        Codes::OfPixels(codes) => {
            let found = compare_indexed(&image.rgba, width, &codes, &colors, ERROR_MAP_DELTA_E, control)?;
            (codes, found.error, found.delta_e_map)
        }
        Codes::OfColours(of_colours) => {
            let colours = image.colours();
            let by = ByColour { colors: &colours.keys, counts: &colours.counts, codes: &of_colours };
            let found = compare_colours(by, &colors, ERROR_MAP_DELTA_E, control)?;
            let start = Instant::now();
            let table: Vec<(u8, u8)> = of_colours.into_iter().zip(found.delta_e_map).collect();
            let (codes, map) = colours.map_pixels_to_pairs(&image.rgba, &table, (TRANSPARENT, 0));
            quantize_time += start.elapsed();
            control.progress(0.6);
            let ssim = ssim_indexed(&image.rgba, width, &codes, &colors, control)?;
            (codes, ColourError { ssim, ..found.error }, map)
        }
    };
    control.progress(0.8);
    let psnr_afar_db = psnr_afar(&image.rgba, width, &codes, &colors, control)?;
    control.progress(0.95);
    let palette = reduction.palette;
    let heat = colourmap::sequential().to_vec();
    let picture = |codes, palette| Arc::new(Picture::new_indexed(image.width, image.height, codes, palette));
    Ok(PhotoReport {
        spec,
        stage,
        picture: picture(codes, colors),
        error_map: picture(delta_e_map, heat),
        error,
        psnr_afar_db,
        rate: rate_of(image.rgba.len(), &palette),
        histogram: histogram(palette.iter().map(|e| (e.rgba, e.count))),
        palette,
        quantize_time,
    })
}

/// SQNR against bits for every position of the dial, over all pixels, without dither.
pub fn rate_curve(image: &Image, spec: PhotoSpec, control: &Control<'_>) -> Result<Vec<RatePoint>, Stopped> {
    let colours = image.colours();
    let mut points = Vec::with_capacity(DIAL.len());
    for (i, bits) in DIAL.into_iter().enumerate() {
        control.progress(i as f32 / DIAL.len() as f32);
        let spec = PhotoSpec { colors: 1 << bits, dither: Dithering::NONE, ..spec };
        let (map, palette) = map_colours(image, colours, spec, control)?;
        let (mut signal, mut noise) = (0.0, 0.0);
        for ((key, count), code) in colours.keys.iter().zip(&colours.counts).zip(map) {
            let (x, y) = (over_white(*key), over_white(palette[usize::from(code)]));
            for (x, y) in x.into_iter().zip(y) {
                signal += f64::from(*count) * x * x;
                noise += f64::from(*count) * (x - y) * (x - y);
            }
        }
        let entries: Vec<Entry> = palette.iter().map(|&rgba| Entry { rgba, count: 0 }).collect();
        points.push(RatePoint {
            bits,
            bits_per_sample: rate_of(image.rgba.len(), &entries).bits_per_sample(),
            sqnr_db: metric::decibels(signal, noise),
        });
    }
    Ok(points)
}

fn over_white(c: [u8; 4]) -> [f64; 3] {
    metric::over_white(c).map(f64::from)
}

/// Codes of all pixels and the palette they point into.
pub struct Reduction {
    pub codes: Vec<u8>,
    pub palette: Vec<Entry>,
}

/// The quantizer alone: fit and map.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn quantize(image: &Image, spec: PhotoSpec, control: &Control<'_>) -> Result<Reduction, Stopped> {
    let found = fit_and_map(image, spec, control)?;
    let codes = match found.codes {
        Codes::OfPixels(codes) => codes,
        Codes::OfColours(table) => image.colours().map_pixels(&image.rgba, &table, TRANSPARENT),
    };
    Ok(Reduction { codes, palette: found.palette })
}

/// What fitting and mapping give.
struct Mapped {
    codes: Codes,
    palette: Vec<Entry>,
}

enum Codes {
    /// Of each different colour; [`TRANSPARENT`] for hidden pixels.
    OfColours(Vec<u8>),
    /// Of each pixel: error diffusion gives one colour different codes.
    OfPixels(Vec<u8>),
}

fn fit_and_map(image: &Image, spec: PhotoSpec, control: &Control<'_>) -> Result<Mapped, Stopped> {
    let colours = image.colours();
    control.check()?;
    if let Some(diffusion) = spec.dither.diffusion() {
        return with_axes(image, spec, Diffuse { image, colours, spec, diffusion, control });
    }
    if let Some(mask) = spec.dither.mask() {
        return with_axes(image, spec, DealOut { image, colours, spec, mask, control });
    }
    let (map, palette) = map_colours(image, colours, spec, control)?;
    let mut counts = vec![0u64; palette.len()];
    for (code, count) in map.iter().zip(&colours.counts) {
        counts[usize::from(*code)] += u64::from(*count);
    }
    if colours.hidden > 0 {
        counts[usize::from(TRANSPARENT)] += colours.hidden;
    }
    let palette = palette.into_iter().zip(counts).map(|(rgba, count)| Entry { rgba, count }).collect();
    Ok(Mapped { codes: Codes::OfColours(map), palette })
}

/// The code of hidden pixels: where there are any, the palette's first entry is transparent.
const TRANSPARENT: u8 = 0;

/// The code of each different colour, and the palette.
fn map_colours(
    image: &Image,
    colours: &Colours,
    spec: PhotoSpec,
    control: &Control<'_>,
) -> Result<(Vec<u8>, Vec<[u8; 4]>), Stopped> {
    with_axes(image, spec, MapColours { colours, spec, control })
}

struct MapColours<'a> {
    colours: &'a Colours,
    spec: PhotoSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapColours<'_> {
    type Out = Result<(Vec<u8>, Vec<[u8; 4]>), Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.colours, self.spec, axes, self.control)?;
        let (shift, slices) = (fitted.first_code(), fitted.points.par_chunks(SLICE));
        let parts: Vec<Vec<u8>> = slices
            .map(|slice| {
                let coded =
                    fitted.recipe.encode_with(&fitted.shared, Samples::new(slice, slice.len()), self.control)?;
                Ok(coded.codes.iter().map(|&k| k as u8 + shift).collect())
            })
            .collect::<Result<_, Stopped>>()?;
        Ok((parts.concat(), fitted.palette))
    }
}

struct Diffuse<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: PhotoSpec,
    diffusion: Diffusion,
    control: &'a Control<'a>,
}

impl InAnyDimension for Diffuse<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.colours, self.spec, axes, self.control)?;
        let (width, height) = (self.image.width as usize, self.image.height as usize);
        let read = |row: usize, line: &mut Vec<Option<[f32; D]>>| {
            let pixels = &self.image.rgba[row * width..(row + 1) * width];
            line.extend(pixels.iter().map(|&c| (c[3] > 0).then(|| (axes.point)(c))));
        };
        let code = |_: usize, x: [f32; D]| {
            let k = fitted.book.nearest(x);
            (k, fitted.book.points()[usize::from(k)])
        };
        let bounds = fitted.bounds();
        let visible = diffusion::diffuse((width, height), bounds, &self.diffusion, read, code, self.control)?;
        Ok(fitted.pixels_mapped(self.image, &visible))
    }
}

/// Ordered dither: one mixture of entries a colour, dealt out by place.
struct DealOut<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: PhotoSpec,
    mask: Mask,
    control: &'a Control<'a>,
}

impl InAnyDimension for DealOut<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.colours, self.spec, axes, self.control)?;
        let code = |x: [f32; D]| {
            let k = fitted.book.nearest(x);
            (k, fitted.book.points()[usize::from(k)])
        };
        let strength = self.spec.dither.strength();
        let mixes: Vec<Mix> = fitted.points.par_iter().map(|&p| Mix::new(p, strength, code)).collect();
        let numbers: Vec<u32> = (0..mixes.len() as u32).collect();
        let places = self.colours.map_pixels(&self.image.rgba, &numbers, u32::MAX);
        let visible = ordered::codes(self.mask, self.image.width as usize, &places, &mixes, self.control)?;
        Ok(fitted.pixels_mapped(self.image, &visible))
    }
}

/// A palette fitted to the different colours of a photo.
struct Fitted<const D: usize> {
    points: Vec<[f32; D]>,
    recipe: Recipe<D>,
    shared: Shared<D>,
    book: Codebook<D>,
    /// Darkest first, behind a transparent entry where there are hidden pixels.
    palette: Vec<[u8; 4]>,
}

impl<const D: usize> Fitted<D> {
    fn new(colours: &Colours, spec: PhotoSpec, axes: Axes<D>, control: &Control<'_>) -> Result<Self, Stopped> {
        let points: Vec<[f32; D]> = colours.keys.par_iter().map(|&c| (axes.point)(c)).collect();
        let weights: Vec<f32> = colours.counts.iter().map(|&n| n as f32).collect();
        let reserved = usize::from(colours.hidden > 0);
        let room = 256 - reserved;
        let recipe = palette_recipe(spec, axes.stored, usize::from(spec.colors).clamp(1 + reserved, 256) - reserved);
        let mut entries: Vec<[f32; D]> = Vec::new();
        if let Some(fixed) = spec.palette {
            for &color in fixed.colors().iter().filter(|c| c[3] > 0) {
                let entry = (axes.point)(color);
                if entries.len() < room && !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        } else if !points.is_empty() {
            let shared = recipe.prepare(Samples::weighted(&points, &weights), control)?;
            entries = shared.codebook().map(|book| book.points().to_vec()).unwrap_or_default();
        }
        entries.sort_by(|a, b| darkness((axes.colour)(*a)).total_cmp(&darkness((axes.colour)(*b))));
        let mut palette = vec![[0; 4]; reserved];
        palette.extend(entries.iter().map(|&p| (axes.colour)(p)));
        let book = Codebook::new(if entries.is_empty() { vec![[0.0; D]] } else { entries });
        Ok(Self { points, recipe, shared: Shared::of_codebook(book.clone()), book, palette })
    }

    /// `visible` has each pixel's entry among those that can be seen.
    fn pixels_mapped(&self, image: &Image, visible: &[u16]) -> Mapped {
        let shift = self.first_code();
        let mut counts = vec![0u64; self.palette.len()];
        let pixel = |(&k, c): (&u16, &[u8; 4])| {
            let code = if c[3] == 0 { TRANSPARENT } else { k as u8 + shift };
            counts[usize::from(code)] += 1;
            code
        };
        let codes: Vec<u8> = visible.iter().zip(&image.rgba).map(pixel).collect();
        let palette = self.palette.iter().zip(counts).map(|(&rgba, count)| Entry { rgba, count }).collect();
        Mapped { codes: Codes::OfPixels(codes), palette }
    }

    /// The code of the first visible entry.
    fn first_code(&self) -> u8 {
        u8::from(self.palette.first() == Some(&[0; 4]))
    }

    fn bounds(&self) -> [(f32, f32); D] {
        std::array::from_fn(|c| {
            self.points
                .iter()
                .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), p| (low.min(p[c]), high.max(p[c])))
        })
    }
}

/// The order of a palette: most transparent first (so that a PNG's table of alphas is short), then
/// from dark to light.
fn darkness(c: [u8; 4]) -> f32 {
    f32::from(c[3]) * 1000.0 + crate::engine::colour::luma_from_srgb8([c[0], c[1], c[2]])
}

/// A palette as the engine's recipe: one group, no scales, a fitted codebook.
fn palette_recipe<const D: usize>(spec: PhotoSpec, stored: fn([f32; D]) -> [f32; D], count: usize) -> Recipe<D> {
    Recipe {
        grouping: Grouping::Whole,
        scale: None,
        levels: Levels::Fitted { method: spec.method, count: count.max(1), stored, entry_bits: 24, code_bits: None },
        dither: Dithering::NONE,
    }
}

/// Codes, 24 bits an entry, and 8 more for each entry that is not opaque.
fn rate_of(pixels: usize, palette: &[Entry]) -> Rate {
    let alphas = palette.iter().filter(|e| e.rgba[3] < 255).count() as u64;
    Rate {
        index_bits: pixels as u64 * u64::from(bits_for(palette.len())),
        codebook_bits: palette.len() as u64 * 24 + alphas * 8,
        samples: pixels as u64,
        ..Rate::default()
    }
}

fn histogram(colours: impl Iterator<Item = ([u8; 4], u64)>) -> ChannelHistogram {
    let mut counts = [[0; 256]; 3];
    for (rgba, count) in colours.filter(|(rgba, _)| rgba[3] > 0) {
        for (channel, value) in counts.iter_mut().zip(rgba) {
            channel[usize::from(value)] += count;
        }
    }
    ChannelHistogram(counts)
}

/// Whether a photo is large enough for a preview to be worth its time.
pub fn preview_pays(image: &Image) -> bool {
    image.rgba.len() > 4 * PREVIEW_PIXELS
}
