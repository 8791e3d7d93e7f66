//! Gaussian blurs of planes, separable, cut at three standard deviations.

use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// A Gaussian's taps from the middle outwards.
#[derive(Clone, Debug)]
pub(super) struct Taps(pub(super) Vec<f32>);

impl Taps {
    /// Of sum 1 over both sides.
    pub(super) fn new(sigma: f64) -> Self {
        let reach = (3.0 * sigma).ceil() as usize;
        let gaussian = |i: usize| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp();
        let sum = 1.0 + 2.0 * (1..=reach).map(gaussian).sum::<f64>();
        Self((0..=reach).map(|i| (gaussian(i) / sum) as f32).collect())
    }

    pub(super) fn reach(&self) -> usize {
        self.0.len() - 1
    }
}

/// What lies beyond the edges.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Beyond {
    /// Nothing: zeros.
    Zero,
    /// The sample at the edge.
    Edge,
}

/// Rows that one task works on.
const BAND: usize = 32;

/// The blurred plane.
pub(super) fn blurred(plane: &[f32], width: usize, taps: &Taps, beyond: Beyond) -> Vec<f32> {
    let mut across = vec![0.0; plane.len()];
    let band = BAND * width;
    tasks::map(across.chunks_mut(band).zip(plane.chunks(band)), |_, (out, rows)| {
        widest(Across { rows, width, taps, beyond, out })
    });
    let mut out = vec![0.0; plane.len()];
    tasks::map(out.chunks_mut(band), |i, out| {
        widest(Down { plane: &across, width, first: i * BAND, taps, beyond, out })
    });
    out
}

struct Across<'a> {
    rows: &'a [f32],
    width: usize,
    taps: &'a Taps,
    beyond: Beyond,
    out: &'a mut [f32],
}

impl Kernel for Across<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let reach = self.taps.reach();
        let mut wide = vec![0.0f32; self.width + 2 * reach];
        for (row, out) in self.rows.chunks(self.width).zip(self.out.chunks_mut(self.width)) {
            wide[reach..reach + self.width].copy_from_slice(row);
            if self.beyond == Beyond::Edge {
                wide[..reach].fill(row[0]);
                wide[reach + self.width..].fill(row[self.width - 1]);
            }
            let tap = self.taps.0[0];
            out.iter_mut().zip(row).for_each(|(out, x)| *out = tap * x);
            for (i, tap) in self.taps.0.iter().enumerate().skip(1) {
                let (left, right) = (&wide[reach - i..][..self.width], &wide[reach + i..][..self.width]);
                for ((out, l), r) in out.iter_mut().zip(left).zip(right) {
                    *out += tap * (l + r);
                }
            }
        }
    }
}

struct Down<'a> {
    plane: &'a [f32],
    width: usize,
    first: usize,
    taps: &'a Taps,
    beyond: Beyond,
    out: &'a mut [f32],
}

impl Kernel for Down<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let height = self.plane.len() / self.width;
        let row = |y: isize| {
            let inside = y.clamp(0, height as isize - 1);
            let there = self.beyond == Beyond::Edge || inside == y;
            there.then(|| &self.plane[inside as usize * self.width..][..self.width])
        };
        for (y, out) in self.out.chunks_mut(self.width).enumerate() {
            let y = (self.first + y) as isize;
            let (middle, tap) = (&self.plane[y as usize * self.width..][..self.width], self.taps.0[0]);
            out.iter_mut().zip(middle).for_each(|(out, x)| *out = tap * x);
            for (i, tap) in self.taps.0.iter().enumerate().skip(1) {
                match (row(y - i as isize), row(y + i as isize)) {
                    (Some(above), Some(below)) => {
                        for ((out, a), b) in out.iter_mut().zip(above).zip(below) {
                            *out += tap * (a + b);
                        }
                    }
                    (Some(one), None) | (None, Some(one)) => {
                        out.iter_mut().zip(one).for_each(|(out, x)| *out += tap * x);
                    }
                    (None, None) => {}
                }
            }
        }
    }
}
