//! Why there is no PNG, or no edited picture.

use thiserror::Error;

use super::area::Area;
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

/// Why edits of a picture have no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// The work was superseded or cancelled; nothing is wrong.
    #[error("the work was stopped")]
    Stopped,
    /// The caller's fault: the area to be kept has no pixels.
    #[error("cut to {} × {} pixels there is nothing left of it", .0.width, .0.height)]
    CutToNothing(Area),
    /// The caller's fault: the area to be kept is not within the picture.
    #[error(
        "the area of {} × {} pixels at ({}, {}) is not within its {width} × {height} pixels",
        .area.width, .area.height, .area.x, .area.y
    )]
    Outside {
        /// The area to be kept.
        area: Area,
        /// Of the picture, in pixels.
        width: u32,
        /// Of the picture, in pixels.
        height: u32,
    },
    /// The caller's fault: a side of the new size has no pixels.
    #[error("resized from {} × {} to {} × {} pixels there is nothing left of it", .from.0, .from.1, .to.0, .to.1)]
    ResizedToNothing {
        /// Width and height before.
        from: (u32, u32),
        /// Width and height after.
        to: (u32, u32),
    },
    /// The caller's fault, or a limit: more pixels than are worked on.
    #[error("the new size is too large: a picture may have up to 268 megapixels")]
    TooLarge,
}

stoppable!(EditError);

/// An edit that is written in a form that is not understood: the caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("'{text}' is not understood: give {wanted}")]
pub struct FormError {
    /// What was written.
    pub text: String,
    /// What can be written.
    pub wanted: &'static str,
}
