//! What is asked of a model that runs, and the jobs that answer.

use std::sync::{Arc, Mutex};

use crate::engine::format::Format;
use crate::jobs::{Running, Slot, Wake, in_background};
use crate::run::model::generation::{Ask, Generation};
use crate::run::model::loaded::LoadedModel;
use crate::run::model::runnable::Sensitivity;
use crate::view::document::DocumentId;

/// A text of a quantized model.
#[derive(Clone, Copy, PartialEq)]
struct GenerationKey {
    /// The model's document.
    document: DocumentId,
    /// The format of its weights.
    format: Format,
    /// How the text begins and how its words are chosen.
    ask: Ask,
}

/// The sensitivities of a model's matrices.
#[derive(Clone, Copy, PartialEq)]
struct SensitivityKey {
    /// The model's document.
    document: DocumentId,
    /// The format that one matrix at a time is quantized to.
    format: Format,
}

/// The sensitivities of the matrices of a model that are measured so far.
#[derive(Clone, Copy)]
pub(super) struct LayerSensitivities<'a> {
    /// The format that each matrix was quantized to.
    pub(super) format: Format,
    /// What quantizing each matrix alone does, in the order of the matrices.
    pub(super) matrices: &'a [Sensitivity],
    /// Whether they are of the format that is wanted now.
    pub(super) is_current: bool,
}

/// What is asked of the model, and what has come of it.
pub struct Talk {
    /// What the model is to go on from, and how.
    pub ask: Ask,
    generation: Slot<GenerationKey, Generation>,
    layers: Slot<SensitivityKey, Vec<Sensitivity>>,
}

/// A model that runs, with the document that it runs for.
#[derive(Clone, Copy)]
pub(crate) struct Speaking<'a> {
    /// The document of the model that is open; where that one cannot run, the sample runs for it.
    pub document: DocumentId,
    /// The model that runs.
    pub loaded: &'a Arc<LoadedModel>,
}

impl Talk {
    /// Nothing asked yet; `wake` draws the next frame when an answer is there.
    pub fn new(wake: &Wake) -> Self {
        Self {
            ask: Ask::default(),
            generation: Slot::new("The model speaks", wake.clone()),
            layers: Slot::new("Measuring layer by layer", wake.clone()),
        }
    }

    /// Asks for the model's text under a format, and then for its figures on the held-out text.
    pub(crate) fn request_generation(&mut self, speaking: Speaking<'_>, format: Format) {
        let (loaded, ask) = (speaking.loaded.clone(), self.ask);
        let key = GenerationKey { document: speaking.document, format, ask };
        self.generation.request(key, move |emit, control| {
            let (generation, model) = Generation::new(&loaded, format, ask, control)?;
            emit.emit(generation.clone());
            emit.emit_final(generation.scored(&loaded, &model, control)?);
            Ok(())
        });
    }

    /// Asks for the sensitivity of every matrix when it alone is quantized; they come one by one.
    pub(crate) fn request_layers(&mut self, speaking: Speaking<'_>, format: Format) {
        let loaded = speaking.loaded.clone();
        let key = SensitivityKey { document: speaking.document, format };
        self.layers.request(key, move |emit, control| {
            let measured: Mutex<Vec<Sensitivity>> = Mutex::default();
            let count = loaded.runnable.architecture.matrices.len().max(1);
            let so_far = |one: Sensitivity| {
                let mut measured = measured.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                measured.push(one);
                control.progress(measured.len() as f32 / count as f32);
                emit.emit(sorted(&measured));
            };
            in_background(|| loaded.runnable.sensitivities(&loaded.model, format, &so_far, control))?;
            emit.emit_final(sorted(&measured.lock().unwrap_or_else(|poisoned| poisoned.into_inner())));
            Ok(())
        });
    }

    /// What the model of this document said last, and whether that is what is wanted now.
    pub(crate) fn generation(&self, document: DocumentId) -> Option<(&Generation, bool)> {
        let (key, generation) = self.generation.shown().filter(|(key, _)| key.document == document)?;
        Some((generation, self.generation.wanted() == Some(key)))
    }

    /// What has been measured last of the matrices of this document's model.
    pub(super) fn layers(&self, document: DocumentId) -> Option<LayerSensitivities<'_>> {
        let (key, matrices) = self.layers.shown().filter(|(key, _)| key.document == document)?;
        Some(LayerSensitivities { format: key.format, matrices, is_current: self.layers.wanted() == Some(key) })
    }

    pub(crate) fn error(&self) -> Option<&str> {
        self.generation.error().or(self.layers.error())
    }

    /// All its jobs, in the order in which a user waits for them.
    pub fn jobs(&mut self) -> [&mut dyn Running; 2] {
        [&mut self.generation, &mut self.layers]
    }
}

fn sorted(matrices: &[Sensitivity]) -> Vec<Sensitivity> {
    let mut matrices = matrices.to_vec();
    matrices.sort_by_key(|matrix| matrix.place);
    matrices
}
