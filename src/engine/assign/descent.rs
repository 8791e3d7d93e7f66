//! Codes that are changed one at a time, each to the one that lowers most what a reader makes of all errors together, while
//! all others stay: coordinate descent.
//!
//! What the reader makes of the errors e is `Σ (F·e)²` for a filter F of its own. For the eye F blurs (see
//! [`super::eye`]); for a layer of a model `FᵀF = H` is the sum of the products of its inputs (see [`super::polish`]).
//! Without a filter each code is the nearest, whatever the others are.

/// What is read, and by whom.
pub(super) trait Reader {
    /// The code of a sample.
    type Code;

    /// The best code of sample `i` while all others stay; none where it has that already.
    fn better(&mut self, i: usize) -> Option<Self::Code>;

    /// Gives a sample a code, and the filtered errors of those that are still to come their change.
    fn take(&mut self, i: usize, code: Self::Code);
}

/// One look at each of these samples, in this order.
#[inline(always)]
pub(super) fn descend(reader: &mut impl Reader, order: impl Iterator<Item = usize>) {
    for i in order {
        if let Some(code) = reader.better(i) {
            reader.take(i, code);
        }
    }
}
