//! A palette fitted to all of a photo, and every pixel's entry in it.
//!
//! The encoder sees each different colour once, weighted by its pixels, and the pixels look their
//! code up: the result is the same as coding every pixel, at a fraction of the work. Only error
//! diffusion walks over the pixels themselves.

use super::axes::{Axes, InAnyDimension, with_axes};
use super::sketch::{OfCells, Palette};
use crate::engine::assign::diffusion::{self, Diffusion};
use crate::engine::assign::dithering::Dithering;
use crate::engine::assign::mask::Mask;
use crate::engine::assign::ordered::{self, Mix};
use crate::engine::cells::nearest_on_paths;
use crate::engine::control::{Control, Stopped};
use crate::engine::grouping::Grouping;
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::one_by_one::OneByOne;
use crate::engine::recipe::{Levels, Recipe};
use crate::engine::tasks;
use crate::report::{Dealt, Entry};
use crate::source::coarse::{self, cell_of};
use crate::source::colours::Colours;
use crate::source::image::Image;
use crate::spec::PhotoSpec;

/// Different colours that one task maps.
const SLICE: usize = 1 << 13;
/// Colours that are mapped together: those in 32 × 32 × 32 and in 8 × 8 × 8 colours.
const NEIGHBOURS: [u32; 2] = [15, 9];
/// The code of hidden pixels: where there are any, every palette's first entry is transparent.
pub const TRANSPARENT: u8 = 0;

/// What fitting and mapping give.
pub struct Mapped {
    pub codes: Codes,
    /// With tiles, their palettes one after another.
    pub palette: Vec<[u8; 4]>,
    pub tiles: Option<Tiles>,
    /// Where the tiles got different numbers of colours.
    pub dealt: Option<Dealt>,
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
    Ok(Mapped { codes: Codes::OfColours(map), palette, tiles: None, dealt: None })
}

/// The same, for those who only want the codes of pixels and the palette: by the fast method without a look at the
/// different colours.
pub fn pixels_mapped(
    image: &Image,
    spec: PhotoSpec,
    control: &Control<'_>,
) -> Result<(Vec<u8>, Vec<[u8; 4]>), Stopped> {
    if spec.dither == Dithering::NONE
        && let Some(OfCells { codes, palette }) = with_axes(image, spec, MapCells { image, spec, control })?
    {
        return Ok((coarse::map_pixels(&image.rgba, &codes, TRANSPARENT), palette));
    }
    let found = fit_and_map(image, spec, control)?;
    Ok(match found.codes {
        Codes::OfPixels(codes) => (codes, found.palette),
        Codes::OfColours(table) => (image.colours().map_pixels(&image.rgba, &table, TRANSPARENT), found.palette),
    })
}

struct MapCells<'a> {
    image: &'a Image,
    spec: PhotoSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapCells<'_> {
    type Out = Result<Option<OfCells>, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        OfCells::new(self.image, self.spec, axes, self.control)
    }
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
        let places = self.colours.places();
        if let Some(OfCells { codes, palette }) = OfCells::new(self.image, self.spec, axes, self.control)? {
            return Ok((places.into_iter().map(|place| codes[cell_of(place)]).collect(), palette));
        }
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let shift = fitted.palette.first_code();
        let mut out = vec![0; places.len()];
        let slices = out.chunks_mut(SLICE).zip(fitted.points.chunks(SLICE).zip(places.chunks(SLICE)));
        let parts = tasks::map(slices, |_, (out, (points, places))| {
            self.control.check()?;
            let mut codes = vec![0; points.len()];
            nearest_on_paths(&fitted.palette.book, points, places, NEIGHBOURS, &mut codes);
            out.iter_mut().zip(codes).for_each(|(out, k)| *out = k as u8 + shift);
            Ok(())
        });
        parts.into_iter().collect::<Result<(), Stopped>>()?;
        Ok((out, fitted.palette.colors))
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
                fitted.palette.colors[usize::from(fitted.palette.first_code())..].iter().map(|&c| point(c)).collect();
            let bounds = bounds_of(fitted.points.iter().copied());
            let mut search = OneByOne::new(&fitted.palette.book, bounds);
            let code = |_: usize, x: [f32; D]| {
                let k = search.nearest((axes.of_light)(x));
                (k, lights.get(usize::from(k)).copied().unwrap_or(x))
            };
            let bounds = bounds_of(self.colours.keys.iter().map(|&c| point(c)));
            diffusion::diffuse(size, bounds, how, read, code, control)?
        } else {
            let bounds = bounds_of(fitted.points.iter().copied());
            let mut search = OneByOne::new(&fitted.palette.book, bounds);
            let code = |_: usize, x: [f32; D]| {
                let k = search.nearest(x);
                (k, fitted.palette.book.points()[usize::from(k)])
            };
            diffusion::diffuse(size, bounds, how, read, code, control)?
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
        let (book, strength) = (&fitted.palette.book, self.spec.dither.strength());
        let bounds = bounds_of(fitted.points.iter().copied());
        let mixed = |points: &[[f32; D]]| {
            let mut search = OneByOne::new(book, bounds);
            let mut code = |x: [f32; D]| {
                let k = search.nearest(x);
                (k, book.points()[usize::from(k)])
            };
            points.iter().map(|&p| Mix::new(p, strength, &mut code)).collect::<Vec<Mix>>()
        };
        let mixes = tasks::map(fitted.points.chunks(SLICE), |_, points| mixed(points)).concat();
        let numbers: Vec<u32> = (0..mixes.len() as u32).collect();
        let places = self.colours.map_pixels(&self.image.rgba, &numbers, u32::MAX);
        let visible = ordered::codes(self.mask, self.image.width as usize, &places, &mixes, self.control)?;
        Ok(fitted.pixels_mapped(self.image, &visible))
    }
}

/// A palette, and the different colours of the photo as points.
struct Fitted<const D: usize> {
    points: Vec<[f32; D]>,
    palette: Palette<D>,
}

impl<const D: usize> Fitted<D> {
    fn new(
        image: &Image,
        colours: &Colours,
        spec: PhotoSpec,
        axes: Axes<D>,
        control: &Control<'_>,
    ) -> Result<Self, Stopped> {
        let palette = Palette::fit(image, spec, axes, control)?;
        let mut points = tasks::filled([0.0; D], colours.len());
        tasks::map(points.chunks_mut(SLICE).zip(colours.keys.chunks(SLICE)), |_, (out, keys)| {
            out.copy_from_slice(&(axes.points)(keys));
        });
        Ok(Self { points, palette })
    }

    /// `visible` has each pixel's entry among those that can be seen.
    fn pixels_mapped(&self, image: &Image, visible: &[u16]) -> Mapped {
        let shift = self.palette.first_code();
        let pixel = |(&k, c): (&u16, &[u8; 4])| if c[3] == 0 { TRANSPARENT } else { k as u8 + shift };
        let codes: Vec<u8> = visible.iter().zip(&image.rgba).map(pixel).collect();
        Mapped { codes: Codes::OfPixels(codes), palette: self.palette.colors.clone(), tiles: None, dealt: None }
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
