//! The pixels of a photo as the engine gives them their codes: all under one palette, or a stretch of rows under one for
//! each tile. Opaque pixels take opaque entries only; pixels of alpha 0 are holes.
//!
//! Under one palette, what depends on a pixel's colour alone is found once a colour: see [`PixelRows::with_colours`].

use super::axes::Axes;
use super::palette::{Palette, Search};
use crate::engine::assign::codes::How;
use crate::engine::assign::hull::{Hull, bounds_of};
use crate::engine::assign::ordered::Mix;
use crate::engine::assign::rows::{Rows, Sample};
use crate::engine::indexed::Tiles;
use crate::engine::tasks;
use crate::picture::coarse::{CELLS, cell_of};
use crate::picture::colours::{Colours, place_of};

/// Different colours that one task takes.
const SLICE: usize = 1 << 13;

pub(super) struct PixelRows<'a, const D: usize> {
    rgba: &'a [[u8; 4]],
    width: usize,
    rows_above: usize,
    /// None where one palette is for all.
    tiles: Option<Tiles>,
    entries: Entries<'a, D>,
    /// A mix for each of the photo's different colours, and which of them each pixel has: once ordered dither needs them.
    mixes: Vec<Mix>,
    places: Vec<u32>,
    /// Once error diffusion needs them.
    mixtures: Option<Mixtures<'a, D>>,
}

/// The palettes, each with two lists of levels: for pixels of any alpha, and for opaque ones.
struct Entries<'a, const D: usize> {
    palettes: &'a [Palette<D>],
    /// The palettes in linear light, where errors are added up there.
    lit: Vec<Palette<D>>,
    axes: Axes<D>,
}

/// The colours as error diffusion takes them: those that no mixture of entries comes to are replaced by the nearest that
/// does.
struct Mixtures<'a, const D: usize> {
    colours: &'a Colours,
    nearest: Vec<[f32; D]>,
    /// The coarse cells in which a colour was replaced: most pixels need no look-up.
    replaced: Vec<bool>,
    search: Search<'a, D>,
}

impl<'a, const D: usize> PixelRows<'a, D> {
    /// `linear`: values are sums of linear light, as errors can be; nearest is what is nearest to the eye all the same.
    pub(super) fn new(
        rgba: &'a [[u8; 4]],
        width: usize,
        palettes: &'a [Palette<D>],
        axes: Axes<D>,
        linear: bool,
    ) -> Self {
        let lit = if linear { palettes.iter().map(|p| p.in_light(axes)).collect() } else { Vec::new() };
        let entries = Entries { palettes, lit, axes };
        let (mixes, places) = (Vec::new(), Vec::new());
        Self { rgba, width, rows_above: 0, tiles: None, entries, mixes, places, mixtures: None }
    }

    /// A palette a tile, for rows of tiles below so many rows of the photo.
    pub(super) fn in_tiles(self, tiles: Tiles, rows_above: usize) -> Self {
        Self { tiles: Some(tiles), rows_above, ..self }
    }

    /// With what `how` needs of the photo's colours, which lie at `points`.
    pub(super) fn with_colours(mut self, colours: &'a Colours, points: &[[f32; D]], how: How<'_>) -> Self {
        let Some(palette) = self.entries.palettes.first() else { return self };
        let bounds = bounds_of(points.iter().chain(palette.book.points()).copied());
        if let How::Ordered { strength, .. } = how {
            let slices = points.chunks(SLICE).zip(colours.keys.chunks(SLICE));
            let mixes = tasks::map(slices, |_, (points, keys)| {
                let mut search = palette.search(bounds);
                let mut mix = |(&p, key): (&[f32; D], &[u8; 4])| {
                    Mix::new(p, strength, |x| palette.placed(search.nearest(key[3] == 255, x)))
                };
                points.iter().zip(keys).map(&mut mix).collect::<Vec<Mix>>()
            });
            self.mixes = mixes.concat();
            let numbers: Vec<u32> = (0..self.mixes.len() as u32).collect();
            self.places = colours.map_pixels(self.rgba, &numbers, u32::MAX);
        } else {
            self.mixtures = Some(Mixtures::new(colours, &self.entries, palette.search(bounds)));
        }
        self
    }
}

impl<'a, const D: usize> Mixtures<'a, D> {
    fn new(colours: &'a Colours, entries: &Entries<'_, D>, search: Search<'a, D>) -> Self {
        let (point, hulls) = (entries.point(), [0, 1].map(|list| Hull::new(entries.levels(list))));
        let slices = tasks::map(colours.keys.chunks(SLICE), |_, keys| {
            let mut hulls = hulls.clone();
            let mut nearest = |&key: &[u8; 4]| hulls[usize::from(key[3] == 255)].nearest(point(key));
            keys.iter().map(&mut nearest).collect::<Vec<_>>()
        });
        let nearest = slices.concat();
        let mut replaced = vec![false; CELLS];
        for (&key, &mixture) in colours.keys.iter().zip(&nearest) {
            if point(key) != mixture {
                replaced[cell_of(place_of(key))] = true;
            }
        }
        Self { colours, nearest, replaced, search }
    }

    #[inline(always)]
    fn of(&self, color: [u8; 4]) -> Option<[f32; D]> {
        match self.replaced.get(cell_of(place_of(color))) {
            Some(true) => self.nearest.get(self.colours.id(color) as usize).copied(),
            _ => None,
        }
    }
}

impl<const D: usize> Entries<'_, D> {
    /// Where errors are added up.
    fn summed(&self) -> &[Palette<D>] {
        if self.lit.is_empty() { self.palettes } else { &self.lit }
    }

    #[inline(always)]
    fn point(&self) -> fn([u8; 4]) -> [f32; D] {
        if self.lit.is_empty() { self.axes.point } else { self.axes.light }
    }

    fn levels(&self, list: u32) -> impl Iterator<Item = [f32; D]> {
        let (palette, opaque) = (&self.summed()[list as usize / 2], list % 2 == 1);
        let places = (0..palette.book.len() as u16).filter(move |&k| palette.can_take(opaque, k));
        places.map(|k| palette.book.points()[usize::from(k)])
    }

    /// The nearest entry as `seen` finds it; of sums that are no light of any screen, where they are added up.
    #[inline(always)]
    fn nearest(&self, list: u32, x: [f32; D], seen: impl FnOnce(bool, [f32; D]) -> u16) -> (u16, [f32; D]) {
        let (summed, opaque) = (&self.summed()[list as usize / 2], list % 2 == 1);
        let point = if self.lit.is_empty() { Some(x) } else { (self.axes.of_light)(x) };
        summed.placed(point.map_or_else(|| summed.nearest(opaque, x), |x| seen(opaque, x)))
    }
}

impl<const D: usize> Rows<D> for PixelRows<'_, D> {
    fn size(&self) -> (usize, usize) {
        (self.width, self.rgba.len())
    }

    fn rows_above(&self) -> usize {
        self.rows_above
    }

    fn lists(&self) -> (usize, usize) {
        (2 * self.tiles.map_or(1, |tiles| tiles.across), 2 * self.entries.palettes.len())
    }

    fn levels(&self, list: u32) -> impl Iterator<Item = [f32; D]> {
        self.entries.levels(list)
    }

    #[inline(always)]
    fn sample(&self, i: usize) -> Option<Sample<D>> {
        let color = self.rgba[i];
        if color[3] == 0 {
            return None;
        }
        let tile =
            self.tiles.map_or(0, |Tiles { side, across, .. }| i / self.width / side * across + i % self.width / side);
        let mixture = self.mixtures.as_ref().and_then(|mixtures| mixtures.of(color));
        let value = mixture.unwrap_or_else(|| (self.entries.point())(color));
        Some(Sample { value, list: 2 * tile as u32 + u32::from(color[3] == 255) })
    }

    #[inline(always)]
    fn nearest(&self, list: u32, x: [f32; D]) -> (u16, [f32; D]) {
        let palette = &self.entries.palettes[list as usize / 2];
        self.entries.nearest(list, x, |opaque, x| palette.nearest(opaque, x))
    }

    #[inline(always)]
    fn nearest_next(&mut self, list: u32, x: [f32; D]) -> (u16, [f32; D]) {
        match &mut self.mixtures {
            Some(Mixtures { search, .. }) => self.entries.nearest(list, x, |opaque, x| search.nearest(opaque, x)),
            None => self.nearest(list, x),
        }
    }

    fn are_mixtures(&self) -> bool {
        self.mixtures.is_some()
    }

    #[inline(always)]
    fn mix(&self, i: usize) -> Option<&Mix> {
        self.mixes.get(*self.places.get(i)? as usize)
    }
}
