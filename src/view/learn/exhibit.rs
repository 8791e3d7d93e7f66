//! What a step shows: the one thing every exhibit can do.

use std::sync::Arc;

use egui::Ui;

use crate::export::packed::PngSize;
use crate::jobs::Running;
use crate::lesson::Show;
use crate::run::model::loaded::LoadedModel;
use crate::run::report::{PhotoOriginal, TensorOriginal};
use crate::view::document::{ModelDocument, PhotoDocument};
use crate::view::shell::savable::{Savable, SoundVersion};

pub(super) use crate::view::command_table::{PLAY, TURN_DOWN, TURN_UP};

/// What an exhibit works on: the photo and the model that are open, whichever they are.
pub(crate) struct Inputs {
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
    pub load_error: Option<String>,
    /// The seed of the lesson's random choices.
    pub seed: u64,
    /// The room is watching: 960 by 540 points to draw on, and no text under 12 of them.
    pub presenting: bool,
}

impl Inputs {
    /// Why there are no weights to look at in the model that is open.
    pub(super) fn no_weights(&self) -> Option<&'static str> {
        self.model.as_ref()?.model.tensors.get(self.tensor)?.unreadable()
    }
}

/// Settings, the slots of the work they need, and how it looks. One instance serves all steps of a lesson that show
/// the same kind of thing, so that what was computed is there when a step is gone back to.
pub(crate) trait Exhibit {
    /// Puts everything as a step has it. Called again, it is a reset: what was played with is as it was.
    fn set(&mut self, show: &Show);

    /// As it stands now: [`Exhibit::set`] with it gives the same figures.
    fn show(&self) -> Show;

    /// Puts back what the settings do not hold, once they are set.
    fn reset(&mut self) {}

    /// Asks for what is wanted; called every frame before [`Exhibit::ui`].
    fn update(&mut self, inputs: &Inputs);

    /// Fills `ui.available_size()` and no more.
    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs);

    /// The arrow keys up (+1) and down (−1): the one setting that matters most.
    fn turn(&mut self, _step: i32) {}

    /// The space bar: plays what goes on by itself, or moves on what goes by steps.
    fn play(&mut self) {}

    /// All its jobs, in the order in which a user waits for them.
    fn jobs(&mut self) -> Vec<&mut dyn Running>;

    /// The user stopped what runs: what plays by itself stops too.
    fn pause(&mut self) {}

    /// The sound before or after quantization, where the exhibit has one.
    fn sound(&self, _which: SoundVersion) -> Option<Arc<[f32]>> {
        None
    }

    /// What is to be saved, once a button of the exhibit asked for it.
    fn asked(&mut self) -> Option<Savable> {
        None
    }
}

/// A hint of the control that [`Exhibit::turn`] turns, with its keys.
pub(super) fn turned(hint: &str) -> String {
    format!("{hint} ({TURN_UP} {TURN_DOWN})")
}

/// [`Exhibit::set`] and [`Exhibit::show`] of an exhibit whose `settings` are those of this [`Show`].
macro_rules! settings_of {
    ($name:ident) => {
        fn set(&mut self, show: &crate::lesson::Show) {
            if let crate::lesson::Show::$name(settings) = show {
                self.settings = settings.clone();
                self.reset();
            }
        }

        fn show(&self) -> crate::lesson::Show {
            crate::lesson::Show::$name(self.settings.clone())
        }
    };
}
pub(super) use settings_of;
