//! What shares a scale or a codebook.

/// What shares a scale or a codebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// All weights of a tensor.
    Tensor,
    /// All weights of a row, which are those of one output.
    Row,
    /// n consecutive weights of a row.
    Run(u32),
    /// n × n weights.
    Tile(u32),
}
