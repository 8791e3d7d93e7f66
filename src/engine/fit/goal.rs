//! What kind of codebook is wanted of a fit.

use super::method::Method;

/// How an entry is rounded when it is stored (to 8-bit channels, to f16, …). Must be idempotent.
pub type Stored<const D: usize> = fn([f32; D]) -> [f32; D];

/// What kind of codebook is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Goal<'a, const D: usize> {
    /// How entries are found.
    pub method: Method,
    /// Entries at most, those that are kept included; at least 1.
    pub count: usize,
    /// Entries that are part of the codebook exactly as they are given, even if they are more than `count`.
    pub kept: &'a [[f32; D]],
    /// How entries that are not kept are rounded.
    pub stored: Stored<D>,
    /// A value with more than this share of all samples is an entry exactly as it is, where there is room: see
    /// `flat.rs`.
    pub exact: Option<f64>,
}
