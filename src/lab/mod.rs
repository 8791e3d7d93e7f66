//! What the last lessons show: quantization where people already live with it, each through the engine's
//! own quantizer.
//!
//! Each module has a job: plain settings and a [`crate::engine::control::Control`] in, a plain report out,
//! with pictures and series ready to be drawn.

pub mod driver;
pub mod feedback;
pub mod jpeg;
pub mod streaming;
pub mod summary;
pub mod votes;
