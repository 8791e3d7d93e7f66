//! What shares a scale or a codebook.

/// What shares a scale or a codebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Tensor,
    Row,
    /// n consecutive weights of a row.
    Run(u32),
    /// n × n weights.
    Tile(u32),
}
