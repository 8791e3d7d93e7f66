//! How alike the pixels of a photo are that stand side by side: counts of (a pixel, the one to its right) in a square
//! of 64 × 64 cells, and Pearson's correlation r of their lumas (8-bit codes, Rec. 709). Cost: one pass.
//!
//! With the pixels shuffled, all colours are still there, and no neighbours are alike any more.

use std::sync::Arc;

use crate::engine::colour::luma_from_srgb8;
use crate::engine::control::{Control, Stopped};
use crate::engine::indexed::Indexed;
use crate::engine::random::Random;
use crate::picture::image::Image;
use crate::picture::{Picture, colourmap};
use crate::run::photo;
use crate::spec::FittedPalette;

/// Cells a side of the square.
pub const CELLS: usize = 64;
/// Pairs whose lumas are so close are called alike.
pub const ALIKE: f32 = 8.0;

/// Which pixels are paired, and what is done to the photo before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pairs {
    /// To the right, in pixels.
    pub distance: u32,
    /// Pixels shuffled by this seed.
    pub shuffled: Option<u64>,
    /// The pixels under a palette of so many colours.
    pub colors: Option<u16>,
}

/// How alike the pixels of the pairs are.
#[derive(Debug)]
pub struct Neighbours {
    /// What was asked for.
    pub pairs: Pairs,
    /// How many pairs there are.
    pub count: u64,
    /// r; 0 where all pixels are the same.
    pub correlation: f64,
    /// Share of pairs at most [`ALIKE`] apart, 0 to 1.
    pub alike: f64,
    /// How many pairs are where: a pixel's luma to the right, its neighbour's upwards, the count's logarithm as colour.
    pub square: Arc<Picture>,
    /// The pixels as they were paired.
    pub picture: Arc<Picture>,
}

/// Pairs each pixel with the one `pairs.distance` to its right and measures how alike they are.
///
/// # Errors
/// `Stopped` when the work was cancelled.
pub fn neighbours(image: &Arc<Image>, pairs: Pairs, control: &Control<'_>) -> Result<Neighbours, Stopped> {
    let image = match pairs.colors {
        Some(colors) => Arc::new(reduced(image, colors, control)?),
        None => image.clone(),
    };
    let shown = match pairs.shuffled {
        Some(seed) => Arc::new(shuffled(&image, seed)),
        None => image,
    };
    control.check()?;
    let width = shown.width.max(1) as usize;
    let distance = (pairs.distance.max(1) as usize).min(width - 1);
    let mut counts = vec![0u64; CELLS * CELLS];
    let (mut sums, mut alike) = (Sums::default(), 0u64);
    for row in shown.rgba.chunks_exact(width) {
        control.check()?;
        let luma: Vec<f32> = row.iter().map(|&[r, g, b, _]| luma_from_srgb8([r, g, b])).collect();
        for (&a, &b) in luma.iter().zip(&luma[distance..]) {
            sums.add(f64::from(a), f64::from(b));
            alike += u64::from((a - b).abs() <= ALIKE);
            counts[(CELLS - 1 - cell(b)) * CELLS + cell(a)] += 1;
        }
    }
    Ok(Neighbours {
        pairs,
        count: sums.n as u64,
        correlation: sums.correlation(),
        alike: alike as f64 / sums.n.max(1.0),
        square: Arc::new(square(&counts)),
        picture: Arc::new(Picture::new_rgba(shown)),
    })
}

fn cell(luma: f32) -> usize {
    ((luma / 256.0 * CELLS as f32) as usize).min(CELLS - 1)
}

fn square(counts: &[u64]) -> Picture {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let code = |&n: &u64| (255.0 * (n as f32).ln_1p() / most.ln_1p()) as u8;
    Picture::of_scale(CELLS as u32, CELLS as u32, counts.iter().map(code).collect(), &colourmap::sequential())
}

fn reduced(image: &Image, colors: u16, control: &Control<'_>) -> Result<Image, Stopped> {
    let reduction = photo::quantize(image, &FittedPalette::new(colors).into(), control)?;
    let (width, palette) = (image.width as usize, &reduction.palette);
    let pixels = Indexed { width, codes: &reduction.codes, palette, tiles: reduction.tiles };
    Ok(Image::new(image.width, image.height, pixels.pixels().collect()))
}

/// By Fisher and Yates.
fn shuffled(image: &Image, seed: u64) -> Image {
    let mut random = Random::seeded(seed);
    let mut rgba = image.rgba.to_vec();
    for last in (1..rgba.len()).rev() {
        rgba.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
    Image::new(image.width, image.height, rgba)
}

#[derive(Default)]
struct Sums {
    n: f64,
    a: f64,
    b: f64,
    aa: f64,
    bb: f64,
    ab: f64,
}

impl Sums {
    fn add(&mut self, a: f64, b: f64) {
        self.n += 1.0;
        self.a += a;
        self.b += b;
        self.aa += a * a;
        self.bb += b * b;
        self.ab += a * b;
    }

    fn correlation(&self) -> f64 {
        let n = self.n.max(1.0);
        let of = |xy: f64, x: f64, y: f64| xy / n - x / n * (y / n);
        let spread = (of(self.aa, self.a, self.a) * of(self.bb, self.b, self.b)).max(0.0).sqrt();
        if spread > 1e-9 { of(self.ab, self.a, self.b) / spread } else { 0.0 }
    }
}
