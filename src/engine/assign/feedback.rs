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

#[cfg(test)]
mod tests {
    use super::super::codes::How;
    use super::super::quantized_rows::recoded;
    use super::*;
    use crate::engine::codebook::Codebook;
    use crate::engine::control::Control;
    use crate::engine::format::Format;
    use crate::engine::grouping::Grouping;
    use crate::engine::quantized::Quantized;
    use crate::engine::random::Random;
    use crate::engine::rate::Rate;
    use crate::engine::samples::Samples;

    #[test]
    fn with_nobody_to_push_to_every_sample_takes_its_nearest_level() {
        let mut random = Random::seeded(5);
        let values: Vec<[f32; 1]> = (0..40 * 32).map(|_| [random.next_gaussian()]).collect();
        let nobody = RowFilter::new(32, vec![0.0; 32 * 32]);
        for name in ["int4-g32", "int3-row", "e2m1-g32", "int2-g16-affine", "kmeans4-row"] {
            let format: Format = name.parse().unwrap();
            let samples = Samples::new(&values, 32);
            let control = Control::unwatched();
            let nearest = format.recipe().unwrap().encode(samples, &control).unwrap();
            for how in [How::Nearest, How::Feedback(&nobody)] {
                assert_eq!(recoded(&nearest, samples, how, &control).unwrap().codes, nearest.codes, "{name}");
            }
        }
    }

    /// The codes of rows of three under levels 0 and 1.
    fn codes_of_three(values: &[f32], filter: &RowFilter) -> Vec<u16> {
        let values: Vec<[f32; 1]> = values.iter().map(|&x| [x]).collect();
        let found = Quantized {
            width: 3,
            codes: Vec::new(),
            grouping: Grouping::Whole,
            affines: Vec::new(),
            codebooks: vec![Codebook::new(vec![[0.0], [1.0]])],
            rate: Rate::default(),
        };
        let samples = Samples::new(&values, 3);
        recoded(&found, samples, How::Feedback(filter), &Control::unwatched()).unwrap().codes
    }

    #[test]
    fn a_row_filter_reaches_every_later_sample_of_its_row_and_no_other() {
        let filter = RowFilter::new(3, (1..=9).map(|x| x as f32).collect());
        assert_eq!((filter.after(0), filter.after(1), filter.after(2)), (&[2.0, 3.0][..], &[6.0][..], &[][..]));
        // 0.3 → 0: 0.6 and 0.9 go on; 0.6 → 1: −0.4 · 6 goes on. The last row is short.
        assert_eq!(codes_of_three(&[0.3, 0.0, 0.0, 0.0, 0.3, 0.0, 0.3, 0.0], &filter), [0, 1, 0, 0, 0, 1, 0, 1]);
    }

    #[test]
    fn along_the_row_the_mean_is_kept() {
        let along = RowFilter::along_the_row(3);
        assert_eq!((along.after(0), along.after(1)), (&[1.0, 0.0][..], &[1.0][..]));
        assert_eq!(codes_of_three(&[0.4; 6], &along), [0, 1, 0, 0, 1, 0]);
    }
}
