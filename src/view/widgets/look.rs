//! How a palette is laid out.

/// How a palette is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Cells of equal size.
    Grid,
    /// Side by side in one row, each as wide as its share of the pixels.
    Strip,
    /// Ticks on three number lines, one a colour channel.
    Lines,
}
