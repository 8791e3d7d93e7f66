//! The nearest entries of points that come one by one, exactly: space is cut into boxes, and for each the entries that
//! can be nearest to a point in it are found when the first such point comes.
//!
//! For what depends on the point before, as error diffusion does. Points that are all there at once are quicker sorted:
//! see [`super::cells`].

use super::cells::{Bounds, Near};
use super::codebook::Codebook;

/// Below this many entries, looking at all of them is as fast.
const FEWEST_ENTRIES: usize = 24;
/// Boxes in all, about.
const BOXES: f32 = 4096.0;
/// A share of a box's side: points that rounding puts into the box beside theirs are still in reach.
const MARGIN: f32 = 1e-3;

/// The search in one codebook, with the boxes that were collected so far.
pub struct OneByOne<'a, const D: usize> {
    book: &'a Codebook<D>,
    all: Near<D>,
    /// What was collected last; its memory serves for the next.
    near: Near<D>,
    low: [f32; D],
    high: [f32; D],
    side: [f32; D],
    per_unit: [f32; D],
    steps: usize,
    /// None of them where boxes would not pay.
    boxes: Vec<Option<Box<Near<D>>>>,
}

impl<'a, const D: usize> OneByOne<'a, D> {
    /// `bounds`: the range of each coordinate in which most points will lie. Others are answered too, but slowly.
    pub fn new(book: &'a Codebook<D>, bounds: [(f32, f32); D]) -> Self {
        let steps = BOXES.powf(1.0 / D as f32).round().max(1.0);
        let (low, high) = (bounds.map(|b| b.0), bounds.map(|b| b.1));
        // A coordinate that never changes is one step wide.
        let side: [f32; D] = std::array::from_fn(|c| ((high[c] - low[c]) / steps).max(f32::MIN_POSITIVE));
        let is_finite = (0..D).all(|c| low[c].is_finite() && high[c].is_finite() && side[c].is_finite());
        let pays = D > 1 && book.len() >= FEWEST_ENTRIES && is_finite;
        let steps = steps as usize;
        let boxes = if pays { (0..steps.pow(D as u32)).map(|_| None).collect() } else { Vec::new() };
        let (all, near) = (if pays { Near::all(book) } else { Near::default() }, Near::default());
        Self { book, all, near, low, high, side, per_unit: side.map(|s| 1.0 / s), steps, boxes }
    }

    /// The nearest entry, as [`Codebook::nearest`] finds it.
    #[inline(always)]
    pub fn nearest(&mut self, x: [f32; D]) -> u16 {
        let inside = (0..D).all(|c| x[c] >= self.low[c] && x[c] <= self.high[c]);
        if self.boxes.is_empty() || !inside {
            return self.book.nearest(x);
        }
        let number = (0..D).fold(0, |number, c| {
            let step = ((x[c] - self.low[c]) * self.per_unit[c]) as usize;
            number * self.steps + step.min(self.steps - 1)
        });
        match &self.boxes[number] {
            Some(near) => near.nearest(x),
            None => self.collect(number).nearest(x),
        }
    }

    #[cold]
    fn collect(&mut self, number: usize) -> &Near<D> {
        let mut rest = number;
        let mut places = [0.0; D];
        for c in (0..D).rev() {
            places[c] = (rest % self.steps) as f32;
            rest /= self.steps;
        }
        let corner = |c: usize, more: f32| self.low[c] + (places[c] + more) * self.side[c];
        let around = Bounds {
            low: std::array::from_fn(|c| corner(c, -MARGIN)),
            high: std::array::from_fn(|c| corner(c, 1.0 + MARGIN)),
        };
        self.near.collect(&self.all, &around, 0.0);
        self.boxes[number].insert(Box::new(self.near.listed()))
    }
}
