//! Error diffusion: each sample is coded after the errors of those before it were added to it.
//!
//! Choose it where the reader of the result averages neighbours (an eye at a distance): the error
//! moves to high frequencies. Raw squared error grows. Cost: one search a sample, in order.

use super::kernel::{Kernel, Tap};
use crate::engine::control::{Control, Stopped};

/// How errors travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diffusion {
    pub kernel: Kernel,
    /// Odd rows are walked from right to left with the kernel mirrored: what error drags along then
    /// goes both ways, and regular textures (worms) show less.
    pub serpentine: bool,
    /// The share of each error that is passed on, 0 to 1; 1 is the classic. Less leaves flat areas
    /// quieter and their mean less true.
    pub strength: f32,
}

impl Diffusion {
    pub fn classic(kernel: Kernel) -> Self {
        Self { kernel, serpentine: false, strength: 1.0 }
    }

    /// The taps as they are used, for even rows and for odd ones.
    fn taps(&self) -> [Vec<Tap>; 2] {
        let strength = self.strength.clamp(0.0, 1.0);
        let ahead = self.kernel.taps.iter().map(|tap| Tap { share: tap.share * strength, ..*tap });
        let there: Vec<Tap> = ahead.filter(|tap| tap.share > 0.0).collect();
        let back = there.iter().map(|tap| Tap { right: if self.serpentine { -tap.right } else { tap.right }, ..*tap });
        let back = back.collect();
        [there, back]
    }
}

/// Runs over `rows` rows of `width` samples, top to bottom.
///
/// `read(row, line)` fills `line` with the row's samples; `None` is a hole that takes and passes on
/// nothing. `code(i, x)` gives sample i's code for the corrected value x and what it decodes to.
/// Corrected values are kept within `bounds`, so that errors that no level can mend do not pile up.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn diffuse<const D: usize>(
    (width, rows): (usize, usize),
    bounds: [(f32, f32); D],
    diffusion: &Diffusion,
    mut read: impl FnMut(usize, &mut Vec<Option<[f32; D]>>),
    mut code: impl FnMut(usize, [f32; D]) -> (u16, [f32; D]),
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let taps = diffusion.taps();
    let mut codes = Vec::with_capacity(width * rows);
    let mut line = Vec::with_capacity(width);
    // A ring of rows of errors; more columns on each side take what falls off the edges.
    let (ring, stride) = (Kernel::ROWS + 1, width + 2 * Kernel::COLUMNS);
    let mut errors = vec![[0.0f32; D]; ring * stride];
    let mut receivers = Vec::new();
    for row in 0..rows {
        control.check()?;
        control.progress(row as f32 / rows as f32);
        line.clear();
        read(row, &mut line);
        let first = codes.len();
        codes.resize(first + line.len(), 0);
        // Where column 0 finds its own error and leaves it to others; column c does so c further on.
        let place = |down: usize| (row + down) % ring * stride + Kernel::COLUMNS;
        let own = place(0);
        receivers.clear();
        receivers.extend(taps[row % 2].iter().map(|tap| (place(tap.down).wrapping_add_signed(tap.right), tap.share)));
        let mut take = |column: usize| {
            let Some(sample) = line[column] else { return };
            let error = errors[own + column];
            let x = std::array::from_fn(|c| (sample[c] + error[c]).clamp(bounds[c].0, bounds[c].1));
            let (k, back) = code(row * width + column, x);
            codes[first + column] = k;
            let rest: [f32; D] = std::array::from_fn(|c| x[c] - back[c]);
            for &(receiver, share) in &receivers {
                let cell = &mut errors[receiver + column];
                for c in 0..D {
                    cell[c] += rest[c] * share;
                }
            }
        };
        if diffusion.serpentine && row % 2 == 1 {
            (0..line.len()).rev().for_each(&mut take);
        } else {
            (0..line.len()).for_each(&mut take);
        }
        errors[own - Kernel::COLUMNS..][..stride].fill([0.0; D]);
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::super::kernel::KernelName;
    use super::*;
    use crate::engine::codebook::Codebook;
    use crate::engine::random::Random;

    const WIDE: [(f32, f32); 1] = [(-1.0, 2.0)];

    fn two_levels(_: usize, x: [f32; 1]) -> (u16, [f32; 1]) {
        if x[0] > 0.5 { (1, [1.0]) } else { (0, [0.0]) }
    }

    fn every_way() -> impl Iterator<Item = Diffusion> {
        let both = |kernel| [false, true].map(|serpentine| Diffusion { serpentine, ..Diffusion::classic(kernel) });
        KernelName::ALL.into_iter().flat_map(move |name| both(name.kernel()))
    }

    /// The corrected values in the order in which they are coded, with their places.
    fn seen(samples: &[&[Option<f32>]], diffusion: &Diffusion) -> Vec<(usize, f32)> {
        let mut seen = Vec::new();
        let read = |r: usize, line: &mut Vec<Option<[f32; 1]>>| line.extend(samples[r].iter().map(|s| s.map(|x| [x])));
        let code = |i: usize, x: [f32; 1]| {
            seen.push((i, x[0]));
            two_levels(i, x)
        };
        let size = (samples[0].len(), samples.len());
        diffuse(size, WIDE, diffusion, read, code, &Control::unwatched()).unwrap();
        seen
    }

    fn close(found: &[(usize, f32)], expected: &[(usize, f32)]) {
        let same = |(a, b): (&(usize, f32), &(usize, f32))| a.0 == b.0 && (a.1 - b.1).abs() < 1e-6;
        let all = found.len() == expected.len() && found.iter().zip(expected).all(same);
        assert!(all, "{found:?} instead of {expected:?}");
    }

    #[test]
    fn a_flat_grey_comes_out_with_its_mean_kept() {
        for diffusion in every_way() {
            for grey in [0.1f32, 0.25, 0.5, 0.8] {
                let read = |_: usize, line: &mut Vec<Option<[f32; 1]>>| line.extend([Some([grey]); 64]);
                let codes = diffuse((64, 64), WIDE, &diffusion, read, two_levels, &Control::unwatched()).unwrap();
                let mean = codes.iter().map(|&k| f32::from(k)).sum::<f32>() / 4096.0;
                // Atkinson's kernel trades the mean for contrast: darks get darker, lights lighter.
                let within = if diffusion.kernel == Kernel::ATKINSON { 0.11 } else { 0.025 };
                assert!((mean - grey).abs() < within, "{diffusion:?} {grey}: {mean}");
            }
        }
    }

    #[test]
    fn errors_go_where_the_kernel_says() {
        // Row 0: .4 → 0, error .4, .175 to the right; .4 + .175 = .575 → 1, error −.425.
        let rows: [&[Option<f32>]; 2] = [&[Some(0.4), Some(0.4)], &[Some(0.0), Some(0.0)]];
        let found = seen(&rows, &Diffusion::classic(Kernel::FLOYD_STEINBERG));
        let below = 0.4 * 0.3125 - 0.425 * 0.1875;
        let last = 0.4 * 0.0625 - 0.425 * 0.3125 + below * 0.4375;
        close(&found, &[(0, 0.4), (1, 0.575), (2, below), (3, last)]);
    }

    #[test]
    fn a_serpentine_walks_odd_rows_backwards_with_the_kernel_mirrored() {
        let rows: [&[Option<f32>]; 3] = [&[Some(0.4), Some(0.4)], &[Some(0.0), Some(0.0)], &[Some(0.0), Some(0.0)]];
        let found = seen(&rows, &Diffusion { serpentine: true, ..Diffusion::classic(Kernel::FLOYD_STEINBERG) });
        // Row 1 starts at its right end with what row 0 sent down, and 7/16 of it go left.
        let right = 0.4 * 0.0625 - 0.425 * 0.3125;
        let left = 0.4 * 0.3125 - 0.425 * 0.1875 + right * 0.4375;
        // "Ahead" is to the left: from the right sample 1/16 falls to the left, 5/16 straight down; from
        // the left sample 3/16 falls behind, to the right.
        let below_left = right * 0.0625 + left * 0.3125;
        let below_right = right * 0.3125 + left * 0.1875 + below_left * 0.4375;
        close(&found, &[(0, 0.4), (1, 0.575), (3, right), (2, left), (4, below_left), (5, below_right)]);
    }

    #[test]
    fn a_third_row_gets_its_share() {
        let rows: [&[Option<f32>]; 3] = [&[Some(0.4)], &[Some(0.0)], &[Some(0.0)]];
        let found = seen(&rows, &Diffusion::classic(Kernel::ATKINSON));
        close(&found, &[(0, 0.4), (1, 0.05), (2, 0.05 + 0.05 / 8.0)]);
    }

    #[test]
    fn strength_is_the_share_that_is_passed_on_and_none_is_no_dither() {
        let rows: [&[Option<f32>]; 1] = [&[Some(0.4), Some(0.4), Some(0.4)]];
        let with = |strength| seen(&rows, &Diffusion { strength, ..Diffusion::classic(Kernel::FLOYD_STEINBERG) });
        close(&with(0.5), &[(0, 0.4), (1, 0.4875), (2, 0.4 + 0.4875 * 0.21875)]);
        assert_eq!(with(0.0), [(0, 0.4), (1, 0.4), (2, 0.4)]);
        assert_eq!(with(7.0), with(1.0));
    }

    #[test]
    fn a_hole_takes_no_error_and_passes_none_on() {
        for diffusion in every_way() {
            let rows: [&[Option<f32>]; 2] = [&[None, Some(0.4), None], &[Some(0.0), None, Some(0.0)]];
            let found = seen(&rows, &diffusion);
            let mut places: Vec<usize> = found.iter().map(|(i, _)| *i).collect();
            places.sort_unstable();
            assert_eq!((places, found[0]), (vec![1, 3, 5], (1, 0.4)), "{diffusion:?}");
        }
        let beside: [&[Option<f32>]; 1] = [&[Some(0.4), None, Some(0.4)]];
        assert_eq!(seen(&beside, &Diffusion::classic(Kernel::FLOYD_STEINBERG)), [(0, 0.4), (2, 0.4)]);
    }

    #[test]
    fn a_last_row_that_is_short_is_walked_from_its_own_end() {
        let rows: [&[Option<f32>]; 2] = [&[Some(0.0), Some(0.0), Some(0.0)], &[Some(0.4), Some(0.4)]];
        let found = seen(&rows, &Diffusion { serpentine: true, ..Diffusion::classic(Kernel::FLOYD_STEINBERG) });
        close(&found, &[(0, 0.0), (1, 0.0), (2, 0.0), (4, 0.4), (3, 0.575)]);
    }

    /// The paper's loop in its plainest form: the whole picture's errors at once.
    fn plain<const D: usize>(
        width: usize,
        samples: &[[f32; D]],
        bounds: [(f32, f32); D],
        book: &Codebook<D>,
    ) -> Vec<u16> {
        let mut errors = vec![[0.0f32; D]; samples.len()];
        let mut codes = Vec::new();
        for (i, sample) in samples.iter().enumerate() {
            let x = std::array::from_fn(|c| (sample[c] + errors[i][c]).clamp(bounds[c].0, bounds[c].1));
            let k = book.nearest(x);
            let back = book.points()[usize::from(k)];
            codes.push(k);
            let column = (i % width) as isize;
            for (right, down, share) in [(1, 0, 7.0), (-1, 1, 3.0), (0, 1, 5.0), (1, 1, 1.0)] {
                let place = (i + down * width).wrapping_add_signed(right);
                if (0..width as isize).contains(&(column + right)) && place < samples.len() {
                    for c in 0..D {
                        errors[place][c] += (x[c] - back[c]) * (share / 16.0);
                    }
                }
            }
        }
        codes
    }

    #[test]
    fn the_classic_gives_the_codes_of_the_plain_loop_to_the_last_one() {
        let mut random = Random::seeded(21);
        let book = Codebook::<3>::new((0..16).map(|_| std::array::from_fn(|_| random.next_f32() * 255.0)).collect());
        let samples: Vec<[f32; 3]> = (0..97 * 61)
            .map(|i| std::array::from_fn(|c| (i % 97) as f32 + 90.0 * random.next_f32() * c as f32))
            .collect();
        let bounds = [(0.0, 255.0), (10.0, 200.0), (0.0, 255.0)];
        let read = |row: usize, line: &mut Vec<Option<[f32; 3]>>| {
            line.extend(samples[row * 97..(row + 1) * 97].iter().copied().map(Some));
        };
        let code = |_: usize, x: [f32; 3]| {
            let k = book.nearest(x);
            (k, book.points()[usize::from(k)])
        };
        let found =
            diffuse((97, 61), bounds, &Diffusion::classic(Kernel::FLOYD_STEINBERG), read, code, &Control::unwatched())
                .unwrap();
        assert_eq!(found, plain(97, &samples, bounds, &book));
    }

    #[test]
    fn errors_beyond_the_bounds_do_not_pile_up() {
        for diffusion in every_way() {
            // Forty samples that no level reaches, then one that is a level.
            let samples: Vec<Option<f32>> = std::iter::repeat_n(Some(1.9), 40).chain([Some(0.0)]).collect();
            let found = seen(&[&samples], &diffusion);
            assert!(found.iter().all(|(_, x)| *x <= 2.0) && found[40].1 < 1.0, "{diffusion:?} {found:?}");
        }
    }
}
