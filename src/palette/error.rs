//! Why a palette cannot be read, edited or written, and whose fault that is.

use thiserror::Error;

use super::named::MOST_COLORS;
use super::one_line::hex_line;
use crate::picture::error::PngError;

/// Why a palette cannot be read, edited or written; its text is one line for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PaletteError {
    /// The file's fault, or a limit that it is beyond.
    // A name may hold line breaks and the like, as may what the file's content brings into the message.
    #[error("{}", format!("'{name}' {fault}").replace(char::is_control, "\u{fffd}"))]
    File {
        /// The file as the user named it.
        name: String,
        /// What the file does, as in "is empty".
        fault: FileFault,
    },
    /// The caller's fault: the text was to be a colour.
    #[error("'{0}' is not a colour; write one as #a0b1c2")]
    NotAColor(String),
    /// The caller's fault: a fully transparent entry has no colour that could be kept, changed or forced.
    #[error("{} is fully transparent: it has no colour to keep", hex_line(*.0))]
    Transparent([u8; 4]),
    /// The caller's fault: the colour is locked already.
    #[error("{} is locked already", hex_line(*.0))]
    LockedAlready([u8; 4]),
    /// The caller's fault: the colour has gone since the palette was shown.
    #[error("{} is no longer in the palette", hex_line(*.0))]
    Gone([u8; 4]),
    /// The caller's fault: the colour would be there twice.
    #[error("{} is in the palette already", hex_line(*.0))]
    ThereAlready([u8; 4]),
    /// The caller's fault: a colour cannot be merged with itself.
    #[error("two different colours can be merged")]
    MergedWithItself,
    /// The caller's fault: a given palette has no locks.
    #[error("given colours all stay as they are")]
    GivenStay,
    /// The palette has no colour to spare: it would have fewer than it must keep.
    #[error("a palette keeps at least {least} {}", if *least == 1 { "colour" } else { "colours" })]
    TooFew {
        /// Colours that such a palette keeps.
        least: usize,
    },
    /// A fitted palette has all its entries locked: nothing is left to be fitted.
    #[error("all {MOST_COLORS} entries are locked; unlock or delete one first")]
    AllLocked,
    /// A given palette has as many colours as a palette can have.
    #[error("a palette has at most {MOST_COLORS} colours; delete one first")]
    Full,
    /// The palette that was to be written has no colours.
    #[error("the palette holds no colours")]
    NoColors,
    /// The palette has more colours than a palette file holds.
    #[error("the palette has {0} colours; a palette file holds at most {MOST_COLORS}")]
    TooManyForAFile(usize),
    /// The caller's fault: the format of this label is not written.
    #[error("a {0} is read only")]
    ReadOnly(&'static str),
    /// The PNG encoder failed.
    #[error(transparent)]
    Png(#[from] PngError),
}

/// What is wrong with a palette file, as what the file does: "is empty", "has 300 colours; …".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileFault {
    /// The file breaks the rules of its kind, or is of no kind that is read.
    #[error("{0}")]
    Malformed(String),
    /// The file keeps the rules of its kind, but goes beyond what is read.
    #[error("{0}")]
    TooLarge(String),
}

impl<T: Into<String>> From<T> for FileFault {
    fn from(why: T) -> Self {
        Self::Malformed(why.into())
    }
}
