mod driver;
mod gaussian_fit;
mod neighbours;
