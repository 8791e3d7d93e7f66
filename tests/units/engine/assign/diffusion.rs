use quantscope::engine::assign::codes::{How, assign};
use quantscope::engine::assign::diffusion::Diffusion;
use quantscope::engine::assign::kernel::KernelName;
use quantscope::engine::assign::rows::{Rows, Sample};
use quantscope::engine::control::Control;

/// Rows of greys between two levels, 0 and 1, and the corrected values in the order in which they are coded, with
/// their places: each sample has a list of its own.
struct Greys<'a> {
    rows: &'a [&'a [Option<f32>]],
    seen: Vec<(usize, f32)>,
}

impl Rows<1> for Greys<'_> {
    fn size(&self) -> (usize, usize) {
        (self.rows[0].len(), self.rows.iter().map(|row| row.len()).sum())
    }

    fn lists(&self) -> (usize, usize) {
        self.size()
    }

    fn levels(&self, _: u32) -> impl Iterator<Item = [f32; 1]> {
        [[0.0], [1.0]].into_iter()
    }

    fn sample(&self, i: usize) -> Option<Sample<1>> {
        let width = self.rows[0].len();
        self.rows[i / width][i % width].map(|x| Sample { value: [x], list: i as u32 })
    }

    fn nearest(&self, _: u32, [x]: [f32; 1]) -> (u16, [f32; 1]) {
        if x > 0.5 { (1, [1.0]) } else { (0, [0.0]) }
    }

    fn nearest_next(&mut self, list: u32, x: [f32; 1]) -> (u16, [f32; 1]) {
        self.seen.push((list as usize, x[0]));
        self.nearest(list, x)
    }
}

fn every_way() -> impl Iterator<Item = Diffusion> {
    let both = |kernel| [false, true].map(|serpentine| Diffusion { serpentine, ..Diffusion::classic(kernel) });
    KernelName::ALL.into_iter().flat_map(both)
}

/// The codes, and the corrected values.
fn coded(rows: &[&[Option<f32>]], diffusion: &Diffusion) -> (Vec<u16>, Vec<(usize, f32)>) {
    let mut greys = Greys { rows, seen: Vec::new() };
    let codes = assign(&mut greys, How::Diffusion(*diffusion), &Control::unwatched()).unwrap();
    (codes, greys.seen)
}

fn seen(rows: &[&[Option<f32>]], diffusion: &Diffusion) -> Vec<(usize, f32)> {
    coded(rows, diffusion).1
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
            let codes = coded(&[&[Some(grey); 64][..]; 64], &diffusion).0;
            let mean = codes.iter().map(|&k| f32::from(k)).sum::<f32>() / 4096.0;
            // Atkinson's kernel trades the mean for contrast: darks get darker, lights lighter.
            let within = if diffusion.kernel == KernelName::Atkinson { 0.11 } else { 0.025 };
            assert!((mean - grey).abs() < within, "{diffusion:?} {grey}: {mean}");
        }
    }
}

#[test]
fn errors_go_where_the_kernel_says() {
    // Row 0: .4 → 0, error .4, .175 to the right; .4 + .175 = .575 → 1, error −.425.
    let rows: [&[Option<f32>]; 2] = [&[Some(0.4), Some(0.4)], &[Some(0.0), Some(0.0)]];
    let found = seen(&rows, &Diffusion::classic(KernelName::FloydSteinberg));
    let below = 0.4 * 0.3125 - 0.425 * 0.1875;
    let last = 0.4 * 0.0625 - 0.425 * 0.3125 + below * 0.4375;
    close(&found, &[(0, 0.4), (1, 0.575), (2, below), (3, last)]);
}

#[test]
fn a_serpentine_walks_odd_rows_backwards_with_the_kernel_mirrored() {
    let rows: [&[Option<f32>]; 3] = [&[Some(0.4), Some(0.4)], &[Some(0.0), Some(0.0)], &[Some(0.0), Some(0.0)]];
    let found = seen(&rows, &Diffusion { serpentine: true, ..Diffusion::classic(KernelName::FloydSteinberg) });
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
    let found = seen(&rows, &Diffusion::classic(KernelName::Atkinson));
    close(&found, &[(0, 0.4), (1, 0.05), (2, 0.05 + 0.05 / 8.0)]);
}

#[test]
fn strength_is_the_share_that_is_passed_on_and_none_is_no_dither() {
    let rows: [&[Option<f32>]; 1] = [&[Some(0.4), Some(0.4), Some(0.4)]];
    let with = |strength| seen(&rows, &Diffusion { strength, ..Diffusion::classic(KernelName::FloydSteinberg) });
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
    assert_eq!(seen(&beside, &Diffusion::classic(KernelName::FloydSteinberg)), [(0, 0.4), (2, 0.4)]);
}

#[test]
fn a_last_row_that_is_short_is_walked_from_its_own_end() {
    let rows: [&[Option<f32>]; 2] = [&[Some(0.0), Some(0.0), Some(0.0)], &[Some(0.4), Some(0.4)]];
    let found = seen(&rows, &Diffusion { serpentine: true, ..Diffusion::classic(KernelName::FloydSteinberg) });
    close(&found, &[(0, 0.0), (1, 0.0), (2, 0.0), (4, 0.4), (3, 0.575)]);
}

#[test]
fn errors_that_no_level_can_mend_do_not_pile_up() {
    for diffusion in every_way() {
        // Forty samples that no level reaches, then one that is a level.
        let samples: Vec<Option<f32>> = std::iter::repeat_n(Some(1.9), 40).chain([Some(0.0)]).collect();
        let found = seen(&[&samples], &diffusion);
        assert!(found.iter().all(|(_, x)| *x <= 1.0), "{diffusion:?} {found:?}");
    }
}
