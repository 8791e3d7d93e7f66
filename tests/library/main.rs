//! The library and the command line as others use them; a file a subject.

mod bad_input;
mod cli;
mod files_out;
mod formats;
mod gguf;
mod golden_blocks;
mod language;
mod layers;
mod not_plain_weights;
mod one_assignment;
mod one_engine;
mod photo_decoding;
mod photo_palettes;
mod photo_sources;
mod photo_truth;
mod rows;
