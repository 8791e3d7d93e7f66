//! One file an exhibit.

pub mod blind;
pub mod both;
pub mod choosing;
pub mod cost;
pub mod draw;
pub mod feedback;
mod feedback_layer;
mod feedback_model;
mod feedback_photo;
pub mod jpeg;
mod jpeg_block;
pub mod local;
pub mod numbers;
pub mod photo;
pub mod sound;
mod sound_plot;
pub mod streaming;
mod streaming_draw;
pub mod why;
