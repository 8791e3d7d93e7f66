//! The window without a display, driven through the tree that it gives to screen readers; a file a subject.
//! `units` has the tests of each file of `src/view`, under the same path.

mod support;

mod basics;
mod budget;
mod clipboard;
mod commands;
mod compare;
mod edit_photo;
mod formats;
mod lessons;
mod palette;
mod panels;
mod panes;
mod save;
mod seeing;
mod shelf;
mod talk;
mod tensor_plots;
mod tray;
mod undo;
mod units;
