//! A palette fitted to all of a photo, and every pixel's entry in it.
//!
//! The encoder sees each different colour once, weighted by its pixels, and the pixels look their
//! code up: the result is the same as coding every pixel, at a fraction of the work. Only error
//! diffusion walks over the pixels themselves.

use super::axes::{Axes, InAnyDimension, with_axes};
use super::palette::Palette;
use super::pixels::PixelRows;
use super::sketch::{OfCells, palette_of};
use crate::engine::assign::codes::{How, assign};
use crate::engine::assign::dithering::Dithering;
use crate::engine::cells::nearest_on_paths;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::{Indexed, Tiles};
use crate::engine::tasks;
use crate::palette::Entry;
use crate::picture::colours::Colours;
use crate::picture::image::Image;
use crate::run::report::TileAllocation;
use crate::spec::PaletteSpec;

/// Different colours that one task maps.
const SLICE: usize = 1 << 13;
/// Colours that are mapped together: those in 32 × 32 × 32 and in 8 × 8 × 8 colours.
const NEIGHBOURS: [u32; 2] = [15, 9];

/// What fitting and mapping give.
pub(super) struct Mapped {
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
    pub(super) fn entries(&self, image: &Image) -> Vec<Entry> {
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

pub(super) enum Codes {
    /// The code of each different colour that can be seen.
    OfColours(Vec<u8>),
    /// The code of each pixel: error diffusion gives one colour different codes.
    OfPixels(Vec<u8>),
}

/// Fits one palette and maps all pixels.
///
/// # Errors
/// `Stopped` when the work was cancelled, here and below.
pub(super) fn fit_and_map(image: &Image, spec: &PaletteSpec, control: &Control<'_>) -> Result<Mapped, Stopped> {
    let colours = image.colours();
    control.check()?;
    if spec.dither.how() != How::Nearest {
        return with_axes(image, spec, Dithered { image, colours, spec, control });
    }
    let OfColours { codes, palette, hidden } = map_colours(image, colours, spec, control)?;
    Ok(Mapped { codes: Codes::OfColours(codes), palette, hidden, tiles: None, tile_allocation: None })
}

/// [`fit_and_map`] where only the codes of pixels and the palette are wanted: by the fast method without a look at the
/// different colours.
pub(super) fn pixels_mapped(
    image: &Image,
    spec: &PaletteSpec,
    control: &Control<'_>,
) -> Result<(Vec<u8>, Vec<[u8; 4]>), Stopped> {
    if spec.dither == Dithering::NONE
        && let Some(cells) = with_axes(image, spec, MapCells { image, spec, control })?
    {
        return Ok((cells.map_pixels(&image.rgba), cells.palette));
    }
    let mapped = fit_and_map(image, spec, control)?;
    Ok(match mapped.codes {
        Codes::OfPixels(codes) => (codes, mapped.palette),
        Codes::OfColours(table) => (image.colours().map_pixels(&image.rgba, &table, mapped.hidden), mapped.palette),
    })
}

struct MapCells<'a> {
    image: &'a Image,
    spec: &'a PaletteSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for MapCells<'_> {
    type Out = Result<Option<OfCells>, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        OfCells::new(self.image, self.spec, axes, self.control)
    }
}

/// The code of each different colour, and the palette.
pub(super) struct OfColours {
    pub codes: Vec<u8>,
    pub palette: Vec<[u8; 4]>,
    /// The code of hidden pixels.
    pub hidden: u8,
}

/// Fits one palette and maps all colours, without dither.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub(super) fn map_colours(
    image: &Image,
    colours: &Colours,
    spec: &PaletteSpec,
    control: &Control<'_>,
) -> Result<OfColours, Stopped> {
    with_axes(image, spec, MapColours { image, colours, spec, control })
}

struct MapColours<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: &'a PaletteSpec,
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
        let (points, palette) = points_and_palette(self.image, self.colours, self.spec, axes, self.control)?;
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

/// The pixels themselves, dithered.
struct Dithered<'a> {
    image: &'a Image,
    colours: &'a Colours,
    spec: &'a PaletteSpec,
    control: &'a Control<'a>,
}

impl InAnyDimension for Dithered<'_> {
    type Out = Result<Mapped, Stopped>;

    fn run<const D: usize>(self, axes: Axes<D>) -> Self::Out {
        let Self { image, colours, spec, control } = self;
        let (points, palette) = points_and_palette(image, colours, spec, axes, control)?;
        let (palettes, how) = (std::slice::from_ref(&palette), spec.dither.how());
        let pixels = PixelRows::new(&image.rgba, image.width as usize, palettes, axes, spec.dither.in_light());
        let visible = assign(&mut pixels.with_colours(colours, &points, how), how, control)?;
        let pixel = |(&k, c): (&u16, &[u8; 4])| if c[3] == 0 { palette.hidden } else { palette.code(k) };
        let codes = Codes::OfPixels(visible.iter().zip(&image.rgba).map(pixel).collect());
        Ok(Mapped { codes, hidden: palette.hidden, palette: palette.colors, tiles: None, tile_allocation: None })
    }
}

/// The different colours of the photo as points, and a palette for them.
fn points_and_palette<const D: usize>(
    image: &Image,
    colours: &Colours,
    spec: &PaletteSpec,
    axes: Axes<D>,
    control: &Control<'_>,
) -> Result<(Vec<[f32; D]>, Palette<D>), Stopped> {
    let palette = palette_of(image, spec, axes, control)?;
    let mut points = tasks::filled([0.0; D], colours.len());
    tasks::map(points.chunks_mut(SLICE).zip(colours.keys.chunks(SLICE)), |_, (out, keys)| {
        out.copy_from_slice(&(axes.points)(keys));
    });
    Ok((points, palette))
}
