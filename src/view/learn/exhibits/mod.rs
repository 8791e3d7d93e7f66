//! One file or folder an exhibit, and which of them draws what.

pub(super) mod blind;
pub(super) mod both;
pub(super) mod choosing;
pub(super) mod cost;
pub(super) mod feedback;
pub(crate) mod feedback_layer;
pub(crate) mod feedback_model;
pub(crate) mod feedback_photo;
pub(super) mod jpeg;
pub(crate) mod jpeg_block;
pub(super) mod local;
pub mod numbers;
pub(super) mod photo;
pub(super) mod sound;
pub(crate) mod sound_plot;
pub(super) mod streaming;
pub(crate) mod streaming_draw;
pub(super) mod why;

use super::exhibit::Exhibit;
use crate::jobs::Wake;
use crate::lesson::Show;

/// What draws it, with nothing computed yet.
pub(super) fn new(show: &Show, wake: &Wake) -> Box<dyn Exhibit> {
    match show {
        Show::Photo(_) => Box::new(photo::PhotoExhibit::new(wake)),
        Show::Numbers(_) => Box::new(numbers::NumbersExhibit::new(wake)),
        Show::Both(_) => Box::new(both::BothExhibit::new(wake)),
        Show::Choosing(_) => Box::new(choosing::ChoosingExhibit::new(wake)),
        Show::Local(_) => Box::new(local::LocalExhibit::new(wake)),
        Show::Cost(_) => Box::new(cost::CostExhibit::new(wake)),
        Show::Why(_) => Box::new(why::WhyExhibit::new(wake)),
        Show::Feedback(_) => Box::new(feedback::FeedbackExhibit::new(wake)),
        Show::Jpeg(_) => Box::new(jpeg::JpegExhibit::new(wake)),
        Show::Sound(_) => Box::new(sound::SoundExhibit::new(wake)),
        Show::Streaming(_) => Box::new(streaming::StreamingExhibit::new(wake)),
        Show::Blind(_) => Box::new(blind::BlindExhibit::new(wake)),
    }
}
