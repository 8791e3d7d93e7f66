//! Samples → quantized. Knows nothing of files, windows or threads of its own.

pub mod samples;
pub mod grouping;
pub mod codebook;
pub mod quantized;
pub mod rate;
pub mod scale;
pub mod recipe;
pub mod fit;
pub mod assign;
pub mod format;
pub mod colour;
pub mod metric;
pub mod control;
pub mod random;
