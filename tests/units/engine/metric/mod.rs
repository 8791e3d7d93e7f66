mod afar;
mod colour;
mod moments;
mod output;
mod squared;
mod structure;
