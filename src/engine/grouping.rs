//! Which samples share a scale or a codebook: the whole, a row, a run of n in a row, a tile.

use std::ops::Range;

/// A partition of samples that lie in rows of a given width.
///
/// Runs never cross the end of a row: a row of 100 in runs of 32 has groups of 32, 32, 32 and 4.
/// This is how group scales are stored in practice (each row of a matrix is one output's weights).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// All samples are one group.
    Whole,
    /// Every row is a group.
    Rows,
    /// Groups of n consecutive samples of a row; n ≥ 1.
    Runs(usize),
    /// Rectangles of w × h samples, cut short at the right and lower edge; w, h ≥ 1.
    Tiles {
        /// Samples across.
        w: usize,
        /// Samples down.
        h: usize,
    },
}

impl Grouping {
    /// How many groups `len` samples in rows of `width` make; 0 for no samples.
    pub fn count(self, len: usize, width: usize) -> usize {
        let rows = len.div_ceil(width);
        match self {
            Grouping::Whole => usize::from(len > 0),
            Grouping::Rows => rows,
            Grouping::Runs(n) => {
                let full_rows = len / width;
                full_rows * width.div_ceil(n) + (len % width).div_ceil(n)
            }
            Grouping::Tiles { w, h } => width.min(len).div_ceil(w) * rows.div_ceil(h),
        }
    }

    /// The group that sample `i` belongs to.
    pub fn group_of(self, i: usize, width: usize) -> usize {
        let (row, column) = (i / width, i % width);
        match self {
            Grouping::Whole => 0,
            Grouping::Rows => row,
            Grouping::Runs(n) => row * width.div_ceil(n) + column / n,
            Grouping::Tiles { w, h } => (row / h) * width.div_ceil(w) + column / w,
        }
    }

    /// The contiguous spans of samples that make up `group`, in order.
    pub fn spans(self, group: usize, len: usize, width: usize) -> impl Iterator<Item = Range<usize>> {
        let (first, step, span, rows) = match self {
            Grouping::Whole => (0, 0, len, 1),
            Grouping::Rows => (group * width, 0, width, 1),
            Grouping::Runs(n) => {
                let a_row = width.div_ceil(n);
                let column = group % a_row * n;
                (group / a_row * width + column, 0, n.min(width - column), 1)
            }
            Grouping::Tiles { w, h } => {
                let a_row = width.div_ceil(w);
                let column = group % a_row * w;
                (group / a_row * h * width + column, width, w.min(width - column), h)
            }
        };
        (0..rows).map(move |r| {
            let start = (first + r * step).min(len);
            start..(start + span).min(len)
        })
    }
}
