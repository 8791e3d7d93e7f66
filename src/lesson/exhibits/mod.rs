//! What a step shows: one exhibit and its settings, as plain data. Each exhibit has a file or a folder here, a row in the
//! list below, and a file of the same name under `view/learn/exhibits` that draws it.

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
use crate::lesson::error::LessonError;

pub use figures::{Figures, Sources};

/// Makes [`Show`] of a row an exhibit: its name, which lessons write in kebab case, and its settings. These say what they
/// accept (`check`), how the dial turns them (`turned_to`), and which figures they have (`figure_names`, `figures`).
macro_rules! exhibits {
    ($($(#[$about:meta])* $name:ident($settings:ty),)*) => {
        /// In a file: `[steps.show.photo]`, followed by the settings.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Show { $($(#[$about])* $name($settings),)* }

        impl Show {
            /// Each exhibit as it is where a lesson says nothing but its name.
            pub fn defaults() -> Vec<Show> {
                vec![$(Show::$name(<$settings>::default())),*]
            }

            /// Whether the settings are within their ranges; the reason when not.
            ///
            /// # Errors
            /// A line for people, without the file's name.
            pub fn check(&self) -> Result<(), LessonError> {
                match self { $(Show::$name(show) => show.check(),)* }
            }

            /// With its dial at another stop: what ↑ and ↓ turn.
            ///
            /// # Errors
            /// A stop that no dial has: one that is no number.
            pub fn turned_to(&self, stop: f64) -> Result<Show, LessonError> {
                match self {
                    _ if !stop.is_finite() => Err(LessonError::Rule("no stop of a dial".to_owned())),
                    $(Show::$name(show) => Ok(Show::$name(show.turned_to(stop))),)*
                }
            }

            /// The figures that claims can speak of, as they name them.
            pub fn figure_names(&self) -> Vec<String> {
                match self { $(Show::$name(show) => show.figure_names(),)* }
            }

            /// All figures that are shown, computed as the exhibit computes them, in the order of [`Show::figure_names`].
            ///
            /// # Errors
            /// `Stopped`, or why they cannot be computed.
            pub fn figures(&self, from: &Sources<'_>, control: &Control<'_>) -> Figures {
                match self { $(Show::$name(show) => show.figures(from, control),)* }
            }
        }
    };
}

exhibits! {
    /// A photo beside its reduction.
    Photo(photo::PhotoShow),
    /// One number under many formats.
    Numbers(numbers::NumbersShow),
    /// A photo and a tensor under one dial.
    Both(both::BothShow),
    /// Colours and levels chosen step by step.
    Choosing(choosing::ChoosingShow),
    /// One palette or scale for all against one for each part.
    Local(local::LocalShow),
    /// Receipts of bits, and sizes of models.
    Cost(cost::CostShow),
    /// Redundancy and robustness.
    Why(why::WhyShow),
    /// One loop with three filters.
    Feedback(feedback::FeedbackShow),
    /// A photo in JPEG's frequencies.
    Jpeg(jpeg::JpegShow),
    /// A sound cut to fewer bits.
    Sound(sound::SoundShow),
    /// A timeline of a line that gets slow.
    Streaming(streaming::StreamingShow),
    /// A blind test with counted votes, and the table of the course.
    Blind(blind::BlindShow),
}

impl Show {
    /// With what is left to chance drawn: a blind test whose file names no seed.
    pub fn drawn(&self, mut seed: impl FnMut() -> u32) -> Show {
        match self {
            Show::Blind(show) => {
                Show::Blind(blind::BlindShow { seed: Some(show.seed.unwrap_or_else(&mut seed)), ..*show })
            }
            other => other.clone(),
        }
    }
}
