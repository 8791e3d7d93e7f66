//! What a model says and predicts when all its matrices are under one number format, beside full precision:
//! first the text, which is there at once, then the figures on the held-out text.
//!
//! Cost: quantizing the model, two short texts, and one reading of the held-out text.

use serde::{Deserialize, Serialize};

use super::loaded::LoadedModel;
use super::runnable::GeneratedText;
use crate::engine::control::{Control, Stopped};
use crate::engine::format::Format;
use crate::engine::metric::ScalarError;
use crate::engine::rate::Rate;
use crate::language::evaluate::Evaluation;
use crate::language::generate::Choice;
use crate::language::model::LanguageModel;
use crate::run::error::RunError;

/// How the text begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prompt {
    /// The model begins by itself.
    Nothing,
    /// The usual beginning of the sample model's training stories.
    #[default]
    OnceUponATime,
}

impl Prompt {
    /// Every beginning, in the order of the window's picker.
    pub const ALL: [Prompt; 2] = [Prompt::OnceUponATime, Prompt::Nothing];

    /// The words that the model is given to continue; empty for [`Prompt::Nothing`].
    pub fn text(self) -> &'static str {
        match self {
            Prompt::Nothing => "",
            Prompt::OnceUponATime => "Once upon a time",
        }
    }
}

/// What the model is asked to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// How the text begins.
    pub prompt: Prompt,
    /// How each next token is chosen.
    pub choice: Choice,
    /// At most so many after the prompt.
    pub tokens: usize,
}

impl Default for Ask {
    fn default() -> Self {
        Self { prompt: Prompt::default(), choice: Choice::Greedy, tokens: 110 }
    }
}

/// The text that a model wrote under one number format, with its error and its size.
#[derive(Clone, Debug)]
pub struct Generation {
    /// The format of all its matrices.
    pub format: Format,
    /// What the model was asked to write.
    pub ask: Ask,
    /// What it wrote, beside full precision.
    pub text: GeneratedText,
    /// The weight error of all matrices together.
    pub error: ScalarError,
    /// Bits of all matrices together, side information included.
    pub rate: Rate,
    /// Full precision on the held-out text.
    pub full: Evaluation,
    /// The model under this format on the held-out text; it comes after the generated text.
    pub evaluation: Option<Evaluation>,
}

impl Generation {
    /// The text, and the quantized model that wrote it.
    ///
    /// # Errors
    /// `Stopped`, or why a matrix cannot be coded under the format.
    pub fn new(
        loaded: &LoadedModel,
        format: Format,
        ask: Ask,
        control: &Control<'_>,
    ) -> Result<(Self, LanguageModel), RunError> {
        let runnable = &loaded.runnable;
        let quantized_model = runnable.quantize(&loaded.model, format, control)?;
        let text = runnable.generate(&quantized_model.model, ask.prompt.text(), ask.tokens, ask.choice, control)?;
        let full = runnable.reference.full();
        let generation = Self {
            format,
            ask,
            text,
            error: quantized_model.error,
            rate: quantized_model.rate,
            full,
            evaluation: None,
        };
        Ok((generation, quantized_model.model))
    }

    /// Adds the figures of `model`, which wrote the text, on the held-out text.
    ///
    /// # Errors
    /// `Stopped` when the work was cancelled.
    pub fn scored(self, loaded: &LoadedModel, model: &LanguageModel, control: &Control<'_>) -> Result<Self, Stopped> {
        let evaluation = loaded.runnable.reference.evaluate(model, control)?;
        Ok(Self { evaluation: Some(evaluation), ..self })
    }

    /// Words of the text that full precision wrote, too.
    pub fn kept(&self) -> (usize, usize) {
        let words = &self.text.words;
        (words.iter().filter(|w| !w.differs).count(), words.len())
    }
}
