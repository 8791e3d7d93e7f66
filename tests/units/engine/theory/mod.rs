mod allocate;
mod frontier;
mod gaussian;
mod size;
