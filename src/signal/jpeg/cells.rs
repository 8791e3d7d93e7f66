//! The size of a block.

pub const SIDE: usize = 8;
pub const CELLS: usize = SIDE * SIDE;
