//! Palette and codes found together, so that the picture looks best: assignment under a filter that models the eye.
//!
//! Choose it where a person looks at the result. What is made least is not the error of the samples but that of the
//! samples as the eye's optics average them, in linear light, with errors in textures weighing less (see [`energy`]).
//! Nearest colours are the case without a filter, error diffusion is its first pass under another filter, and GPTQ the
//! same with a layer's inputs in place of the eye.
//!
//! 1. A first palette by k-means in the opponent space ([`start`]).
//! 2. Passes over all pixels ([`pass`]), each followed by a refit of the palette under the same filter ([`refit`]);
//!    now and then the worst areas come to weigh more ([`emphasis`]). First on some of the pixels, then on all.
//! 3. Entries that mostly serve one colour become that colour; one last pass with the entries as they are stored.
//!
//! Cost: on 8-lane vectors and one thread about a second a megapixel, two thirds of it in passes and refits over all
//! pixels; 70 bytes a pixel. Measured in `benches/photo.rs`, with SSIMULACRA2 and butteraugli, which the method itself never
//! looks at.
//!
//! Sources: Analoui and Allebach, "Model-based halftoning using direct binary search" (1992), for the descent under an
//! eye's filter; Puzicha, Held, Ketterer, Buhmann and Fellner, "On spatial quantization of color images" (2000), for palette
//! and dither as one energy; JPEG XL (ISO/IEC 18181-1) for the opponent space.

mod blur;
mod emphasis;
mod energy;
mod filter;
mod near;
mod pass;
mod reduce;
mod refit;
mod site;
mod space;
mod start;
mod work;

pub use reduce::{Colours, Effort, Reduced, Request, reduce};
