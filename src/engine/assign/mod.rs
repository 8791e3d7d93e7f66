//! Giving each sample its code: the nearest level, or the nearest after its neighbours' errors
//! have been passed on to it.

pub mod diffusion;
pub mod kernel;
pub mod mask;
pub mod nearest;
mod void_cluster;

/// How codes are chosen once scales and codebooks are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assign {
    /// Each sample alone: the least squared error.
    Nearest,
    /// Error diffusion along rows: more squared error, less of it left after a blur.
    FloydSteinberg,
}
