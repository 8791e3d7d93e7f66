//! The bit budget, in the window: the settings, the measuring behind them, the mix that comes of
//! both, and what is written of it.

mod budget_state;
mod outcome;
mod panel;
mod planner;
mod rows;
mod settings;
mod size;
mod summary;
mod write;

pub use budget_state::BudgetState;
pub use outcome::{KlState, Outcome};
pub use panel::budget_ui;
pub use settings::{BudgetAction, Preset, Settings, Unit};
pub use write::Written;
