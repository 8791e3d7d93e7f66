//! The size of a block.

/// Pixels, and frequencies, along one side of a block.
pub const SIDE: usize = 8;
/// Pixels, and frequencies, of a block.
pub const CELLS: usize = SIDE * SIDE;
