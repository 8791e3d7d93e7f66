//! The bridge: a photo and a tensor cut to the same bits, and the model that speaks.

pub mod below;
pub mod photo;
pub mod tab;
pub mod talk;
