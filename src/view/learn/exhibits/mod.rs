//! One file an exhibit.

pub mod feedback;
mod feedback_layer;
mod feedback_model;
mod feedback_photo;
pub mod jpeg;
mod jpeg_block;
pub mod photo;
pub mod sound;
mod sound_plot;
pub mod streaming;
mod streaming_draw;
