//! The plots that more than one panel shows.

pub mod depth;
pub mod histogram;
pub mod layers;
pub mod quantiles;
pub mod rate_distortion;
pub mod rows;
pub mod tails;
