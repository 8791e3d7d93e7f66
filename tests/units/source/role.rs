use quantscope::source::role::*;

fn role(name: &str) -> Role {
    Place::of(name).role
}

#[test]
fn the_names_of_every_usual_family_are_known() {
    use Role::*;
    for (name, expected, layer) in [
        // llama, qwen, mistral
        ("model.layers.12.self_attn.q_proj.weight", Query, Some(12)),
        ("model.layers.0.self_attn.k_proj.bias", Key, Some(0)),
        ("model.layers.0.self_attn.v_proj.weight", Value, Some(0)),
        ("model.layers.0.self_attn.o_proj.weight", AttentionOutput, Some(0)),
        ("model.layers.31.mlp.gate_proj.weight", Gate, Some(31)),
        ("model.layers.31.mlp.up_proj.weight", Up, Some(31)),
        ("model.layers.31.mlp.down_proj.weight", Down, Some(31)),
        ("model.layers.0.self_attn.q_norm.weight", Norm, Some(0)),
        ("model.layers.0.post_attention_layernorm.weight", Norm, Some(0)),
        ("model.embed_tokens.weight", Embedding, None),
        ("model.norm.weight", Norm, None),
        ("lm_head.weight", Head, None),
        // mixtral, qwen-moe
        ("model.layers.3.block_sparse_moe.gate.weight", Router, Some(3)),
        ("model.layers.3.block_sparse_moe.experts.7.w1.weight", Gate, Some(3)),
        ("model.layers.3.block_sparse_moe.experts.7.w2.weight", Down, Some(3)),
        ("model.layers.3.block_sparse_moe.experts.7.w3.weight", Up, Some(3)),
        ("model.layers.3.mlp.gate.weight", Router, Some(3)),
        ("model.layers.3.mlp.experts.10.gate_proj.weight", Gate, Some(3)),
        // GGUF
        ("blk.5.attn_q.weight", Query, Some(5)),
        ("blk.5.attn_k.weight", Key, Some(5)),
        ("blk.5.attn_v.weight", Value, Some(5)),
        ("blk.5.attn_qkv.weight", QueryKeyValue, Some(5)),
        ("blk.5.attn_output.weight", AttentionOutput, Some(5)),
        ("blk.5.attn_output_norm.weight", Norm, Some(5)),
        ("blk.5.ffn_gate.weight", Gate, Some(5)),
        ("blk.5.ffn_up_exps.weight", Up, Some(5)),
        ("blk.5.ffn_down.weight", Down, Some(5)),
        ("blk.5.ffn_gate_inp.weight", Router, Some(5)),
        ("blk.5.ffn_norm.weight", Norm, Some(5)),
        ("token_embd.weight", Embedding, None),
        ("token_embd_norm.weight", Norm, None),
        ("position_embd.weight", Positions, None),
        ("output.weight", Head, None),
        ("output_norm.weight", Norm, None),
        // bert, distilbert
        ("embeddings.word_embeddings.weight", Embedding, None),
        ("embeddings.position_embeddings.weight", Positions, None),
        ("bert.encoder.layer.4.attention.self.query.weight", Query, Some(4)),
        ("encoder.layer.4.attention.output.dense.weight", AttentionOutput, Some(4)),
        ("encoder.layer.4.attention.output.LayerNorm.weight", Norm, Some(4)),
        ("encoder.layer.4.intermediate.dense.weight", Up, Some(4)),
        ("encoder.layer.4.output.dense.weight", Down, Some(4)),
        ("distilbert.transformer.layer.2.attention.q_lin.weight", Query, Some(2)),
        ("distilbert.transformer.layer.2.ffn.lin2.weight", Down, Some(2)),
        // gpt-2, gpt-neox, falcon, phi
        ("h.7.attn.c_attn.weight", QueryKeyValue, Some(7)),
        ("transformer.h.7.attn.c_proj.weight", AttentionOutput, Some(7)),
        ("transformer.h.7.mlp.c_fc.weight", Up, Some(7)),
        ("transformer.h.7.mlp.c_proj.weight", Down, Some(7)),
        ("transformer.h.7.ln_1.weight", Norm, Some(7)),
        ("transformer.wte.weight", Embedding, None),
        ("transformer.wpe.weight", Positions, None),
        ("gpt_neox.layers.2.attention.query_key_value.weight", QueryKeyValue, Some(2)),
        ("gpt_neox.layers.2.attention.dense.weight", AttentionOutput, Some(2)),
        ("gpt_neox.layers.2.mlp.dense_4h_to_h.weight", Down, Some(2)),
        ("embed_out.weight", Head, None),
        ("model.layers.1.self_attn.dense.weight", AttentionOutput, Some(1)),
        ("model.layers.1.mlp.gate_up_proj.weight", GateUp, Some(1)),
        // vit, timm, clip
        ("vit.encoder.layer.1.attention.attention.query.weight", Query, Some(1)),
        ("vit.embeddings.patch_embeddings.projection.weight", Embedding, None),
        ("vit.encoder.layer.1.layernorm_before.weight", Norm, Some(1)),
        ("blocks.3.attn.qkv.weight", QueryKeyValue, Some(3)),
        ("blocks.3.attn.proj.bias", AttentionOutput, Some(3)),
        ("blocks.3.mlp.fc1.weight", Up, Some(3)),
        ("blocks.3.norm1.weight", Norm, Some(3)),
        ("head.weight", Head, None),
        ("vision_model.encoder.layers.2.self_attn.out_proj.weight", AttentionOutput, Some(2)),
        ("vision_model.encoder.layers.2.layer_norm1.weight", Norm, Some(2)),
        // the original llama release, t5
        ("layers.9.attention.wo.weight", AttentionOutput, Some(9)),
        ("layers.9.feed_forward.w1.weight", Gate, Some(9)),
        ("tok_embeddings.weight", Embedding, None),
        ("encoder.block.6.layer.0.SelfAttention.q.weight", Query, Some(6)),
        ("encoder.block.6.layer.1.DenseReluDense.wo.weight", Down, Some(6)),
    ] {
        let place = Place::of(name);
        assert_eq!((place.role, place.layer), (expected, layer), "{name}");
        assert_eq!(place.bias, name.ends_with(".bias"), "{name}");
    }
}

#[test]
fn what_no_rule_knows_stays_unknown() {
    for name in [
        "",
        ".",
        "weight",
        "conv1.weight",
        "fc1.weight",
        "model.layers.0.mixer.A_log",
        "keys",
        "blk.x.query_bank.weight",
    ] {
        assert_eq!(role(name), Role::Unknown, "{name}");
    }
    assert_eq!(Place::of("blk.99999999999.attn_q.weight").layer, None);
    assert_eq!(Place::of("conv.3.weight").layer, None);
}
