//! How far a reconstruction is from its original. Each figure states its formula.

mod afar;
mod blur;
mod colour;
mod eye;
mod moments;
mod output;
mod squared;
mod structure;

pub use afar::{oklab_afar, oklab_afar_map, psnr_afar};
pub use colour::{
    ByColour, ColourError, Comparison, compare_colours, compare_indexed, over_white, squared_error_map, ssim_indexed,
};
pub use eye::{EyeError, ssimulacra2};
pub use moments::{Moments, count_beyond};
pub use output::{Gram, OutputError};
pub use squared::{ScalarError, WeighedError, decibels};
pub use structure::ssim;
