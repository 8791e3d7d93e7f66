//! The window around the tabs: the application and its jobs, opening and saving, keys, bars, notices.

pub mod allocator;
pub mod app;
pub(crate) mod bars;
pub(crate) mod batch_state;
pub mod clipboard;
pub mod desktop;
pub mod dialog;
pub mod dropping;
pub mod drops;
pub mod fault;
pub mod fitting;
pub(crate) mod held;
pub mod keys;
pub mod no_window;
pub(crate) mod notices;
pub mod savable;
pub mod save_form;
pub mod saving;
pub mod timings;
pub(crate) mod window;
