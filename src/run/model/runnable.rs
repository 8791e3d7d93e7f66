//! The opened model as it runs: in full precision, and with its matrices through one number format or several.

use rayon::prelude::*;

use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::language::architecture::{Architecture, Matrix};
use crate::language::evaluate::{Evaluation, Reference};
use crate::language::generate::{Choice, Word, compare_words, continue_text};
use crate::language::model::{LanguageModel, Tap};
use crate::language::tokenizer::Tokenizer;
use crate::run::error::RunError;
use crate::run::reconstruct::{reconstruct, reconstruct_weighed};
use crate::source::imatrix::{Columns, Imatrix, Importance};
use crate::source::safetensors::Model;
use crate::spec::TensorSpec;

/// A model that runs, in full precision, with what its quantized versions are compared to.
#[derive(Debug)]
pub struct RunnableModel {
    /// The shapes of the model and where its matrices lie in the file.
    pub architecture: Architecture,
    /// The model with its weights as they are stored.
    pub full: LanguageModel,
    /// From text to tokens and back; its vocabulary is as large as the model's.
    pub tokenizer: Tokenizer,
    /// What full precision predicts on the held-out text.
    pub reference: Reference,
}

/// All matrices of a model under one format. The norms stay as they are, as converters leave them.
#[derive(Debug)]
pub struct QuantizedModel {
    /// The model with what its quantized matrices decode to.
    pub model: LanguageModel,
    /// The weight error of all matrices together.
    pub error: ScalarError,
    /// Bits of all quantized matrices together, side information included.
    pub rate: Rate,
}

/// What a model wrote.
#[derive(Clone, Debug)]
pub struct GeneratedText {
    /// The prompt and its continuation, word by word; a word that full precision did not write is marked.
    pub words: Vec<Word>,
    /// What full precision wrote.
    pub full: String,
    /// Tokens that were written after the prompt.
    pub tokens: usize,
}

/// A matrix that is quantized alone: its own error, and what the model makes of it.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// Its place in [`Architecture::matrices`].
    pub place: usize,
    /// The weight error of that matrix.
    pub error: ScalarError,
    /// The model on the held-out text with that matrix alone quantized.
    pub evaluation: Evaluation,
}

struct Inputs {
    squares: Vec<f64>,
    count: usize,
}

/// One for each matrix.
struct InputSums(Vec<Inputs>);

impl Tap for InputSums {
    fn input(&mut self, place: usize, x: &[f32]) {
        let Some(sums) = self.0.get_mut(place) else { return };
        sums.count += 1;
        sums.squares.iter_mut().zip(x).for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x));
    }
}

impl RunnableModel {
    /// Reads the model and evaluates it in full precision on the held-out text.
    ///
    /// # Errors
    /// `Stopped`, or [`RunError::NotRunnable`].
    pub fn new(model: &Model, control: &Control<'_>) -> Result<Self, RunError> {
        let tokenizer = Tokenizer::stories();
        let architecture = Architecture::of(model, tokenizer.len())
            .map_err(|why| RunError::NotRunnable { model: model.name.clone(), why })?;
        let full = LanguageModel::read(model, &architecture);
        let reference = Reference::new(&full, &tokenizer, control)?;
        Ok(Self { architecture, full, tokenizer, reference })
    }

    /// Quantizes every matrix.
    ///
    /// # Errors
    /// `Stopped`, or why a matrix cannot be coded under the format.
    pub fn quantize(&self, model: &Model, format: Format, control: &Control<'_>) -> Result<QuantizedModel, RunError> {
        self.quantize_each(model, &|_| Some(format), None, control)
    }

    /// Quantizes each matrix as its tensor is told to be; none: it stays as it is. An importance matrix goes to the
    /// encoders that take it.
    ///
    /// # Errors
    /// `Stopped`, or why a matrix cannot be coded under its format.
    pub fn quantize_each(
        &self,
        model: &Model,
        format_of: &(dyn Fn(usize) -> Option<Format> + Sync),
        importance: Option<&Importance>,
        control: &Control<'_>,
    ) -> Result<QuantizedModel, RunError> {
        let quantized = |(place, m): (usize, &Matrix)| {
            let spec = TensorSpec { tensor: m.tensor, format: format_of(m.tensor)? };
            let columns = importance.and_then(|i| i.of(m.tensor)).map(AsRef::as_ref);
            Some(reconstruct_weighed(model, spec, columns, control).map(|part| (place, part)))
        };
        let matrices = &self.architecture.matrices;
        let parts: Vec<_> = matrices.par_iter().enumerate().filter_map(quantized).collect::<Result<_, RunError>>()?;
        let mut out = QuantizedModel { model: self.full.clone(), error: ScalarError::default(), rate: Rate::default() };
        for (place, part) in &parts {
            out.model.replace(&self.architecture, *place, &part.values);
            out.error = out.error + part.error;
            out.rate = out.rate + part.rate;
        }
        Ok(out)
    }

    /// What comes into each matrix over the held-out text, as an importance matrix: the mean square of each input.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn importance(&self, model: &Model, control: &Control<'_>) -> Result<Imatrix, Stopped> {
        let inputs = |m: &Matrix| Inputs { squares: vec![0.0; m.columns], count: 0 };
        let mut taps = InputSums(self.architecture.matrices.iter().map(inputs).collect());
        self.reference.tap_inputs(&self.full, &mut taps, control)?;
        let named = self.architecture.matrices.iter().zip(taps.0).map(|(m, sums)| {
            let mean = |sum: &f64| (sum / sums.count.max(1) as f64) as f32;
            (model.tensors[m.tensor].name.clone(), Columns::new(sums.squares.iter().map(mean).collect()))
        });
        Ok(Imatrix { name: format!("the inputs of {}", model.name), entries: named.collect() })
    }

    /// Continues a prompt, and marks the words that full precision (with the same choices) did not write.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn generate(
        &self,
        model: &LanguageModel,
        prompt: &str,
        count: usize,
        choice: Choice,
        control: &Control<'_>,
    ) -> Result<GeneratedText, Stopped> {
        let prompt = self.tokenizer.encode(prompt);
        let write = |model: &LanguageModel| continue_text(model, &prompt, count, choice, control);
        let (full, ids) = rayon::join(|| write(&self.full), || write(model));
        let (full, ids) = (full?, ids?);
        let full = self.tokenizer.decode(&full);
        let words = compare_words(&self.tokenizer.decode(&ids), &full);
        Ok(GeneratedText { words, full, tokens: ids.len() - prompt.len() })
    }

    /// Quantizes one matrix at a time; `emit` gets each as soon as it is there, in no fixed order.
    ///
    /// # Errors
    /// `Stopped`, or why a matrix cannot be coded under the format; what was emitted stands.
    pub fn sensitivities(
        &self,
        model: &Model,
        format: Format,
        emit: &(dyn Fn(Sensitivity) + Sync),
        control: &Control<'_>,
    ) -> Result<(), RunError> {
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
