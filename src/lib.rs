//! Quantscope: photos cut to a few colours and model weights cut to a few bits, through one engine.
//!
//! Every reduction decodes as `x̂ᵢ = offset_g + scale_g · C_g[codeᵢ]`, with g the group that sample i
//! belongs to: a palette is a number format with no scales, a group scale is a local palette.
//!
//! Data flows one way, and the modules are listed in that order:
//! file → [`source`] → ([`spec`]) → [`run`] in a [`jobs`] worker → [`engine`] → [`run::report`] → [`view`];
//! [`export`] and [`cli`] read the same report.

pub mod cli;
pub mod engine;
pub mod export;
pub mod figures;
pub mod jobs;
pub mod language;
pub mod lesson;
pub mod palette;
pub mod panics;
pub mod picture;
pub mod run;
pub mod signal;
pub mod source;
pub mod spec;
pub mod view;
