mod cloud;
mod edits;
mod error_map;
mod history;
mod settings;
mod shelf;
