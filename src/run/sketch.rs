//! A palette fitted to a sketch of a photo: the means of small cells of the colour space in place of all its colours.

use super::alpha;
use super::axes::{Axes, Between, WITH_ALPHA};
use super::locked::{Locked, darkness, palette_recipe};
use super::palette::Palette;
use crate::engine::cells::nearest_on_paths;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::fit::cloud::Cloud;
use crate::engine::grouping::Grouping;
use crate::engine::recipe::Levels;
use crate::engine::samples::Samples;
use crate::engine::tasks;
use crate::palette::MOST_COLORS;
use crate::picture::coarse::{self, CELLS, Cell, Coarse, cell_of, place_in};
use crate::picture::colours::{Colours, Cube};
use crate::picture::flats::Flat;
use crate::picture::image::Image;
use crate::spec::{Entries, FittedPalette, PaletteSpec};

/// The fewest cubes an entry, and in all, whose means a fit may see in place of the colours.
const CUBES_AN_ENTRY: usize = 16;
const FEWEST_CUBES: usize = 2048;
/// The fewest coarse cells an entry, and in all, that the fast method sees.
const CELLS_AN_ENTRY: usize = 4;
const FEWEST_CELLS: usize = 256;
/// Pixels in which one task looks for flat colours.
const BAND: usize = 1 << 15;
/// Means that one task works out.
const SLICE: usize = 1 << 11;
/// Cells that are mapped together: those in 32 × 32 × 32 colours, and in a slab of 8 × 16 × 32 of these.
const NEIGHBOURS: [u32; 2] = [15, 12];

/// The palette that is given, or one fitted to the photo.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub(super) fn palette_of<const D: usize>(
    image: &Image,
    spec: &PaletteSpec,
    axes: Axes<D>,
    control: &Control<'_>,
) -> Result<Palette<D>, Stopped> {
    let palette = match &spec.entries {
        Entries::Fitted(palette) => palette,
        Entries::Given(fixed) => return Ok(Palette::fixed(fixed.colors(), axes, image.has_hidden())),
    };
    let reserved = usize::from(image.has_hidden());
    let count = usize::from(palette.colors).clamp(1 + reserved, MOST_COLORS) - reserved;
    let locked = Locked::new(palette, axes, count);
    // A palette owes nothing to how it is used afterwards.
    let key = format!("{palette:?} {:?}", spec.space);
    let mut entries: Vec<[f32; D]> = match image.kept_palette(&key) {
        Some(kept) => kept.into_iter().map(|color| (axes.point)(color).map(|x| x + 0.0)).collect(),
        None => fitted(image, palette, axes, (&locked, count), control)?,
    };
    let colour = |p: &[f32; D]| locked.colour(*p).unwrap_or((axes.colour)(*p));
    entries.sort_by(|a, b| darkness(colour(a)).total_cmp(&darkness(colour(b))));
    let visible: Vec<[u8; 4]> = entries.iter().map(colour).collect();
    image.keep_palette(key, visible.clone());
    Ok(Palette::fitted(&visible, entries, image.has_hidden()))
}

/// So many entries that can be seen, locked ones included.
fn fitted<const D: usize>(
    image: &Image,
    palette: &FittedPalette,
    axes: Axes<D>,
    (locked, count): (&Locked<D>, usize),
    control: &Control<'_>,
) -> Result<Vec<[f32; D]>, Stopped> {
    let Sketch { points, weights } = Sketch::of(image, palette, axes);
    if points.is_empty() && locked.points.is_empty() {
        return Ok(Vec::new());
    }
    let mut recipe = palette_recipe(palette, Grouping::Whole, axes, locked, count);
    // The transparent entry serves pixels too that are nearly so.
    let clear = (D == WITH_ALPHA && image.has_hidden()).then_some([0.0; D]);
    if let (Some(clear), Levels::Fitted { kept, count, .. }) = (clear, &mut recipe.levels) {
        kept.push(clear);
        *count += 1;
    }
    let shared = recipe.prepare(Samples::weighted(&points, &weights), control)?;
    let fitted = shared.codebook().map(|book| book.points().to_vec()).unwrap_or_default();
    let mut entries: Vec<[f32; D]> = fitted.into_iter().filter(|&p| Some(p) != clear).collect();
    if D == WITH_ALPHA {
        alpha::make_opaque(&mut entries, &locked.points, clear, &Cloud { points, weights }, axes);
    }
    Ok(entries)
}

/// Weighted points that stand for the photo.
struct Sketch<const D: usize> {
    points: Vec<[f32; D]>,
    weights: Vec<f32>,
}

impl<const D: usize> Sketch<D> {
    /// The means of cells or of cubes where there are enough of them, and beside them the colours that fill a large share
    /// as they are; or else all colours. The uniform method goes by the outermost colours, which means are not.
    fn of(image: &Image, palette: &FittedPalette, axes: Axes<D>) -> Self {
        if let (Some(between), Some(coarse)) = (axes.between, cells_of(image, palette)) {
            let cubes = coarse.without(image.flats()).into_iter().map(|cell| cell.cube);
            let cubes: Vec<Cube> = cubes.filter(|cube| cube.pixels > 0).collect();
            return Self::of_means(&cubes, image.flats(), between, axes);
        }
        let colours = image.colours();
        let enough = (CUBES_AN_ENTRY * usize::from(palette.colors)).max(FEWEST_CUBES);
        match axes.between {
            Some(between) if !palette.method.row().is_grid && colours.cubes.len() >= enough => {
                let flats = image.flats();
                if flats.is_empty() {
                    return Self::of_means(&colours.cubes, flats, between, axes);
                }
                Self::of_means(&colours.cubes_without(flats), flats, between, axes)
            }
            _ => Self {
                points: (axes.points)(&colours.keys),
                weights: image.colour_counts().iter().map(|&n| n as f32).collect(),
            },
        }
    }

    fn of_means(cubes: &[Cube], flats: &[Flat], between: Between<D>, axes: Axes<D>) -> Self {
        let means = |_, cubes: &[Cube]| between(&cubes.iter().map(Cube::mean).collect::<Vec<_>>());
        let mut points = tasks::map(cubes.chunks(SLICE), means).concat();
        points.extend(flats.iter().map(|flat| (axes.point)(flat.color)));
        let counts = cubes.iter().map(|cube| cube.pixels).chain(flats.iter().map(|flat| flat.pixels));
        Self { points, weights: counts.map(|n| n as f32).collect() }
    }
}

/// The cells that stand for the photo: in the fast method, where there are enough of them.
pub fn cells_of<'a>(image: &'a Image, palette: &FittedPalette) -> Option<&'a Coarse> {
    let fast = palette.method == Method::Wu && !image.has_translucency() && !image.is_grey();
    let coarse = fast.then(|| image.coarse())?;
    let enough = (CELLS_AN_ENTRY * usize::from(palette.colors)).max(FEWEST_CELLS);
    (coarse.cells.len() >= enough).then_some(coarse)
}

/// The fast method maps whole cells: each takes the entry that is nearest to the mean of its pixels.
pub(super) struct OfCells {
    pub codes: Box<[u8; CELLS]>,
    pub palette: Vec<[u8; 4]>,
    /// The code of hidden pixels.
    pub hidden: u8,
    /// Colours that fill a large share, whatever cell they are in, and their codes.
    pub flats: Vec<([u8; 4], u8)>,
}

impl OfCells {
    /// The code of each pixel.
    pub(super) fn map_pixels(&self, pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut codes = coarse::map_pixels(pixels, &self.codes, self.hidden);
        if !self.flats.is_empty() {
            tasks::map(codes.chunks_mut(BAND).zip(pixels.chunks(BAND)), |_, (codes, pixels)| {
                for &(color, flat) in &self.flats {
                    codes.iter_mut().zip(pixels).filter(|(_, p)| **p == color).for_each(|(code, _)| *code = flat);
                }
            });
        }
        codes
    }

    /// The code of each different colour.
    pub(super) fn map_colours(&self, colours: &Colours) -> Vec<u8> {
        let places = colours.places();
        let mut codes: Vec<u8> = places.into_iter().map(|place| self.codes[cell_of(place)]).collect();
        for &(color, flat) in &self.flats {
            if let Some(code) = codes.get_mut(colours.id(color) as usize) {
                *code = flat;
            }
        }
        codes
    }

    /// Nothing where each colour is to be looked at: by another method, with few cells, or where an entry is locked,
    /// which is to be met exactly.
    pub(super) fn new<const D: usize>(
        image: &Image,
        spec: &PaletteSpec,
        axes: Axes<D>,
        control: &Control<'_>,
    ) -> Result<Option<Self>, Stopped> {
        let fitted = spec.fitted().filter(|palette| palette.locked_colors().next().is_none());
        let coarse = fitted.and_then(|palette| cells_of(image, palette));
        let (Some(between), Some(coarse)) = (axes.between, coarse) else { return Ok(None) };
        let palette = palette_of(image, spec, axes, control)?;
        let flat = |flat: &Flat| (flat.color, palette.code(palette.book.nearest((axes.point)(flat.color))));
        let flats: Vec<([u8; 4], u8)> = image.flats().iter().map(flat).collect();
        // A cell of which nothing is left may hold pixels yet: how many a flat has is an estimate.
        let mean = |(whole, less): (&Cell, Cell)| if less.cube.pixels > 0 { less.cube } else { whole.cube }.mean();
        let means = coarse.cells.iter().zip(coarse.without(image.flats())).map(mean);
        let points = between(&means.collect::<Vec<_>>());
        let mut nearest = vec![0; points.len()];
        let places: Vec<u32> = coarse.cells.iter().map(|cell| place_in(cell.number)).collect();
        nearest_on_paths(&palette.book, &points, &places, NEIGHBOURS, &mut nearest);
        let mut codes = Box::new([0; CELLS]);
        for (cell, k) in coarse.cells.iter().zip(nearest) {
            if let Some(code) = codes.get_mut(usize::from(cell.number)) {
                *code = palette.code(k);
            }
        }
        Ok(Some(Self { codes, palette: palette.colors, hidden: palette.hidden, flats }))
    }
}
