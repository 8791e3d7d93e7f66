//! The modified discrete cosine transform: overlapping frames of 2N samples become N frequencies each, and
//! come back without loss, because what one frame folds over the next one folds back.
//!
//! X_k = √(2/N)·Σ w_n·x_n·cos(π/N·(n + ½ + N/2)·(k + ½)), n < 2N, with the sine window
//! w_n = sin(π(n + ½)/2N), for which w_n² + w_{n+N}² = 1. The transform is orthonormal: squared errors of
//! frequencies are squared errors of samples. Cost: a Fourier transform of 2N a frame. Sources: Princen
//! and Bradley, "Analysis/synthesis filter bank design based on time domain aliasing cancellation" (1986);
//! Princen, Johnson and Bradley (1987).

use std::f64::consts::PI;

use super::fourier::{Complex, Fourier, times, turn};

/// Frequencies of a frame, and samples from one frame to the next.
pub const LINES: usize = 512;

/// The transform for one length of frame, with its window and tables.
#[derive(Debug)]
pub struct Mdct {
    lines: usize,
    window: Vec<f64>,
    fourier: Fourier,
}

impl Mdct {
    /// `lines` is a power of two.
    pub fn new(lines: usize) -> Self {
        let n = 2 * lines;
        let window = (0..n).map(|i| (PI * (i as f64 + 0.5) / n as f64).sin()).collect();
        Self { lines, window, fourier: Fourier::new(n) }
    }

    /// Frames of a sound of `samples`: one more than it fills, so that every sample lies in two.
    pub fn frames(&self, samples: usize) -> usize {
        samples.div_ceil(self.lines) + 1
    }

    /// All frames, one after another; silence before the start and after the end.
    pub fn forward(&self, samples: &[f32]) -> Vec<f32> {
        let n = self.lines;
        let at = |i: usize| i.checked_sub(n).and_then(|i| samples.get(i)).map_or(0.0, |x| f64::from(*x));
        let scale = (2.0 / n as f64).sqrt();
        let mut out = Vec::with_capacity(self.frames(samples.len()) * n);
        let mut work = vec![(0.0, 0.0); 2 * n];
        for frame in 0..self.frames(samples.len()) {
            for (i, slot) in work.iter_mut().enumerate() {
                let x = self.window[i] * at(frame * n + i);
                *slot = times((x, 0.0), turn(-PI * i as f64 / (2 * n) as f64));
            }
            self.fourier.transform(&mut work);
            out.extend((0..n).map(|k| (scale * times(work[k], turn(-self.lag() * (k as f64 + 0.5))).0) as f32));
        }
        out
    }

    /// The `samples` that these frames stand for.
    pub fn back(&self, frequencies: &[f32], samples: usize) -> Vec<f32> {
        let n = self.lines;
        let scale = (2.0 / n as f64).sqrt();
        let mut out = vec![0.0f64; (self.frames(samples) + 1) * n];
        let mut work: Vec<Complex> = vec![(0.0, 0.0); 2 * n];
        for (frame, lines) in frequencies.chunks_exact(n).take(self.frames(samples)).enumerate() {
            // The conjugate of a transform turns the other way: Σ X_k·e^(+i…) is wanted.
            work.fill((0.0, 0.0));
            for (k, (slot, x)) in work.iter_mut().zip(lines).enumerate() {
                *slot = times((f64::from(*x), 0.0), turn(-self.lag() * k as f64));
            }
            self.fourier.transform(&mut work);
            for (i, slot) in work.iter().enumerate() {
                let angle = -PI * (i as f64 + self.middle()) / (2 * n) as f64;
                out[frame * n + i] += scale * self.window[i] * times(*slot, turn(angle)).0;
            }
        }
        out[n..n + samples].iter().map(|x| *x as f32).collect()
    }

    /// ½ + N/2: where the cosines' phase is counted from.
    fn middle(&self) -> f64 {
        0.5 + self.lines as f64 / 2.0
    }

    fn lag(&self) -> f64 {
        PI * self.middle() / self.lines as f64
    }
}
