//! A sound cut to fewer bits: in time, where every sample is rounded, and in frequency bands, where each
//! band of each moment has a step of its own. The quantizer is the engine's in both.
//!
//! piece → [`mdct`] → ([`masking`]) → [`coder`] → report, [`ways`] side by side; [`wav`] for listening.

pub mod bands;
pub mod coder;
pub mod fourier;
pub mod masking;
pub mod mdct;
pub mod piece;
pub mod spectrogram;
pub mod wav;
pub mod ways;

/// Samples a second, of everything here.
pub const RATE: u32 = 32_000;
