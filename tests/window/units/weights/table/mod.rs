mod cells;
mod lines;
mod state;
