//! The filter of GPTQ: whose share of a weight's error the later weights of its row take, so that the
//! layer's output changes least.
//!
//! With H = XᵀX over the layer's inputs, an error row e costs e·H·eᵀ at the output. Once column j is
//! rounded, the best that the later columns F can do is to add H_FF⁻¹·H_Fj times its error. With
//! H⁻¹ = UᵀU, U upper triangular, that is −U_jk ÷ U_jj for every column j at once. Columns that never
//! meet in the inputs (H diagonal) get nothing: then GPTQ is nearest.
//!
//! Columns keep their order, and scales are found beforehand, from the weights as they are. Cost: some
//! columns³ multiplications, in f64. Source: Frantar, Ashkboos, Hoefler and Alistarh, "GPTQ: Accurate
//! post-training quantization for generative pre-trained transformers" (2022); the compensation is that
//! of Hassibi and Stork, "Optimal brain surgeon" (1993).

use super::feedback::RowFilter;
use crate::engine::metric::Gram;

/// Added to H's diagonal: this part of its mean. It keeps inputs that are nearly copies of one another
/// from asking for ever larger corrections.
pub const DAMPING: f64 = 0.01;

/// None where H is of no use: all zero, or not finite.
pub fn row_filter(gram: &Gram) -> Option<RowFilter> {
    let n = gram.columns();
    let mean = (0..n).map(|j| gram.at(j, j)).sum::<f64>() / n.max(1) as f64;
    if !(mean > 0.0 && mean.is_finite()) {
        return None;
    }
    // Reversed, a lower triangle is an upper one: L·Lᵀ = H reversed, and U = L⁻¹ reversed.
    let back = |j: usize| n - 1 - j;
    let mut lower = vec![0.0; n * n];
    for (i, j) in (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        lower[i * n + j] = gram.at(back(i), back(j)) + if i == j { DAMPING * mean } else { 0.0 };
    }
    factor(&mut lower, n)?;
    invert(&mut lower, n);
    let mut shares = vec![0.0; n * n];
    for (j, k) in (0..n).flat_map(|j| (j + 1..n).map(move |k| (j, k))) {
        shares[j * n + k] = (-lower[back(j) * n + back(k)] / lower[back(j) * (n + 1)]) as f32;
    }
    shares.iter().all(|x| x.is_finite()).then(|| RowFilter::new(n, shares))
}

/// Cholesky: the lower triangle of A becomes L with L·Lᵀ = A. None where A is not positive.
fn factor(a: &mut [f64], n: usize) -> Option<()> {
    for j in 0..n {
        for i in j..n {
            let (row_i, row_j) = (&a[i * n..i * n + j], &a[j * n..j * n + j]);
            let rest = a[i * n + j] - row_i.iter().zip(row_j).map(|(x, y)| x * y).sum::<f64>();
            if i == j && (rest.is_nan() || rest <= 0.0) {
                return None;
            }
            a[i * n + j] = if i == j { rest.sqrt() } else { rest / a[j * n + j] };
        }
    }
    Some(())
}

/// L becomes L⁻¹, column by column.
fn invert(l: &mut [f64], n: usize) {
    for j in 0..n {
        l[j * n + j] = 1.0 / l[j * n + j];
        for i in j + 1..n {
            // L's diagonal at i is still that of L; column j is done above row i.
            let sum: f64 = (j..i).map(|k| l[i * n + k] * l[k * n + j]).sum();
            l[i * n + j] = -sum / l[i * n + i];
        }
    }
}
