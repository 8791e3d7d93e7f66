mod plane;
mod steps;
mod symbols;
mod write;
