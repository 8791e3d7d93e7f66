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

#[cfg(test)]
mod tests {
    use super::super::codes::How;
    use super::super::quantized_rows::recoded;
    use super::*;
    use crate::engine::control::Control;
    use crate::engine::format::Format;
    use crate::engine::metric::OutputError;
    use crate::engine::random::Random;
    use crate::engine::samples::Samples;

    /// Inputs whose neighbours are alike: x_j = ρ·x_{j−1} + √(1−ρ²)·noise.
    fn inputs(rho: f32, columns: usize, count: usize) -> Gram {
        let mut random = Random::seeded(17);
        let mut gram = Gram::new(columns);
        for _ in 0..count {
            let mut x = vec![random.next_gaussian()];
            for j in 1..columns {
                x.push(rho * x[j - 1] + (1.0 - rho * rho).sqrt() * random.next_gaussian());
            }
            gram.add(&x);
        }
        gram
    }

    #[test]
    fn a_row_of_the_filter_solves_for_the_least_output_error() {
        // H + damping of three columns, and column 0's share by Cramer's rule on the other two.
        let gram = inputs(0.8, 3, 50);
        let mean = (0..3).map(|j| gram.at(j, j)).sum::<f64>() / 3.0;
        let h = |i: usize, j: usize| gram.at(i, j) + if i == j { DAMPING * mean } else { 0.0 };
        let det = h(1, 1) * h(2, 2) - h(1, 2) * h(2, 1);
        let expected = [(h(1, 0) * h(2, 2) - h(1, 2) * h(2, 0)) / det, (h(1, 1) * h(2, 0) - h(2, 1) * h(1, 0)) / det];
        let filter = row_filter(&gram).unwrap();
        for (found, expected) in filter.after(0).iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
        }
        assert!((f64::from(filter.after(1)[0]) - h(2, 1) / h(2, 2)).abs() < 1e-5);
        assert!(filter.after(2).is_empty());
    }

    #[test]
    fn inputs_that_never_meet_make_it_nearest() {
        let mut random = Random::seeded(8);
        let values: Vec<[f32; 1]> = (0..16 * 64).map(|_| [random.next_gaussian()]).collect();
        let samples = Samples::new(&values, 64);
        let control = Control::unwatched();
        let nearest = "int4-g32".parse::<Format>().unwrap().recipe().unwrap().encode(samples, &control).unwrap();
        let gram = inputs(0.9, 64, 500);
        let codes = |gram: &Gram| {
            let filter = row_filter(gram).unwrap();
            recoded(&nearest, samples, How::Feedback(&filter), &control).unwrap().codes
        };
        assert_eq!(codes(&gram.uncorrelated()), nearest.codes);
        assert_eq!(codes(&Gram::identity(64)), nearest.codes);
        assert_ne!(codes(&gram), nearest.codes);
    }

    /// The reference figures: neighbouring inputs alike (ρ = 0.9) at INT4, diffusion along the row and
    /// GPTQ lose raw decibels and win output decibels; with uncorrelated inputs diffusion loses on both.
    #[test]
    fn raw_error_goes_up_and_output_error_goes_down_where_inputs_are_alike() {
        let (rows, columns) = (64, 256);
        let mut random = Random::seeded(30);
        let values: Vec<[f32; 1]> = (0..rows * columns).map(|_| [random.next_gaussian()]).collect();
        let plain: Vec<f32> = values.iter().map(|x| x[0]).collect();
        let (samples, control) = (Samples::new(&values, columns), Control::unwatched());
        let nearest = "int4-row".parse::<Format>().unwrap().recipe().unwrap().encode(samples, &control).unwrap();
        let alike = inputs(0.9, columns, 2000);
        let filter = row_filter(&alike).unwrap();
        let decibels = |how: How<'_>, gram: &Gram| {
            let found = recoded(&nearest, samples, how, &control).unwrap().decode();
            let found: Vec<f32> = found.iter().map(|x| x[0]).collect();
            let raw = crate::engine::metric::ScalarError::measure(&plain, &found).sqnr_db();
            (raw, OutputError::measure(&plain, &found, gram).sqnr_db())
        };
        let along = RowFilter::along_the_row(columns);
        let (along, gptq) = (How::Feedback(&along), How::Feedback(&filter));
        let [near, diffused, gptq] = [How::Nearest, along, gptq].map(|how| decibels(how, &alike));
        assert!(near.0 > gptq.0 && near.0 - diffused.0 > 2.0, "{near:?} {diffused:?} {gptq:?}");
        assert!(diffused.1 - near.1 > 5.0 && gptq.1 > diffused.1, "{near:?} {diffused:?} {gptq:?}");
        let apart = alike.uncorrelated();
        let (near, diffused) = (decibels(How::Nearest, &apart), decibels(along, &apart));
        assert!(near.1 - diffused.1 > 2.0 && near.0 - diffused.0 > 2.0, "{near:?} {diffused:?}");
    }

    #[test]
    fn inputs_of_no_use_give_no_filter() {
        assert_eq!(row_filter(&Gram::new(4)), None);
        let mut gram = Gram::new(2);
        gram.add(&[f32::NAN, 1.0]);
        assert_eq!(row_filter(&gram), None);
        assert_eq!(row_filter(&Gram::new(0)), None);
    }

    #[test]
    fn an_input_that_is_always_zero_is_borne() {
        let mut gram = Gram::new(3);
        (0..20).for_each(|i| gram.add(&[1.0, 0.0, i as f32]));
        assert!(row_filter(&gram).is_some());
    }
}
