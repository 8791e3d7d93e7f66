//! How the panes of a comparison are drawn.

/// How the panes of a comparison are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All panes at once, in a grid.
    SideBySide,
    /// The base and the chosen pane in one place, on either side of a line that can be dragged.
    Split,
    /// The base and the chosen pane in turn, half a second each.
    Flicker,
    /// The original as it is, and each reduction as a map of its error.
    ErrorMap,
    /// The photo's colours in space, its pictures beside them.
    Cloud,
}
