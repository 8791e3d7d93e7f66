//! Quantscope: photos cut to a few colours and model weights cut to a few bits, through one engine.
//!
//! Every reduction decodes as `x̂ᵢ = offset_g + scale_g · C_g[codeᵢ]`, with g the group that sample i
//! belongs to: a palette is a number format with no scales, a group scale is a local palette.
//!
//! Data flows one way, and the modules are listed in that order:
//! file → [`source`] → ([`spec`]) → [`run`] in a [`jobs`] worker → [`engine`] → [`run::report`] → [`view`];
//! [`export`] and [`cli`] read the same report.
//!
//! A photo in 16 colours:
//!
//! ```
//! use quantscope::engine::control::Control;
//! use quantscope::picture::image::Image;
//! use quantscope::run::photo::reduce;
//! use quantscope::spec::{FittedPalette, Stage};
//!
//! let pixels = (0..64 * 64).map(|i| [(i % 64 * 4) as u8, (i / 64 * 4) as u8, 128, 255]).collect();
//! let image = Image::new(64, 64, pixels);
//! let report = reduce(&image, FittedPalette::new(16), Stage::Full, &Control::unwatched())?;
//! assert_eq!(report.palette.len(), 16);
//! # Ok::<(), quantscope::engine::control::Failure>(())
//! ```
//!
//! A tensor of the sample model in 4 bits:
//!
//! ```
//! use quantscope::engine::control::Control;
//! use quantscope::run::tensor::measure;
//! use quantscope::source::{builtin, open::Source};
//! use quantscope::spec::TensorSpec;
//!
//! let Source::Model(model) = builtin::model()? else { panic!("the sample is a model") };
//! let spec = TensorSpec { tensor: 1, format: "q4_0".parse()? };
//! let (error, rate) = measure(&model, spec, &Control::unwatched())?;
//! assert!(error.sqnr_db() > 15.0 && rate.bits_per_sample() >= 4.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
