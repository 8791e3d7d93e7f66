//! Block formats to the bit: what llama.cpp, bitsandbytes and the OCP formats make of a row of weights.
//!
//! A row is cut into blocks of a fixed number of weights, and each becomes a fixed number of bytes. The
//! encoders follow the arithmetic of the references, so that an error measured here is the error that a
//! user of those tools gets; the decoders read what any of them wrote.

mod affine_k;
pub mod affine_search;
mod bnb;
pub mod e2m1;
mod facts;
mod grid;
mod integer;
pub mod iq4;
mod kind;
pub mod lanes;
mod levels;
mod minifloat;
mod mx;
pub mod number;
mod plus;
mod rows;
mod symmetric_k;
pub mod symmetric_search;
mod ternary;

pub use bnb::NF4_LEVELS as NF4;
pub use facts::{Facts, Fallback};
pub use grid::{GRIDS, GridKind, Grids, decode_grid_row, even_signs};
pub use kind::Kind;
pub use levels::affines;
pub use minifloat::{E2M3, E3M2, E4M3, E5M2, Mini};
pub use number::{integer, least_and_greatest, nearest};
pub use rows::{LengthError, decode_row, encode_row, encode_row_plus};
