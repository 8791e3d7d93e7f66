//! A layer's error at its output, from the products of its inputs.
//!
//! With X the inputs (a row a token), H = XᵀX and E = W − Ŵ: output error = tr(E·H·Eᵀ) ÷ tr(W·H·Wᵀ), the
//! squared error of all outputs over their power, and in decibels −10·log10 of it. With H diagonal that
//! is Σ aⱼ·E²ᵢⱼ: each weight's error times the power of its input. Cost: columns² a row, in f64.

use super::squared::decibels;

/// H = XᵀX.
#[derive(Clone, Debug, PartialEq)]
pub struct Gram {
    columns: usize,
    sums: Vec<f64>,
    inputs: u64,
}

impl Gram {
    /// The sums over no inputs yet, for a layer of so many.
    pub fn new(columns: usize) -> Self {
        Self { columns, sums: vec![0.0; columns * columns], inputs: 0 }
    }

    /// Every input of power 1, no two alike.
    pub fn identity(columns: usize) -> Self {
        let mut gram = Self::new(columns);
        (0..columns).for_each(|j| gram.sums[j * columns + j] = 1.0);
        gram
    }

    /// Adds an input; a shorter one ends in zeros.
    pub fn add(&mut self, x: &[f32]) {
        self.inputs += 1;
        for (row, &a) in self.sums.chunks_exact_mut(self.columns.max(1)).zip(x) {
            row.iter_mut().zip(x).for_each(|(sum, &b)| *sum += f64::from(a) * f64::from(b));
        }
    }

    /// Adds the inputs of another of as many columns.
    pub fn merge(&mut self, other: &Gram) {
        self.inputs += other.inputs;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
    }

    /// Length of an input: rows and columns of H.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many inputs were added.
    pub fn inputs(&self) -> u64 {
        self.inputs
    }

    /// Hᵢⱼ = Σ xᵢ·xⱼ over the inputs that were added.
    #[inline]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.sums[i * self.columns + j]
    }

    /// The Gram matrix with the same powers, as if no two inputs had anything to do with one another.
    pub fn uncorrelated(&self) -> Self {
        let mut gram = Self { inputs: self.inputs, ..Self::new(self.columns) };
        (0..self.columns).for_each(|j| gram.sums[j * self.columns + j] = self.at(j, j));
        gram
    }

    /// How alike two columns are, −1 to 1; 0 where one of them is always zero.
    pub fn correlation(&self, i: usize, j: usize) -> f64 {
        let size = (self.at(i, i) * self.at(j, j)).sqrt();
        if size > 0.0 { self.at(i, j) / size } else { 0.0 }
    }

    /// x·H·xᵀ.
    fn power(&self, x: &[f32]) -> f64 {
        let rows = self.sums.chunks_exact(self.columns.max(1)).zip(x);
        let row =
            |(row, &a): (&[f64], &f32)| f64::from(a) * row.iter().zip(x).map(|(h, &b)| h * f64::from(b)).sum::<f64>();
        rows.filter(|(_, a)| **a != 0.0).map(row).sum()
    }
}

/// Sums over rows of a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OutputError {
    /// tr(W·H·Wᵀ), the power of the outputs.
    pub signal: f64,
    /// tr(E·H·Eᵀ), the power of their errors.
    pub noise: f64,
}

impl OutputError {
    /// `w` and its reconstruction, in rows of as many as the inputs have columns.
    ///
    /// # Panics
    /// In debug builds, when the lengths differ.
    pub fn measure(w: &[f32], reconstruction: &[f32], gram: &Gram) -> Self {
        debug_assert_eq!(w.len(), reconstruction.len());
        let mut out = Self::default();
        let mut error = Vec::new();
        let columns = gram.columns.max(1);
        for (w, y) in w.chunks(columns).zip(reconstruction.chunks(columns)) {
            error.clear();
            error.extend(w.iter().zip(y).map(|(w, y)| w - y));
            out.signal += gram.power(w);
            out.noise += gram.power(&error).max(0.0);
        }
        out
    }

    /// Power of the error over that of the outputs; 0 when nothing is wrong.
    pub fn relative(&self) -> f64 {
        if self.noise == 0.0 { 0.0 } else { self.noise / self.signal }
    }

    /// Root of [`OutputError::relative`]: of amplitudes, as [`ScalarError::relative_error`](super::ScalarError) is.
    pub fn amplitude(&self) -> f64 {
        self.relative().sqrt()
    }

    /// Infinite when exact.
    pub fn sqnr_db(&self) -> f64 {
        decibels(self.signal, self.noise)
    }
}

added_by_field!(OutputError: signal, noise);
