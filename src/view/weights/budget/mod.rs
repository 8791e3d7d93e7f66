//! The bit budget, in the window: the settings, the measuring behind them, the mix that comes of
//! both, and what is written of it.

pub mod budget_state;
pub(crate) mod outcome;
pub(crate) mod panel;
pub(crate) mod planner;
pub(crate) mod rows;
pub(crate) mod settings;
pub(crate) mod size;
pub(crate) mod summary;
pub(crate) mod write;
