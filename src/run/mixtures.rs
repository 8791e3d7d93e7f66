//! The samples of a photo as error diffusion takes them: those that no mixture of the palette's entries comes to are
//! replaced by the nearest that does.

use super::palette::Palette;
use crate::engine::assign::hull::Hull;
use crate::engine::codebook::Codebook;
use crate::engine::tasks;
use crate::picture::coarse::{CELLS, cell_of};
use crate::picture::colours::{Colours, place_of};

/// Different colours that one task takes.
const SLICE: usize = 1 << 13;

pub struct Mixtures<'a, const D: usize> {
    colours: &'a Colours,
    point: fn([u8; 4]) -> [f32; D],
    /// Of each different colour.
    nearest: Vec<[f32; D]>,
    /// The coarse cells in which a colour was replaced: most pixels need no look-up.
    replaced: Vec<bool>,
    all: Codebook<D>,
    /// Opaque entries, and their places among all.
    opaque: (Codebook<D>, Vec<u16>),
}

impl<'a, const D: usize> Mixtures<'a, D> {
    /// `entries` are the points of the palette's book where errors are added up, `point` leads there.
    pub fn new(
        colours: &'a Colours,
        palette: &Palette<D>,
        entries: &[[f32; D]],
        point: fn([u8; 4]) -> [f32; D],
    ) -> Self {
        let places: Vec<u16> = (0..entries.len() as u16).filter(|&k| palette.can_take(true, k)).collect();
        let of_opaque: Vec<[f32; D]> = places.iter().map(|&k| entries[usize::from(k)]).collect();
        let hulls = [Hull::new(entries.iter().copied()), Hull::new(of_opaque.iter().copied())];
        let found = tasks::map(colours.keys.chunks(SLICE), |_, keys| {
            let [mut all, mut opaque] = hulls.clone();
            let mut nearest = |&key: &[u8; 4]| (if key[3] == 255 { &mut opaque } else { &mut all }).nearest(point(key));
            keys.iter().map(&mut nearest).collect::<Vec<_>>()
        });
        let nearest = found.concat();
        let mut replaced = vec![false; CELLS];
        for (&key, &mixture) in colours.keys.iter().zip(&nearest) {
            if point(key) != mixture {
                replaced[cell_of(place_of(key))] = true;
            }
        }
        let opaque = (Codebook::new(of_opaque), places);
        Self { colours, point, nearest, replaced, all: Codebook::new(entries.to_vec()), opaque }
    }

    /// A row of samples; pixels of alpha 0 are holes.
    pub fn read(&self, pixels: &[[u8; 4]], line: &mut Vec<Option<[f32; D]>>) {
        line.extend(pixels.iter().map(|&color| (color[3] > 0).then(|| self.sample(color))));
    }

    #[inline(always)]
    fn sample(&self, color: [u8; 4]) -> [f32; D] {
        let found = match self.replaced.get(cell_of(place_of(color))) {
            Some(true) => self.nearest.get(self.colours.id(color) as usize).copied(),
            _ => None,
        };
        found.unwrap_or_else(|| (self.point)(color))
    }

    /// The place of the entry that is nearest where errors are added up.
    pub fn nearest(&self, opaque: bool, x: [f32; D]) -> u16 {
        let (book, places) = &self.opaque;
        if opaque { places[usize::from(book.nearest(x))] } else { self.all.nearest(x) }
    }
}
