//! A tensor's weights beside the Gaussian of the same mean and spread: counts in equal bins from −5σ to +5σ, how many a
//! Gaussian would have there (n·(Φ(b) − Φ(a))), and the kurtosis, which is 3 for a Gaussian. Cost: three readings of
//! the tensor.

use crate::engine::control::Control;
use crate::engine::metric::Moments;
use crate::engine::theory::gaussian::normal_cdf;
use crate::lesson::error::LessonError;
use crate::run::statistics::over_parts;
use crate::run::tensor::readable;
use crate::source::model::Model;

/// σ to either side of the mean.
pub const REACH: f64 = 5.0;
/// Equal bins of the histogram, from −[`REACH`] to [`REACH`] σ.
pub const BINS: usize = 80;

/// A tensor's histogram beside the Gaussian of the same mean and spread.
#[derive(Clone, Debug)]
pub struct GaussianFit {
    /// The tensor's place in its file's list.
    pub tensor: usize,
    /// Mean, spread and kurtosis of the weights.
    pub moments: Moments,
    /// Weights in each bin; those beyond are in none.
    pub counts: Vec<u64>,
    /// Weights that a Gaussian would have in each bin.
    pub gaussian: Vec<f64>,
    /// Share of the weights within one σ of the mean; a Gaussian's is 0.683.
    pub within_one: f64,
}

#[derive(Default)]
struct Counts {
    bins: Vec<u64>,
    within_one: u64,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(mut self, o: Self) -> Self {
        self.bins.resize(BINS, 0);
        self.bins.iter_mut().zip(&o.bins).for_each(|(sum, n)| *sum += n);
        self.within_one += o.within_one;
        self
    }
}

/// Measures the tensor at this place in the model's list.
///
/// # Errors
/// A sentence for people when the tensor has no values or they cannot be read.
pub fn fit_gaussian(model: &Model, tensor: usize, control: &Control<'_>) -> Result<GaussianFit, LessonError> {
    readable(model, tensor)?;
    let moments = over_parts(model, tensor, control, &Moments::measure)?;
    let (mean, std) = (moments.mean, moments.std());
    let count = |x: &[f32]| {
        let mut counts = Counts { bins: vec![0; BINS], within_one: 0 };
        for x in x.iter().filter(|x| x.is_finite()) {
            let sigmas = if std > 0.0 { (f64::from(*x) - mean) / std } else { 0.0 };
            counts.within_one += u64::from(sigmas.abs() <= 1.0);
            let bin = (sigmas + REACH) / (2.0 * REACH) * BINS as f64;
            if let Some(n) = (bin >= 0.0).then(|| counts.bins.get_mut(bin as usize)).flatten() {
                *n += 1;
            }
        }
        counts
    };
    let counts = over_parts(model, tensor, control, &count)?;
    let edge = |k: usize| normal_cdf(-REACH + 2.0 * REACH * k as f64 / BINS as f64);
    let n = moments.values as f64;
    Ok(GaussianFit {
        tensor,
        moments,
        counts: counts.bins,
        gaussian: (0..BINS).map(|k| n * (edge(k + 1) - edge(k))).collect(),
        within_one: counts.within_one as f64 / n.max(1.0),
    })
}
