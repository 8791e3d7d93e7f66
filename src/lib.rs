//! Quantscope: photos cut to a few colours and model weights cut to a few bits, through one engine.
//!
//! Every reduction decodes as `x̂ᵢ = offset_g + scale_g · C_g[codeᵢ]`, with g the group that sample i
//! belongs to: a palette is a number format with no scales, a group scale is a local palette.
//!
//! Data flows one way, and the modules are listed in that order:
//! file → [`source`] → ([`spec`]) → [`run`] in a [`jobs`] worker → [`engine`] → [`report`] → [`view`];
//! [`export`] and [`cli`] read the same report.

pub mod allocate;
pub mod cli;
pub mod colourmap;
pub mod consumer;
pub mod engine;
pub mod export;
pub mod figures;
pub mod frontier;
pub mod jobs;
pub mod lab;
pub mod lesson;
pub mod orbit;
pub mod palette;
pub mod panics;
pub mod picture;
pub mod report;
pub mod run;
pub mod size;
pub mod sound;
pub mod source;
pub mod spec;
pub mod theory;
pub mod view;
