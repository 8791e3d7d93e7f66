//! Giving each sample its code: the nearest level, or one that its neighbours or its place help to
//! choose, so that many samples together come nearer to the truth than each alone.

pub mod diffusion;
pub mod dithering;
pub mod kernel;
pub mod mask;
pub mod nearest;
pub mod ordered;
mod void_cluster;

/// How codes are chosen once scales and codebooks are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assign {
    /// Each sample alone: the least squared error.
    Nearest,
    /// Error diffusion along rows: more squared error, less of it left after a blur.
    FloydSteinberg,
}
