//! Where a palette goes that comes from a file.

/// Which pane of the photo a palette is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The pane that is chosen at the time.
    Chosen,
    /// The pane at this place.
    Pane(usize),
    /// The user is asked.
    Ask,
}
