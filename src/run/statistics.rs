//! What a tensor's weights look like, read through once for the moments and once for the outliers.
//!
//! In parts, merged in order: memory does not grow with the tensor, and the figures do not depend on how
//! many threads there are. Cost: two readings of the tensor.

use std::ops::Range;

use rayon::prelude::*;

use super::coding::PART;
use super::tensor::readable;
use crate::engine::control::{Control, Failure, Stopped};
use crate::engine::metric::{Moments, count_beyond};
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
pub fn statistics(model: &Model, tensor: usize, control: &Control<'_>) -> Result<Statistics, Failure> {
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
    let found: Vec<T> = parts
        .into_par_iter()
        .map(|part| {
            control.check()?;
            let mut read = Vec::with_capacity(part.len());
            model.read(tensor, part, &mut read);
            Ok(of_part(&read))
        })
        .collect::<Result<_, Stopped>>()?;
    Ok(found.into_iter().fold(T::default(), |sum, part| sum + part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::builtin;
    use crate::source::open::{Source, open_bytes};
    use crate::source::safetensors::one_tensor;

    fn of(values: &[f32]) -> Statistics {
        let file = one_tensor("w", &[values.len()], values).unwrap();
        let Ok(Source::Model(model)) = open_bytes("w.safetensors", file) else { panic!("opens") };
        statistics(&model, 0, &Control::unwatched()).unwrap()
    }

    #[test]
    fn outliers_are_told_from_the_spread_of_all_parts_together() {
        // Longer than a part; the two far values lie in different ones.
        let mut values = [1.0, -1.0].repeat(PART);
        (values[3], values[PART + 3], values[5]) = (9.0, -9.0, f32::NAN);
        let found = of(&values);
        assert_eq!((found.outliers, found.moments.nan, found.moments.min, found.moments.max), (2, 1, -9.0, 9.0));
        assert_eq!(found.moments.values, 2 * PART as u64 - 1);
    }

    #[test]
    fn every_tensor_of_the_sample_has_figures_that_are_numbers() {
        let Ok(Source::Model(model)) = builtin::model() else { panic!("the sample opens") };
        for t in 0..model.tensors.len() {
            let s = statistics(&model, t, &Control::unwatched()).unwrap();
            assert_eq!(s.moments.values, model.tensors[t].values as u64);
            assert!(s.moments.std() > 0.0 && s.moments.kurtosis() >= 1.0 && f64::from(s.moments.min) <= s.moments.mean);
        }
    }
}
