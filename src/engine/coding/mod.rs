//! Codings of our own: formats whose bits are not an index of fixed width into a fixed table.
//!
//! Each turns a tensor into bytes and back. The figures that it is judged by come from the bytes: what is
//! decoded is decoded from them, and the receipt counts their bits one by one as they are written.
//!
//! | coding | in one line | read a single weight |
//! |---|---|---|
//! | `learnedB` | a learned codebook, a 7-bit scale for 16 | yes |
//! | `vqD-bK` | a palette of 2^K entries for D weights at once | yes |
//! | `hqqB-gN` | integers with HQQ's zero point | yes |
//! | `had-intB-GROUP` | integers after a Hadamard rotation | by runs |
//! | `trellisB` | a path through a shift register, after a Hadamard rotation | by runs |
//! | `ecB[-row][-trellis]` | equal steps, entropy-coded to B bits a weight | no |
//!
//! What all parts of a tensor share is found first, from the tensor or from a good sample of it
//! ([`Coding::plan`]); then parts can be coded one by one, so memory does not grow with the tensor.

pub mod bits;
pub mod classes;
pub mod entropy;
pub mod groups;
mod half_quadratic;
mod learned;
mod rotated;
pub mod rotation;
mod row;
pub mod trellis;
pub mod unit;
mod vector;
pub mod weighed;

pub use bits::Malformed;
pub use row::{Coded, Coding, Row, TensorPlan};

/// A kind of coding a line, in the order in which a family shows them.
pub static ROWS: &[&Row] = &[
    &learned::ROW,
    &vector::ROW,
    &half_quadratic::ROW,
    &rotated::ROW,
    &trellis::ROW,
    &entropy::TRELLIS,
    &entropy::PLAIN,
    &entropy::ROW_TRELLIS,
    &entropy::ROW,
];

/// The coding of a name in lower case, and what it is an example of.
pub fn named(name: &str) -> Option<(&'static Row, Box<dyn Coding>)> {
    ROWS.iter().find_map(|row| Some((*row, (row.parse)(name)?)))
}
