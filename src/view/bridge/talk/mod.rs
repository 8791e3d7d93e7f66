//! What a quantized model says, and which of its matrices mind: the consumer's side of the dial.

pub(crate) mod layers;
pub(crate) mod says;
pub mod speaking;
