//! Giving each sample its code: the nearest level, or one that its neighbours or its place help to
//! choose, so that many samples together come nearer to the truth than each alone.

pub mod diffusion;
pub mod dithering;
pub mod feedback;
pub mod gptq;
pub mod hull;
pub mod kernel;
pub mod mask;
pub mod nearest;
pub mod ordered;
pub mod tries;
mod void_cluster;
