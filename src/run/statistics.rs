//! What a tensor's weights look like, read through once for the moments and once for the outliers.
//!
//! In parts, merged in order: memory does not grow with the tensor, and the figures do not depend on how
//! many threads there are. Cost: two readings of the tensor.

use std::ops::Range;

use rayon::prelude::*;

use super::coding::PART;
use super::tensor::readable;
use crate::engine::control::{Control, Stopped};
use crate::engine::metric::{Moments, count_beyond};
use crate::run::error::RunError;
use crate::source::model::Model;

/// Weights farther from the mean than this many σ are outliers: of a Gaussian, two in a thousand million.
pub const OUTLIER_SIGMAS: f64 = 6.0;

/// Moments and outliers of all weights of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// Count, extremes, mean and higher moments of the finite weights.
    pub moments: Moments,
    /// Weights more than [`OUTLIER_SIGMAS`] from the mean.
    pub outliers: u64,
}

/// Moments and outliers of the tensor at index `tensor` of the model's list.
///
/// # Errors
/// A sentence for people when the tensor has no values or they cannot be read.
pub fn statistics(model: &Model, tensor: usize, control: &Control<'_>) -> Result<Statistics, RunError> {
    readable(model, tensor)?;
    let moments = over_parts(model, tensor, control, &Moments::measure)?;
    let reach = OUTLIER_SIGMAS * moments.std();
    let outliers = over_parts(model, tensor, control, &|x: &[f32]| count_beyond(x, moments.mean, reach))?;
    Ok(Statistics { moments, outliers })
}

/// The sum over parts, in order.
pub(crate) fn over_parts<T: Send + Default + std::ops::Add<Output = T>>(
    model: &Model,
    tensor: usize,
    control: &Control<'_>,
    of_part: &(dyn Fn(&[f32]) -> T + Sync),
) -> Result<T, Stopped> {
    let values = model.tensors[tensor].values;
    let parts: Vec<Range<usize>> = (0..values).step_by(PART).map(|s| s..(s + PART).min(values)).collect();
    let sums: Vec<T> = parts
        .into_par_iter()
        .map(|part| {
            control.check()?;
            let mut read = Vec::with_capacity(part.len());
            model.read(tensor, part, &mut read);
            Ok(of_part(&read))
        })
        .collect::<Result<_, Stopped>>()?;
    Ok(sums.into_iter().fold(T::default(), |sum, part| sum + part))
}
