//! The layouts of the block formats under a better search: bytes that every reader of the format reads, with less error.
//!
//! The references choose their scales by simple rules. Here each block is searched for the least squared
//! error, weighted by an importance for each weight if one is given. The bytes of the reference stand beside
//! the search, block by block, and win where it finds nothing better: so no block gets worse.
//! Cost: from twice the reference's time to about 50 µs for 256 weights.

pub(super) mod affine_k;
pub(super) mod block;
pub(super) mod float;
pub(super) mod line;
pub(super) mod scale;
pub(super) mod symmetric_k;
pub(super) mod ternary;
