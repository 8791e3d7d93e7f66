//! Samples → quantized. Knows nothing of files, windows or threads of its own.

pub mod assign;
pub mod block;
pub mod cells;
pub mod codebook;
pub mod coding;
pub mod colour;
pub mod control;
pub mod fit;
pub mod format;
pub mod fused;
pub mod grouping;
pub mod indexed;
pub mod metric;
pub mod quantized;
pub mod random;
pub mod rate;
pub mod recipe;
pub mod samples;
pub mod scale;
pub mod simd;
pub mod tasks;
pub mod trace;
