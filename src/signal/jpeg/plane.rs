//! A channel of a photo as blocks of 8 × 8 frequencies and back: the type-II DCT of T.81 §A.3.3, made
//! orthonormal as the standard has it, so that errors of frequencies are errors of pixels.

use std::sync::LazyLock;

use rayon::prelude::*;

use super::cells::{CELLS, SIDE};
use super::rounding::rounded;
use crate::engine::control::{Control, Stopped};
use crate::engine::quantized::Quantized;

/// One channel of a photo as the DCT coefficients of its blocks.
#[derive(Debug)]
pub struct Plane {
    /// Width and height of the photo.
    photo: (usize, usize),
    /// Width and height of this channel: half the photo's where it is halved.
    size: (usize, usize),
    halved: bool,
    /// Blocks in a row.
    pub across: usize,
    /// Rows of blocks.
    pub down: usize,
    /// Row f, column b: frequency f of block b.
    frequencies: Vec<[f32; 1]>,
}

impl Plane {
    /// Memory of the frequencies, in bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.frequencies.as_slice())
    }

    /// `in_pairs`: blocks come in squares of 2 × 2, as wherever another channel is halved. Beyond the edges
    /// blocks are filled up with the pixels at the edge.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn new(
        photo: (usize, usize),
        in_pairs: bool,
        halved: bool,
        pixel: impl Fn(usize) -> f32 + Sync,
        control: &Control<'_>,
    ) -> Result<Self, Stopped> {
        let half = |n: usize| if halved { n.div_ceil(2) } else { n };
        let size = (half(photo.0), half(photo.1));
        let pair = if in_pairs && !halved { 2 } else { 1 };
        let blocks = |n: usize| n.div_ceil(SIDE * pair) * pair;
        let mut plane =
            Self { photo, size, halved, across: blocks(size.0), down: blocks(size.1), frequencies: Vec::new() };
        if photo.0 == 0 || photo.1 == 0 {
            return Ok(plane);
        }
        let at = |x: usize, y: usize| pixel(y.min(photo.1 - 1) * photo.0 + x.min(photo.0 - 1));
        let sample = |x: usize, y: usize| {
            let (x, y) = (x.min(size.0 - 1), y.min(size.1 - 1));
            match halved {
                false => at(x, y),
                true => {
                    (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4.0
                }
            }
        };
        let transform = |b: usize| {
            let (left, top) = (b % plane.across * SIDE, b / plane.across * SIDE);
            transformed(&WAVES, &std::array::from_fn(|i| sample(left + i % SIDE, top + i / SIDE)))
        };
        let blocks: Vec<[f32; CELLS]> = (0..plane.blocks()).into_par_iter().map(transform).collect();
        control.check()?;
        plane.frequencies = (0..CELLS).into_par_iter().flat_map_iter(|f| blocks.iter().map(move |b| [b[f]])).collect();
        Ok(plane)
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        self.across * self.down
    }

    /// The rows of the frequencies, lowest first.
    pub fn rows(&self) -> impl Iterator<Item = &[[f32; 1]]> {
        self.frequencies.chunks(self.blocks().max(1))
    }

    /// The frequencies of the block at a column and row of blocks, row by row from the lowest.
    pub fn frequencies_of(&self, column: usize, row: usize) -> [f32; CELLS] {
        let block = row * self.across + column;
        std::array::from_fn(|f| self.frequencies[f * self.blocks() + block][0])
    }

    /// The frequencies as whole multiples of their steps: one row a frequency, one code a block.
    pub fn rounded(&self, steps: &[u16; CELLS]) -> Quantized<1> {
        rounded(&self.frequencies, self.blocks(), steps)
    }

    /// The channel of the whole photo again.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn pixels(&self, coded: &Quantized<1>, control: &Control<'_>) -> Result<Vec<f32>, Stopped> {
        let frequencies = coded.decode();
        let blocks = self.blocks();
        let (width, height) = self.size;
        let mut out = vec![0.0; width * height];
        out.par_chunks_mut((width * SIDE).max(1)).enumerate().try_for_each(|(row, out)| {
            control.check()?;
            for column in 0..width.div_ceil(SIDE) {
                let block = row * self.across + column;
                let pixels = transformed(&BACK, &std::array::from_fn(|f| frequencies[f * blocks + block][0]));
                let visible = SIDE.min(width - column * SIDE);
                for (line, pixels) in out.chunks_mut(width).zip(pixels.chunks(SIDE)) {
                    line[column * SIDE..][..visible].copy_from_slice(&pixels[..visible]);
                }
            }
            Ok(())
        })?;
        Ok(if self.halved { self.doubled(&out) } else { out })
    }

    /// Twice the size, interpolated: a sample lies in the middle of the four pixels it stands for.
    fn doubled(&self, small: &[f32]) -> Vec<f32> {
        let (width, height) = self.photo;
        let near = |i: usize, n: usize| {
            let other = if i.is_multiple_of(2) { (i / 2).saturating_sub(1) } else { i / 2 + 1 };
            (i / 2, other.min(n - 1))
        };
        let mut out = vec![0.0; width * height];
        out.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, line)| {
            let (own, other) = near(y, self.size.1);
            let down = |x: usize| 0.75 * small[own * self.size.0 + x] + 0.25 * small[other * self.size.0 + x];
            for (x, out) in line.iter_mut().enumerate() {
                let (own, other) = near(x, self.size.0);
                *out = 0.75 * down(own) + 0.25 * down(other);
            }
        });
        out
    }
}

/// The orthonormal cosines: row k is the wave of frequency k.
static WAVES: LazyLock<[[f32; SIDE]; SIDE]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        std::array::from_fn(|n| {
            let norm = if k == 0 { 1.0 / SIDE as f64 } else { 2.0 / SIDE as f64 }.sqrt();
            let angle = std::f64::consts::PI * k as f64 * (2 * n + 1) as f64 / (2 * SIDE) as f64;
            (norm * angle.cos()) as f32
        })
    })
});

static BACK: LazyLock<[[f32; SIDE]; SIDE]> =
    LazyLock::new(|| std::array::from_fn(|r| std::array::from_fn(|c| WAVES[c][r])));

/// m · block · mᵀ.
fn transformed(m: &[[f32; SIDE]; SIDE], block: &[f32; CELLS]) -> [f32; CELLS] {
    let rows: [f32; CELLS] =
        std::array::from_fn(|i| (0..SIDE).map(|n| block[i / SIDE * SIDE + n] * m[i % SIDE][n]).sum());
    std::array::from_fn(|i| (0..SIDE).map(|n| m[i / SIDE][n] * rows[n * SIDE + i % SIDE]).sum())
}

/// Pixels of a block of these frequencies.
pub fn pixels_of(frequencies: &[f32; CELLS]) -> [f32; CELLS] {
    transformed(&BACK, frequencies)
}

/// What one frequency looks like: its wave across and down, at size 1.
pub fn wave(frequency: usize) -> [f32; CELLS] {
    pixels_of(&std::array::from_fn(|f| if f == frequency { 1.0 } else { 0.0 }))
}
