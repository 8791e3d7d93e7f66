//! A palette fitted to a sketch of a photo: the means of small cells of the colour space in place of all its colours.

use super::axes::{Axes, Between};
use super::fitted::{Locked, darkness, palette_recipe};
use crate::engine::assign::dithering::Dithering;
use crate::engine::cells::nearest_on_paths;
use crate::engine::codebook::Codebook;
use crate::engine::control::{Control, Stopped};
use crate::engine::fit::Method;
use crate::engine::grouping::Grouping;
use crate::engine::samples::Samples;
use crate::engine::tasks;
use crate::source::coarse::{CELLS, Coarse, place_in};
use crate::source::colours::Cube;
use crate::source::image::Image;
use crate::spec::PhotoSpec;

/// The fewest cubes an entry, and in all, whose means a fit may see in place of the colours.
const CUBES_AN_ENTRY: usize = 16;
const FEWEST_CUBES: usize = 2048;
/// The same of the coarse cells that the fast method sees.
const CELLS_AN_ENTRY: usize = 4;
const FEWEST_CELLS: usize = 256;
/// Means that one task works out.
const SLICE: usize = 1 << 11;
/// Cells that are mapped together: those in 32 × 32 × 32 colours, and in a slab of 8 × 16 × 32 of these.
const NEIGHBOURS: [u32; 2] = [15, 12];

/// A fitted palette.
pub struct Palette<const D: usize> {
    pub book: Codebook<D>,
    /// Darkest first, behind a transparent entry where there are hidden pixels.
    pub colors: Vec<[u8; 4]>,
}

impl<const D: usize> Palette<D> {
    pub fn fit(image: &Image, spec: PhotoSpec, axes: Axes<D>, control: &Control<'_>) -> Result<Self, Stopped> {
        let reserved = usize::from(image.has_hidden());
        let locked = Locked::new(spec, axes, 256 - reserved);
        let count = usize::from(spec.colors).clamp(1 + reserved, 256) - reserved;
        // A palette owes nothing to how it is used afterwards.
        let key = PhotoSpec { dither: Dithering::NONE, format: None, tile: None, deal: None, ..spec };
        let mut entries: Vec<[f32; D]> = Vec::new();
        if let Some(fixed) = spec.palette {
            for &color in fixed.colors().iter().filter(|c| c[3] > 0) {
                let entry = (axes.point)(color);
                if entries.len() < 256 - reserved && !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
        } else if let Some(kept) = image.kept_palette(key) {
            entries = kept.into_iter().map(|color| (axes.point)(color).map(|x| x + 0.0)).collect();
        } else {
            let Sketch { points, weights } = Sketch::of(image, spec, axes);
            if !points.is_empty() || !locked.points.is_empty() {
                let recipe = palette_recipe(spec, Grouping::Whole, axes, &locked, count);
                let shared = recipe.prepare(Samples::weighted(&points, &weights), control)?;
                entries = shared.codebook().map(|book| book.points().to_vec()).unwrap_or_default();
            }
        }
        let colour = |p: &[f32; D]| locked.colour(*p).unwrap_or((axes.colour)(*p));
        entries.sort_by(|a, b| darkness(colour(a)).total_cmp(&darkness(colour(b))));
        let visible: Vec<[u8; 4]> = entries.iter().map(colour).collect();
        let mut colors = vec![[0; 4]; reserved];
        colors.extend_from_slice(&visible);
        if spec.palette.is_none() {
            image.keep_palette(key, visible);
        }
        Ok(Self { book: Codebook::new(if entries.is_empty() { vec![[0.0; D]] } else { entries }), colors })
    }

    /// The code of the first entry that can be seen.
    pub fn first_code(&self) -> u8 {
        u8::from(self.colors.first() == Some(&[0; 4]))
    }
}

/// Weighted points that stand for the photo.
struct Sketch<const D: usize> {
    points: Vec<[f32; D]>,
    weights: Vec<f32>,
}

impl<const D: usize> Sketch<D> {
    /// The means of cells or of cubes where there are enough of them, or else all colours. The uniform method goes by
    /// the outermost colours, which means are not.
    fn of(image: &Image, spec: PhotoSpec, axes: Axes<D>) -> Self {
        if let (Some(between), Some(coarse)) = (axes.between, cells_of(image, spec)) {
            return Self::of_means(&coarse.cells, |cell| cell.cube, between);
        }
        let colours = image.colours();
        let enough = (CUBES_AN_ENTRY * usize::from(spec.colors)).max(FEWEST_CUBES);
        match axes.between {
            Some(between) if spec.method != Method::Uniform && colours.cubes.len() >= enough => {
                Self::of_means(&colours.cubes, |&cube| cube, between)
            }
            _ => Self {
                points: (axes.points)(&colours.keys),
                weights: image.colour_counts().iter().map(|&n| n as f32).collect(),
            },
        }
    }

    fn of_means<C: Sync>(cells: &[C], cube: fn(&C) -> Cube, between: Between<D>) -> Self {
        let means = |_, cells: &[C]| between(&cells.iter().map(|c| cube(c).mean()).collect::<Vec<_>>());
        Self {
            points: tasks::map(cells.chunks(SLICE), means).concat(),
            weights: cells.iter().map(|c| cube(c).pixels as f32).collect(),
        }
    }
}

/// The cells that stand for the photo: in the fast method, where there are enough of them.
fn cells_of(image: &Image, spec: PhotoSpec) -> Option<&Coarse> {
    let fast = spec.method == Method::Wu && spec.palette.is_none() && !image.has_translucency() && !image.is_grey();
    let coarse = fast.then(|| image.coarse())?;
    let enough = (CELLS_AN_ENTRY * usize::from(spec.colors)).max(FEWEST_CELLS);
    (coarse.cells.len() >= enough).then_some(coarse)
}

/// The fast method maps whole cells: each takes the entry that is nearest to the mean of its pixels.
pub struct OfCells {
    pub codes: Box<[u8; CELLS]>,
    pub palette: Vec<[u8; 4]>,
}

impl OfCells {
    /// Nothing where each colour is to be looked at: by another method, with few cells, or where an entry is locked,
    /// which is to be met exactly.
    pub fn new<const D: usize>(
        image: &Image,
        spec: PhotoSpec,
        axes: Axes<D>,
        control: &Control<'_>,
    ) -> Result<Option<Self>, Stopped> {
        let (Some(between), Some(coarse)) = (axes.between, cells_of(image, spec)) else { return Ok(None) };
        if spec.locked_colors().next().is_some() {
            return Ok(None);
        }
        let palette = Palette::fit(image, spec, axes, control)?;
        let points = between(&coarse.cells.iter().map(|cell| cell.cube.mean()).collect::<Vec<_>>());
        let mut nearest = vec![0; points.len()];
        let places: Vec<u32> = coarse.cells.iter().map(|cell| place_in(cell.number)).collect();
        nearest_on_paths(&palette.book, &points, &places, NEIGHBOURS, &mut nearest);
        let (mut codes, first) = (Box::new([0; CELLS]), palette.first_code());
        for (cell, k) in coarse.cells.iter().zip(nearest) {
            if let Some(code) = codes.get_mut(usize::from(cell.number)) {
                *code = k as u8 + first;
            }
        }
        Ok(Some(Self { codes, palette: palette.colors }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::assign::dithering::Pattern;
    use crate::engine::assign::kernel::KernelName;
    use crate::engine::random::Random;
    use crate::run::photo::{quantize, reduce};
    use crate::spec::Stage;

    /// Slopes of three colours with noise, and `hidden` of the pixels transparent.
    fn slopes(side: u32, hidden: bool) -> Image {
        let mut random = Random::seeded(4);
        let mut pixel = |i: u32| {
            let (x, y) = (i % side * 255 / side, i / side * 255 / side);
            let [r, g, b, a, ..] = random.next_u64().to_le_bytes().map(|v| v & 31);
            let seen = !hidden || a > 0;
            [x as u8 & 224 | r, y as u8 & 224 | g, (255 - x / 2 - y / 2) as u8 & 224 | b, if seen { 255 } else { 0 }]
        };
        Image::new(side, side, (0..side * side).map(&mut pixel).collect())
    }

    #[test]
    fn the_fast_method_gives_the_same_codes_with_and_without_a_look_at_the_colours() {
        for (hidden, space) in [(false, crate::spec::Space::Srgb), (true, crate::spec::Space::Oklab)] {
            let image = slopes(300, hidden);
            for colors in [4, 16, 64] {
                let spec = PhotoSpec { method: Method::Wu, colors, space, ..PhotoSpec::default() };
                assert!(cells_of(&image, spec).is_some());
                let alone = quantize(&slopes(300, hidden), spec, &Control::unwatched()).unwrap();
                let report = reduce(&image, spec, Stage::Full, &Control::unwatched()).unwrap();
                let indexed = report.picture.indexed().unwrap();
                assert_eq!((indexed.codes, indexed.palette), (&alone.codes[..], &alone.palette[..]));
                assert_eq!(alone.palette.len(), usize::from(colors));
            }
        }
    }

    #[test]
    fn a_kept_palette_is_the_one_that_was_fitted() {
        let fs = Dithering::of(Pattern::Diffusion(KernelName::FloydSteinberg));
        let locked = crate::palette::Fixed::new(crate::palette::NamedPalette {
            name: "locked".to_owned(),
            colors: vec![[255, 0, 0, 255], [0, 0, 0, 255]],
        });
        for (hidden, space, locked) in [
            (false, crate::spec::Space::Srgb, None),
            (true, crate::spec::Space::Oklab, None),
            (false, crate::spec::Space::Oklab, Some(locked)),
        ] {
            let plain = PhotoSpec { colors: 64, space, locked, ..PhotoSpec::default() };
            let dithered = PhotoSpec { dither: Dithering { strength_percent: 60, ..fs }, ..plain };
            let image = slopes(120, hidden);
            let report = |image: &Image, spec| reduce(image, spec, Stage::Full, &Control::unwatched()).unwrap();
            report(&image, plain);
            let (kept, fresh) = (report(&image, dithered), report(&slopes(120, hidden), dithered));
            let of = |report: &crate::report::PhotoReport| {
                let indexed = report.picture.indexed().unwrap();
                (indexed.codes.to_vec(), indexed.palette.to_vec())
            };
            assert!(of(&kept) == of(&fresh));
        }
    }

    #[test]
    fn whole_cells_cost_little_beside_mapping_each_colour_to_its_nearest_entry() {
        let image = slopes(300, false);
        for colors in [16, 64] {
            let spec = PhotoSpec { method: Method::Wu, colors, ..PhotoSpec::default() };
            let found = quantize(&image, spec, &Control::unwatched()).unwrap();
            let (mut by_cell, mut nearest) = (0u64, 0u64);
            for (pixel, &code) in image.rgba.iter().zip(&found.codes) {
                let squared =
                    |entry: &[u8; 4]| (0..3).map(|c| u64::from(pixel[c].abs_diff(entry[c])).pow(2)).sum::<u64>();
                by_cell += squared(&found.palette[usize::from(code)]);
                nearest += found.palette.iter().map(squared).min().unwrap();
            }
            assert!(by_cell >= nearest && by_cell * 100 <= nearest * 108, "{colors}: {by_cell} {nearest}");
        }
    }

    #[test]
    fn where_cells_are_few_or_an_entry_is_locked_each_colour_takes_its_nearest_entry() {
        let few: Vec<[u8; 4]> = (0..900).map(|i| [i as u8 % 30, 7, (i / 30) as u8, 255]).collect();
        let few = Image::new(30, 30, few);
        let spec = PhotoSpec { method: Method::Wu, colors: 64, ..PhotoSpec::default() };
        assert!(cells_of(&few, spec).is_none());
        let found = quantize(&few, spec, &Control::unwatched()).unwrap();
        for (pixel, &code) in few.rgba.iter().zip(&found.codes) {
            let squared = |entry: &[u8; 4]| (0..3).map(|c| u32::from(pixel[c].abs_diff(entry[c])).pow(2)).sum::<u32>();
            let least = found.palette.iter().map(squared).min().unwrap();
            assert_eq!(squared(&found.palette[usize::from(code)]), least);
        }
    }
}
