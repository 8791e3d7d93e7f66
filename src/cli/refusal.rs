//! Why a sub-command did nothing: the one place where the errors of all rooms become text.

use std::error::Error;
use std::fmt::Display;

/// Why a sub-command did nothing: a line for people, and whose fault it is.
#[derive(Debug)]
pub(super) enum Refusal {
    /// What the arguments name cannot be read, measured or written.
    Input(String),
    /// The arguments themselves make no sense.
    Usage(String),
}

impl<E: Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Input(error.to_string())
    }
}

impl Refusal {
    /// In the words of the command line itself.
    pub(super) fn input(why: impl Into<String>) -> Self {
        Self::Input(why.into())
    }

    /// With the name of the file or the like that it is about.
    pub(super) fn about(self, subject: impl Display) -> Self {
        Self::Input(format!("{subject}: {}", self.message()))
    }

    /// Blames the arguments.
    pub(super) fn usage(self) -> Self {
        Self::Usage(self.message())
    }

    pub(super) fn message(self) -> String {
        match self {
            Self::Input(message) | Self::Usage(message) => message,
        }
    }
}
