//! SSIM: how alike two pictures are in local brightness, contrast and structure.
//!
//! SSIM = mean over windows of (2μxμy + C1)(2σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)), with an
//! 11 × 11 Gaussian window of σ = 1.5, C1 = (0.01·255)², C2 = (0.03·255)², on luma of 0 to 255, over
//! the windows that lie wholly inside the picture; a picture smaller than the window gets a window
//! of its own size. Cost: some 90 multiplications a pixel.
//! Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment", IEEE Trans. Image Proc. 13 (2004).

use std::ops::Range;

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};

const SIDE: usize = 11;
const SIGMA: f64 = 1.5;
const C1: f32 = (0.01 * 255.0) * (0.01 * 255.0);
const C2: f32 = (0.03 * 255.0) * (0.03 * 255.0);
/// Rows of windows that one task measures.
const BAND: usize = 64;

/// SSIM of two lumas (0 to 255) laid out in rows of `width`.
pub fn ssim(a: &[f32], b: &[f32], width: usize) -> f64 {
    let height = a.len() / width.max(1);
    let rows = |y: usize, x: &mut [f32], z: &mut [f32], _: &mut [bool]| {
        x.copy_from_slice(&a[y * width..(y + 1) * width]);
        z.copy_from_slice(&b[y * width..(y + 1) * width]);
    };
    ssim_of_rows((width, height), rows, &Control::unwatched()).unwrap_or(1.0)
}

/// SSIM of pictures that are handed over row by row: `rows(y, a, b, hidden)` fills in both lumas and
/// marks the pixels (unmarked before) whose windows do not count. 1 when none count.
pub(super) fn ssim_of_rows(
    (width, height): (usize, usize),
    rows: impl Fn(usize, &mut [f32], &mut [f32], &mut [bool]) + Sync,
    control: &Control<'_>,
) -> Result<f64, Stopped> {
    if width == 0 || height == 0 {
        return Ok(1.0);
    }
    let across = taps(SIDE.min(width));
    let down = taps(SIDE.min(height));
    let windows = height + 1 - down.len();
    let (sum, count) = sum_of_bands(windows, BAND, |range| {
        control.check()?;
        Ok(widest(BandSum { band: Band::new(width, &across, &down), range, rows: &rows }))
    })?;
    Ok(if count == 0 { 1.0 } else { sum / count as f64 })
}

/// A sum and how many it is over, of bands of so many rows, which the cores share; added up in their order.
pub(super) fn sum_of_bands(
    rows: usize,
    band: usize,
    sum: impl Fn(Range<usize>) -> Result<(f64, u64), Stopped> + Sync,
) -> Result<(f64, u64), Stopped> {
    let bands = (0..rows.div_ceil(band)).into_par_iter();
    let sums: Vec<_> = bands.map(|k| sum(k * band..((k + 1) * band).min(rows))).collect::<Result<_, _>>()?;
    Ok(sums.into_iter().fold((0.0, 0), |(sum, count), (s, n)| (sum + s, count + n)))
}

fn taps(side: usize) -> Vec<f32> {
    let middle = (side - 1) as f64 / 2.0;
    let raw: Vec<f64> = (0..side).map(|i| (-(i as f64 - middle).powi(2) / (2.0 * SIGMA * SIGMA)).exp()).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|t| (t / sum) as f32).collect()
}

/// The four local means that SSIM needs: of x, y, x² + y² and xy.
type Maps = [Vec<f32>; 4];

/// One band's working rows: filtered across as they come, kept in a ring, then filtered down.
struct Band<'a> {
    width: usize,
    across: &'a [f32],
    down: &'a [f32],
    ring: Vec<Maps>,
    hidden: Vec<Vec<bool>>,
}

struct BandSum<'a, F> {
    band: Band<'a>,
    range: Range<usize>,
    rows: &'a F,
}

impl<F: Fn(usize, &mut [f32], &mut [f32], &mut [bool])> Kernel for BandSum<'_, F> {
    type Out = (f64, u64);

    #[inline(always)]
    fn run(self) -> (f64, u64) {
        self.band.sum(self.range, self.rows)
    }
}

/// Columns that are filtered together: their sums stay in registers.
const COLUMNS: usize = 32;

/// out[i] = Σ taps[k] · row(k)[i]; every row is as long as `out`.
#[inline(always)]
fn filter<'a>(out: &mut [f32], taps: &[f32], row: impl Fn(usize) -> &'a [f32]) {
    let whole = out.len() / COLUMNS * COLUMNS;
    for start in (0..whole).step_by(COLUMNS) {
        let mut sums = [0.0f32; COLUMNS];
        for (k, &tap) in taps.iter().enumerate() {
            let row = &row(k)[start..start + COLUMNS];
            sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += tap * v);
        }
        out[start..start + COLUMNS].copy_from_slice(&sums);
    }
    for (i, out) in out.iter_mut().enumerate().skip(whole) {
        *out = taps.iter().enumerate().map(|(k, tap)| tap * row(k)[i]).sum();
    }
}

impl<'a> Band<'a> {
    fn new(width: usize, across: &'a [f32], down: &'a [f32]) -> Self {
        let out = width + 1 - across.len();
        let row = || std::array::from_fn(|_| vec![0.0; out]);
        Self {
            width,
            across,
            down,
            ring: (0..down.len()).map(|_| row()).collect(),
            hidden: vec![vec![false; width]; down.len()],
        }
    }

    #[inline(always)]
    fn sum(mut self, windows: Range<usize>, rows: &impl Fn(usize, &mut [f32], &mut [f32], &mut [bool])) -> (f64, u64) {
        let side = self.down.len();
        let mut scratch: Maps = std::array::from_fn(|_| vec![0.0; self.width]);
        let mut means: Maps = std::array::from_fn(|_| vec![0.0; self.width + 1 - self.across.len()]);
        let (mut sum, mut count) = (0.0, 0);
        for y in windows.start..windows.end + side - 1 {
            self.take_row(y, &mut scratch, rows);
            if y + 1 < windows.start + side {
                continue;
            }
            let first = y + 1 - side;
            for (m, mean) in means.iter_mut().enumerate() {
                filter(mean, self.down, |k| &self.ring[(first + k) % side][m]);
            }
            let hidden = &self.hidden[(first + (side - 1) / 2) % side];
            let hidden = &hidden[(self.across.len() - 1) / 2..];
            let (s, n) = window_sum(&means, hidden);
            sum += s;
            count += n;
        }
        (sum, count)
    }

    #[inline(always)]
    fn take_row(&mut self, y: usize, scratch: &mut Maps, rows: &impl Fn(usize, &mut [f32], &mut [f32], &mut [bool])) {
        let slot = y % self.down.len();
        self.hidden[slot].fill(false);
        let [x, z, squares, product] = &mut *scratch;
        rows(y, x, z, &mut self.hidden[slot]);
        for i in 0..self.width {
            squares[i] = x[i] * x[i] + z[i] * z[i];
            product[i] = x[i] * z[i];
        }
        for (out, map) in self.ring[slot].iter_mut().zip(&*scratch) {
            let length = out.len();
            filter(out, self.across, |k| &map[k..k + length]);
        }
    }
}

#[inline(always)]
fn window_sum(means: &Maps, hidden: &[bool]) -> (f64, u64) {
    let [x, y, squares, product] = means;
    let (mut values, mut count) = ([0.0f32; COLUMNS], 0);
    for i in 0..x.len() {
        let (mx, my) = (x[i], y[i]);
        let (mxy, m2) = (mx * my, mx * mx + my * my);
        let covariance = product[i] - mxy;
        let variances = (squares[i] - m2).max(0.0);
        let value = (2.0 * mxy + C1) * (2.0 * covariance + C2) / ((m2 + C1) * (variances + C2));
        values[i % COLUMNS] += if hidden[i] { 0.0 } else { value };
        count += u64::from(!hidden[i]);
    }
    (values.iter().map(|&v| f64::from(v)).sum(), count)
}
