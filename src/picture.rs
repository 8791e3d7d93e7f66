//! What a pane shows: pixels of a photo, of its reduction, or of a heat map, and how any part of
//! them is drawn at any zoom without holding more than a few bytes a pixel.

use std::sync::Arc;

use crate::source::image::Image;

/// Full-size pixels with ever smaller averages of them.
#[derive(Debug)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub pixels: Pixels,
    /// Each half the size of the one before (rounded up), averaged in linear light; the first is half
    /// of the full size, the last has no side over 256.
    pub mips: Vec<Mip>,
}

#[derive(Debug)]
pub enum Pixels {
    Rgba(Arc<Image>),
    /// One byte a pixel; every code is less than `palette.len()`.
    Indexed { codes: Vec<u8>, palette: Vec<[u8; 4]> },
}

#[derive(Debug)]
pub struct Mip {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<[u8; 4]>,
}

/// Which part of a picture is looked at, in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The picture point at the upper left corner of the output.
    pub left: f64,
    pub top: f64,
    /// Output pixels a picture pixel; 1 is 100 %.
    pub zoom: f64,
}
