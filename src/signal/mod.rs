//! The coders of photos and sound that lessons take apart: JPEG and a transform coder by the MDCT.

pub mod jpeg;
pub mod sound;
