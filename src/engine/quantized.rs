//! The result of every reduction, of pixels or of weights, and the one decoder:
//!
//! ```text
//! x̂ᵢ = offset_g + scale_g · C_g[codeᵢ]      g = the group that sample i belongs to
//! ```

use std::ops::Range;

use super::codebook::Codebook;
use super::grouping::Grouping;
use super::rate::Rate;

/// A group's scale and offset, already rounded as they are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine<const D: usize> {
    /// Factor of the levels; 0 where a group decodes to its offset alone.
    pub scale: f32,
    /// What level 0 decodes to.
    pub offset: [f32; D],
}

impl<const D: usize> Affine<D> {
    /// Levels decode to themselves: scale 1, offset 0.
    pub const IDENTITY: Self = Self { scale: 1.0, offset: [0.0; D] };

    /// What a level decodes to: offset + scale · level.
    #[inline]
    pub fn apply(&self, level: [f32; D]) -> [f32; D] {
        std::array::from_fn(|c| self.offset[c] + self.scale * level[c])
    }

    /// The value that [`Affine::apply`] takes to `x`; the zero vector where the scale is zero.
    #[inline]
    pub fn invert(&self, x: [f32; D]) -> [f32; D] {
        if self.scale == 0.0 {
            return [0.0; D];
        }
        std::array::from_fn(|c| (x[c] - self.offset[c]) / self.scale)
    }
}

/// Codes with all that is needed to decode them.
#[derive(Clone, Debug)]
pub struct Quantized<const D: usize> {
    /// Samples in a row.
    pub width: usize,
    /// One a sample: the place of its level in the codebook of its group.
    pub codes: Vec<u16>,
    /// Which samples share a scale or a codebook.
    pub grouping: Grouping,
    /// None: the identity. Otherwise one a group.
    pub affines: Vec<Affine<D>>,
    /// One, shared by all groups, or one a group.
    pub codebooks: Vec<Codebook<D>>,
    /// Bits of all that is stored.
    pub rate: Rate,
}

impl<const D: usize> Quantized<D> {
    /// The group of sample `i`.
    pub fn group_of(&self, i: usize) -> usize {
        self.grouping.group_of(i, self.width)
    }

    /// Scale and offset of a group; the identity where none are stored.
    pub fn affine(&self, group: usize) -> Affine<D> {
        self.affines.get(group).copied().unwrap_or(Affine::IDENTITY)
    }

    /// The codebook of a group, or the one that all share.
    pub fn codebook(&self, group: usize) -> &Codebook<D> {
        if self.codebooks.len() == 1 { &self.codebooks[0] } else { &self.codebooks[group] }
    }

    /// The code of a group's level that is nearest to a value, and what it decodes to.
    pub fn code_in(&self, group: usize, x: [f32; D]) -> (u16, [f32; D]) {
        let (affine, book) = (self.affine(group), self.codebook(group));
        let k = book.nearest(affine.invert(x));
        (k, affine.apply(book.points()[usize::from(k)]))
    }

    /// What the samples of a group may become.
    pub fn levels(&self, group: usize) -> impl Iterator<Item = [f32; D]> + '_ {
        let affine = self.affine(group);
        self.codebook(group).points().iter().map(move |&p| affine.apply(p))
    }

    /// The reconstruction of sample `i`.
    pub fn decode_one(&self, i: usize) -> [f32; D] {
        let group = self.group_of(i);
        self.affine(group).apply(self.codebook(group).points()[usize::from(self.codes[i])])
    }

    /// The reconstruction of a range of samples, appended to `values`.
    pub fn decode_into(&self, range: Range<usize>, values: &mut Vec<[f32; D]>) {
        let mut i = range.start;
        while i < range.end {
            let group = self.group_of(i);
            let end = self.span_end(i).min(range.end);
            let (affine, points) = (self.affine(group), self.codebook(group).points());
            values.extend(self.codes[i..end].iter().map(|&k| affine.apply(points[usize::from(k)])));
            i = end;
        }
    }

    /// What all samples decode to, in their order.
    pub fn decode(&self) -> Vec<[f32; D]> {
        let mut values = Vec::with_capacity(self.codes.len());
        self.decode_into(0..self.codes.len(), &mut values);
        values
    }

    /// Where the run of samples that share sample `i`'s group ends.
    fn span_end(&self, i: usize) -> usize {
        let (row_start, column) = (i - i % self.width, i % self.width);
        match self.grouping {
            Grouping::Whole => self.codes.len(),
            Grouping::Rows => row_start + self.width,
            Grouping::Runs(n) | Grouping::Tiles { w: n, .. } => row_start + ((column / n + 1) * n).min(self.width),
        }
    }
}
