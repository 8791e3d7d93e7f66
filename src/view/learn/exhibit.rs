//! What a step shows: the one thing every exhibit can do, and which exhibit shows what.

use std::sync::Arc;

use egui::Ui;

use super::exhibits::*;
use crate::export::packed::PngSize;
use crate::jobs::{Running, Wake};
use crate::lesson::Show;
use crate::run::model::loaded::LoadedModel;
use crate::run::report::{PhotoOriginal, TensorOriginal};
use crate::view::save::{SoundVersion, What};
use crate::view::work::{ModelDocument, PhotoDocument};

/// What an exhibit works on: the photo and the model that are open, whichever they are.
pub struct Given {
    pub photo: Option<PhotoDocument>,
    pub photo_original: Option<Arc<PhotoOriginal>>,
    /// The size of its PNG in full colour.
    pub full_png: Option<PngSize>,
    pub model: Option<ModelDocument>,
    /// The tensor looked at, by its place in the model.
    pub tensor: usize,
    pub tensor_original: Option<Arc<TensorOriginal>>,
    /// A model that runs: the open one if it can, or else the sample.
    pub loaded: Option<Arc<LoadedModel>>,
    pub voice_error: Option<String>,
    /// Of the lesson.
    pub seed: u64,
    /// The room is watching: 960 by 540 points to draw on, and no text under 12 of them.
    pub presenting: bool,
}

impl Given {
    /// Why there are no weights to look at in the model that is open.
    pub fn no_weights(&self) -> Option<&'static str> {
        self.model.as_ref()?.model.tensors.get(self.tensor)?.unreadable()
    }
}

/// Settings, the slots of the work they need, and how it looks. One instance serves all steps of a lesson that show
/// the same kind of thing, so that what was computed is there when a step is gone back to.
pub trait Exhibit {
    /// Puts everything as a step has it. Called again, it is a reset: what was played with is as it was.
    fn set(&mut self, show: &Show);

    /// As it stands now: [`Exhibit::set`] with it gives the same figures.
    fn show(&self) -> Show;

    /// Asks for what is wanted; called every frame before [`Exhibit::ui`].
    fn update(&mut self, given: &Given);

    /// Fills `ui.available_size()` and no more.
    fn ui(&mut self, ui: &mut Ui, given: &Given);

    /// The arrow keys up (+1) and down (−1): the one setting that matters most.
    fn turn(&mut self, _step: i32) {}

    /// The space bar: plays what goes on by itself, or moves on what goes by steps.
    fn play(&mut self) {}

    /// All its jobs, in the order in which a user waits for them.
    fn jobs(&mut self) -> Vec<&mut dyn Running>;

    /// The user stopped what runs: what plays by itself stops too.
    fn pause(&mut self) {}

    /// What was sounding before or after, where there is something to be heard.
    fn sound(&self, _which: SoundVersion) -> Option<Arc<[f32]>> {
        None
    }

    /// What is to be saved, once a button of the exhibit asked for it.
    fn asked(&mut self) -> Option<What> {
        None
    }
}

/// The kinds of exhibits, as lessons name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Photo,
    Numbers,
    Both,
    Choosing,
    Local,
    Cost,
    Why,
    Feedback,
    Jpeg,
    Sound,
    Streaming,
    Blind,
}

pub fn kind_of(show: &Show) -> Kind {
    match show {
        Show::Photo(_) => Kind::Photo,
        Show::Numbers(_) => Kind::Numbers,
        Show::Both(_) => Kind::Both,
        Show::Choosing(_) => Kind::Choosing,
        Show::Local(_) => Kind::Local,
        Show::Cost(_) => Kind::Cost,
        Show::Why(_) => Kind::Why,
        Show::Feedback(_) => Kind::Feedback,
        Show::Jpeg(_) => Kind::Jpeg,
        Show::Sound(_) => Kind::Sound,
        Show::Streaming(_) => Kind::Streaming,
        Show::Blind(_) => Kind::Blind,
    }
}

pub fn new(kind: Kind, wake: &Wake) -> Box<dyn Exhibit> {
    match kind {
        Kind::Photo => Box::new(photo::PhotoExhibit::new(wake)),
        Kind::Numbers => Box::new(numbers::NumbersExhibit::new(wake)),
        Kind::Both => Box::new(both::BothExhibit::new(wake)),
        Kind::Choosing => Box::new(choosing::ChoosingExhibit::new(wake)),
        Kind::Local => Box::new(local::LocalExhibit::new(wake)),
        Kind::Cost => Box::new(cost::CostExhibit::new(wake)),
        Kind::Why => Box::new(why::WhyExhibit::new(wake)),
        Kind::Feedback => Box::new(feedback::FeedbackExhibit::new(wake)),
        Kind::Jpeg => Box::new(jpeg::JpegExhibit::new(wake)),
        Kind::Sound => Box::new(sound::SoundExhibit::new(wake)),
        Kind::Streaming => Box::new(streaming::StreamingExhibit::new(wake)),
        Kind::Blind => Box::new(blind::BlindExhibit::new(wake)),
    }
}
