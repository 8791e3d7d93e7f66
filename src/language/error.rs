//! Why a file is no model that is run here: always what the file holds, or a limit.

use thiserror::Error;

/// Why a model cannot be run, as half a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LanguageError {
    /// The notes hold no configuration of a llama model; the text is the JSON reader's own.
    #[error("its configuration is not that of a llama model ({0})")]
    Configuration(String),
    /// A size of the configuration is zero or beyond the limit.
    #[error("its configuration has a size that is zero or impossibly large")]
    Sizes,
    /// The width is no multiple of the number of heads, or that no multiple of the number of key-value heads.
    #[error("its heads do not divide its width")]
    Heads,
    /// The model was made for another tokenizer.
    #[error("it has a vocabulary of {own} tokens, and the only one known here has {known}")]
    Vocabulary {
        /// Tokens of the model.
        own: usize,
        /// Tokens of the tokenizer here.
        known: usize,
    },
    /// The model has more weights than are run.
    #[error("it has {millions} million weights: too many to run at the turn of a dial")]
    TooLarge {
        /// Weights of the model, in millions.
        millions: usize,
    },
    /// A tensor that the architecture needs is not in the file.
    #[error("its tensor '{0}' is missing")]
    Missing(String),
    /// A tensor that the architecture needs holds packed codes.
    #[error("its tensor '{tensor}' holds {what}")]
    Packed {
        /// The tensor's name.
        tensor: String,
        /// What it holds instead of weights.
        what: &'static str,
    },
    /// A tensor has another shape than the configuration says, or cannot be read.
    #[error("its tensor '{tensor}' is not a matrix of {shape:?} numbers")]
    Shape {
        /// The tensor's name.
        tensor: String,
        /// The shape that it should have.
        shape: Vec<usize>,
    },
    /// All weights are packed by the schemes of these names.
    #[error("its weights are packed by {0}, which is not decoded here")]
    AllPacked(String),
    /// The file is a GGUF, none of which is run.
    #[error(
        "a GGUF is not run here (this one: architecture {architecture}, tokenizer {tokenizer}, {vocabulary} tokens); a llama \
         model in a .safetensors with its configuration in its notes and the sample's {known} tokens is"
    )]
    Gguf {
        /// What the file names as its architecture, or "unknown".
        architecture: String,
        /// What the file names as its tokenizer, or "unknown".
        tokenizer: String,
        /// The number of tokens as the file gives it, or "unknown".
        vocabulary: String,
        /// Tokens of the tokenizer here.
        known: usize,
    },
    /// The names of the tensors are those of an architecture that is not run.
    #[error("the architecture {0}, told from its names, is not run here; llama is")]
    Architecture(&'static str),
    /// The names of the tensors are those of no architecture that is known.
    #[error("its tensors have not the names of a language model that is run here (llama)")]
    Names,
    /// The notes have no configuration at all.
    #[error("its file has no configuration in its notes; one beside it is not read")]
    NoConfiguration,
}
