//! Giving each sample its code: the nearest level, or one that its neighbours or its place help to
//! choose, so that many samples together come nearer to the truth than each alone.
//!
//! Whatever is assigned in rows, of a photo, of its tiles or of a tensor, goes through [`codes::assign`]; a photo that is to look best goes through
//! [`eye::reduce`].

pub mod codes;
mod descent;
pub mod diffusion;
pub mod dithering;
pub mod eye;
pub mod feedback;
pub mod gptq;
pub mod hull;
pub mod kernel;
pub mod mask;
pub mod nearest;
pub mod ordered;
mod polish;
pub mod quantized_rows;
pub mod rows;
pub mod tries;
pub mod void_cluster;
