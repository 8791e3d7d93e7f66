//! Why so little is enough, in four pictures; each is in a file of its own here.

mod gaussian_fit;
mod pairs;
mod road;
mod story;

use std::time::Instant;

use egui::Ui;

use super::super::exhibit::{Exhibit, Inputs, settings_of};
use crate::engine::control::Failure;
use crate::jobs::{Running, Slot, Wake};
use crate::lesson::exhibits::why::driver::{Drive, Journey, journey};
use crate::lesson::exhibits::why::gaussian_fit::{GaussianFit, fit_gaussian};
use crate::lesson::exhibits::why::neighbours::{Neighbours, Pairs, neighbours};
use crate::lesson::exhibits::why::{MOST_DISTANCE, WhySeen, WhyShow};
use crate::run::model::generation::Ask;
use crate::spec::WeightSettings;
use crate::view::bridge::talk::speaking::{Speaking, Talk};
use crate::view::document::{DocumentId, TensorId};
use crate::view::widgets::compare::comparison::CompareState;
use crate::view::widgets::dial::neighbour;

/// Tokens that fit a column under a lesson's text.
pub(crate) const TOKENS: usize = 80;

/// Neighbouring pixels of a photo.
#[derive(Clone, Copy, PartialEq)]
struct PairsKey {
    document: DocumentId,
    /// How the pixels are paired.
    pairs: Pairs,
}

pub(crate) struct WhyExhibit {
    settings: WhyShow,
    pairs: Slot<PairsKey, Neighbours>,
    gaussian_fit: Slot<TensorId, GaussianFit>,
    journey: Slot<Drive, Journey>,
    talk: Talk,
    compare: CompareState,
    /// Since when the car has been on its way.
    started: Option<Instant>,
    /// The matrices that the keys walk through, as of the last frame.
    tensors: Vec<usize>,
    /// The matrix on show, as of the last frame.
    tensor: usize,
}

impl WhyExhibit {
    pub(crate) fn new(wake: &Wake) -> Self {
        let mut talk = Talk::new(wake);
        talk.ask = Ask { tokens: TOKENS, ..Ask::default() };
        Self {
            settings: WhyShow::default(),
            pairs: Slot::new("Pairing pixels", wake.clone()),
            gaussian_fit: Slot::new("Counting weights", wake.clone()),
            journey: Slot::new("Driving", wake.clone()),
            talk,
            compare: CompareState::default(),
            started: None,
            tensors: Vec::new(),
            tensor: 0,
        }
    }

    fn request_pairs(&mut self, inputs: &Inputs) {
        let Some(document) = &inputs.photo else { return };
        let shuffled = self.settings.shuffled.then_some(inputs.seed);
        let pairs = Pairs { distance: self.settings.distance, shuffled, colors: self.settings.colors };
        let image = document.photo.image.clone();
        let key = PairsKey { document: document.id, pairs };
        self.pairs.request_value(key, move |control| neighbours(&image, pairs, control));
    }

    fn request_gaussian_fit(&mut self, inputs: &Inputs) {
        let Some(document) = &inputs.model else { return };
        let matrix = |t: &usize| {
            let info = &document.model.tensors[*t];
            info.shape.len() >= 2 && info.unreadable().is_none() && info.values > 0
        };
        self.tensors = (0..document.model.tensors.len()).filter(matrix).collect();
        let chosen = self.settings.tensor.unwrap_or(inputs.tensor);
        self.tensor = if self.tensors.contains(&chosen) { chosen } else { inputs.tensor };
        let (model, tensor) = (document.model.clone(), self.tensor);
        self.gaussian_fit
            .request_value(document.tensor_id(tensor), move |control| fit_gaussian(&model, tensor, control));
    }

    fn speaking<'a>(&self, inputs: &'a Inputs) -> Option<Speaking<'a>> {
        Some(Speaking { document: inputs.model.as_ref()?.id, loaded: inputs.loaded.as_ref()? })
    }
}

impl Exhibit for WhyExhibit {
    settings_of!(Why);

    fn reset(&mut self) {
        self.compare = CompareState::default();
        self.talk.ask = Ask { tokens: TOKENS, ..Ask::default() };
        self.started = (self.settings.seen == WhySeen::Road).then(Instant::now);
    }

    fn update(&mut self, inputs: &Inputs) {
        match self.settings.seen {
            WhySeen::Neighbours => self.request_pairs(inputs),
            WhySeen::Bell => self.request_gaussian_fit(inputs),
            WhySeen::Story => {
                if let Some(speaking) = self.speaking(inputs) {
                    self.talk.request_generation(speaking, WeightSettings::default().format(self.settings.bits));
                }
            }
            WhySeen::Road => {
                let drive = Drive { bits: Some(self.settings.bits), eyes: self.settings.eyes, seed: inputs.seed };
                self.journey.request_value(drive, move |_| Ok::<_, Failure>(journey(drive)));
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, inputs: &Inputs) {
        match self.settings.seen {
            WhySeen::Neighbours => {
                let shown = self.pairs.shown().map(|(_, pairs)| &**pairs);
                pairs::pairs_ui(ui, &mut self.settings, &mut self.compare, shown);
            }
            WhySeen::Bell => {
                let shown = self.gaussian_fit.shown().map(|(_, fit)| &**fit);
                if let Some(step) = gaussian_fit::gaussian_fit_ui(ui, inputs, shown) {
                    self.turn(step);
                }
            }
            WhySeen::Story => {
                let speaking = self.speaking(inputs);
                story::story_ui(ui, &mut self.settings.bits, &mut self.talk, speaking, inputs.load_error.as_deref());
            }
            WhySeen::Road => {
                let shown = self.journey.shown().map(|(_, journey)| &**journey);
                road::road_ui(ui, &mut self.settings, shown, &mut self.started);
            }
        }
    }

    fn turn(&mut self, step: i32) {
        let settings = &mut self.settings;
        match settings.seen {
            WhySeen::Neighbours => {
                let distance = if step > 0 { settings.distance * 2 } else { settings.distance / 2 };
                settings.distance = distance.clamp(1, MOST_DISTANCE);
            }
            WhySeen::Bell => {
                let at = self.tensors.iter().position(|t| *t == self.tensor).unwrap_or(0);
                // Up is up in the file's list.
                let next = at.saturating_add_signed(-step as isize).min(self.tensors.len().saturating_sub(1));
                settings.tensor = self.tensors.get(next).copied();
            }
            WhySeen::Story => settings.bits = neighbour(settings.bits, step),
            WhySeen::Road => {
                settings.bits = neighbour(settings.bits, step);
                self.started = Some(Instant::now());
            }
        }
    }

    fn play(&mut self) {
        match self.settings.seen {
            WhySeen::Neighbours => self.settings.shuffled = !self.settings.shuffled,
            WhySeen::Bell => {}
            WhySeen::Story => story::another(&mut self.talk.ask),
            WhySeen::Road => {
                self.settings.eyes = !self.settings.eyes;
                self.started = Some(Instant::now());
            }
        }
    }

    fn jobs(&mut self) -> Vec<&mut dyn Running> {
        let mut jobs: Vec<&mut dyn Running> = vec![&mut self.pairs, &mut self.gaussian_fit, &mut self.journey];
        jobs.extend(self.talk.jobs());
        jobs
    }
}
