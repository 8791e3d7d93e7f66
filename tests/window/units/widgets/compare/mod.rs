mod draw;
mod legend;
mod lens;
mod viewport;
