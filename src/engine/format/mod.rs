//! Number formats for weights: what each is called, how it is laid out, and what encodes it.
//!
//! A format is plain data. Most are a grouping, a scale rule and a codebook, which the one
//! [`Recipe`](super::recipe::Recipe) encodes; block formats are defined down to their bytes
//! ([`Kind`](super::block::Kind)); a few have a coder of their own
//! ([`Coder`]). [`table`] lists those worth choosing, a row each; names are parsed and printed in `name`.

mod bits;
mod coder;
pub mod double;
mod fallback;
pub(super) mod family;
mod layout;
mod levels;
mod name;
mod table;
mod user;

pub use super::scale::Clip;
pub use coder::{Coded, Coder, Encoder, Unit};
pub use fallback::{Stored, stored_as};
pub use family::Family;
pub use layout::{Format, LevelRule};
pub use levels::{Group, LevelTable};
pub use table::{PATTERNS, Pattern, ReadOnly, Row, add, find, read_only, table};
pub use user::register;
