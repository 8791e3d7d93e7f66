//! What is wrong with a text that should name or describe something of the engine: always the fault of who wrote it.

use thiserror::Error;

/// Why a text that names a thing or a size cannot be read; the error's own text is one line for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// No thing of this kind has the name.
    #[error("no {what} is called '{name}'")]
    Unknown {
        /// The kind of thing, as in "no dither is called 'x'".
        what: &'static str,
        /// The name as it was written.
        name: String,
    },
    /// No row of the table of formats has the name, and its parts make no number format.
    #[error("no number format is called '{name}': {why}; see 'quantscope formats'")]
    Format {
        /// The name as it was written.
        name: String,
        /// The part that does not fit.
        why: FormatFault,
    },
    /// The text was to be a number of parameters.
    #[error("'{0}' is no number of parameters; write 70b, 1.1b, 350m or a plain number")]
    Parameters(String),
}

/// Which part of a number format's name is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatFault {
    /// The part before the first hyphen names no levels.
    #[error("'{0}' is no family of formats")]
    Family(String),
    /// The family's number of bits is missing or out of range.
    #[error("'{0}' takes 1 to 8 bits")]
    Bits(String),
    /// A part after the family is unknown, stands there twice, or does not go with those before it.
    #[error("'-{0}' does not belong there")]
    Part(String),
    /// Scales of this type are relative to one scale of the whole tensor, and the format has no groups below it.
    #[error("'{0}' scales need groups")]
    NoGroups(&'static str),
}

/// Why a list of number formats cannot be added: always the fault of the list, whose file the error does not name.
#[derive(Debug, Error)]
pub enum FormatListError {
    /// The text is no JSON of such a list.
    #[error("is no list of number formats: {0}")]
    Json(#[from] serde_json::Error),
    /// A row stands for no format.
    #[error("the number format '{name}' {why}")]
    Row {
        /// The row's own name.
        name: String,
        /// What the row lacks or has.
        why: RowFault,
    },
    /// A name of the list is in the table of formats already, or twice in the list.
    #[error("there is a number format '{0}' already")]
    Taken(String),
}

/// What is wrong with a row of a list of number formats, as in "the number format 'x' has no group 'y'".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RowFault {
    /// The name is empty or has other characters.
    #[error("needs a name of lower-case letters, digits, '-', '_' and '.'")]
    Name,
    /// There are too few levels or too many, or one is not finite.
    #[error("needs 2 to {most} different finite levels")]
    Levels {
        /// Levels that a row has at most.
        most: usize,
    },
    /// The part of the name before the first hyphen names formats with other levels.
    #[error("has other levels than the formats called '{0}'")]
    OtherLevels(String),
    /// No grouping has this name.
    #[error("has no group '{0}'")]
    Group(String),
    /// No type of scales has this name.
    #[error("has no scale '{0}'")]
    Scale(String),
    /// The row asks for one scale for the whole tensor, which is beyond the range of this type.
    #[error("has one scale, which {0} is too narrow for")]
    TooNarrow(&'static str),
}
