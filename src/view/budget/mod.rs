//! What each layer deserves, in the window: the settings, the measuring behind them, the mix that comes of
//! both, and what is written of it.

mod desk;
mod outcome;
mod panel;
mod planner;
mod rows;
mod settings;
mod size;
mod summary;
mod write;

pub use desk::Desk;
pub use outcome::{Hearing, Outcome};
pub use panel::budget_ui;
pub use settings::{Preset, Settings, Unit, Wish};
pub use write::Written;
