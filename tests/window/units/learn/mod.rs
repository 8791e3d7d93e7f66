mod exhibits;
mod figure;
mod prose;
mod stops;
