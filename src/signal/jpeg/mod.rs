//! Baseline JPEG in parts: blocks of frequencies, steps, symbols and the file (ITU-T T.81).

pub mod block;
pub mod cells;
pub mod plane;
pub mod rounding;
pub mod steps;
pub mod symbols;
pub mod write;
