mod coarse;
mod colourmap;
mod colours;
mod flats;
mod image;
mod png;
mod scaled;
