//! What is given codes: samples in rows, some of them holes, and the lists of levels that they take theirs from.

use super::ordered::Mix;

/// A sample that takes part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<const D: usize> {
    /// What is to be coded, in the space of the levels.
    pub value: [f32; D],
    /// The number of the list of levels that it takes one of.
    pub list: u32,
}

/// Samples in rows with what they can become. The lists of a row follow one another, and so do rows that take theirs
/// from the same lists.
pub trait Rows<const D: usize>: Sync {
    /// Samples in a row, of which the last may have fewer, and in all.
    fn size(&self) -> (usize, usize);

    /// Rows that lie above these in the whole that they are a part of.
    fn rows_above(&self) -> usize {
        0
    }

    /// Lists that a row takes its levels from, at most, and all.
    fn lists(&self) -> (usize, usize);

    /// The levels of a list, in the order of their codes.
    fn levels(&self, list: u32) -> impl Iterator<Item = [f32; D]>;

    /// Sample `i`; `None` for a hole: its code is 0, it takes no error and passes none on.
    fn sample(&self, i: usize) -> Option<Sample<D>>;

    /// The code of the list's level that is nearest to `x`, and what it decodes to.
    fn nearest(&self, list: u32, x: [f32; D]) -> (u16, [f32; D]);

    /// [`Rows::nearest`] for values that come one after another, for those who find them faster so.
    #[inline(always)]
    fn nearest_next(&mut self, list: u32, x: [f32; D]) -> (u16, [f32; D]) {
        self.nearest(list, x)
    }

    /// Whether every sample is known to be one that its list's levels can be mixed to.
    fn are_mixtures(&self) -> bool {
        false
    }

    /// The mixture of levels that stands in for sample `i`, where it is known.
    #[inline(always)]
    fn mix(&self, _i: usize) -> Option<&Mix> {
        None
    }
}
