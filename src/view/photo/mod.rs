//! The photo's tab: panes, palettes, shelf, error maps, colours in space.

pub mod cloud;
pub mod cloud_state;
pub mod destination;
pub(crate) mod edit_photo;
pub mod edits;
pub mod error_kind;
pub mod error_map;
pub mod history;
pub(crate) mod meaning;
pub(crate) mod palette;
pub(crate) mod palette_panel;
pub mod pane;
pub(crate) mod pane_menu;
pub mod pane_slots;
pub(crate) mod photo_views;
pub mod save_menu;
pub mod settings;
pub mod shelf;
pub mod size_text;
pub(crate) mod size_truth;
pub(crate) mod tab;
pub(crate) mod target;
pub mod target_state;
pub(crate) mod toolbar;
