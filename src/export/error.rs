//! Why there is no export, and whose fault that is.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::engine::control::{Stopped, stoppable};
use crate::engine::error::NameError;
use crate::picture::error::PngError;
use crate::run::error::RunError;

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// The owner of the work cancelled it; nothing is wrong.
    #[error("the export was stopped")]
    Stopped,
    /// The file system refused.
    #[error("cannot write {}: {cause}", name_of(.path))]
    File {
        /// The file that was to be written.
        path: PathBuf,
        /// What is wrong, in words for people.
        cause: String,
    },
    /// The caller named a file whose ending says that it is of another kind.
    #[error("{}: {what} is written as {endings}; give a name that ends so", name_of(.path))]
    Ending {
        /// The file that was to be written.
        path: PathBuf,
        /// What was to be written, as in "a sheet".
        what: String,
        /// The endings that it may have, as in ".csv, .json or .txt".
        endings: String,
    },
    /// The caller asked for a file that the format cannot hold.
    #[error("cannot export: {0}")]
    Unfit(String),
    /// What was to be written could not be computed.
    #[error("cannot export: {0}")]
    Run(RunError),
    /// The picture cannot be a PNG.
    #[error("cannot export: {0}")]
    Png(PngError),
}

/// Why the writing of a stream ended early.
#[derive(Debug, Error)]
#[error(transparent)]
pub enum Broken {
    /// The writer failed.
    Io(#[from] io::Error),
    /// The work was stopped, or what was to be written cannot be made.
    Export(#[from] ExportError),
}

/// Why a recipe cannot be read: the fault of its file.
#[derive(Debug, Error)]
pub enum RecipeError {
    /// No line names a tensor.
    #[error("it has no line such as --tensor-type 'NAME=TYPE'")]
    Empty,
    /// A line breaks the rules.
    #[error("line {line}: {why}")]
    Line {
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with the line.
        why: RuleError,
    },
}

/// What is wrong with a line of a recipe.
#[derive(Debug, Error)]
pub enum RuleError {
    /// The word has no name, no type or no equals sign between them.
    #[error("'{0}' is not NAME=TYPE")]
    Form(String),
    /// The name is no regular expression, by which tensors are matched.
    #[error("the name '{name}' is no regular expression ({why})")]
    Pattern {
        /// The name as it was written.
        name: String,
        /// What is wrong with it.
        why: regex_lite::Error,
    },
    /// The type is none of the number formats.
    #[error(transparent)]
    Format(#[from] NameError),
}

/// A path for a message of one line: a file's name may hold a line break.
fn name_of(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, "?")
}

stoppable!(ExportError, RunError => Run, PngError => Png);

impl From<Stopped> for Broken {
    fn from(stopped: Stopped) -> Self {
        Self::Export(stopped.into())
    }
}

impl From<RunError> for Broken {
    fn from(error: RunError) -> Self {
        Self::Export(error.into())
    }
}
