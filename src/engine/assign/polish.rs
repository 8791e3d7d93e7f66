//! Codes of rows under the filter of a layer's inputs, changed one at a time as long as the layer's output gains.
//!
//! With H = XᵀX over the inputs a row's errors e cost e·H·eᵀ at the output. While all others stay, the best code of column j
//! is the level nearest to `x_j + e_j − (H·e)_j ÷ H_jj`. Feedback from column to column (GPTQ) is one such walk in which
//! later columns have no errors yet; walks over all columns from its codes go on from there. Where no two inputs have
//! anything to do with one another this is nearest.
//!
//! Cost: columns² multiplications a row before the first walk, and columns for each code that changes.
//! Source: coordinate descent on the layer's quadratic form, as in Behdin, Acharya, Gupta, Song, Zhu, Keerthi and Mazumder,
//! "QuantEase: Optimization-based quantization for language models" (2023).

use rayon::prelude::*;

use super::descent::{Reader, descend};
use super::rows::Rows;
use crate::engine::control::{Control, Stopped};
use crate::engine::metric::Gram;

/// Walks over a row at most: on layers of language models nearly all gain is in the first two.
const WALKS: usize = 4;

/// Changes codes, row by row. Rows whose length is not that of the inputs are left as they are.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub(super) fn polish(
    rows: &impl Rows<1>,
    gram: &Gram,
    codes: &mut [u16],
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let (width, _) = rows.size();
    codes.par_chunks_mut(width.max(1)).enumerate().filter(|(_, codes)| codes.len() == gram.columns()).try_for_each(
        |(y, codes)| {
            control.check()?;
            let mut row = Row::new(rows, gram, y * width, codes);
            for _ in 0..WALKS {
                row.changed = false;
                descend(&mut row, 0..gram.columns());
                if !row.changed {
                    break;
                }
            }
            Ok(())
        },
    )
}

struct Row<'a, R> {
    rows: &'a R,
    gram: &'a Gram,
    /// The number of the row's first sample.
    first: usize,
    codes: &'a mut [u16],
    /// What each sample decodes to, less what it is.
    errors: Vec<f64>,
    /// H·e.
    pulled: Vec<f64>,
    changed: bool,
}

impl<'a, R: Rows<1>> Row<'a, R> {
    fn new(rows: &'a R, gram: &'a Gram, first: usize, codes: &'a mut [u16]) -> Self {
        let error = |(j, &code): (usize, &u16)| {
            let sample = rows.sample(first + j)?;
            let level = rows.levels(sample.list).nth(usize::from(code))?;
            Some(f64::from(level[0]) - f64::from(sample.value[0]))
        };
        let errors: Vec<f64> = codes.iter().enumerate().map(|of| error(of).unwrap_or(0.0)).collect();
        let pulled = |i: usize| errors.iter().enumerate().map(|(j, e)| gram.at(i, j) * e).sum();
        let pulled = (0..errors.len()).map(pulled).collect();
        Self { rows, gram, first, codes, errors, pulled, changed: false }
    }
}

impl<R: Rows<1>> Reader for Row<'_, R> {
    type Code = (u16, f64);

    fn better(&mut self, j: usize) -> Option<(u16, f64)> {
        let sample = self.rows.sample(self.first + j)?;
        let (own, x) = (self.gram.at(j, j), f64::from(sample.value[0]));
        let target = if own > 0.0 { x + self.errors[j] - self.pulled[j] / own } else { x };
        let (code, [level]) = self.rows.nearest(sample.list, [target as f32]);
        (code != self.codes[j]).then(|| (code, f64::from(level) - x))
    }

    fn take(&mut self, j: usize, (code, error): (u16, f64)) {
        let change = error - std::mem::replace(&mut self.errors[j], error);
        self.codes[j] = code;
        self.pulled.iter_mut().enumerate().for_each(|(i, pulled)| *pulled += self.gram.at(i, j) * change);
        self.changed = true;
    }
}
