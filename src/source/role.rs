//! What a tensor does in its model, told from its name.
//!
//! Read from the last parts of the name (`self_attn.q_proj`, `attn_q`, `attention.self.query`), as the
//! usual libraries write them: Hugging Face (llama, qwen, mistral, mixtral, phi, gpt-neox, gpt-2, bert, t5,
//! vit, clip), timm, the original llama release, and GGUF. What no rule knows stays unknown: a guess from a
//! shape would be wrong as often as right.
//! Cost: one pass over the rules a name.

use serde::Serialize;

use super::tensor::Tensor;

/// What a tensor does in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Attention's queries.
    Query,
    /// Attention's keys.
    Key,
    /// Attention's values.
    Value,
    /// Query, key and value in one matrix.
    QueryKeyValue,
    /// Combines the results of all attention heads.
    AttentionOutput,
    /// Gate of a feed-forward part, which passes through the activation.
    Gate,
    /// Widens the feed-forward part, where a gate may multiply it.
    Up,
    /// Narrows the feed-forward part to the model's width.
    Down,
    /// Gate and up in one matrix.
    GateUp,
    /// Chooses the experts of a token.
    Router,
    /// Tokens, or patches of a picture, to vectors.
    Embedding,
    /// Positions of tokens, or their types, as tables of vectors or of frequencies.
    Positions,
    /// Vectors to tokens or classes.
    Head,
    /// Weights or biases of a normalization.
    Norm,
    /// No rule fits the name.
    Unknown,
}

/// Roles that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Queries, keys, values and output of attention.
    Attention,
    /// Feed-forward matrices, and routers of experts.
    FeedForward,
    /// Embeddings, and tables of positions.
    Embedding,
    /// Normalizations.
    Norm,
    /// Output heads.
    Head,
    /// Tensors of no known role.
    Unknown,
}

/// A tensor's place in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// What the tensor does.
    pub role: Role,
    /// Counted from 0, as in the name; none outside the layers.
    pub layer: Option<u32>,
    /// What is added, not multiplied.
    pub bias: bool,
}

impl Role {
    /// The role in words, as tables and reports show it.
    pub fn label(self) -> &'static str {
        match self {
            Role::Query => "attention q",
            Role::Key => "attention k",
            Role::Value => "attention v",
            Role::QueryKeyValue => "attention qkv",
            Role::AttentionOutput => "attention output",
            Role::Gate => "ffn gate",
            Role::Up => "ffn up",
            Role::Down => "ffn down",
            Role::GateUp => "ffn gate and up",
            Role::Router => "router",
            Role::Embedding => "embedding",
            Role::Positions => "positions",
            Role::Head => "output head",
            Role::Norm => "norm",
            Role::Unknown => "unknown",
        }
    }

    /// The group of roles that this one is shown with.
    pub fn group(self) -> Group {
        match self {
            Role::Query | Role::Key | Role::Value | Role::QueryKeyValue | Role::AttentionOutput => Group::Attention,
            Role::Gate | Role::Up | Role::Down | Role::GateUp | Role::Router => Group::FeedForward,
            Role::Embedding | Role::Positions => Group::Embedding,
            Role::Norm => Group::Norm,
            Role::Head => Group::Head,
            Role::Unknown => Group::Unknown,
        }
    }
}

impl Group {
    /// Every group, in the order in which they are listed.
    pub const ALL: [Group; 6] =
        [Group::Attention, Group::FeedForward, Group::Embedding, Group::Norm, Group::Head, Group::Unknown];

    /// The group's name in tables.
    pub fn label(self) -> &'static str {
        match self {
            Group::Attention => "Attention",
            Group::FeedForward => "FFN",
            Group::Embedding => "Embedding",
            Group::Norm => "Norm",
            Group::Head => "Output head",
            Group::Unknown => "Unknown",
        }
    }
}

/// Ends of names without `.weight` or `.bias`, whole parts each, longest meaning first: the first that fits decides.
#[rustfmt::skip]
const RULES: &[(Role, &[&str])] = &[
    (Role::Down, &["DenseReluDense.wo"]),
    (Role::AttentionOutput, &[
        "o_proj", "attn_output", "attention.output.dense", "wo", "out_lin", "self_attn.dense", "attention.dense",
        "self_attention.dense", "attn.c_proj", "attn.proj", "attn.out_proj", "self_attn.out_proj",
        "encoder_attn.out_proj", "attention.out_proj", "SelfAttention.o", "EncDecAttention.o", "attn_out",
        "cross_attn.out_proj", "attn.to_out.0",
    ]),
    (Role::QueryKeyValue, &["qkv_proj", "attn_qkv", "query_key_value", "c_attn", "Wqkv", "qkv", "in_proj", "in_proj_weight", "in_proj_bias"]),
    (Role::Query, &["q_proj", "attn_q", "query", "wq", "q_lin", "SelfAttention.q", "EncDecAttention.q", "q_a_proj", "q_b_proj", "attn_q_a", "attn_q_b", "to_q"]),
    (Role::Key, &["k_proj", "attn_k", "key", "wk", "k_lin", "SelfAttention.k", "EncDecAttention.k", "attn_k_b", "to_k"]),
    (Role::Value, &["v_proj", "attn_v", "value", "wv", "v_lin", "SelfAttention.v", "EncDecAttention.v", "attn_v_b", "to_v"]),
    (Role::Router, &["mlp.gate", "block_sparse_moe.gate", "ffn_gate_inp", "ffn_gate_inp_shexp", "shared_expert_gate", "router", "feed_forward.router"]),
    (Role::GateUp, &["gate_up_proj", "ffn_gate_up_exps"]),
    (Role::Gate, &["gate_proj", "ffn_gate", "ffn_gate_exps", "ffn_gate_shexp", "w1", "wi_0"]),
    (Role::Up, &[
        "up_proj", "ffn_up", "ffn_up_exps", "ffn_up_shexp", "w3", "wi_1", "DenseReluDense.wi", "intermediate.dense", "c_fc", "fc1",
        "lin1", "dense_h_to_4h", "fc_in",
    ]),
    (Role::Down, &[
        "down_proj", "ffn_down", "ffn_down_exps", "ffn_down_shexp", "w2", "output.dense", "mlp.c_proj", "fc2",
        "lin2", "dense_4h_to_h", "fc_out",
    ]),
    (Role::Positions, &[
        "position_embeddings", "position_embedding", "embed_positions", "wpe", "position_embd", "pos_embed", "positional_embedding",
        "relative_attention_bias", "rope_freqs", "rotary_emb.inv_freq", "position_ids", "token_types", "token_type_embeddings",
    ]),
    (Role::Embedding, &[
        "embed_tokens", "token_embd", "word_embeddings", "wte", "tok_embeddings", "embed_in", "token_embedding", "shared",
        "patch_embeddings.projection", "patch_embed.proj", "patch_embedding", "patch_embd", "cls_token", "class_embedding",
    ]),
    (Role::Head, &["lm_head", "embed_out", "classifier", "score", "text_projection", "visual_projection", "cls", "mlm_head"]),
];

/// These mean what they say only where nothing stands before them.
const WHOLE: &[(Role, &[&str])] = &[(Role::Head, &["output", "head", "model.output"])];

/// Parts after which a number is a layer's.
const COUNTED: [&str; 8] = ["layers", "layer", "h", "blk", "block", "blocks", "resblocks", "transformer_blocks"];

impl Place {
    /// Reads role and layer from the name of a tensor; parts are split at dots and slashes.
    pub fn of(name: &str) -> Self {
        let mut parts: Vec<&str> = name.split(['.', '/']).filter(|p| !p.is_empty()).collect();
        let layer = layer_of(&parts);
        let last = parts.last().copied().unwrap_or_default();
        let bias = last == "bias" || last.ends_with("_bias") && last != "relative_attention_bias";
        if matches!(last, "weight" | "bias") {
            parts.pop();
        }
        Self { role: role_of(&parts, layer.is_some()), layer, bias }
    }
}

/// The first number after a word that counts layers.
fn layer_of(parts: &[&str]) -> Option<u32> {
    parts.windows(2).find_map(|pair| if COUNTED.contains(&pair[0]) { pair[1].parse().ok() } else { None })
}

fn role_of(parts: &[&str], in_layers: bool) -> Role {
    if parts.last().is_some_and(|last| is_norm(last)) {
        return Role::Norm;
    }
    let whole = |end: &str| parts.iter().copied().eq(end.split('.'));
    let ends = |end: &str| {
        let end: Vec<&str> = end.split('.').collect();
        parts.ends_with(&end)
    };
    // GPT-J's and others' heads stand alone; the same words inside a layer mean something else.
    if let Some((role, _)) = WHOLE.iter().find(|(_, names)| names.iter().any(|name| whole(name))) {
        return *role;
    }
    let role = RULES.iter().find(|(_, names)| names.iter().any(|name| ends(name))).map(|(role, _)| *role);
    // `fc1` and its like are a network of their own where there are no layers.
    role.filter(|role| role.group() != Group::FeedForward || in_layers).unwrap_or(Role::Unknown)
}

fn is_norm(last: &str) -> bool {
    let lower = last.to_ascii_lowercase();
    let numbered = |head: &str| lower.strip_prefix(head).is_some_and(|tail| tail.parse::<u8>().is_ok());
    // `pre_layrnorm` is how a well-known model spells it; the rule covers it.
    lower.contains("norm") || lower == "ln" || lower.starts_with("ln_") || numbered("ln") || numbered("bn")
}

impl Tensor {
    /// Role and layer of the tensor, read from its name.
    pub fn place(&self) -> Place {
        Place::of(&self.name)
    }

    /// Why it stays in the precision that it has unless it is asked for by name: what is small beside the
    /// matrices, and harms much where it is coarse. Converters leave the same tensors alone.
    pub fn kept_because(&self) -> Option<&'static str> {
        let place = self.place();
        match place.role {
            _ if self.values == 0 => Some("it has no values"),
            _ if self.unreadable().is_some() => self.unreadable(),
            _ if !self.dtype.is_float() => Some("whole numbers"),
            _ if place.bias => Some("a bias"),
            Role::Norm => Some("a norm"),
            Role::Router => Some("a router"),
            Role::Positions => Some("positions or types"),
            _ if self.shape.iter().filter(|side| **side > 1).count() < 2 => Some("a vector"),
            _ => None,
        }
    }
}
