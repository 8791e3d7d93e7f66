//! What is asked of a model that runs, and the jobs that answer.

use std::sync::{Arc, Mutex};

use crate::engine::format::Format;
use crate::jobs::{Running, Slot, Wake, in_background};
use crate::run::model::said::{Ask, Said};
use crate::run::model::speaker::Sensitivity;
use crate::run::model::voice::Voice;

/// A model's number, its format, and what it is asked.
pub type SaidKey = (u64, Format, Ask);

/// What is asked of the model, and what has come of it.
pub struct Talk {
    pub ask: Ask,
    said: Slot<SaidKey, Said>,
    layers: Slot<(u64, Format), Vec<Sensitivity>>,
}

/// A model that runs, with the number of the document that it runs for.
#[derive(Clone, Copy)]
pub struct Speaking<'a> {
    pub id: u64,
    pub voice: &'a Arc<Voice>,
}

impl Talk {
    pub fn new(wake: &Wake) -> Self {
        Self {
            ask: Ask::default(),
            said: Slot::new("The model speaks", wake.clone()),
            layers: Slot::new("Measuring layer by layer", wake.clone()),
        }
    }

    /// The text first, then the figures on the held-out text.
    pub fn request_said(&mut self, speaking: Speaking<'_>, format: Format) {
        let (voice, ask) = (speaking.voice.clone(), self.ask);
        self.said.request((speaking.id, format, ask), move |emit, control| {
            let (said, model) = Said::new(&voice, format, ask, control)?;
            emit.emit(said.clone());
            emit.emit_final(said.scored(&voice, &model, control)?);
            Ok(())
        });
    }

    /// Every matrix quantized alone; they come one by one.
    pub fn request_layers(&mut self, speaking: Speaking<'_>, format: Format) {
        let voice = speaking.voice.clone();
        self.layers.request((speaking.id, format), move |emit, control| {
            let found: Mutex<Vec<Sensitivity>> = Mutex::default();
            let count = voice.speaker.architecture.matrices.len().max(1);
            let so_far = |one: Sensitivity| {
                let mut found = found.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                found.push(one);
                control.progress(found.len() as f32 / count as f32);
                emit.emit(sorted(&found));
            };
            in_background(|| voice.speaker.sensitivities(&voice.model, format, &so_far, control))?;
            emit.emit_final(sorted(&found.lock().unwrap_or_else(|poisoned| poisoned.into_inner())));
            Ok(())
        });
    }

    /// What the model of this document said last, and whether that is what is wanted now.
    pub fn said(&self, id: u64) -> Option<(&Said, bool)> {
        let (key, said) = self.said.shown().filter(|(key, _)| key.0 == id)?;
        Some((said, self.said.wanted() == Some(key)))
    }

    /// The format and what is known of the matrices under it.
    pub fn layers(&self, id: u64) -> Option<(Format, &[Sensitivity], bool)> {
        let (key, found) = self.layers.shown().filter(|(key, _)| key.0 == id)?;
        Some((key.1, found, self.layers.wanted() == Some(key)))
    }

    pub fn error(&self) -> Option<&str> {
        self.said.error().or(self.layers.error())
    }

    /// All its jobs, in the order in which a user waits for them.
    pub fn jobs(&mut self) -> [&mut dyn Running; 2] {
        [&mut self.said, &mut self.layers]
    }
}

fn sorted(found: &[Sensitivity]) -> Vec<Sensitivity> {
    let mut found = found.to_vec();
    found.sort_by_key(|s| s.place);
    found
}
