//! A Gaussian blur of several planes at once, in bands of rows that the cores share: what lies beyond the edges, and
//! what has no weight, is left out of the mean, so that it lends nothing to its neighbours.
//!
//! The planes hold values times the weight of their pixel, the last plane the weight itself; both are blurred, and
//! their quotient is the mean that is looked for. Cost: 2·(`REACH` + 1) multiplications a pixel and plane; a band keeps
//! 2·`REACH` + 1 rows.

use std::ops::Range;

use crate::engine::control::{Control, Stopped};

/// Rows that one task blurs.
pub(super) const BAND_ROWS: usize = 128;

/// One row of each plane, the last of them its weights.
pub(super) type Planes<const PLANES: usize> = [Vec<f32>; PLANES];

/// The middle tap and those beside it, outwards. Their sum is 1, which does not matter: each blurred value is divided by
/// its blurred weight.
struct Taps<const REACH: usize> {
    middle: f32,
    beside: [f32; REACH],
}

impl<const REACH: usize> Taps<REACH> {
    fn new(sigma: f64) -> Self {
        let gaussian = |i: usize| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp();
        let sum = 1.0 + 2.0 * (1..=REACH).map(gaussian).sum::<f64>();
        Self { middle: (1.0 / sum) as f32, beside: std::array::from_fn(|i| (gaussian(i + 1) / sum) as f32) }
    }
}

/// One band's working rows: blurred across as they come, kept in a ring, then blurred down.
pub(super) struct Band<const PLANES: usize, const REACH: usize> {
    size: (usize, usize),
    taps: Taps<REACH>,
    /// The row that comes, with `REACH` zeros at both ends.
    row: Planes<PLANES>,
    ring: Vec<Planes<PLANES>>,
    /// The weights of the rows in the ring before they were blurred.
    visible: Vec<Vec<f32>>,
}

impl<const PLANES: usize, const REACH: usize> Band<PLANES, REACH> {
    const SIDE: usize = 2 * REACH + 1;

    /// For a picture of this width and height; `sigma` in pixels.
    pub(super) fn new((width, height): (usize, usize), sigma: f64) -> Self {
        let planes = |length: usize| -> Planes<PLANES> { std::array::from_fn(|_| vec![0.0; length]) };
        Self {
            size: (width, height),
            taps: Taps::new(sigma),
            row: planes(width + 2 * REACH),
            ring: (0..Self::SIDE).map(|_| planes(width)).collect(),
            visible: vec![vec![0.0; width]; Self::SIDE],
        }
    }

    /// Hands each blurred row of the range to `take`, with its weights before the blur. `rows(y, planes)` fills in the
    /// row y of every plane.
    pub(super) fn blur(
        mut self,
        range: Range<usize>,
        rows: &impl Fn(usize, [&mut [f32]; PLANES]),
        control: &Control<'_>,
        mut take: impl FnMut(&Planes<PLANES>, &[f32]),
    ) -> Result<(), Stopped> {
        let mut blurred: Planes<PLANES> = std::array::from_fn(|_| vec![0.0; self.size.0]);
        // Rows are counted from REACH above the picture, so that none has a negative number.
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
            take(&blurred, &self.visible[(y - REACH) % Self::SIDE]);
        }
        Ok(())
    }

    /// Puts row y − REACH of the picture into the ring.
    fn take_row(&mut self, y: usize, rows: &impl Fn(usize, [&mut [f32]; PLANES])) {
        let (width, height) = self.size;
        let (ring, visible) = (&mut self.ring[y % Self::SIDE], &mut self.visible[y % Self::SIDE]);
        if !(REACH..REACH + height).contains(&y) {
            ring.iter_mut().for_each(|plane| plane.fill(0.0));
            return;
        }
        rows(y - REACH, self.row.each_mut().map(|plane| &mut plane[REACH..REACH + width]));
        visible.copy_from_slice(&self.row[PLANES - 1][REACH..REACH + width]);
        let Taps { middle, beside } = &self.taps;
        for (row, out) in self.row.iter().zip(ring) {
            for (out, near) in out.iter_mut().zip(row.windows(Self::SIDE)) {
                *out = middle * near[REACH]
                    + (1..=REACH).map(|i| beside[i - 1] * (near[REACH - i] + near[REACH + i])).sum::<f32>();
            }
        }
    }

    /// The ring's rows from `first` on, blurred into the one in their middle.
    fn blur_down(&self, first: usize, plane: usize, out: &mut [f32]) {
        let row = |i: usize| self.ring[(first + i) % Self::SIDE][plane].as_slice();
        out.iter_mut().zip(row(REACH)).for_each(|(out, v)| *out = self.taps.middle * v);
        for i in 1..=REACH {
            for ((out, above), below) in out.iter_mut().zip(row(REACH - i)).zip(row(REACH + i)) {
                *out += self.taps.beside[i - 1] * (above + below);
            }
        }
    }
}
