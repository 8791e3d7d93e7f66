//! What a step shows: one exhibit and its settings, as plain data. Each exhibit has a file here, and one of the same
//! name under `view/learn/exhibits` that draws it.

pub mod blind;
pub mod both;
pub mod choosing;
pub mod cost;
pub mod feedback;
mod figures;
pub mod jpeg;
pub mod local;
pub mod numbers;
pub mod photo;
pub mod sound;
mod standalone;
pub mod streaming;
pub mod why;

use serde::{Deserialize, Serialize};

use crate::engine::control::Control;

pub use blind::{BlindSeen, BlindShow};
pub use both::{BothSeen, BothShow};
pub use choosing::{COUNTS, ChoosingShow};
pub use cost::{CostShow, LEAST_BILLIONS, MOST_BILLIONS, SeenCost};
pub use feedback::{FeedbackShow, Subject};
pub use figures::{Figures, Sources};
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
    /// With what is left to chance drawn: a blind test whose file names no seed.
    pub fn drawn(&self, mut seed: impl FnMut() -> u32) -> Show {
        match self {
            Show::Blind(show) => Show::Blind(BlindShow { seed: Some(show.seed.unwrap_or_else(&mut seed)), ..*show }),
            other => other.clone(),
        }
    }

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

    /// With its dial at another stop: what ↑ and ↓ turn.
    ///
    /// # Errors
    /// A stop that no dial has: one that is no number.
    pub fn turned_to(&self, stop: f64) -> Result<Show, String> {
        if !stop.is_finite() {
            return Err("no stop of a dial".to_owned());
        }
        Ok(match self {
            Show::Photo(show) => Show::Photo(show.turned_to(stop)),
            Show::Numbers(show) => Show::Numbers(show.turned_to(stop)),
            Show::Both(show) => Show::Both(show.turned_to(stop)),
            Show::Choosing(show) => Show::Choosing(show.turned_to(stop)),
            Show::Local(show) => Show::Local(show.turned_to(stop)),
            Show::Cost(show) => Show::Cost(show.turned_to(stop)),
            Show::Why(show) => Show::Why(show.turned_to(stop)),
            Show::Feedback(show) => Show::Feedback(show.turned_to(stop)),
            Show::Jpeg(show) => Show::Jpeg(show.turned_to(stop)),
            Show::Sound(show) => Show::Sound(show.turned_to(stop)),
            Show::Streaming(show) => Show::Streaming(show.turned_to(stop)),
            Show::Blind(show) => Show::Blind(show.turned_to(stop)),
        })
    }

    /// The figures that claims can speak of, as they name them.
    pub fn figure_names(&self) -> Vec<String> {
        match self {
            Show::Photo(show) => show.figure_names(),
            Show::Numbers(show) => show.figure_names(),
            Show::Both(show) => show.figure_names(),
            Show::Choosing(show) => show.figure_names(),
            Show::Local(show) => show.figure_names(),
            Show::Cost(show) => show.figure_names(),
            Show::Why(show) => show.figure_names(),
            Show::Feedback(show) => show.figure_names(),
            Show::Jpeg(show) => show.figure_names(),
            Show::Sound(show) => show.figure_names(),
            Show::Streaming(show) => show.figure_names(),
            Show::Blind(show) => show.figure_names(),
        }
    }

    /// All figures that are shown, computed as the exhibit computes them, in the order of [`Show::figure_names`].
    ///
    /// # Errors
    /// `Stopped`, or why they cannot be computed.
    pub fn figures(&self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
        match self {
            Show::Photo(show) => show.figures(from, control),
            Show::Numbers(show) => show.figures(from, control),
            Show::Both(show) => show.figures(from, control),
            Show::Choosing(show) => show.figures(from, control),
            Show::Local(show) => show.figures(from, control),
            Show::Cost(show) => show.figures(from, control),
            Show::Why(show) => show.figures(from, control),
            Show::Feedback(show) => show.figures(from, control),
            Show::Jpeg(show) => show.figures(from, control),
            Show::Sound(show) => show.figures(from, control),
            Show::Streaming(show) => show.figures(from, control),
            Show::Blind(show) => show.figures(from, control),
        }
    }
}
