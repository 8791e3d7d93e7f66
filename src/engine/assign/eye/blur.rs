//! Gaussian blurs of whole planes, across and then down, cut at three standard deviations.
//!
//! For errors, of which there are none beyond the edges, and for what goes on beyond them as it ends: the blur of the
//! metrics (`engine/metric/blur.rs`) divides by the weights that it has met, which a filter of errors must not.

use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// A Gaussian's taps from the middle outwards, of sum 1 over both sides.
#[derive(Clone, Debug)]
pub(super) struct Taps(pub(super) Vec<f32>);

impl Taps {
    /// `sigma` in samples.
    pub(super) fn new(sigma: f64) -> Self {
        let reach = (3.0 * sigma).ceil() as usize;
        let gaussian = |i: usize| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp();
        let sum = 1.0 + 2.0 * (1..=reach).map(gaussian).sum::<f64>();
        Self((0..=reach).map(|i| (gaussian(i) / sum) as f32).collect())
    }

    fn reach(&self) -> usize {
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

/// The blurred plane of so many samples; `row(y, out)` gives a row of what is blurred.
pub(super) fn blurred(
    row: &(impl Fn(usize, &mut [f32]) + Sync),
    (width, len): (usize, usize),
    taps: &Taps,
    beyond: Beyond,
) -> Vec<f32> {
    let (mut across, band) = (tasks::filled(0.0, len), BAND * width);
    tasks::map(across.chunks_mut(band), |i, out| widest(Across { row, first: i * BAND, width, taps, beyond, out }));
    let mut out = tasks::filled(0.0, len);
    tasks::map(out.chunks_mut(band), |i, out| {
        widest(Down { plane: &across, first: i * BAND, width, taps, beyond, out })
    });
    out
}

/// Adds what lies a tap's distance to both sides; `None`: nothing lies there.
#[inline(always)]
pub(super) fn add_tap(out: &mut [f32], tap: f32, sides: [Option<&[f32]>; 2]) {
    match sides {
        [Some(a), Some(b)] => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out += tap * (a + b);
            }
        }
        [Some(one), None] | [None, Some(one)] => out.iter_mut().zip(one).for_each(|(out, x)| *out += tap * x),
        [None, None] => {}
    }
}

struct Across<'a, R> {
    row: &'a R,
    first: usize,
    width: usize,
    taps: &'a Taps,
    beyond: Beyond,
    out: &'a mut [f32],
}

impl<R: Fn(usize, &mut [f32])> Kernel for Across<'_, R> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let (reach, width) = (self.taps.reach(), self.width);
        let mut wide = vec![0.0f32; width + 2 * reach];
        for (y, out) in self.out.chunks_mut(width).enumerate() {
            (self.row)(self.first + y, &mut wide[reach..reach + width]);
            if self.beyond == Beyond::Edge {
                let ends = (wide[reach], wide[reach + width - 1]);
                wide[..reach].fill(ends.0);
                wide[reach + width..].fill(ends.1);
            }
            out.iter_mut().zip(&wide[reach..]).for_each(|(out, x)| *out = self.taps.0[0] * x);
            for (i, &tap) in self.taps.0.iter().enumerate().skip(1) {
                add_tap(out, tap, [Some(&wide[reach - i..][..width]), Some(&wide[reach + i..][..width])]);
            }
        }
    }
}

struct Down<'a> {
    plane: &'a [f32],
    first: usize,
    width: usize,
    taps: &'a Taps,
    beyond: Beyond,
    out: &'a mut [f32],
}

impl Kernel for Down<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let last = (self.plane.len() / self.width) as isize - 1;
        let row = |y: isize| {
            let inside = y.clamp(0, last);
            let there = self.beyond == Beyond::Edge || inside == y;
            there.then(|| &self.plane[inside as usize * self.width..][..self.width])
        };
        for (y, out) in self.out.chunks_mut(self.width).enumerate() {
            let y = (self.first + y) as isize;
            out.iter_mut().zip(row(y).unwrap_or_default()).for_each(|(out, x)| *out = self.taps.0[0] * x);
            for (i, &tap) in self.taps.0.iter().enumerate().skip(1) {
                add_tap(out, tap, [row(y - i as isize), row(y + i as isize)]);
            }
        }
    }
}
