//! What a quantized model says, and which of its matrices mind: the consumer's side of the dial.

mod layers;
mod says;
mod speaking;

pub(super) use self::layers::layers_ui;
pub(super) use self::says::{ask_ui, by_chance, figure_rows, says_ui, story_job, texts_ui};
pub(super) use self::speaking::{Speaking, Talk};
