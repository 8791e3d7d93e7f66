//! The window: the only folder that names egui.

pub mod bridge;
pub mod command;
pub mod command_table;
pub mod document;
pub mod learn;
pub mod photo;
mod results;
pub mod shell;
pub mod state;
pub mod theme;
pub mod weights;
pub mod widgets;
pub mod work;

pub use self::shell::window::run;
