//! A language model under number formats: what it says and predicts, and which of its tensors matter to it.

pub mod generation;
pub mod inputs;
pub mod kl_report;
pub mod loaded;
pub mod runnable;
