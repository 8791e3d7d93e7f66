//! What bits can buy: bounds, the frontier of bits and error, allocation under a budget, sizes of models.

pub mod allocate;
pub mod frontier;
pub mod gaussian;
pub mod size;
