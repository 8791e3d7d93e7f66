//! Sub-blocks side by side: lane k holds a value of sub-block k, so that the sums of every sub-block keep
//! their order while the compiler works on several of them at once.

use std::ops::{Add, Div, Mul, Sub};

/// Eight lanes are two registers of any x86-64 or aarch64: the sums of one wait while the other goes on.
pub const WIDTH: usize = 8;

/// A value of each of the sub-blocks.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub struct Lanes(pub [f32; WIDTH]);

/// One truth a lane, as all ones or all zeros.
#[derive(Clone, Copy)]
pub(super) struct Mask([u32; WIDTH]);

impl Lanes {
    /// The same value in every lane.
    #[inline(always)]
    pub fn all(x: f32) -> Self {
        Self([x; WIDTH])
    }

    /// The first WIDTH of the values.
    #[inline(always)]
    pub(super) fn of(x: &[f32]) -> Self {
        let mut lanes = [0.0; WIDTH];
        for (lane, x) in lanes.iter_mut().zip(x) {
            *lane = *x;
        }
        Self(lanes)
    }

    #[inline(always)]
    pub(super) fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self(self.0.map(f))
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|k| f(self.0[k], other.0[k])))
    }

    #[inline(always)]
    fn test(self, other: Self, f: impl Fn(f32, f32) -> bool) -> Mask {
        Mask(std::array::from_fn(|k| if f(self.0[k], other.0[k]) { u32::MAX } else { 0 }))
    }

    #[inline(always)]
    pub(super) fn abs(self) -> Self {
        self.map(f32::abs)
    }

    /// The greater; `other` where self is not a number.
    #[inline(always)]
    pub(super) fn at_least(self, other: Self) -> Self {
        self.zip(other, super::number::at_least)
    }

    /// The lesser; `other` where self is not a number.
    #[inline(always)]
    pub(super) fn at_most(self, other: Self) -> Self {
        self.zip(other, super::number::at_most)
    }

    /// The nearest integer, ties to even, within bounds.
    #[inline(always)]
    pub(super) fn nearest_within(self, low: f32, high: f32) -> Self {
        self.at_least(Self::all(low)).at_most(Self::all(high)).map(super::number::nearest)
    }
}

impl Mask {
    #[inline(always)]
    pub(super) fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] & other.0[k]))
    }

    #[inline(always)]
    pub(super) fn none() -> Self {
        Self([0; WIDTH])
    }

    #[inline(always)]
    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] | other.0[k]))
    }

    /// Bit k for lane k.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        (0..WIDTH).fold(0, |bits, k| bits | (self.0[k] & 1 << k))
    }

    #[inline(always)]
    pub(super) fn any(self) -> bool {
        self.0.iter().fold(0, |any, lane| any | lane) != 0
    }

    #[inline(always)]
    pub(super) fn pick(self, yes: Lanes, no: Lanes) -> Lanes {
        Lanes(std::array::from_fn(|k| {
            f32::from_bits((yes.0[k].to_bits() & self.0[k]) | (no.0[k].to_bits() & !self.0[k]))
        }))
    }
}

macro_rules! lane_by_lane {
    ($($trait:ident $name:ident),+; $($test:ident $operator:tt),+) => {
        $(impl $trait for Lanes {
            type Output = Self;

            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                self.zip(other, |a, b| a.$name(b))
            }
        })+

        impl Lanes {
            $(#[inline(always)]
            pub(super) fn $test(self, other: Self) -> Mask {
                self.test(other, |a, b| a $operator b)
            })+
        }
    };
}

lane_by_lane!(Add add, Sub sub, Mul mul, Div div; above >, below <, not_above <=, equals ==, differs !=);

/// Value i of sub-blocks `first` … `first` + WIDTH − 1, for all i: N values a sub-block.
#[inline(always)]
pub fn side_by_side<const N: usize>(x: &[f32], first: usize) -> [Lanes; N] {
    let mut lanes = [Lanes([0.0; WIDTH]); N];
    for (k, x) in x[first * N..].as_chunks::<N>().0.iter().enumerate().take(WIDTH) {
        for (lanes, &x) in lanes.iter_mut().zip(x) {
            lanes.0[k] = x;
        }
    }
    lanes
}
