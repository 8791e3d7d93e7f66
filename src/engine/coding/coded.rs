//! What a coding makes of a tensor: bytes, and what they decode to.

use super::bits::{Malformed, Writer};
use crate::engine::control::Stopped;
use crate::engine::rate::Rate;

/// A tensor's bytes, what they decode to, and what each of their bits is for.
#[derive(Clone, Debug)]
pub struct Coded {
    /// What is stored, the plan that parts share included.
    pub bytes: Vec<u8>,
    /// One value a sample, as [`Coding::decode`](super::Coding::decode) gives it.
    pub decoded: Vec<f32>,
    /// Its total is `bytes.len()` × 8.
    pub rate: Rate,
}

/// Closes the stream and decodes it.
pub(super) fn coded(out: Writer, decode: impl FnOnce(&[u8]) -> Result<Vec<f32>, Malformed>) -> Result<Coded, Stopped> {
    let (bytes, rate) = out.finish();
    let decoded = decode(&bytes);
    debug_assert!(decoded.is_ok(), "a coding cannot read what it wrote");
    Ok(Coded { decoded: decoded.unwrap_or_else(|_| vec![0.0; rate.samples as usize]), bytes, rate })
}
