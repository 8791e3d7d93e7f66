//! Why a lesson cannot be read or written, or why what a step shows cannot be computed.

use thiserror::Error;

use crate::engine::control::stoppable;
use crate::export::ExportError;
use crate::picture::error::PngError;
use crate::run::error::RunError;
use crate::source::error::OpenError;

/// Why a lesson cannot be read or written, or why what a step shows cannot be computed, as one line for people.
#[derive(Debug, Error)]
pub enum LessonError {
    /// The work was superseded or cancelled; nothing is wrong.
    #[error("the work was stopped")]
    Stopped,
    /// The system would not hand the file over.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file is larger than any lesson.
    #[error("{name}: no lesson is larger than {most_megabytes} MB")]
    TooLarge {
        /// The file as the user named it.
        name: String,
        /// The largest file that is read.
        most_megabytes: u64,
    },
    /// The file's fault: it is no lesson; the error inside does not name the file.
    #[error("{name} cannot be used as a lesson: {why}")]
    File {
        /// The file as the user named it.
        name: String,
        /// What is wrong in the file, and where.
        why: Box<LessonError>,
    },
    /// The file's fault, with the place in the file where it lies.
    #[error("{place}: {why}")]
    At {
        /// The place, as in "line 3" or "step 2".
        place: String,
        /// What is wrong there.
        why: Box<LessonError>,
    },
    /// The file's fault: what it says is not within the rules of lessons.
    #[error("{0}")]
    Rule(String),
    /// The lesson cannot be written as TOML.
    #[error(transparent)]
    Write(#[from] toml::ser::Error),
    /// The fault of the photo or the model: it lacks what an exhibit needs.
    #[error("{0}")]
    Sources(String),
    /// The photo or the model could not be reduced for an exhibit.
    #[error(transparent)]
    Run(RunError),
    /// A file that an exhibit weighs could not be made.
    #[error(transparent)]
    Export(ExportError),
    /// A picture whose PNG an exhibit weighs cannot be one.
    #[error(transparent)]
    Png(PngError),
}

impl LessonError {
    /// This error with the place in the file where it lies.
    pub(super) fn at(self, place: String) -> Self {
        Self::At { place, why: Box::new(self) }
    }
}

stoppable!(LessonError, RunError => Run, ExportError => Export, PngError => Png);
