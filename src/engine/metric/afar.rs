//! Seen-from-afar PSNR: a photo against its reduction as an eye at a distance sees them.
//!
//! Both are blurred with a Gaussian of σ = 1.5 pixels in linear light, 0 to 1, as distance does; then
//! PSNR = −10·log10 mean(e²) over pixels and the three channels. Our own definition: it measures what
//! dither is for, the error that is left once neighbours have been averaged.
//!
//! Translucent pixels are laid over white first. Pixels with alpha 0 in the original, and what lies
//! beyond the edges, weigh nothing: they neither count nor lend their colour to their neighbours.
//! The blur being linear, it is the difference that is blurred. Cost: some 50 multiplications a
//! pixel, in bands shared by the cores and merged in order; a band keeps eleven rows.

use std::ops::Range;

use super::colour::over_white;
use super::squared::decibels;
use super::structure::sum_of_bands;
use crate::engine::colour::linear_from_srgb8;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Indexed;

const SIGMA: f64 = 1.5;
/// Taps on either side of the middle: beyond them lie 2.5 ten-thousandths of the Gaussian.
const REACH: usize = 5;
const SIDE: usize = 2 * REACH + 1;
/// Rows that one task compares.
const BAND_ROWS: usize = 128;
/// Three channels of the difference, and the weight of what they are the sum of.
const PLANES: usize = 4;

/// Compares a photo with an indexed picture of the same size; every code must be within the palette.
/// Infinite when all visible pixels are exact, or when there are none.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn psnr_afar(original: &[[u8; 4]], indexed: Indexed<'_>, control: &Control<'_>) -> Result<f64, Stopped> {
    let width = indexed.width;
    let height = original.len() / width.max(1);
    let light: [f32; 256] = std::array::from_fn(|v| linear_from_srgb8(v as u8));
    let entries: Vec<[f32; 3]> =
        indexed.palette.iter().map(|&c| over_white(c).map(|v| light[usize::from(v)])).collect();
    let rows = |y: usize, planes: &mut Planes| {
        for (i, (&c, k)) in original[y * width..(y + 1) * width].iter().zip(indexed.row(y)).enumerate() {
            let (x, y) = (over_white(c).map(|v| light[usize::from(v)]), entries[k]);
            let weight = if c[3] == 0 { 0.0 } else { 1.0 };
            for channel in 0..3 {
                planes[channel][i + REACH] = (x[channel] - y[channel]) * weight;
            }
            planes[3][i + REACH] = weight;
        }
    };
    let band = |range| Band::new((width, height)).sum(range, &rows, control);
    let (noise, pixels) = sum_of_bands(height, BAND_ROWS, band)?;
    Ok(decibels(1.0, noise / (3 * pixels.max(1)) as f64))
}

/// One row of each plane. Before it is blurred it has `REACH` zeros at both ends.
type Planes = [Vec<f32>; PLANES];

/// The middle tap and those beside it, outwards. Their sum is 1, which does not matter: each blurred
/// difference is divided by its blurred weight.
fn taps() -> [f32; REACH + 1] {
    let gaussian = |i: usize| (-((i * i) as f64) / (2.0 * SIGMA * SIGMA)).exp();
    let sum = 1.0 + 2.0 * (1..=REACH).map(gaussian).sum::<f64>();
    std::array::from_fn(|i| (gaussian(i) / sum) as f32)
}

/// One band's working rows: blurred across as they come, kept in a ring, then blurred down.
struct Band {
    size: (usize, usize),
    taps: [f32; REACH + 1],
    row: Planes,
    ring: Vec<Planes>,
    /// The weights of the rows in the ring before they were blurred.
    visible: Vec<Vec<f32>>,
}

impl Band {
    fn new((width, height): (usize, usize)) -> Self {
        let planes = |length: usize| -> Planes { std::array::from_fn(|_| vec![0.0; length]) };
        Self {
            size: (width, height),
            taps: taps(),
            row: planes(width + 2 * REACH),
            ring: (0..SIDE).map(|_| planes(width)).collect(),
            visible: vec![vec![0.0; width]; SIDE],
        }
    }

    /// The sum of squares over the band's rows, and how many pixels it is over.
    fn sum(
        mut self,
        range: Range<usize>,
        rows: &impl Fn(usize, &mut Planes),
        control: &Control<'_>,
    ) -> Result<(f64, u64), Stopped> {
        let (mut noise, mut pixels) = (0.0, 0);
        let mut blurred: Planes = std::array::from_fn(|_| vec![0.0; self.size.0]);
        // Rows are counted from REACH above the photo, so that none has a negative number.
        for y in range.start..range.end + 2 * REACH {
            self.take_row(y, rows);
            if y < range.start + 2 * REACH {
                continue;
            }
            if y % 16 == 0 {
                control.check()?;
            }
            for (plane, out) in blurred.iter_mut().enumerate() {
                self.blur_down(y - 2 * REACH, plane, out);
            }
            let (n, p) = tally(&blurred, &self.visible[(y - REACH) % SIDE]);
            noise += n;
            pixels += p;
        }
        Ok((noise, pixels))
    }

    /// Puts row y − REACH of the photo into the ring.
    fn take_row(&mut self, y: usize, rows: &impl Fn(usize, &mut Planes)) {
        let (width, height) = self.size;
        let (ring, visible) = (&mut self.ring[y % SIDE], &mut self.visible[y % SIDE]);
        if !(REACH..REACH + height).contains(&y) {
            ring.iter_mut().for_each(|plane| plane.fill(0.0));
            return;
        }
        rows(y - REACH, &mut self.row);
        visible.copy_from_slice(&self.row[PLANES - 1][REACH..REACH + width]);
        for (row, out) in self.row.iter().zip(ring) {
            for (out, near) in out.iter_mut().zip(row.windows(SIDE)) {
                *out = self.taps[0] * near[REACH]
                    + (1..=REACH).map(|i| self.taps[i] * (near[REACH - i] + near[REACH + i])).sum::<f32>();
            }
        }
    }

    /// The ring's rows from `first` on, blurred into the one in their middle.
    fn blur_down(&self, first: usize, plane: usize, out: &mut [f32]) {
        let row = |i: usize| self.ring[(first + i) % SIDE][plane].as_slice();
        let middle = row(REACH);
        out.iter_mut().zip(middle).for_each(|(out, v)| *out = self.taps[0] * v);
        for i in 1..=REACH {
            for ((out, above), below) in out.iter_mut().zip(row(REACH - i)).zip(row(REACH + i)) {
                *out += self.taps[i] * (above + below);
            }
        }
    }
}

/// Σ|e|² over a row's visible pixels, and how many they are.
fn tally([red, green, blue, weight]: &Planes, visible: &[f32]) -> (f64, u64) {
    let (mut noise, mut pixels) = (0.0, 0);
    for i in 0..visible.len() {
        if visible[i] > 0.0 {
            let squares = red[i] * red[i] + green[i] * green[i] + blue[i] * blue[i];
            noise += f64::from(squares / (weight[i] * weight[i]));
            pixels += 1;
        }
    }
    (noise, pixels)
}
