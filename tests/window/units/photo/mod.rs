mod cloud;
mod edits;
mod error_map;
mod history;
mod photo_state;
mod photos;
mod settings;
mod shelf;
