mod app;
mod clipboard;
mod desktop;
mod dialog;
mod dropping;
mod fitting;
mod no_window;
mod timings;
