//! What reads a quantized thing, and so decides which errors matter: a small language model that runs
//! here, and a layer's own inputs.
//!
//! An error of weights is no error of a model. Everything in this folder measures at the far end: what
//! the model predicts, what it writes, what a layer puts out.

pub mod architecture;
pub mod error;
pub mod evaluate;
pub mod generate;
pub mod model;
pub mod packed;
pub mod rank;
pub mod tokenizer;
