//! Picture files → pixels, a file a format: what their decoder leaves out is read here, and what it cannot do
//! is told from the headers and refused in one line.

pub(super) mod avif;
pub(super) mod bmp;
mod boxes;
mod common;
mod directory;
pub(super) mod exif;
pub(super) mod gif;
pub(super) mod jpeg;
pub(super) mod png;
pub(super) mod raster;
pub(super) mod tiff;
pub(super) mod webp;
