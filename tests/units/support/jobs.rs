//! What tests of jobs are made of.

use quantscope::jobs::Held;

pub(crate) use super::wake::{test_wake, wait_until};

/// A small value for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) u32);

impl Held for Number {
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
