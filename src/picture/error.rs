//! Why there is no PNG.

use thiserror::Error;

use crate::engine::control::stoppable;

/// Why a picture was not written as a PNG.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PngError {
    /// The work was superseded or cancelled; nothing is wrong.
    #[error("the work was stopped")]
    Stopped,
    /// The caller's fault: the picture is not indexed.
    #[error("the picture has no palette")]
    NoPalette,
    /// The limit of a PNG's palette.
    #[error("a PNG palette has 1 to 256 entries, not {0}")]
    Entries(usize),
    /// The caller's fault: a pixel's code is beyond the palette.
    #[error("a pixel's code has no palette entry")]
    NoEntry,
    /// The caller's fault: there are more pixels, or fewer, than the sides say.
    #[error("{pixels} pixels do not make a picture of {width} × {height}")]
    Pixels {
        /// Pixels that there are.
        pixels: usize,
        /// Pixels in a row.
        width: u32,
        /// Rows of pixels.
        height: u32,
    },
    /// A limit of this machine: a row's pixels cannot be counted.
    #[error("the picture is too wide")]
    TooWide,
    /// The encoder refused, in its own words.
    #[error("{0}")]
    Encoder(String),
}

stoppable!(PngError);
