//! Squared error and what follows from it, for numbers.
//!
//! With e = x − y: MSE = Σe²/n, RMSE = √(Σe²/n), relative error ρ = ‖e‖/‖x‖,
//! SQNR = 10·log10(Σx²/Σe²) = −20·log10 ρ, cosine = ⟨x,y⟩/(‖x‖‖y‖).

use crate::engine::samples::all_finite;
use crate::engine::simd::{Kernel, widest};

/// Sums over pairs (x, y), in f64 and in a fixed order. Pairs whose x is NaN or infinite are counted
/// and left out of everything else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScalarError {
    /// Pairs compared.
    pub values: u64,
    /// Pairs left out because x is NaN.
    pub nan: u64,
    /// Pairs left out because x is infinite.
    pub infinite: u64,
    /// Σ x².
    pub sum_x2: f64,
    /// Σ y².
    pub sum_y2: f64,
    /// Σ x·y.
    pub sum_xy: f64,
    /// Σ e², with e = x − y.
    pub sum_e2: f64,
    /// The largest |x − y|.
    pub max_abs: f32,
}

/// Pairs whose sums are taken in f64 lanes before they are added up.
const BLOCK: usize = 1024;
const LANES: usize = 8;

#[inline(always)]
fn add_products(sums: &mut [f64; LANES], a: &[f64; LANES], b: &[f64; LANES]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}

/// Apart, so that the compiler keeps the lanes of a sum together: else it works on the four sums of one lane.
#[inline(never)]
fn sum_of(lanes: &[f64; LANES]) -> f64 {
    lanes.iter().sum()
}

/// The sums over pairs of finite numbers.
struct Finite<'a> {
    x: &'a [f32],
    y: &'a [f32],
}

impl Kernel for Finite<'_> {
    type Out = ScalarError;

    #[inline(always)]
    fn run(self) -> ScalarError {
        // A loop for each sum: the lanes of one stand side by side in registers.
        let (mut x2, mut y2, mut xy, mut e2) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let mut max = [0.0f32; LANES];
        let (xs, x_rest) = self.x.as_chunks::<LANES>();
        let (ys, y_rest) = self.y.as_chunks::<LANES>();
        for (x, y) in xs.iter().zip(ys) {
            let (a, b) = (x.map(f64::from), y.map(f64::from));
            add_products(&mut x2, &a, &a);
            add_products(&mut y2, &b, &b);
            add_products(&mut xy, &a, &b);
            let e: [f64; LANES] = std::array::from_fn(|k| a[k] - b[k]);
            add_products(&mut e2, &e, &e);
            for (k, max) in max.iter_mut().enumerate() {
                let size = (x[k] - y[k]).abs();
                *max = if size > *max { size } else { *max };
            }
        }
        let [sum_x2, sum_y2, sum_xy, sum_e2] = [sum_of(&x2), sum_of(&y2), sum_of(&xy), sum_of(&e2)];
        let max_abs = max.into_iter().fold(0.0, f32::max);
        let values = (xs.len() * LANES) as u64;
        let whole = ScalarError { values, sum_x2, sum_y2, sum_xy, sum_e2, max_abs, ..ScalarError::default() };
        whole + ScalarError::of_any(x_rest, y_rest)
    }
}

impl ScalarError {
    /// Compares a reconstruction `y` with the original `x`, pair by pair.
    ///
    /// # Panics
    /// In debug builds, when the lengths differ.
    pub fn measure(x: &[f32], y: &[f32]) -> Self {
        debug_assert_eq!(x.len(), y.len());
        let mut total = Self::default();
        for (x, y) in x.chunks(BLOCK).zip(y.chunks(BLOCK)) {
            total = total + if all_finite(x) { widest(Finite { x, y }) } else { Self::of_any(x, y) };
        }
        total
    }

    fn of_any(x: &[f32], y: &[f32]) -> Self {
        let mut t = Self::default();
        for (&x, &y) in x.iter().zip(y) {
            if x.is_nan() {
                t.nan += 1;
            } else if x.is_infinite() {
                t.infinite += 1;
            } else {
                let (a, b) = (f64::from(x), f64::from(y));
                t.values += 1;
                t.sum_x2 += a * a;
                t.sum_y2 += b * b;
                t.sum_xy += a * b;
                t.sum_e2 += (a - b) * (a - b);
                t.max_abs = t.max_abs.max((x - y).abs());
            }
        }
        t
    }

    /// 0 when nothing was compared.
    pub fn mse(&self) -> f64 {
        if self.values == 0 { 0.0 } else { self.sum_e2 / self.values as f64 }
    }

    /// Root of the mean squared error; 0 when nothing was compared.
    pub fn rmse(&self) -> f64 {
        self.mse().sqrt()
    }

    /// ρ: 0 when exact; infinite when only the original is all zero.
    pub fn relative_error(&self) -> f64 {
        if self.sum_e2 == 0.0 { 0.0 } else { (self.sum_e2 / self.sum_x2).sqrt() }
    }

    /// In dB; infinite when exact.
    pub fn sqnr_db(&self) -> f64 {
        decibels(self.sum_x2, self.sum_e2)
    }

    /// 1 when both are all zero, 0 when one of them is.
    pub fn cosine(&self) -> f64 {
        match (self.sum_x2 == 0.0, self.sum_y2 == 0.0) {
            (true, true) => 1.0,
            (false, false) => self.sum_xy / (self.sum_x2.sqrt() * self.sum_y2.sqrt()),
            _ => 0.0,
        }
    }
}

/// Squared error where some weights count more: Σw·(x−y)² beside Σw·x², as an importance matrix has it.
/// Pairs whose x is not finite are left out. SQNR = 10·log10(Σw·x²/Σw·e²).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeighedError {
    /// Σ w·x².
    pub sum_x2: f64,
    /// Σ w·(x − y)².
    pub sum_e2: f64,
}

impl WeighedError {
    /// Compares a reconstruction `y` with the original `x`, pair by pair, with a weight for each.
    ///
    /// # Panics
    /// In debug builds, when the lengths differ.
    pub fn measure(x: &[f32], y: &[f32], weights: &[f32]) -> Self {
        debug_assert!(x.len() == y.len() && x.len() == weights.len());
        let mut sums = Self::default();
        for ((&x, &y), &w) in x.iter().zip(y).zip(weights).filter(|((x, _), _)| x.is_finite()) {
            let (x, y, w) = (f64::from(x), f64::from(y), f64::from(w));
            sums.sum_x2 += w * x * x;
            sums.sum_e2 += if w > 0.0 { w * (x - y) * (x - y) } else { 0.0 };
        }
        sums
    }

    /// In dB; infinite when exact.
    pub fn sqnr_db(&self) -> f64 {
        decibels(self.sum_x2, self.sum_e2)
    }
}

added_by_field!(WeighedError: sum_x2, sum_e2);

/// 10·log10(signal ÷ noise); infinite when there is no noise.
pub fn decibels(signal: f64, noise: f64) -> f64 {
    if noise == 0.0 { f64::INFINITY } else { 10.0 * (signal / noise).log10() }
}

impl std::ops::Add for ScalarError {
    type Output = Self;

    fn add(self, o: Self) -> Self {
        Self {
            values: self.values + o.values,
            nan: self.nan + o.nan,
            infinite: self.infinite + o.infinite,
            sum_x2: self.sum_x2 + o.sum_x2,
            sum_y2: self.sum_y2 + o.sum_y2,
            sum_xy: self.sum_xy + o.sum_xy,
            sum_e2: self.sum_e2 + o.sum_e2,
            max_abs: self.max_abs.max(o.max_abs),
        }
    }
}
