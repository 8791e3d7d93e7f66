//! Why something could not be opened, or does not fit: one line that names the file and the cause.

use std::io;
use std::path::Path;

use thiserror::Error;

use crate::palette::PaletteError;

/// A file that could not be opened, and why; its text is one line.
#[derive(Debug, Error)]
#[error("{}", self.line())]
pub struct OpenError {
    /// The file as the user named it.
    pub name: String,
    /// What went wrong.
    pub cause: Cause,
}

/// Why a file could not be opened, split by whose fault it is.
#[derive(Debug, Error)]
pub enum Cause {
    /// The system would not hand the file over.
    #[error("{}", of_system(.0))]
    Io(io::Error),
    /// The path is a folder; the name is that of a file in it that could be opened, where there is one.
    #[error("this is a folder; open {} in it", .0.as_ref().map_or("a file".to_owned(), |inside| format!("'{inside}'")))]
    Directory(Option<String>),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The content is of no kind that is known; the text says what it looks like, where that is clear.
    #[error("{0}")]
    UnknownKind(String),
    /// The file is of a known kind that this program does not read.
    #[error("{0}")]
    Unsupported(String),
    /// The file breaks the rules of its kind.
    #[error("{0}")]
    Malformed(String),
    /// The file keeps the rules of its kind, but goes beyond what is opened.
    #[error("{0}")]
    TooLarge(String),
    /// The file was to be a palette; the error names the file itself.
    #[error(transparent)]
    Palette(#[from] PaletteError),
}

/// A pattern of tensors' names that cannot be read: the fault of who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the pattern '{pattern}' cannot be read: {why}")]
pub struct PatternError {
    /// The pattern as it was written.
    pub pattern: String,
    /// What is wrong and where, in the words of the crate that reads patterns.
    pub why: String,
}

/// An importance matrix that was made for another model than the one that it is laid beside.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name}: {misfit}: it was made for another model")]
pub struct BindError {
    /// The importance matrix's file as the user named it.
    pub name: String,
    /// What does not fit.
    pub misfit: Misfit,
}

/// How an importance matrix differs from the model that it is laid beside.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Misfit {
    /// A matrix has rows of another length.
    #[error("it has {columns} columns for '{tensor}', which has rows of {row}")]
    Columns {
        /// The matrix in the model.
        tensor: String,
        /// Columns in the importance matrix.
        columns: usize,
        /// Weights of a row in the model.
        row: usize,
    },
    /// A matrix has another number of parts (experts).
    #[error("it has {parts} parts for '{tensor}', which has {outer}")]
    Parts {
        /// The matrix in the model.
        tensor: String,
        /// Parts in the importance matrix.
        parts: usize,
        /// The outermost side of the matrix in the model.
        outer: usize,
    },
    /// No tensor of the model is named.
    #[error("none of its names, such as '{some}', is in {model}")]
    Names {
        /// The first name in the importance matrix.
        some: String,
        /// The name of the model.
        model: String,
    },
}

fn of_system(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("it cannot be read ({error})"),
    }
}

impl OpenError {
    /// An error of the file of this name, as the user gave it.
    pub fn new(name: impl Into<String>, cause: Cause) -> Self {
        Self { name: name.into(), cause }
    }

    /// An error of the system at this path.
    pub fn io(path: &Path, error: io::Error) -> Self {
        Self::new(path.display().to_string(), Cause::Io(error))
    }

    fn line(&self) -> String {
        if let Cause::Palette(error) = &self.cause {
            return error.to_string();
        }
        // A name may hold line breaks and the like; the message is one line all the same.
        let name = self.name.replace(char::is_control, "\u{fffd}");
        format!("{name}: {}", self.cause.to_string().replace(char::is_control, " "))
    }
}
