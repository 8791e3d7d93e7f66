//! Weights brought to a common size, so that every coding works on numbers near 1 whatever the tensor.
//!
//! The unit is a power of two near the root mean square: dividing by it is exact, and its exponent takes
//! 16 bits. What is not finite counts as 0 and has no say in any fit.

use std::borrow::Cow;

use super::bits::{Malformed, Part, Reader, Writer};
use crate::engine::samples::all_finite;

/// Weights in their common unit.
pub struct Scaled<'a> {
    /// Each weight divided by the unit; 0 for what is not finite.
    pub values: Vec<f32>,
    /// How much each counts; none where all count the same.
    pub weights: Option<Cow<'a, [f32]>>,
    /// What they were divided by.
    pub unit: Unit,
}

/// 2^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(i16);

const LARGEST: f64 = (1u64 << 40) as f64;

impl<'a> Scaled<'a> {
    /// In the unit of these values themselves.
    pub fn new(values: &[f32], importance: Option<&'a [f32]>) -> Self {
        Self::in_unit(values, importance, Unit::of(values))
    }

    /// In a unit that was found for values like these.
    pub(super) fn in_unit(values: &[f32], importance: Option<&'a [f32]>, unit: Unit) -> Self {
        Self::with_weights(values, importance.map(Cow::Borrowed), unit)
    }

    pub(super) fn with_weights(values: &[f32], importance: Option<Cow<'a, [f32]>>, unit: Unit) -> Self {
        let weights = if all_finite(values) {
            importance
        } else {
            let weight = |(i, x): (usize, &f32)| {
                if x.is_finite() { importance.as_ref().map_or(1.0, |w| w[i]) } else { 0.0 }
            };
            Some(values.iter().enumerate().map(weight).collect())
        };
        let values = values.iter().map(|&x| if x.is_finite() { unit.divide(x) } else { 0.0 }).collect();
        Self { values, weights, unit }
    }

    /// 1 where no weights were given.
    #[inline]
    pub(super) fn weight(&self, i: usize) -> f32 {
        self.weights.as_ref().map_or(1.0, |w| w[i])
    }
}

impl Unit {
    pub(super) fn of(values: &[f32]) -> Self {
        let finite = || values.iter().filter(|x| x.is_finite());
        let power: f64 = finite().map(|x| f64::from(*x) * f64::from(*x)).sum();
        let mean = power / finite().count().max(1) as f64;
        // The exponent of a mean square, halved: no logarithm, so the same everywhere.
        let exponent = ((mean.to_bits() >> 52) & 0x7ff) as i32 - 1023;
        if mean == 0.0 { Unit(0) } else { Unit(exponent.div_euclid(2) as i16) }
    }

    pub(super) fn put(self, out: &mut Writer) {
        out.put(Part::Side, u32::from(self.0 as u16), 16);
    }

    pub(super) fn take(bits: &mut Reader<'_>) -> Result<Self, Malformed> {
        let unit = bits.take(16)? as u16 as i16;
        if (-600..=600).contains(&unit) { Ok(Unit(unit)) } else { Err(Malformed) }
    }

    fn power(self, sign: i64) -> f64 {
        f64::from_bits(((1023 + sign * i64::from(self.0)) as u64) << 52)
    }

    /// What is out of all proportion is cut, so that squares stay finite.
    #[inline]
    fn divide(self, x: f32) -> f32 {
        (f64::from(x) * self.power(-1)).clamp(-LARGEST, LARGEST) as f32
    }

    /// Back to the tensor's own size, in place.
    pub fn multiply(self, values: &mut [f32]) {
        let power = self.power(1);
        for x in values {
            *x = (f64::from(*x) * power).clamp(-f64::from(f32::MAX), f64::from(f32::MAX)) as f32;
        }
    }
}
