//! A palette as mapping needs it: where its entries lie, which codes they have, and which of them a pixel may take.
//!
//! An opaque pixel takes opaque entries only, where there are any: a blend of an edge is no part of what it outlines. A
//! pixel of alpha 0 has one code of its own; where the picture has translucent pixels too, those that are nearly
//! transparent may take it as well.

use super::axes::{Axes, WITH_ALPHA};
use crate::engine::codebook::Codebook;
use crate::engine::one_by_one::OneByOne;
use crate::palette::MOST_COLORS;

/// An entry: where it lies and its code.
type Placed<const D: usize> = ([f32; D], u8);

pub(super) struct Palette<const D: usize> {
    pub book: Codebook<D>,
    /// All entries in the order of their codes, those that no pixel can take included.
    pub colors: Vec<[u8; 4]>,
    /// The code of pixels of alpha 0, where the picture has any.
    pub hidden: u8,
    /// The code of each point of the book.
    codes: Vec<u8>,
    /// The points of opaque entries and their places in the book, where there are both these and others.
    opaque: Option<(Codebook<D>, Vec<u16>)>,
}

impl<const D: usize> Palette<D> {
    fn new(mut entries: Vec<Placed<D>>, colors: Vec<[u8; 4]>, hidden: u8) -> Self {
        if entries.is_empty() {
            entries.push(([0.0; D], hidden));
        }
        if D == 1 {
            // As a codebook sorts them.
            entries.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
        }
        let (points, codes): (Vec<[f32; D]>, Vec<u8>) = entries.into_iter().unzip();
        let alpha = |k: u16| codes.get(usize::from(k)).and_then(|&code| colors.get(usize::from(code))).map(|c| c[3]);
        let places: Vec<u16> = (0..codes.len() as u16).filter(|&k| alpha(k) == Some(255)).collect();
        let mixed = !places.is_empty() && places.len() < points.len();
        let of_opaque = || Codebook::new(places.iter().map(|&k| points[usize::from(k)]).collect());
        let opaque = mixed.then(|| (of_opaque(), places.clone()));
        Self { book: Codebook::new(points), colors, hidden, codes, opaque }
    }

    /// Entries that were fitted, in the order in which they are to be written, behind a transparent one where the
    /// picture has hidden pixels.
    pub(super) fn fitted(visible: &[[u8; 4]], points: Vec<[f32; D]>, has_hidden: bool) -> Self {
        let mut colors = vec![[0; 4]; usize::from(has_hidden)];
        let first = colors.len();
        colors.extend_from_slice(visible);
        let mut entries: Vec<Placed<D>> = points.into_iter().zip(first as u8..=u8::MAX).collect();
        if has_hidden && D == WITH_ALPHA {
            entries.insert(0, ([0.0; D], 0));
        }
        Self::new(entries, colors, 0)
    }

    /// Entries that were given: every one keeps its place, whether pixels take it or not. Hidden pixels take the first
    /// transparent one; where there is none it is added behind them, or, as all places are taken, the last that repeats
    /// another, or else the last of all, becomes transparent in its place.
    pub(super) fn fixed(list: &[[u8; 4]], axes: Axes<D>, has_hidden: bool) -> Self {
        let mut colors: Vec<[u8; 4]> = list.iter().copied().take(MOST_COLORS).collect();
        let mut hidden = colors.iter().position(|c| c[3] == 0);
        if hidden.is_none() && has_hidden {
            if colors.len() < MOST_COLORS {
                colors.push([0; 4]);
            }
            let repeats = (1..colors.len()).rfind(|&k| colors[..k].contains(&colors[k]));
            let place = repeats.filter(|_| list.len() >= MOST_COLORS).unwrap_or(colors.len() - 1);
            colors[place][3] = 0;
            hidden = Some(place);
        }
        let mut entries: Vec<Placed<D>> = Vec::new();
        for ((&color, code), point) in colors.iter().zip(0..=u8::MAX).zip(axes.of_given(&colors)) {
            let takes = color[3] > 0 || (has_hidden && D == WITH_ALPHA && hidden == Some(usize::from(code)));
            if takes && entries.iter().all(|(p, _)| *p != point) {
                entries.push((point, code));
            }
        }
        Self::new(entries, colors, hidden.unwrap_or(0) as u8)
    }

    /// The code of a point of the book.
    #[inline(always)]
    pub(super) fn code(&self, place: u16) -> u8 {
        self.codes.get(usize::from(place)).copied().unwrap_or(self.hidden)
    }

    /// The colour of a point of the book.
    pub(super) fn colour(&self, place: u16) -> [u8; 4] {
        self.colors.get(usize::from(self.code(place))).copied().unwrap_or_default()
    }

    /// Whether an opaque pixel, or any other, can take the entry at a place in the book.
    pub(super) fn can_take(&self, opaque: bool, place: u16) -> bool {
        !opaque || self.opaque.is_none() || self.colour(place)[3] == 255
    }

    /// The place in the book of the nearest entry that a pixel can take.
    #[inline(always)]
    pub(super) fn nearest(&self, opaque: bool, x: [f32; D]) -> u16 {
        match &self.opaque {
            Some((book, places)) if opaque => places[usize::from(book.nearest(x))],
            _ => self.book.nearest(x),
        }
    }

    /// A place in the book, and where its entry lies.
    #[inline(always)]
    pub(super) fn placed(&self, place: u16) -> (u16, [f32; D]) {
        (place, self.book.points()[usize::from(place)])
    }

    /// These entries where their light is.
    pub(super) fn in_light(&self, axes: Axes<D>) -> Self {
        let light = |k| axes.ramp.map_or_else(|| (axes.light)(self.colour(k)), |light| light(self.placed(k).1));
        let entries = (0..self.book.len() as u16).map(|k| (light(k), self.code(k))).collect();
        Self::new(entries, self.colors.clone(), self.hidden)
    }

    /// Gives opaque pixels opaque entries: `codes` has the place in the book that is nearest to each of `points`.
    pub(super) fn keep_opaque(&self, keys: &[[u8; 4]], points: &[[f32; D]], codes: &mut [u16]) {
        let Some((book, places)) = &self.opaque else { return };
        for ((code, point), key) in codes.iter_mut().zip(points).zip(keys) {
            if key[3] == 255 && self.colour(*code)[3] < 255 {
                *code = places[usize::from(book.nearest(*point))];
            }
        }
    }

    /// For points that come one by one, most of them within `bounds`.
    pub(super) fn search(&self, bounds: [(f32, f32); D]) -> Search<'_, D> {
        let opaque = self.opaque.as_ref().map(|(book, places)| (OneByOne::new(book, bounds), places.as_slice()));
        Search { all: OneByOne::new(&self.book, bounds), opaque }
    }
}

/// The place in the book of the nearest entry that a pixel can take.
pub(super) struct Search<'a, const D: usize> {
    all: OneByOne<'a, D>,
    opaque: Option<(OneByOne<'a, D>, &'a [u16])>,
}

impl<const D: usize> Search<'_, D> {
    #[inline(always)]
    pub(super) fn nearest(&mut self, opaque: bool, x: [f32; D]) -> u16 {
        match &mut self.opaque {
            Some((search, places)) if opaque => places[usize::from(search.nearest(x))],
            _ => self.all.nearest(x),
        }
    }
}
