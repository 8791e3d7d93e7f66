//! Whether a file holds a language model that runs here, and where its parts lie in the file.
//!
//! What runs: the llama architecture (Touvron et al. 2023) under Hugging Face names, with its
//! configuration in the file's notes, grouped-query attention (Ainslie et al. 2023), and the vocabulary
//! of the embedded tokenizer.

use serde::{Deserialize, Serialize};

use super::error::LanguageError;
use crate::source::model::{Container, Model};
use crate::source::naming::Naming;

/// A larger model would not answer at the turn of a dial.
const MOST_WEIGHTS: usize = 16 << 20;

/// The sizes, as a Hugging Face configuration names them.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Config {
    /// Components of a token's vector, and of what passes from layer to layer.
    #[serde(rename = "hidden_size")]
    pub width: usize,
    /// Components between the up and down matrices of the feed-forward part.
    #[serde(rename = "intermediate_size")]
    pub hidden: usize,
    /// Layers, each with attention and a feed-forward part.
    #[serde(rename = "num_hidden_layers")]
    pub layers: usize,
    /// Query heads of the attention.
    #[serde(rename = "num_attention_heads")]
    pub heads: usize,
    /// Key and value heads, each shared by `heads / kv_heads` query heads.
    #[serde(rename = "num_key_value_heads")]
    pub kv_heads: usize,
    /// Tokens that the model knows.
    #[serde(rename = "vocab_size")]
    pub vocabulary: usize,
    /// Most tokens that one session can read.
    #[serde(rename = "max_position_embeddings")]
    pub context: usize,
    /// Added to the mean square in each RMS norm.
    #[serde(rename = "rms_norm_eps")]
    pub epsilon: f32,
    /// Base of the frequencies of the rotary positions.
    #[serde(rename = "rope_theta")]
    pub theta: f32,
}

/// What a matrix does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Tokens to vectors, and at the end vectors to tokens: the two are one matrix.
    Embedding,
    /// Makes the attention's queries, all heads one after another.
    Query,
    /// Makes the attention's keys, all key-value heads one after another.
    Key,
    /// Makes the attention's values, all key-value heads one after another.
    Value,
    /// Combines the results of all attention heads.
    Output,
    /// Makes the gate of the feed-forward part, which passes through SiLU.
    Gate,
    /// Widens a vector to the feed-forward part's hidden size, where the gate multiplies it.
    Up,
    /// Narrows the feed-forward part's hidden vector to the model's width.
    Down,
}

/// The parts of a layer, in the order in which a token meets them.
pub const LAYER_PARTS: [Part; 7] =
    [Part::Query, Part::Key, Part::Value, Part::Output, Part::Gate, Part::Up, Part::Down];

impl Part {
    /// The part in lower case, as the window and [`matrix_label`](super::model::matrix_label) show it.
    pub fn label(self) -> &'static str {
        match self {
            Part::Embedding => "embedding",
            Part::Query => "query",
            Part::Key => "key",
            Part::Value => "value",
            Part::Output => "output",
            Part::Gate => "gate",
            Part::Up => "up",
            Part::Down => "down",
        }
    }
}

/// A matrix of the model: `rows` outputs from `columns` inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// What the matrix does in its layer.
    pub part: Part,
    /// 0 for the embedding.
    pub layer: usize,
    /// Outputs.
    pub rows: usize,
    /// Inputs: the values of a row.
    pub columns: usize,
    /// Its place among the file's tensors.
    pub tensor: usize,
}

/// The norm weights of a layer: their places among the file's tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Norms {
    /// The RMS norm ahead of the query, key and value matrices, as an index into the file's tensors.
    pub before_attention: usize,
    /// The RMS norm ahead of the gate and up matrices, as an index into the file's tensors.
    pub before_mlp: usize,
}

/// A runnable llama model: its sizes, and which tensor of the file plays which part.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// The sizes, from the configuration in the file's notes.
    pub config: Config,
    /// The embedding, then [`LAYER_PARTS`] of each layer.
    pub matrices: Vec<Matrix>,
    /// Norms of each layer, first layer first.
    pub norms: Vec<Norms>,
    /// The RMS norm ahead of the output, as an index into the file's tensors.
    pub last_norm: usize,
}

impl Config {
    /// Components of one attention head.
    pub fn head(self) -> usize {
        self.width / self.heads
    }

    /// Components of the keys, or of the values, of all key-value heads together.
    pub fn kv_width(self) -> usize {
        self.head() * self.kv_heads
    }

    fn shape(self, part: Part) -> (usize, usize) {
        match part {
            Part::Embedding => (self.vocabulary, self.width),
            Part::Query | Part::Output => (self.width, self.width),
            Part::Key | Part::Value => (self.kv_width(), self.width),
            Part::Gate | Part::Up => (self.hidden, self.width),
            Part::Down => (self.width, self.hidden),
        }
    }

    fn check(self, tokens: usize) -> Result<(), LanguageError> {
        let sizes = [self.width, self.hidden, self.layers, self.heads, self.kv_heads, self.context];
        if sizes.iter().any(|&size| size == 0 || size > MOST_WEIGHTS) {
            return Err(LanguageError::Sizes);
        }
        if !self.width.is_multiple_of(2 * self.heads) || !self.heads.is_multiple_of(self.kv_heads) {
            return Err(LanguageError::Heads);
        }
        if self.vocabulary != tokens {
            return Err(LanguageError::Vocabulary { own: self.vocabulary, known: tokens });
        }
        let layer: usize = LAYER_PARTS.map(|part| self.shape(part)).iter().map(|(r, c)| r.saturating_mul(*c)).sum();
        let weights = layer.saturating_mul(self.layers).saturating_add(self.vocabulary.saturating_mul(self.width));
        if weights > MOST_WEIGHTS {
            return Err(LanguageError::TooLarge { millions: weights / 1_000_000 });
        }
        Ok(())
    }
}

impl Architecture {
    /// Finds the parts of a llama model in a file; `tokens` is the size of the vocabulary it must have.
    ///
    /// # Errors
    /// This model cannot be run.
    pub fn of(model: &Model, tokens: usize) -> Result<Self, LanguageError> {
        let notes = model.metadata.get("config").ok_or_else(|| without_configuration(model, tokens))?;
        let config: Config = serde_json::from_str(notes).map_err(|e| LanguageError::Configuration(e.to_string()))?;
        config.check(tokens)?;
        let find = |name: String, shape: &[usize]| {
            let place = model.tensors.iter().position(|t| t.name == name);
            let place = place.ok_or_else(|| LanguageError::Missing(name.clone()))?;
            let tensor = &model.tensors[place];
            if let Some(packed) = tensor.packed {
                return Err(LanguageError::Packed { tensor: name, what: packed.what });
            }
            if tensor.shape != shape || tensor.unreadable().is_some() {
                return Err(LanguageError::Shape { tensor: name, shape: shape.to_vec() });
            }
            Ok(place)
        };
        let matrix = |part: Part, layer: usize| {
            let (rows, columns) = config.shape(part);
            let tensor = find(name(part, layer), &[rows, columns])?;
            Ok::<_, LanguageError>(Matrix { part, layer, rows, columns, tensor })
        };
        let mut matrices = vec![matrix(Part::Embedding, 0)?];
        let mut norms = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            for part in LAYER_PARTS {
                matrices.push(matrix(part, layer)?);
            }
            let norm = |which: &str| find(format!("model.layers.{layer}.{which}.weight"), &[config.width]);
            norms.push(Norms {
                before_attention: norm("input_layernorm")?,
                before_mlp: norm("post_attention_layernorm")?,
            });
        }
        let last_norm = find("model.norm.weight".to_owned(), &[config.width])?;
        Ok(Self { config, matrices, norms, last_norm })
    }

    /// The place of a matrix in [`Architecture::matrices`].
    pub fn place(layer: usize, part: Part) -> usize {
        match LAYER_PARTS.iter().position(|p| *p == part) {
            Some(at) => 1 + layer * LAYER_PARTS.len() + at,
            None => 0,
        }
    }
}

/// Why a model does not run whose file has no configuration in its notes: what is in the way first.
fn without_configuration(model: &Model, tokens: usize) -> LanguageError {
    let schemes = model.schemes();
    if !schemes.is_empty() {
        return LanguageError::AllPacked(schemes.join(" and "));
    }
    if matches!(model.container, Container::Gguf { .. }) {
        let entry = |key: &str| model.metadata.get(key).map_or("unknown", String::as_str);
        return LanguageError::Gguf {
            architecture: entry("general.architecture").to_owned(),
            tokenizer: entry("tokenizer.ggml.model").to_owned(),
            vocabulary: entry("tokenizer.ggml.tokens").trim_start_matches("a list of ").to_owned(),
            known: tokens,
        };
    }
    match Naming::of(model) {
        Naming::Llama { .. } => {}
        Naming::Bert => return LanguageError::Architecture("bert"),
        Naming::Gpt2 => return LanguageError::Architecture("gpt-2"),
        Naming::Gguf | Naming::Unknown => return LanguageError::Names,
    }
    let embedding = model.tensors.iter().find(|t| t.name == name(Part::Embedding, 0));
    match embedding.and_then(|t| t.shape.first()) {
        Some(&own) if own != tokens => LanguageError::Vocabulary { own, known: tokens },
        _ => LanguageError::NoConfiguration,
    }
}

fn name(part: Part, layer: usize) -> String {
    let inside = match part {
        Part::Embedding => return "model.embed_tokens.weight".to_owned(),
        Part::Query => "self_attn.q_proj",
        Part::Key => "self_attn.k_proj",
        Part::Value => "self_attn.v_proj",
        Part::Output => "self_attn.o_proj",
        Part::Gate => "mlp.gate_proj",
        Part::Up => "mlp.up_proj",
        Part::Down => "mlp.down_proj",
    };
    format!("model.layers.{layer}.{inside}.weight")
}
