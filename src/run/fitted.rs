//! A palette fitted to all of a photo, and every pixel's entry in it.
//!
//! The encoder sees each different colour once, weighted by its pixels, and the pixels look their
//! code up: the result is the same as coding every pixel, at a fraction of the work. Only error
//! diffusion walks over the pixels themselves.

use rayon::prelude::*;

use super::axes::{Axes, InAnyDimension, with_axes};
use crate::engine::assign::diffusion::{self, Diffusion};
use crate::engine::assign::dithering::Dithering;
use crate::engine::assign::mask::Mask;
use crate::engine::assign::ordered::{self, Mix};
use crate::engine::cells::nearest_on_paths;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::grouping::Grouping;
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::recipe::{Levels, Recipe};
use crate::engine::samples::Samples;
use crate::report::Entry;
use crate::source::colours::Colours;
use crate::source::image::Image;
use crate::spec::PhotoSpec;

/// Different colours that one task maps.
const SLICE: usize = 1 << 13;
/// Colours that are mapped together: those in 32 × 32 × 32 and in 8 × 8 × 8 colours.
const NEIGHBOURS: [u32; 2] = [15, 9];
/// The fewest cubes an entry, and in all, whose means a fit may see in place of the colours.
const CUBES_AN_ENTRY: usize = 16;
const FEWEST_CUBES: usize = 2048;
/// The code of hidden pixels: where there are any, every palette's first entry is transparent.
pub const TRANSPARENT: u8 = 0;

/// What fitting and mapping give.
pub struct Mapped {
    pub codes: Codes,
    /// With tiles, their palettes one after another.
    pub palette: Vec<[u8; 4]>,
    pub tiles: Option<Tiles>,
}

impl Mapped {
    /// How many pixels have each entry.
    pub fn entries(&self, image: &Image) -> Vec<Entry> {
        let counts = match &self.codes {
            Codes::OfColours(map) => {
                let mut counts = vec![0u64; self.palette.len()];
                for (code, count) in map.iter().zip(image.colour_counts()) {
                    counts[usize::from(*code)] += u64::from(*count);
                }
                if let Some(count) = counts.get_mut(usize::from(TRANSPARENT)) {
                    *count += image.colours().hidden;
                }
                counts
            }
            Codes::OfPixels(codes) => {
                let width = image.width as usize;
                Indexed { width, codes, palette: &self.palette, tiles: self.tiles }.counts()
            }
        };
        self.palette.iter().zip(counts).map(|(&rgba, count)| Entry { rgba, count }).collect()
    }
}

pub enum Codes {
    /// Of each different colour; [`TRANSPARENT`] for hidden pixels.
    OfColours(Vec<u8>),
    /// Of each pixel: error diffusion gives one colour different codes.
    OfPixels(Vec<u8>),
}

/// Fits one palette and maps all pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled, here and below.
pub fn fit_and_map(image: &Image, spec: PhotoSpec, control: &Control<'_>) -> Result<Mapped, Stopped> {
    let colours = image.colours();
    control.check()?;
    if let Some(diffusion) = spec.dither.diffusion() {
        return with_axes(image, spec, Diffuse { image, colours, spec, diffusion, control });
    }
    if let Some(mask) = spec.dither.mask() {
        return with_axes(image, spec, DealOut { image, colours, spec, mask, control });
    }
    let (map, palette) = map_colours(image, colours, spec, control)?;
    Ok(Mapped { codes: Codes::OfColours(map), palette, tiles: None })
}

/// The code of each different colour, and the palette.
pub fn map_colours(
    image: &Image,
    colours: &Colours,
    spec: PhotoSpec,
    control: &Control<'_>,
) -> Result<(Vec<u8>, Vec<[u8; 4]>), Stopped> {
    with_axes(image, spec, MapColours { image, colours, spec, control })
}

struct MapColours<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: PhotoSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapColours<'_> {
    type Out = Result<(Vec<u8>, Vec<[u8; 4]>), Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let (shift, places) = (fitted.first_code(), self.colours.places());
        let slices = fitted.points.par_chunks(SLICE).zip(places.par_chunks(SLICE));
        let parts: Vec<Vec<u8>> = slices
            .map(|(points, places)| {
                self.control.check()?;
                let mut codes = vec![0; points.len()];
                nearest_on_paths(&fitted.book, points, places, NEIGHBOURS, &mut codes);
                Ok(codes.into_iter().map(|k| k as u8 + shift).collect())
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
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let (width, height) = (self.image.width as usize, self.image.height as usize);
        let (size, how, control) = ((width, height), &self.diffusion, self.control);
        let linear = self.spec.dither.linear;
        let point = if linear { axes.light } else { axes.point };
        let read = |row: usize, line: &mut Vec<Option<[f32; D]>>| {
            let pixels = &self.image.rgba[row * width..(row + 1) * width];
            line.extend(pixels.iter().map(|&c| (c[3] > 0).then(|| point(c))));
        };
        let visible = if linear {
            let lights: Vec<[f32; D]> =
                fitted.palette[usize::from(fitted.first_code())..].iter().map(|&c| point(c)).collect();
            let code = |_: usize, x: [f32; D]| {
                let k = fitted.book.nearest((axes.of_light)(x));
                (k, lights.get(usize::from(k)).copied().unwrap_or(x))
            };
            let bounds = bounds_of(self.colours.keys.iter().map(|&c| point(c)));
            diffusion::diffuse(size, bounds, how, read, code, control)?
        } else {
            let code = |_: usize, x: [f32; D]| {
                let k = fitted.book.nearest(x);
                (k, fitted.book.points()[usize::from(k)])
            };
            diffusion::diffuse(size, bounds_of(fitted.points.iter().copied()), how, read, code, control)?
        };
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
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
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
    book: Codebook<D>,
    /// Darkest first, behind a transparent entry where there are hidden pixels.
    palette: Vec<[u8; 4]>,
}

impl<const D: usize> Fitted<D> {
    fn new(
        image: &Image,
        colours: &Colours,
        spec: PhotoSpec,
        axes: Axes<D>,
        control: &Control<'_>,
    ) -> Result<Self, Stopped> {
        let points: Vec<[f32; D]> = colours.keys.par_chunks(SLICE).flat_map_iter(axes.points).collect();
        let reserved = usize::from(colours.hidden > 0);
        let locked = Locked::new(spec, axes, 256 - reserved);
        let count = usize::from(spec.colors).clamp(1 + reserved, 256) - reserved;
        let recipe = palette_recipe(spec, Grouping::Whole, axes, &locked, count);
        let mut entries: Vec<[f32; D]> = Vec::new();
        if let Some(fixed) = spec.palette {
            for &color in fixed.colors().iter().filter(|c| c[3] > 0) {
                let entry = (axes.point)(color);
                if entries.len() < 256 - reserved && !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        } else if !points.is_empty() || !locked.points.is_empty() {
            let shared = match Sketch::of(colours, spec, axes) {
                Some(Sketch { points, weights }) => recipe.prepare(Samples::weighted(&points, &weights), control)?,
                None => {
                    let weights: Vec<f32> = image.colour_counts().iter().map(|&n| n as f32).collect();
                    recipe.prepare(Samples::weighted(&points, &weights), control)?
                }
            };
            entries = shared.codebook().map(|book| book.points().to_vec()).unwrap_or_default();
        }
        let colour = |p: &[f32; D]| locked.colour(*p).unwrap_or((axes.colour)(*p));
        entries.sort_by(|a, b| darkness(colour(a)).total_cmp(&darkness(colour(b))));
        let mut palette = vec![[0; 4]; reserved];
        palette.extend(entries.iter().map(colour));
        let book = Codebook::new(if entries.is_empty() { vec![[0.0; D]] } else { entries });
        Ok(Self { points, book, palette })
    }

    /// `visible` has each pixel's entry among those that can be seen.
    fn pixels_mapped(&self, image: &Image, visible: &[u16]) -> Mapped {
        let shift = self.first_code();
        let pixel = |(&k, c): (&u16, &[u8; 4])| if c[3] == 0 { TRANSPARENT } else { k as u8 + shift };
        let codes: Vec<u8> = visible.iter().zip(&image.rgba).map(pixel).collect();
        Mapped { codes: Codes::OfPixels(codes), palette: self.palette.clone(), tiles: None }
    }

    /// The code of the first visible entry.
    fn first_code(&self) -> u8 {
        u8::from(self.palette.first() == Some(&[0; 4]))
    }
}

/// The means of small cubes, in place of all colours.
struct Sketch<const D: usize> {
    points: Vec<[f32; D]>,
    weights: Vec<f32>,
}

impl<const D: usize> Sketch<D> {
    /// Where there are cubes enough. The uniform method goes by the outermost colours, which means are not.
    fn of(colours: &Colours, spec: PhotoSpec, axes: Axes<D>) -> Option<Self> {
        let between = axes.between?;
        let enough = (CUBES_AN_ENTRY * usize::from(spec.colors)).max(FEWEST_CUBES);
        (spec.method != Method::Uniform && colours.cubes.len() >= enough).then(|| Self {
            points: colours.cubes.iter().map(|cube| between(cube.mean())).collect(),
            weights: colours.cubes.iter().map(|cube| cube.pixels as f32).collect(),
        })
    }
}

pub fn bounds_of<const D: usize>(points: impl Iterator<Item = [f32; D]>) -> [(f32, f32); D] {
    points.fold([(f32::INFINITY, f32::NEG_INFINITY); D], |bounds, p| {
        std::array::from_fn(|c| (bounds[c].0.min(p[c]), bounds[c].1.max(p[c])))
    })
}

/// The order of a palette: most transparent first (so that a PNG's table of alphas is short), then
/// from dark to light.
pub fn darkness(c: [u8; 4]) -> f32 {
    f32::from(c[3]) * 1000.0 + crate::engine::colour::luma_from_srgb8([c[0], c[1], c[2]])
}

/// Colours that are entries whatever is fitted: where they stand, and exactly as they were given.
pub struct Locked<const D: usize> {
    pub points: Vec<[f32; D]>,
    colors: Vec<[u8; 4]>,
}

impl<const D: usize> Locked<D> {
    /// At most `room` of them, all at different places.
    pub fn new(spec: PhotoSpec, axes: Axes<D>, room: usize) -> Self {
        let mut locked = Self { points: Vec::new(), colors: Vec::new() };
        for color in spec.locked_colors() {
            // As a codebook has it, whose zeros have no sign.
            let point = (axes.point)(color).map(|c| c + 0.0);
            if locked.points.len() < room && !locked.points.contains(&point) {
                locked.points.push(point);
                locked.colors.push(color);
            }
        }
        locked
    }

    /// The locked colour at a place.
    pub fn colour(&self, point: [f32; D]) -> Option<[u8; 4]> {
        self.points.iter().position(|p| *p == point).map(|i| self.colors[i])
    }
}

/// Palettes as the engine's recipe: no scales, a fitted codebook a group. `count` entries can be seen.
pub fn palette_recipe<const D: usize>(
    spec: PhotoSpec,
    grouping: Grouping,
    axes: Axes<D>,
    locked: &Locked<D>,
    count: usize,
) -> Recipe<D> {
    let levels = Levels::Fitted {
        method: spec.method,
        count: count.max(1),
        kept: locked.points.clone(),
        stored: axes.stored,
        entry_bits: 24,
        code_bits: None,
    };
    Recipe { grouping, scale: None, levels, dither: Dithering::NONE }
}
