//! What llama.cpp calls a tensor: its GGUF name, from the names of Hugging Face checkpoints.
//!
//! Known for llama and its kin (qwen, mistral, mixtral's shared parts, gemma, phi-3), bert and gpt-2; a GGUF's own names stay.
//! What is not known has no name here: a recipe with a wrong one would be silently ignored.

use super::model::{Container, Model};

/// By which convention the tensors of a model are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The names are those of a GGUF already.
    Gguf,
    /// Names of llama and its kin, `model.layers.N.self_attn.…`.
    Llama {
        /// Norms before and after each half of a layer, as gemma has them, change what one name means.
        sandwiched: bool,
    },
    /// Names of bert, `encoder.layer.N.attention.self.…`.
    Bert,
    /// Names of gpt-2, `h.N.attn.c_attn.…`.
    Gpt2,
    /// Names of no convention that is known.
    Unknown,
}

type Names = &'static [(&'static str, &'static str)];

const LLAMA_LAYER: Names = &[
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.qkv_proj", "attn_qkv"),
    ("self_attn.o_proj", "attn_output"),
    ("self_attn.q_norm", "attn_q_norm"),
    ("self_attn.k_norm", "attn_k_norm"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.gate_up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
    ("mlp.gate", "ffn_gate_inp"),
    ("block_sparse_moe.gate", "ffn_gate_inp"),
    ("input_layernorm", "attn_norm"),
    ("pre_feedforward_layernorm", "ffn_norm"),
    ("post_feedforward_layernorm", "post_ffw_norm"),
];

const LLAMA_WHOLE: Names =
    &[("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output")];

const BERT_LAYER: Names = &[
    ("attention.self.query", "attn_q"),
    ("attention.self.key", "attn_k"),
    ("attention.self.value", "attn_v"),
    ("attention.output.dense", "attn_output"),
    ("attention.output.LayerNorm", "attn_output_norm"),
    ("intermediate.dense", "ffn_up"),
    ("output.dense", "ffn_down"),
    ("output.LayerNorm", "layer_output_norm"),
];

const BERT_WHOLE: Names = &[
    ("embeddings.word_embeddings", "token_embd"),
    ("embeddings.position_embeddings", "position_embd"),
    ("embeddings.token_type_embeddings", "token_types"),
    ("embeddings.LayerNorm", "token_embd_norm"),
];

const GPT2_LAYER: Names = &[
    ("attn.c_attn", "attn_qkv"),
    ("attn.c_proj", "attn_output"),
    ("mlp.c_fc", "ffn_up"),
    ("mlp.c_proj", "ffn_down"),
    ("ln_1", "attn_norm"),
    ("ln_2", "ffn_norm"),
];

const GPT2_WHOLE: Names =
    &[("wte", "token_embd"), ("wpe", "position_embd"), ("ln_f", "output_norm"), ("lm_head", "output")];

impl Naming {
    /// Told from the names that the model has.
    pub fn of(model: &Model) -> Self {
        if matches!(model.container, Container::Gguf { .. }) {
            return Self::Gguf;
        }
        let any = |part: &str| model.tensors.iter().any(|t| t.name.contains(part));
        if any("model.layers.") && any(".self_attn.") {
            return Self::Llama { sandwiched: any(".pre_feedforward_layernorm.") };
        }
        if any("encoder.layer.") && any(".attention.self.") {
            return Self::Bert;
        }
        if any(".attn.c_attn.") && any(".mlp.c_fc.") { Self::Gpt2 } else { Self::Unknown }
    }

    /// The GGUF name of a tensor, where it is known.
    pub fn gguf_name(self, name: &str) -> Option<String> {
        match self {
            Self::Gguf => Some(name.to_owned()),
            Self::Llama { sandwiched } => {
                let after_attention = if sandwiched { "post_attention_norm" } else { "ffn_norm" };
                let own = [("post_attention_layernorm", after_attention)];
                renamed(name, "model.layers.", LLAMA_LAYER, LLAMA_WHOLE)
                    .or_else(|| renamed(name, "model.layers.", &own, &[]))
            }
            Self::Bert => {
                let name = name.strip_prefix("bert.").unwrap_or(name);
                renamed(name, "encoder.layer.", BERT_LAYER, BERT_WHOLE)
            }
            Self::Gpt2 => {
                let name = name.strip_prefix("transformer.").unwrap_or(name);
                renamed(name, "h.", GPT2_LAYER, GPT2_WHOLE)
            }
            Self::Unknown => None,
        }
    }
}

fn find<'a>(names: &[(&str, &'a str)], stem: &str) -> Option<&'a str> {
    names.iter().find(|(from, _)| *from == stem).map(|(_, to)| *to)
}

fn renamed(name: &str, layers: &str, layer: &[(&str, &str)], whole: &[(&str, &str)]) -> Option<String> {
    let (stem, end) = name.rsplit_once('.').filter(|(_, end)| matches!(*end, "weight" | "bias"))?;
    if let Some((number, inside)) = stem.strip_prefix(layers).and_then(|rest| rest.split_once('.')) {
        let number: u32 = number.parse().ok()?;
        return find(layer, inside).map(|to| format!("blk.{number}.{to}.{end}"));
    }
    find(whole, stem).map(|to| format!("{to}.{end}"))
}
