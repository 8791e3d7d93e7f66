//! What a decoder hands over.

use image::DynamicImage;
use image::metadata::Orientation;

/// A decoded picture as the file holds it.
pub(crate) struct Raster {
    pub pixels: DynamicImage,
    /// The file's own palette in its order, in codes as the pixels have them; empty where it has none.
    pub palette: Vec<[u8; 4]>,
    /// The colour model of the file, whatever its decoder made of it.
    pub model: Model,
    /// What the file says of its codes.
    pub codes_mean: CodesMean,
    /// How the picture is turned upright.
    pub orientation: Orientation,
    /// The EXIF data, beginning with their TIFF header.
    pub exif: Option<Vec<u8>>,
    /// What was done on the way: sentences without a full stop.
    pub notes: Vec<String>,
}

/// The colour model of a file's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    Grey,
    Rgb,
    Cmyk,
}

/// What a file says of the colours that its codes stand for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CodesMean {
    /// Nothing.
    Unsaid,
    /// sRGB's.
    Srgb,
    /// An ICC profile.
    Icc(Vec<u8>),
    /// Code points of ITU-T H.273: colour primaries, transfer function, matrix, and 1 for the full range.
    Cicp([u8; 4]),
    /// PNG's gAMA and cHRM, in units of 1/100000: the exponent of encoding; x and y of white, red, green and blue.
    Measured { gamma: Option<u32>, chromaticities: Option<[u32; 8]> },
    /// The camera says Adobe RGB in its EXIF data.
    AdobeRgb,
    /// The EXIF data say that it is not sRGB, and not what it is.
    Uncalibrated,
}
