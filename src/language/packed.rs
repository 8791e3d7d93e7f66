//! A matrix laid out for one product: y = W·x, many outputs at once.
//!
//! Rows go in panels of `LANES` (32); within a panel the weights of one input lie side by side, so the inner
//! loop multiplies one input with a run of weights and needs no sum across lanes. Each output adds its
//! products in the order of the inputs, whatever the machine: the same bits everywhere.

use crate::engine::simd::{Kernel, widest};

const LANES: usize = 32;

/// A matrix in panels of rows, for many products with it.
#[derive(Clone, Debug)]
pub struct Packed {
    rows: usize,
    columns: usize,
    panels: Vec<[f32; LANES]>,
}

impl Packed {
    /// A matrix of `rows` × `columns`; `values` row by row, and what is missing is zero.
    pub fn new(rows: usize, columns: usize, values: &[f32]) -> Self {
        let mut panels = vec![[0.0; LANES]; rows.div_ceil(LANES) * columns];
        for (r, row) in values.chunks_exact(columns.max(1)).take(rows).enumerate() {
            for (c, &w) in row.iter().enumerate() {
                panels[r / LANES * columns + c][r % LANES] = w;
            }
        }
        Self { rows, columns, panels }
    }

    /// Writes W·x to the first `rows` of `out`; `x` has one value a column.
    ///
    /// # Panics
    /// When `out` is shorter than the rows; in debug builds, when `x` is not as long as the columns.
    pub fn times(&self, x: &[f32], out: &mut [f32]) {
        debug_assert!(x.len() == self.columns && out.len() >= self.rows);
        widest(Product { matrix: self, x, out: &mut out[..self.rows] });
    }
}

struct Product<'a> {
    matrix: &'a Packed,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let panels = self.matrix.panels.chunks_exact(self.matrix.columns.max(1));
        for (panel, out) in panels.zip(self.out.chunks_mut(LANES)) {
            let mut sums = [0.0f32; LANES];
            for (weights, &x) in panel.iter().zip(self.x) {
                for lane in 0..LANES {
                    sums[lane] += weights[lane] * x;
                }
            }
            out.copy_from_slice(&sums[..out.len()]);
        }
    }
}
