//! What a step shows: one exhibit and its settings, as plain data. Each exhibit has a file here, and one of the same
//! name under `view/learn/exhibits` that draws it.

mod photo;

use serde::{Deserialize, Serialize};

pub use photo::{PhotoShow, Seen};

/// In a file: `[steps.show.photo]`, followed by the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Show {
    /// A photo beside its reduction.
    Photo(PhotoShow),
}

impl Show {
    /// Whether the settings are within their ranges; the reason when not.
    ///
    /// # Errors
    /// A line for people, without the file's name.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Show::Photo(show) => show.check(),
        }
    }
}
