//! The palette of least energy for codes that stay as they are. This is where most is won: the palette comes to span what
//! the dither mixes.
//!
//! One step of Gauss and Newton in the entries' points: with the change of light that a change of an entry's point makes,
//! `∂l/∂p = M·diag(3t²·slope)·M⁻¹`, the energy is quadratic, and a few rounds of conjugate gradients find its least. Each
//! is a product with the energy's matrix: spread by codes, filtered, gathered by codes.

use super::blur::{Beyond, blurred};
use super::energy::{Energy, PLANES};
use super::filter::Filters;
use super::near::error_of_light;
use super::pass::Errors;
use super::site::{Site, Sites};
use super::space::{
    clamped, cones_of_point, opponent, opponent_inverted, opponent_inverted_transposed, opponent_transposed,
};
use crate::engine::control::{Control, Stopped};
use crate::engine::simd::{Kernel, widest};
use crate::engine::tasks;

/// Pixels that one task works on.
const BAND: usize = 1 << 14;
/// Rounds of conjugate gradients: with twice as many the figures are level.
const ROUNDS: usize = 3;
/// The share of the filter's part in the diagonal of the energy's matrix, about.
const FILTERED_DIAGONAL: f32 = 0.7;

/// One vector of three for each entry.
type Vectors = Vec<[f64; 3]>;

/// A fit's entries: their points, and which of them stay.
pub(super) struct Entries {
    pub points: Vec<[f32; 3]>,
    pub held: Vec<bool>,
    /// Whether all of them are to stay grey.
    pub grey: bool,
}

/// Moves the entries that are not held. `stride` is the share of the step that is taken: more than 1 as long as codes
/// will follow, 1 at the end.
///
/// # Errors
/// `Stopped` when the work was cancelled; the entries are then as they were.
pub(super) fn refit(
    sites: &Sites,
    (codes, errors): (&[u8], &Errors),
    entries: &mut Entries,
    (filters, energy): (&Filters, Energy),
    stride: f64,
    control: &Control<'_>,
) -> Result<(), Stopped> {
    let matrix = Matrix::new(sites, codes, entries, filters, energy);
    let mut change = vec![[0.0; 3]; entries.points.len()];
    let mut residual = matrix.descent(&entries.points, errors);
    let mut scaled = matrix.conditioned(&residual);
    let mut direction = scaled.clone();
    let mut power = dot(&residual, &scaled);
    for _ in 0..ROUNDS {
        control.check()?;
        let product = matrix.product(&direction);
        let curvature = dot(&direction, &product);
        if power <= 0.0 || curvature <= 0.0 {
            break;
        }
        let step = power / curvature;
        add(&mut change, step, &direction);
        add(&mut residual, -step, &product);
        scaled = matrix.conditioned(&residual);
        let before = std::mem::replace(&mut power, dot(&residual, &scaled));
        direction.iter_mut().flatten().for_each(|d| *d *= power / before);
        add(&mut direction, 1.0, &scaled);
    }
    let moving = entries.points.iter_mut().zip(change).zip(&entries.held).filter(|(_, held)| !**held);
    for ((point, change), _) in moving {
        let moved = clamped(std::array::from_fn(|c| point[c] + (stride * change[c]) as f32));
        *point = if entries.grey { [moved[0], 0.0, 0.0] } else { moved };
    }
    Ok(())
}

/// √w·l of all pixels.
pub(super) fn errors_of(sites: &Sites, codes: &[u8], points: &[[f32; 3]]) -> Errors {
    let light: Vec<[f32; 3]> = points.iter().map(|&point| cones_of_point(point)).collect();
    spread(sites, codes, &light, error_of_light)
}

fn dot(a: &[[f64; 3]], b: &[[f64; 3]]) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [[f64; 3]], times: f64, what: &[[f64; 3]]) {
    to.iter_mut().flatten().zip(what.iter().flatten()).for_each(|(to, what)| *to += times * what);
}

/// The energy as a quadratic form in the entries' points.
struct Matrix<'a> {
    sites: &'a Sites,
    codes: &'a [u8],
    filters: &'a Filters,
    close: [f32; 3],
    held: &'a [bool],
    /// The cube roots t of each entry's cones.
    roots: Vec<[f32; 3]>,
    /// Σ w over each entry's pixels, plain and with what a close look counts there.
    weights: Vectors,
    close_weights: Vectors,
}

impl<'a> Matrix<'a> {
    fn new(sites: &'a Sites, codes: &'a [u8], entries: &'a Entries, filters: &'a Filters, energy: Energy) -> Self {
        let roots = entries.points.iter().map(|&point| opponent_inverted(point)).collect();
        let count = entries.points.len();
        let weight = |site: &Site, _: usize| site.root.map(|root| root * root);
        let close_weight = |site: &Site, _: usize| site.root.map(|root| site.close * root * root);
        let weights = sums(sites, codes, count, &weight);
        let close_weights = sums(sites, codes, count, &close_weight);
        Self { sites, codes, filters, close: energy.close, held: &entries.held, roots, weights, close_weights }
    }

    /// Half of the energy's steepest descent.
    fn descent(&self, points: &[[f32; 3]], errors: &Errors) -> Vectors {
        let own = sums(self.sites, self.codes, points.len(), &|site: &Site, code: usize| {
            std::array::from_fn(|c| site.close * site.root[c] * site.root[c] * (points[code][c] - site.point[c]))
        });
        let seen = self.gathered(errors);
        let mut descent: Vectors = (own.iter().zip(seen))
            .map(|(own, seen)| std::array::from_fn(|c| -(f64::from(self.close[c]) * own[c] + seen[c])))
            .collect();
        self.hold(&mut descent);
        descent
    }

    fn product(&self, change: &[[f64; 3]]) -> Vectors {
        let light = |(change, roots): (&[f64; 3], &[f32; 3])| -> [f32; 3] {
            let t = opponent_inverted(change.map(|x| x as f32));
            std::array::from_fn(|c| 3.0 * roots[c] * roots[c] * t[c])
        };
        let light: Vec<[f32; 3]> = change.iter().zip(&self.roots).map(light).collect();
        let scaled = |site: &Site, light: [f32; 3]| opponent(std::array::from_fn(|c| light[c] * site.slope[c]));
        let seen = self.gathered(&spread(self.sites, self.codes, &light, scaled));
        let mut product: Vectors = (change.iter().zip(&self.close_weights).zip(seen))
            .map(|((change, w), seen)| std::array::from_fn(|c| f64::from(self.close[c]) * w[c] * change[c] + seen[c]))
            .collect();
        self.hold(&mut product);
        product
    }

    /// The transpose of what makes errors of points, on errors that are filtered first.
    fn gathered(&self, errors: &Errors) -> Vectors {
        let (width, len) = (self.sites.width, self.codes.len());
        let seen: Errors = std::array::from_fn(|c| {
            let row = |y: usize, out: &mut [f32]| out.copy_from_slice(&errors[c][y * width..][..width]);
            blurred(&row, (width, len), &self.filters.taps[c], Beyond::Zero)
        });
        let back = |site: &Site, i: usize| -> [f32; 3] {
            let of_light = opponent_transposed(std::array::from_fn(|c| PLANES[c] * site.root[c] * seen[c][i]));
            std::array::from_fn(|c| site.slope[c] * of_light[c])
        };
        let sums = sums_by_pixel(self.sites, self.codes, self.roots.len(), &back);
        let to_points = |(sum, roots): ([f64; 3], &[f32; 3])| -> [f64; 3] {
            let of_roots = std::array::from_fn(|c| 3.0 * roots[c] * roots[c] * sum[c] as f32);
            opponent_inverted_transposed(of_roots).map(f64::from)
        };
        sums.into_iter().zip(&self.roots).map(to_points).collect()
    }

    /// Divided by the matrix's diagonal, about.
    fn conditioned(&self, residual: &[[f64; 3]]) -> Vectors {
        let each = |((residual, weights), close): ((&[f64; 3], &[f64; 3]), &[f64; 3])| -> [f64; 3] {
            std::array::from_fn(|c| {
                let filtered = f64::from(PLANES[c] * FILTERED_DIAGONAL) * weights[c];
                let diagonal = f64::from(self.close[c]) * close[c] + filtered;
                if diagonal > 1e-12 { residual[c] / diagonal } else { 0.0 }
            })
        };
        residual.iter().zip(&self.weights).zip(&self.close_weights).map(each).collect()
    }

    fn hold(&self, vectors: &mut [[f64; 3]]) {
        vectors.iter_mut().zip(self.held).filter(|(_, held)| **held).for_each(|(vector, _)| *vector = [0.0; 3]);
    }
}

/// √w times what each pixel makes of its entry's light.
fn spread(
    sites: &Sites,
    codes: &[u8],
    light: &[[f32; 3]],
    error: impl Fn(&Site, [f32; 3]) -> [f32; 3] + Sync,
) -> Errors {
    let mut planes: Errors = std::array::from_fn(|_| tasks::filled(0.0, codes.len()));
    let [y, x, b] = &mut planes;
    let out = y.chunks_mut(BAND).zip(x.chunks_mut(BAND).zip(b.chunks_mut(BAND)));
    tasks::map(out.zip(sites.all.chunks(BAND).zip(codes.chunks(BAND))), |_, ((y, (x, b)), (sites, codes))| {
        widest(Spread { sites, codes, light, error: &error, out: [y, x, b] });
    });
    planes
}

struct Spread<'a, E> {
    sites: &'a [Site],
    codes: &'a [u8],
    light: &'a [[f32; 3]],
    error: &'a E,
    out: [&'a mut [f32]; 3],
}

impl<E: Fn(&Site, [f32; 3]) -> [f32; 3]> Kernel for Spread<'_, E> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        for (i, (site, &code)) in self.sites.iter().zip(self.codes).enumerate() {
            let error = (self.error)(site, self.light[usize::from(code)]);
            (0..3).for_each(|c| self.out[c][i] = site.root[c] * error[c]);
        }
    }
}

/// Sums over the pixels of each entry, of what is told by the site and its code.
fn sums(sites: &Sites, codes: &[u8], count: usize, of: &(impl Fn(&Site, usize) -> [f32; 3] + Sync)) -> Vectors {
    sums_by_pixel(sites, codes, count, &|site: &Site, i: usize| of(site, usize::from(codes[i])))
}

/// [`sums`] of what is told by the site and its place.
fn sums_by_pixel(
    sites: &Sites,
    codes: &[u8],
    count: usize,
    of: &(impl Fn(&Site, usize) -> [f32; 3] + Sync),
) -> Vectors {
    let parts = tasks::map(sites.all.chunks(BAND).zip(codes.chunks(BAND)), |part, (sites, codes)| {
        // A part has few enough pixels for single precision.
        let mut sums = vec![[0.0f32; 3]; count];
        for (i, (site, &code)) in sites.iter().zip(codes).enumerate() {
            let (sum, value) = (&mut sums[usize::from(code)], of(site, part * BAND + i));
            (0..3).for_each(|c| sum[c] += value[c]);
        }
        sums
    });
    let mut total = vec![[0.0; 3]; count];
    for part in parts {
        for (total, part) in total.iter_mut().zip(part) {
            (0..3).for_each(|c| total[c] += f64::from(part[c]));
        }
    }
    total
}
