//! What is asked of a model that runs, and the jobs that answer.

use std::sync::{Arc, Mutex};

use crate::engine::format::Format;
use crate::jobs::{Running, Slot, Wake, in_background};
use crate::run::model::generation::{Ask, Generation};
use crate::run::model::loaded::LoadedModel;
use crate::run::model::runnable::Sensitivity;

/// A model's number, its format, and what it is asked.
pub(super) type SaidKey = (u64, Format, Ask);

/// What is asked of the model, and what has come of it.
pub(crate) struct Talk {
    pub ask: Ask,
    generation: Slot<SaidKey, Generation>,
    layers: Slot<(u64, Format), Vec<Sensitivity>>,
}

/// A model that runs, with the number of the document that it runs for.
#[derive(Clone, Copy)]
pub(crate) struct Speaking<'a> {
    pub id: u64,
    pub loaded: &'a Arc<LoadedModel>,
}

impl Talk {
    pub(crate) fn new(wake: &Wake) -> Self {
        Self {
            ask: Ask::default(),
            generation: Slot::new("The model speaks", wake.clone()),
            layers: Slot::new("Measuring layer by layer", wake.clone()),
        }
    }

    /// The text first, then the figures on the held-out text.
    pub(crate) fn request_said(&mut self, speaking: Speaking<'_>, format: Format) {
        let (loaded, ask) = (speaking.loaded.clone(), self.ask);
        self.generation.request((speaking.id, format, ask), move |emit, control| {
            let (generation, model) = Generation::new(&loaded, format, ask, control)?;
            emit.emit(generation.clone());
            emit.emit_final(generation.scored(&loaded, &model, control)?);
            Ok(())
        });
    }

    /// Every matrix quantized alone; they come one by one.
    pub(crate) fn request_layers(&mut self, speaking: Speaking<'_>, format: Format) {
        let loaded = speaking.loaded.clone();
        self.layers.request((speaking.id, format), move |emit, control| {
            let found: Mutex<Vec<Sensitivity>> = Mutex::default();
            let count = loaded.runnable.architecture.matrices.len().max(1);
            let so_far = |one: Sensitivity| {
                let mut found = found.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                found.push(one);
                control.progress(found.len() as f32 / count as f32);
                emit.emit(sorted(&found));
            };
            in_background(|| loaded.runnable.sensitivities(&loaded.model, format, &so_far, control))?;
            emit.emit_final(sorted(&found.lock().unwrap_or_else(|poisoned| poisoned.into_inner())));
            Ok(())
        });
    }

    /// What the model of this document said last, and whether that is what is wanted now.
    pub(crate) fn generation(&self, id: u64) -> Option<(&Generation, bool)> {
        let (key, generation) = self.generation.shown().filter(|(key, _)| key.0 == id)?;
        Some((generation, self.generation.wanted() == Some(key)))
    }

    /// The format and what is known of the matrices under it.
    pub(crate) fn layers(&self, id: u64) -> Option<(Format, &[Sensitivity], bool)> {
        let (key, found) = self.layers.shown().filter(|(key, _)| key.0 == id)?;
        Some((key.1, found, self.layers.wanted() == Some(key)))
    }

    pub(crate) fn error(&self) -> Option<&str> {
        self.generation.error().or(self.layers.error())
    }

    /// All its jobs, in the order in which a user waits for them.
    pub(crate) fn jobs(&mut self) -> [&mut dyn Running; 2] {
        [&mut self.generation, &mut self.layers]
    }
}

fn sorted(found: &[Sensitivity]) -> Vec<Sensitivity> {
    let mut found = found.to_vec();
    found.sort_by_key(|s| s.place);
    found
}
