mod legend;
mod lens;
mod viewport;
