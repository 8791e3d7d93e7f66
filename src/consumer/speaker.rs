//! The opened model made to speak: all its matrices through one number format, and what comes of it.

use rayon::prelude::*;

use super::architecture::Architecture;
use super::evaluate::{Evaluation, Reference};
use super::generate::{Choice, Word, compare_words, continue_text};
use super::model::LanguageModel;
use super::tokenizer::Tokenizer;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::run::reconstruct::reconstruct;
use crate::run::tensor::Fault;
use crate::source::safetensors::Model;
use crate::spec::TensorSpec;

/// A model that runs, in full precision, with what its quantized versions are compared to.
#[derive(Debug)]
pub struct Speaker {
    pub architecture: Architecture,
    pub full: LanguageModel,
    pub tokenizer: Tokenizer,
    pub reference: Reference,
}

/// All matrices of a model under one format. The norms stay as they are, as converters leave them.
#[derive(Debug)]
pub struct Squeezed {
    pub model: LanguageModel,
    /// Of all matrices together.
    pub error: ScalarError,
    pub rate: Rate,
}

/// What a model wrote.
#[derive(Clone, Debug)]
pub struct Speech {
    pub words: Vec<Word>,
    pub tokens: usize,
}

/// A matrix that is quantized alone: its own error, and what the model makes of it.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// Its place in [`Architecture::matrices`].
    pub place: usize,
    pub error: ScalarError,
    pub evaluation: Evaluation,
}

impl Speaker {
    /// # Errors
    /// For people: why this model cannot be run.
    pub fn new(model: &Model, control: &Control<'_>) -> Result<Self, Fault> {
        let tokenizer = Tokenizer::stories();
        let architecture = Architecture::of(model, tokenizer.len())
            .map_err(|why| Fault::Message(format!("{} cannot be run: {why}", model.name)))?;
        let full = LanguageModel::read(model, &architecture);
        let reference = Reference::new(&full, &tokenizer, control)?;
        Ok(Self { architecture, full, tokenizer, reference })
    }

    /// Quantizes every matrix.
    pub fn squeeze(&self, model: &Model, format: Format, control: &Control<'_>) -> Result<Squeezed, Fault> {
        let parts: Vec<_> = self
            .architecture
            .matrices
            .par_iter()
            .map(|m| reconstruct(model, TensorSpec { tensor: m.tensor, format }, control))
            .collect::<Result<_, Fault>>()?;
        let mut out = Squeezed { model: self.full.clone(), error: ScalarError::default(), rate: Rate::default() };
        for (place, part) in parts.iter().enumerate() {
            out.model.replace(&self.architecture, place, &part.values);
            out.error = out.error + part.error;
            out.rate = out.rate + part.rate;
        }
        Ok(out)
    }

    /// Continues a prompt, and marks the words that full precision (with the same choices) did not write.
    pub fn speak(
        &self,
        model: &LanguageModel,
        prompt: &str,
        count: usize,
        choice: Choice,
        control: &Control<'_>,
    ) -> Result<Speech, Stopped> {
        let prompt = self.tokenizer.encode(prompt);
        let write = |model: &LanguageModel| continue_text(model, &prompt, count, choice, control);
        let (full, ids) = rayon::join(|| write(&self.full), || write(model));
        let (full, ids) = (full?, ids?);
        let words = compare_words(&self.tokenizer.decode(&ids), &self.tokenizer.decode(&full));
        Ok(Speech { words, tokens: ids.len() - prompt.len() })
    }

    /// Quantizes one matrix at a time; `emit` gets each as soon as it is there, in no fixed order.
    pub fn sensitivities(
        &self,
        model: &Model,
        format: Format,
        emit: &(dyn Fn(Sensitivity) + Sync),
        control: &Control<'_>,
    ) -> Result<(), Fault> {
        (0..self.architecture.matrices.len()).into_par_iter().try_for_each(|place| {
            let tensor = self.architecture.matrices[place].tensor;
            let part = reconstruct(model, TensorSpec { tensor, format }, control)?;
            let mut changed = self.full.clone();
            changed.replace(&self.architecture, place, &part.values);
            let evaluation = self.reference.evaluate(&changed, control)?;
            emit(Sensitivity { place, error: part.error, evaluation });
            Ok(())
        })
    }
}
