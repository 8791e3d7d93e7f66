//! Error diffusion: each sample is coded after the errors of those before it were added to it.
//!
//! Choose it where the reader of the result averages neighbours (an eye at a distance): the error
//! moves to high frequencies. Raw squared error grows. Cost: one search a sample, in order.
//! Source: Floyd and Steinberg, "An adaptive algorithm for spatial greyscale", Proc. SID 17 (1976).

use crate::engine::control::{Control, Stopped};

/// Where a sample's error goes: (columns to the right, rows down, share).
const FLOYD_STEINBERG: [(isize, usize, f32); 4] =
    [(1, 0, 7.0 / 16.0), (-1, 1, 3.0 / 16.0), (0, 1, 5.0 / 16.0), (1, 1, 1.0 / 16.0)];

/// Runs over `rows` rows of `width` samples, left to right and top to bottom.
///
/// `read(row, line)` fills `line` with the row's samples; `None` is a hole that takes and passes on
/// nothing. `code(i, x)` gives sample i's code for the corrected value x and what it decodes to.
/// Corrected values are kept within `bounds`, so that errors that no level can mend do not pile up.
pub fn floyd_steinberg<const D: usize>(
    (width, rows): (usize, usize),
    bounds: [(f32, f32); D],
    mut read: impl FnMut(usize, &mut Vec<Option<[f32; D]>>),
    mut code: impl FnMut(usize, [f32; D]) -> (u16, [f32; D]),
    control: &Control<'_>,
) -> Result<Vec<u16>, Stopped> {
    let mut codes = Vec::with_capacity(width * rows);
    let mut line = Vec::with_capacity(width);
    // One more column on each side takes what falls off the edge.
    let mut errors = [vec![[0.0f32; D]; width + 2], vec![[0.0f32; D]; width + 2]];
    for row in 0..rows {
        control.check()?;
        control.progress(row as f32 / rows as f32);
        line.clear();
        read(row, &mut line);
        for (column, sample) in line.iter().enumerate() {
            let Some(sample) = sample else {
                codes.push(0);
                continue;
            };
            let x = std::array::from_fn(|c| (sample[c] + errors[0][column + 1][c]).clamp(bounds[c].0, bounds[c].1));
            let (k, back) = code(row * width + column, x);
            codes.push(k);
            for (right, down, share) in FLOYD_STEINBERG {
                let cell = &mut errors[down][(column + 1).wrapping_add_signed(right)];
                for c in 0..D {
                    cell[c] += (x[c] - back[c]) * share;
                }
            }
        }
        errors.swap(0, 1);
        errors[1].fill([0.0; D]);
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_levels(_: usize, x: [f32; 1]) -> (u16, [f32; 1]) {
        if x[0] > 0.5 { (1, [1.0]) } else { (0, [0.0]) }
    }

    #[test]
    fn a_flat_grey_comes_out_with_its_mean_kept() {
        for grey in [0.1f32, 0.25, 0.5, 0.8] {
            let read = |_: usize, line: &mut Vec<Option<[f32; 1]>>| line.extend([Some([grey]); 64]);
            let codes = floyd_steinberg((64, 64), [(-1.0, 2.0)], read, two_levels, &Control::unwatched()).unwrap();
            let mean = codes.iter().map(|&k| f32::from(k)).sum::<f32>() / 4096.0;
            assert!((mean - grey).abs() < 0.02, "{grey}: {mean}");
        }
    }

    #[test]
    fn the_weights_of_the_filter_are_those_of_the_paper_and_sum_to_one() {
        assert_eq!(FLOYD_STEINBERG.map(|(.., share)| (share * 16.0) as i32), [7, 3, 5, 1]);
        // By hand, row 0: .4 → 0, error .4, .175 to the right; .4 + .175 = .575 → 1, error −.425.
        let rows = [[0.4, 0.4], [0.0, 0.0]];
        let mut seen = Vec::new();
        let read = |r: usize, line: &mut Vec<Option<[f32; 1]>>| line.extend(rows[r].map(|x| Some([x])));
        let code = |i: usize, x: [f32; 1]| {
            seen.push(x[0]);
            two_levels(i, x)
        };
        floyd_steinberg((2, 2), [(-1.0, 2.0)], read, code, &Control::unwatched()).unwrap();
        let expected = [0.4, 0.575, 0.4 * 0.3125 - 0.425 * 0.1875];
        for (x, e) in seen.iter().zip(expected) {
            assert!((x - e).abs() < 1e-6, "{seen:?}");
        }
    }

    #[test]
    fn a_hole_takes_no_error_and_passes_none_on() {
        let read = |_: usize, line: &mut Vec<Option<[f32; 1]>>| line.extend([Some([0.4]), None, Some([0.4])]);
        let mut seen = Vec::new();
        let code = |i: usize, x: [f32; 1]| {
            seen.push((i, x[0]));
            two_levels(i, x)
        };
        floyd_steinberg((3, 1), [(-1.0, 2.0)], read, code, &Control::unwatched()).unwrap();
        assert_eq!(seen, [(0, 0.4), (2, 0.4)]);
    }
}
