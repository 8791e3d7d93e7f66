//! The window: the only folder that names egui.

pub mod bridge;
pub mod command;
pub mod command_table;
mod document;
pub mod learn;
pub mod photo;
mod results;
pub mod shell;
pub mod state;
mod theme;
pub mod weights;
pub mod widgets;
mod work;

pub use self::shell::window::run;
