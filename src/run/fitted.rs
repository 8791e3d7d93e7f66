//! A palette fitted to all of a photo, and every pixel's entry in it.
//!
//! The encoder sees each different colour once, weighted by its pixels, and the pixels look their
//! code up: the result is the same as coding every pixel, at a fraction of the work. Only error
//! diffusion walks over the pixels themselves.

use super::axes::{Axes, InAnyDimension, with_axes};
use super::mixtures::Mixtures;
use super::palette::Palette;
use super::sketch::{OfCells, palette_of};
use crate::engine::assign::diffusion::{self, Diffusion};
use crate::engine::assign::dithering::Dithering;
use crate::engine::assign::hull::{bounds_of, guard_of};
use crate::engine::assign::mask::Mask;
use crate::engine::assign::ordered::{self, Mix};
use crate::engine::cells::nearest_on_paths;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::tasks;
use crate::palette::Entry;
use crate::picture::colours::Colours;
use crate::picture::image::Image;
use crate::run::report::TileAllocation;
use crate::spec::PhotoSpec;

/// Different colours that one task maps.
const SLICE: usize = 1 << 13;
/// Colours that are mapped together: those in 32 × 32 × 32 and in 8 × 8 × 8 colours.
const NEIGHBOURS: [u32; 2] = [15, 9];

/// What fitting and mapping give.
pub struct Mapped {
    pub codes: Codes,
    /// With tiles, their palettes one after another.
    pub palette: Vec<[u8; 4]>,
    /// The code of hidden pixels.
    pub hidden: u8,
    pub tiles: Option<Tiles>,
    /// Where the tiles got different numbers of colours.
    pub tile_allocation: Option<TileAllocation>,
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
                if let Some(count) = counts.get_mut(usize::from(self.hidden)) {
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
    /// Of each different colour that can be seen.
    OfColours(Vec<u8>),
    /// Of each pixel: error diffusion gives one colour different codes.
    OfPixels(Vec<u8>),
}

/// Fits one palette and maps all pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled, here and below.
pub fn fit_and_map(image: &Image, spec: &PhotoSpec, control: &Control<'_>) -> Result<Mapped, Stopped> {
    let colours = image.colours();
    control.check()?;
    if let Some(diffusion) = spec.dither.diffusion() {
        return with_axes(image, spec, Diffuse { image, colours, spec, diffusion, control });
    }
    if let Some(mask) = spec.dither.mask() {
        return with_axes(image, spec, OrderedCodes { image, colours, spec, mask, control });
    }
    let OfColours { codes, palette, hidden } = map_colours(image, colours, spec, control)?;
    Ok(Mapped { codes: Codes::OfColours(codes), palette, hidden, tiles: None, tile_allocation: None })
}

/// The same, for those who only want the codes of pixels and the palette: by the fast method without a look at the
/// different colours.
pub fn pixels_mapped(
    image: &Image,
    spec: &PhotoSpec,
    control: &Control<'_>,
) -> Result<(Vec<u8>, Vec<[u8; 4]>), Stopped> {
    if spec.dither == Dithering::NONE
        && let Some(cells) = with_axes(image, spec, MapCells { image, spec, control })?
    {
        return Ok((cells.map_pixels(&image.rgba), cells.palette));
    }
    let found = fit_and_map(image, spec, control)?;
    Ok(match found.codes {
        Codes::OfPixels(codes) => (codes, found.palette),
        Codes::OfColours(table) => (image.colours().map_pixels(&image.rgba, &table, found.hidden), found.palette),
    })
}

struct MapCells<'a> {
    image: &'a Image,
    spec: &'a PhotoSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapCells<'_> {
    type Out = Result<Option<OfCells>, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        OfCells::new(self.image, self.spec, axes, self.control)
    }
}

/// The code of each different colour, and the palette.
pub struct OfColours {
    pub codes: Vec<u8>,
    pub palette: Vec<[u8; 4]>,
    /// The code of hidden pixels.
    pub hidden: u8,
}

/// Fits one palette and maps all colours, without dither.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn map_colours(
    image: &Image,
    colours: &Colours,
    spec: &PhotoSpec,
    control: &Control<'_>,
) -> Result<OfColours, Stopped> {
    with_axes(image, spec, MapColours { image, colours, spec, control })
}

struct MapColours<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: &'a PhotoSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapColours<'_> {
    type Out = Result<OfColours, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        if let Some(cells) = OfCells::new(self.image, self.spec, axes, self.control)? {
            let codes = cells.map_colours(self.colours);
            return Ok(OfColours { codes, palette: cells.palette, hidden: cells.hidden });
        }
        let places = self.colours.places();
        let Fitted { points, palette } = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let mut out = vec![0; places.len()];
        let keys = self.colours.keys.chunks(SLICE);
        let slices = out.chunks_mut(SLICE).zip(points.chunks(SLICE).zip(places.chunks(SLICE).zip(keys)));
        let parts = tasks::map(slices, |_, (out, (points, (places, keys)))| {
            self.control.check()?;
            let mut codes = vec![0; points.len()];
            nearest_on_paths(&palette.book, points, places, NEIGHBOURS, &mut codes);
            palette.keep_opaque(keys, points, &mut codes);
            out.iter_mut().zip(codes).for_each(|(out, k)| *out = palette.code(k));
            Ok(())
        });
        parts.into_iter().collect::<Result<(), Stopped>>()?;
        Ok(OfColours { codes: out, palette: palette.colors, hidden: palette.hidden })
    }
}

struct Diffuse<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: &'a PhotoSpec,
    diffusion: Diffusion,
    control: &'a Control<'a>,
}

impl InAnyDimension for Diffuse<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let palette = &fitted.palette;
        let (width, height) = (self.image.width as usize, self.image.height as usize);
        let (size, how, control) = ((width, height), &self.diffusion, self.control);
        let mut search = palette.search(bounds_of(fitted.points.iter().chain(palette.book.points()).copied()));
        let is_opaque = |i: usize| self.image.rgba[i][3] == 255;
        let visible = if self.spec.dither.linear {
            let lights: Vec<[f32; D]> =
                (0..palette.book.len()).map(|k| (axes.light)(palette.colour(k as u16))).collect();
            let mixtures = Mixtures::new(self.colours, palette, &lights, axes.light);
            let read = |row: usize, line: &mut Vec<_>| mixtures.read(&self.image.rgba[row * width..][..width], line);
            let code = |i: usize, x: [f32; D]| {
                let k = match (axes.of_light)(x) {
                    Some(point) => search.nearest(is_opaque(i), point),
                    None => mixtures.nearest(is_opaque(i), x),
                };
                (k, lights.get(usize::from(k)).copied().unwrap_or(x))
            };
            diffusion::diffuse(size, guard_of(&lights), how, read, code, control)?
        } else {
            let points = palette.book.points();
            let mixtures = Mixtures::new(self.colours, palette, points, axes.point);
            let read = |row: usize, line: &mut Vec<_>| mixtures.read(&self.image.rgba[row * width..][..width], line);
            let code = |i: usize, x: [f32; D]| {
                let k = search.nearest(is_opaque(i), x);
                (k, points[usize::from(k)])
            };
            diffusion::diffuse(size, guard_of(points), how, read, code, control)?
        };
        Ok(fitted.pixels_mapped(self.image, &visible))
    }
}

/// Ordered dither: one mixture of entries a colour, dealt out by place.
struct OrderedCodes<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: &'a PhotoSpec,
    mask: Mask,
    control: &'a Control<'a>,
}

impl InAnyDimension for OrderedCodes<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let fitted = Fitted::new(self.image, self.colours, self.spec, axes, self.control)?;
        let (palette, strength) = (&fitted.palette, self.spec.dither.strength());
        let bounds = bounds_of(fitted.points.iter().chain(palette.book.points()).copied());
        let mixed = |points: &[[f32; D]], keys: &[[u8; 4]]| {
            let mut search = palette.search(bounds);
            let mut mix = |(&p, key): (&[f32; D], &[u8; 4])| {
                Mix::new(p, strength, |x: [f32; D]| {
                    let k = search.nearest(key[3] == 255, x);
                    (k, palette.book.points()[usize::from(k)])
                })
            };
            points.iter().zip(keys).map(&mut mix).collect::<Vec<Mix>>()
        };
        let slices = fitted.points.chunks(SLICE).zip(self.colours.keys.chunks(SLICE));
        let mixes = tasks::map(slices, |_, (points, keys)| mixed(points, keys)).concat();
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
        spec: &PhotoSpec,
        axes: Axes<D>,
        control: &Control<'_>,
    ) -> Result<Self, Stopped> {
        let palette = palette_of(image, spec, axes, control)?;
        let mut points = tasks::filled([0.0; D], colours.len());
        tasks::map(points.chunks_mut(SLICE).zip(colours.keys.chunks(SLICE)), |_, (out, keys)| {
            out.copy_from_slice(&(axes.points)(keys));
        });
        Ok(Self { points, palette })
    }

    /// `visible` has each pixel's place in the book.
    fn pixels_mapped(&self, image: &Image, visible: &[u16]) -> Mapped {
        let Palette { colors, hidden, .. } = &self.palette;
        let pixel = |(&k, c): (&u16, &[u8; 4])| if c[3] == 0 { *hidden } else { self.palette.code(k) };
        let codes: Vec<u8> = visible.iter().zip(&image.rgba).map(pixel).collect();
        Mapped {
            codes: Codes::OfPixels(codes),
            palette: colors.clone(),
            hidden: *hidden,
            tiles: None,
            tile_allocation: None,
        }
    }
}
