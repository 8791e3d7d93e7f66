//! A batch of files on its way in.

use crate::view::document::Origin;
use crate::view::photo::destination::Destination;

/// A batch of files on its way in.
pub(crate) struct Opening {
    pub(crate) batch: u64,
    pub(crate) origins: Vec<Origin>,
    /// How many of them are in, or refused.
    pub(crate) taken: usize,
    pub(crate) from_user: bool,
    pub(crate) photo: bool,
    pub(crate) model: bool,
    pub(crate) palette: bool,
    pub(crate) to: Destination,
}
