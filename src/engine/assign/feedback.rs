//! A filter for readers whose rows do not meet, as a layer's do: who of a row gets which share of a sample's error. For
//! the loop that hands the errors on, see [`super::diffusion`]; for shares that fit a layer, [`super::gptq`].

/// For each column, the share that each later column gets.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFilter {
    columns: usize,
    /// Row by row; zero up to the diagonal.
    shares: Vec<f32>,
}

impl RowFilter {
    /// `shares[from · columns + to]` counts for `to > from` only.
    ///
    /// # Panics
    /// In debug builds, when there are not columns² shares.
    pub fn new(columns: usize, mut shares: Vec<f32>) -> Self {
        debug_assert_eq!(shares.len(), columns * columns);
        shares.resize(columns * columns, 0.0);
        for (from, row) in shares.chunks_exact_mut(columns.max(1)).enumerate() {
            row[..=from].fill(0.0);
        }
        Self { columns, shares }
    }

    /// All of an error to the next sample of the row: diffusion in one dimension.
    pub fn along_the_row(columns: usize) -> Self {
        Self::new(columns, (0..columns * columns).map(|i| if i % (columns + 1) == 1 { 1.0 } else { 0.0 }).collect())
    }

    /// Samples in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// What the columns after `from` get.
    pub fn after(&self, from: usize) -> &[f32] {
        self.shares.get(from * self.columns + from + 1..(from + 1) * self.columns).unwrap_or_default()
    }
}
