use quantscope::source::naming::*;

#[test]
fn hugging_face_names_become_those_of_llama_cpp() {
    let llama = Naming::Llama { sandwiched: false };
    for (naming, from, to) in [
        (llama, "model.layers.12.self_attn.q_proj.weight", "blk.12.attn_q.weight"),
        (llama, "model.layers.12.self_attn.k_proj.bias", "blk.12.attn_k.bias"),
        (llama, "model.layers.0.post_attention_layernorm.weight", "blk.0.ffn_norm.weight"),
        (llama, "model.embed_tokens.weight", "token_embd.weight"),
        (llama, "lm_head.weight", "output.weight"),
        (
            Naming::Llama { sandwiched: true },
            "model.layers.0.post_attention_layernorm.weight",
            "blk.0.post_attention_norm.weight",
        ),
        (Naming::Bert, "encoder.layer.3.attention.output.dense.weight", "blk.3.attn_output.weight"),
        (Naming::Bert, "bert.encoder.layer.3.output.dense.bias", "blk.3.ffn_down.bias"),
        (Naming::Bert, "embeddings.word_embeddings.weight", "token_embd.weight"),
        (Naming::Gpt2, "transformer.h.7.attn.c_attn.weight", "blk.7.attn_qkv.weight"),
        (Naming::Gpt2, "wte.weight", "token_embd.weight"),
        (Naming::Gguf, "blk.7.attn_q.weight", "blk.7.attn_q.weight"),
    ] {
        assert_eq!(naming.gguf_name(from).as_deref(), Some(to), "{from}");
    }
}

#[test]
fn what_is_not_known_has_no_name() {
    let llama = Naming::Llama { sandwiched: false };
    for name in
        ["model.layers.x.self_attn.q_proj.weight", "model.layers.0.new_thing.weight", "pooler.dense.weight", "lm_head"]
    {
        assert_eq!(llama.gguf_name(name), None, "{name}");
    }
    assert_eq!(Naming::Bert.gguf_name("pooler.dense.weight"), None);
    assert_eq!(Naming::Unknown.gguf_name("model.embed_tokens.weight"), None);
}
