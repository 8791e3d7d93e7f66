//! Why something could not be opened: one line that names the file and the cause.

use std::fmt;
use std::io;
use std::path::Path;

/// A file that could not be opened, and why; its text is one line.
#[derive(Debug)]
pub struct OpenError {
    /// The file as the user named it.
    pub name: String,
    /// What went wrong.
    pub cause: Cause,
}

/// Split by whose doing it is.
#[derive(Debug)]
pub enum Cause {
    /// The system would not hand the file over.
    Io(io::Error),
    /// With what could be opened in it, where there is something.
    Directory(Option<String>),
    /// The file has no bytes.
    Empty,
    /// Content of no kind that is known; the text says what it looks like, where that is clear.
    UnknownKind(String),
    /// A known kind that this program does not read.
    Unsupported(String),
    /// The file breaks the rules of its kind.
    Malformed(String),
    /// Within the rules of its kind, but beyond what is opened.
    TooLarge(String),
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
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Io(e) if e.kind() == io::ErrorKind::NotFound => write!(f, "there is no such file"),
            Cause::Io(e) if e.kind() == io::ErrorKind::PermissionDenied => write!(f, "no permission to read it"),
            Cause::Io(e) => write!(f, "it cannot be read ({e})"),
            Cause::Directory(Some(inside)) => write!(f, "this is a folder; open '{inside}' in it"),
            Cause::Directory(None) => write!(f, "this is a folder; open a file in it"),
            Cause::Empty => write!(f, "the file is empty"),
            Cause::UnknownKind(text) | Cause::Unsupported(text) | Cause::Malformed(text) | Cause::TooLarge(text) => {
                write!(f, "{text}")
            }
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name may hold line breaks and the like; the message is one line all the same.
        let name = self.name.replace(char::is_control, "\u{fffd}");
        write!(f, "{name}: {}", self.cause.to_string().replace(char::is_control, " "))
    }
}

impl std::error::Error for OpenError {}
