//! What a step shows: one exhibit and its settings, as plain data. Each exhibit has a file here, and one of the same
//! name under `view/learn/exhibits` that draws it.

mod blind;
mod both;
mod choosing;
mod cost;
mod feedback;
mod jpeg;
mod local;
mod numbers;
mod photo;
mod sound;
mod streaming;
mod why;

use serde::{Deserialize, Serialize};

pub use blind::{BlindSeen, BlindShow};
pub use both::{BothSeen, BothShow};
pub use choosing::{COUNTS, ChoosingShow};
pub use cost::{CostShow, LEAST_BILLIONS, MOST_BILLIONS, SeenCost};
pub use feedback::{FeedbackShow, Subject};
pub use jpeg::{JpegSeen, JpegShow};
pub use local::{LocalShow, MOST_STRENGTH, SeenLocal};
pub use numbers::{MOST_ZOOM, NumbersShow};
pub use photo::{PhotoShow, Seen};
pub use sound::SoundShow;
pub use streaming::StreamingShow;
pub use why::{MOST_DISTANCE, WhySeen, WhyShow};

/// In a file: `[steps.show.photo]`, followed by the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Show {
    /// A photo beside its reduction.
    Photo(PhotoShow),
    /// One number under many formats.
    Numbers(NumbersShow),
    /// A photo and a tensor under one dial.
    Both(BothShow),
    /// Colours and levels chosen step by step.
    Choosing(ChoosingShow),
    /// One palette or scale for all against one for each part.
    Local(LocalShow),
    /// Receipts of bits, and sizes of models.
    Cost(CostShow),
    /// Redundancy and robustness.
    Why(WhyShow),
    /// One loop with three filters.
    Feedback(FeedbackShow),
    /// A photo in JPEG's frequencies.
    Jpeg(JpegShow),
    /// A sound cut to fewer bits.
    Sound(SoundShow),
    /// A timeline of a line that gets slow.
    Streaming(StreamingShow),
    /// A blind test with counted votes, and the table of the course.
    Blind(BlindShow),
}

impl Show {
    /// Whether the settings are within their ranges; the reason when not.
    ///
    /// # Errors
    /// A line for people, without the file's name.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Show::Photo(show) => show.check(),
            Show::Numbers(show) => show.check(),
            Show::Both(show) => show.check(),
            Show::Choosing(show) => show.check(),
            Show::Local(show) => show.check(),
            Show::Cost(show) => show.check(),
            Show::Why(show) => show.check(),
            Show::Feedback(show) => show.check(),
            Show::Jpeg(show) => show.check(),
            Show::Sound(show) => show.check(),
            Show::Streaming(show) => show.check(),
            Show::Blind(show) => show.check(),
        }
    }
}
