mod afar;
mod colour;
mod eye;
mod moments;
mod output;
mod squared;
mod structure;
