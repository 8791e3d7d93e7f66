//! A model that runs for whatever is open: the opened model where it can, or else the sample.

use std::sync::Arc;

use super::runnable::RunnableModel;
use crate::engine::control::Control;
use crate::run::error::RunError;
use crate::run::model::inputs::Inputs;
use crate::source::builtin;
use crate::source::model::Model;
use crate::source::open::Source;

/// A model that runs, with the inputs of its matrices.
#[derive(Debug)]
pub struct LoadedModel {
    /// The weights in full precision, the tokenizer and the reference predictions.
    pub runnable: RunnableModel,
    /// The model that runs: the opened one, or the sample.
    pub model: Arc<Model>,
    /// What comes into its matrices while it reads stories of its own: see [`Inputs::of_own_stories`].
    pub inputs: Inputs,
    /// Why it is not the opened one.
    pub instead: Option<String>,
}

impl LoadedModel {
    /// Makes `model` ready to run, or the sample model where it cannot run, with the inputs of its matrices.
    ///
    /// # Errors
    /// [`RunError::Stopped`] only: the sample runs, as a test holds.
    pub fn of(model: Arc<Model>, control: &Control<'_>) -> Result<Self, RunError> {
        let (runnable, model, instead) = match RunnableModel::new(&model, control) {
            Ok(runnable) => (runnable, model, None),
            Err(RunError::Stopped) => return Err(RunError::Stopped),
            Err(why) => {
                let sample = sample()?;
                (RunnableModel::new(&sample, control)?, sample, Some(why.to_string()))
            }
        };
        let inputs = Inputs::of_own_stories(&runnable, control)?;
        Ok(Self { runnable, model, inputs, instead })
    }
}

fn sample() -> Result<Arc<Model>, RunError> {
    match builtin::model() {
        Ok(Source::Model(model)) => Ok(model),
        Ok(Source::Photo(_)) => Err(RunError::Sample("the sample model is no model".to_owned())),
        Err(error) => Err(RunError::Sample(error.to_string())),
    }
}
