//! A language model under number formats: what it says and predicts, and which of its tensors matter to it.

pub mod inputs;
pub mod said;
pub mod speaker;
pub mod verdict;
pub mod voice;
