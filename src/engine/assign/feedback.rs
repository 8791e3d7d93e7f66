//! Error feedback in its plainest form: quantize a sample, push its error on to later samples, by a
//! filter that has a row for each sample. Nearest, Floyd–Steinberg and GPTQ are this one loop with
//! another filter.
//!
//! Choose the filter by who reads the result. An eye at a distance averages neighbours, whatever the
//! photo: [`Filter::Kernel`] hands the error to the neighbours in fixed shares. A layer multiplies with
//! its inputs, and its rows do not meet: [`Filter::Row`] hands the error to the later weights of the
//! row, in shares that were worked out from the inputs (see [`super::gptq`]). Raw squared error grows;
//! what grows smaller is the error after the reader's own filter, and only if the filter fits the reader.
//!
//! Cost: one search a sample and one addition for each entry of its filter's row. For photos
//! [`super::diffusion`] is the fast path of [`Filter::Kernel`], and is pinned to this loop by a test.
//! Sources: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", Proc. SID 17 (1976);
//! Frantar, Ashkboos, Hoefler and Alistarh, "GPTQ: Accurate post-training quantization for generative
//! pre-trained transformers" (2022).

use super::kernel::{Kernel, Tap};
use crate::engine::control::{Control, Stopped};
use crate::engine::quantized::Quantized;
use crate::engine::samples::Samples;

/// Who gets which share of a sample's error.
#[derive(Clone, Copy, Debug)]
pub enum Filter<'a> {
    /// Nobody: every sample takes its nearest level.
    Nobody,
    /// The neighbours at the kernel's taps, to the right and in the rows below.
    Kernel(&'a [Tap]),
    /// The later samples of the same row.
    Row(&'a RowFilter),
}

/// All of an error to the next sample of the row: diffusion in one dimension.
pub const ALONG_THE_ROW: [Tap; 1] = [Tap { right: 1, down: 0, share: 1.0 }];

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

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// What the columns after `from` get.
    pub fn after(&self, from: usize) -> &[f32] {
        &self.shares[from * self.columns + from + 1..(from + 1) * self.columns]
    }
}

impl Filter<'_> {
    /// Appends sample `i`'s row of the filter: (a later sample, its share).
    fn row(self, i: usize, width: usize, len: usize, out: &mut Vec<(usize, f32)>) {
        match self {
            Filter::Nobody => {}
            Filter::Kernel(taps) => {
                out.extend(taps.iter().filter_map(|tap| Some((neighbour(i, *tap, width, len)?, tap.share))))
            }
            Filter::Row(filter) => {
                let column = i % width;
                let end = (i - column + width.min(filter.columns)).min(len);
                out.extend((i + 1..end).zip(filter.after(column)).map(|(later, share)| (later, *share)));
            }
        }
    }
}

/// The sample that a tap leads to, unless it falls off an edge.
fn neighbour(i: usize, tap: Tap, width: usize, len: usize) -> Option<usize> {
    let column = (i % width).checked_add_signed(tap.right).filter(|column| *column < width)?;
    let place = (i / width + tap.down) * width + column;
    (place < len).then_some(place)
}

/// Runs over samples in rows of `width`, in order. `code(i, x)` gives sample i's code for the corrected
/// value x and what it decodes to; corrected values are kept within `bounds`.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn feed_back<const D: usize>(
    (samples, width): (&[[f32; D]], usize),
    bounds: [(f32, f32); D],
    filter: Filter<'_>,
    mut code: impl FnMut(usize, [f32; D]) -> (u16, [f32; D]),
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let mut carried = vec![[0.0f32; D]; samples.len()];
    let mut codes = Vec::with_capacity(samples.len());
    let mut later = Vec::new();
    for (i, sample) in samples.iter().enumerate() {
        if i % 1024 == 0 {
            control.check()?;
        }
        let x = std::array::from_fn(|c| (sample[c] + carried[i][c]).clamp(bounds[c].0, bounds[c].1));
        let (k, back) = code(i, x);
        codes.push(k);
        later.clear();
        filter.row(i, width, samples.len(), &mut later);
        for &(place, share) in &later {
            for c in 0..D {
                carried[place][c] += (x[c] - back[c]) * share;
            }
        }
    }
    Ok(codes)
}

const ANYWHERE: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// The same scales, levels and bits with the codes chosen anew, under a filter.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn recoded<const D: usize>(
    nearest: &Quantized<D>,
    samples: Samples<'_, D>,
    filter: Filter<'_>,
    control: &Control<'_>,
) -> Result<Quantized<D>, Stopped> {
    let code = |i: usize, x: [f32; D]| nearest.code_one(i, x);
    let codes = feed_back((samples.values, samples.width), [ANYWHERE; D], filter, code, control)?;
    Ok(Quantized { codes, ..nearest.clone() })
}

impl<'a> From<Kernel> for Filter<'a> {
    fn from(kernel: Kernel) -> Self {
        Filter::Kernel(kernel.taps)
    }
}

#[cfg(test)]
mod tests {
    use super::super::diffusion::{Diffusion, diffuse};
    use super::super::kernel::KernelName;
    use super::*;
    use crate::engine::codebook::Codebook;
    use crate::engine::format::Format;
    use crate::engine::random::Random;

    fn colours(len: usize) -> Vec<[f32; 3]> {
        let mut random = Random::seeded(21);
        (0..len).map(|i| std::array::from_fn(|c| (i % 97) as f32 + 90.0 * random.next_f32() * c as f32)).collect()
    }

    #[test]
    fn with_the_kernels_shares_it_gives_the_codes_of_error_diffusion_to_the_last_one() {
        let samples = colours(97 * 61);
        let mut random = Random::seeded(3);
        let book = Codebook::<3>::new((0..16).map(|_| std::array::from_fn(|_| random.next_f32() * 255.0)).collect());
        let bounds = [(0.0, 255.0), (10.0, 200.0), (0.0, 255.0)];
        let code = |_: usize, x: [f32; 3]| {
            let k = book.nearest(x);
            (k, book.points()[usize::from(k)])
        };
        for name in KernelName::ALL {
            let read = |row: usize, line: &mut Vec<Option<[f32; 3]>>| {
                line.extend(samples[row * 97..(row + 1) * 97].iter().copied().map(Some));
            };
            let how = Diffusion::classic(name.kernel());
            let fast = diffuse((97, 61), bounds, &how, read, code, &Control::unwatched()).unwrap();
            let filter = name.kernel().into();
            let plain = feed_back((&samples, 97), bounds, filter, code, &Control::unwatched()).unwrap();
            assert_eq!(plain, fast, "{name:?}");
        }
    }

    #[test]
    fn floyd_and_steinbergs_row_is_seven_three_five_and_one_sixteenths() {
        let mut row = Vec::new();
        Filter::from(Kernel::FLOYD_STEINBERG).row(12, 10, 100, &mut row);
        assert_eq!(row, [(13, 7.0 / 16.0), (21, 3.0 / 16.0), (22, 5.0 / 16.0), (23, 1.0 / 16.0)]);
        row.clear();
        Filter::from(Kernel::FLOYD_STEINBERG).row(9, 10, 15, &mut row);
        assert_eq!(row, [], "the right edge, and the row below is too short");
    }

    #[test]
    fn with_nobody_to_push_to_every_sample_takes_its_nearest_level() {
        let mut random = Random::seeded(5);
        let values: Vec<[f32; 1]> = (0..40 * 32).map(|_| [random.next_gaussian()]).collect();
        for name in ["int4-g32", "int3-row", "e2m1-g32", "int2-g16-affine", "kmeans4-row"] {
            let format: Format = name.parse().unwrap();
            let samples = Samples::new(&values, 32);
            let control = Control::unwatched();
            let nearest = format.recipe().unwrap().encode(samples, &control).unwrap();
            for filter in [Filter::Nobody, Filter::Row(&RowFilter::new(32, vec![0.0; 32 * 32]))] {
                assert_eq!(recoded(&nearest, samples, filter, &control).unwrap().codes, nearest.codes, "{name}");
            }
        }
    }

    #[test]
    fn a_row_filter_reaches_every_later_sample_of_its_row_and_no_other() {
        let filter = RowFilter::new(3, (1..=9).map(|x| x as f32).collect());
        let row = |i: usize| {
            let mut row = Vec::new();
            Filter::Row(&filter).row(i, 3, 8, &mut row);
            row
        };
        assert_eq!(row(0), [(1, 2.0), (2, 3.0)]);
        assert_eq!(row(4), [(5, 6.0)]);
        assert_eq!(row(5), []);
        assert_eq!(row(6), [(7, 2.0)], "the last row is short");
    }

    #[test]
    fn along_the_row_the_mean_is_kept() {
        let values = vec![[0.3f32]; 1000];
        let code = |_: usize, x: [f32; 1]| if x[0] > 0.5 { (1, [1.0]) } else { (0, [0.0]) };
        let along = Filter::Kernel(&ALONG_THE_ROW);
        let codes = feed_back((&values, 1000), [ANYWHERE], along, code, &Control::unwatched()).unwrap();
        assert_eq!(codes.iter().filter(|k| **k == 1).count(), 300);
    }
}
