use quantscope::source::scheme::*;
use quantscope::source::tensor::{Dtype, Tensor};
use safetensors::Dtype as Stored;

fn tensor(name: &str, dtype: Stored, shape: &[usize]) -> Tensor {
    let values = shape.iter().product();
    let bytes = 0..values;
    Tensor { name: name.into(), dtype: Dtype::Plain(dtype), shape: shape.into(), values, file: 0, bytes, packed: None }
}

/// Each with the tensors of one layer and what they are found to be: the scheme, or none for plain weights.
#[test]
fn every_scheme_is_told_by_the_names_and_types_that_its_writers_give() {
    use Stored::*;
    type Layer<'a> = &'a [(&'a str, Stored, &'a [usize])];
    let cases: &[(&str, Layer<'_>)] = &[
        (
            "GPTQ",
            &[("qweight", I32, &[32, 64]), ("qzeros", I32, &[2, 8]), ("scales", F16, &[2, 64]), ("g_idx", I32, &[256])],
        ),
        ("GPTQ", &[("qweight", I32, &[32, 64]), ("qzeros", I32, &[2, 8]), ("scales", F16, &[2, 64])]),
        ("AWQ", &[("qweight", I32, &[256, 8]), ("qzeros", I32, &[2, 8]), ("scales", F16, &[2, 64])]),
        (
            "compressed-tensors",
            &[
                ("weight_packed", I32, &[64, 32]),
                ("weight_scale", BF16, &[64, 2]),
                ("weight_shape", I64, &[2]),
                ("weight_zero_point", I32, &[8, 2]),
            ],
        ),
        (
            "compressed-tensors",
            &[
                ("weight_packed", U8, &[64, 128]),
                ("weight_scale", F8_E4M3, &[64, 16]),
                ("weight_global_scale", F32, &[1]),
                ("input_global_scale", F32, &[1]),
            ],
        ),
        (
            "bitsandbytes",
            &[
                ("weight", U8, &[8192, 1]),
                ("weight.absmax", U8, &[256]),
                ("weight.quant_map", F32, &[16]),
                ("weight.nested_absmax", F32, &[1]),
                ("weight.nested_quant_map", F32, &[256]),
                ("weight.quant_state.bitsandbytes__nf4", U8, &[80]),
            ],
        ),
        (
            "bitsandbytes",
            &[("weight", BF16, &[4096, 1]), ("weight.absmax", F32, &[256]), ("weight.quant_map", F32, &[16])],
        ),
        ("LLM.int8 of bitsandbytes", &[("weight", I8, &[64, 256]), ("SCB", F32, &[64]), ("weight_format", U8, &[])]),
        ("MLX", &[("weight", U32, &[64, 32]), ("scales", BF16, &[64, 4]), ("biases", BF16, &[64, 4])]),
        ("MXFP4", &[("down_proj_blocks", U8, &[4, 64, 2, 16]), ("down_proj_scales", U8, &[4, 64, 2])]),
        (
            "NVFP4",
            &[
                ("weight", U8, &[64, 128]),
                ("weight_scale", F8_E4M3, &[64, 16]),
                ("weight_scale_2", F32, &[]),
                ("input_scale", F32, &[]),
            ],
        ),
        ("torchao", &[("_weight_qdata", F8_E4M3, &[64, 256]), ("_weight_scale", F32, &[64, 1])]),
        ("torchao", &[("weight:qdata", I8, &[64, 256]), ("weight:scale", F32, &[64, 1])]),
        (
            "EXL2",
            &[
                ("q_weight", I32, &[32, 64]),
                ("q_scale", I32, &[2, 8]),
                ("q_scale_max", F16, &[2]),
                ("q_groups", I16, &[4]),
                ("q_invperm", I32, &[256]),
            ],
        ),
        ("FP8 with scales", &[("weight", F8_E4M3, &[256, 256]), ("weight_scale_inv", F32, &[2, 2])]),
        (
            "FP8 with scales",
            &[("weight", F8_E4M3, &[256, 256]), ("weight_scale", BF16, &[256, 1]), ("input_scale", F32, &[1])],
        ),
        ("FP8 with scales", &[("weight", F8_E4M3, &[256, 256]), ("scale_weight", F32, &[]), ("scale_input", F32, &[])]),
        ("FP8 with scales", &[("gate_up_proj", F8_E4M3, &[4, 64, 64]), ("gate_up_proj_scale_inv", F32, &[4, 1, 1])]),
        ("integers with scales", &[("weight", I8, &[64, 256]), ("weight_scale", F32, &[64, 1])]),
        ("integers with scales", &[("weight", U8, &[16, 256]), ("weight_scale", BF16, &[1])]),
        ("a scheme unknown here", &[("weight", I32, &[16, 256])]),
    ];
    for (scheme, layer) in cases {
        let mut tensors: Vec<Tensor> = layer
            .iter()
            .map(|(name, dtype, shape)| tensor(&format!("model.layers.0.proj.{name}"), *dtype, shape))
            .collect();
        tensors.push(tensor("model.layers.0.proj.bias", F16, &[64]));
        tensors.push(tensor("model.norm.weight", F16, &[256]));
        mark(&mut tensors, None);
        for (at, t) in tensors.iter().enumerate() {
            let found = t.packed.and_then(|p| p.scheme);
            assert_eq!(found, (at < layer.len()).then_some(*scheme), "{}", t.name);
            assert_eq!(t.unreadable().is_some(), at < layer.len());
        }
    }
}

#[test]
fn plain_weights_stay_weights_and_whole_numbers_never_are() {
    let mut tensors = [
        tensor("w.weight", Stored::F8_E4M3, &[8, 8]),
        tensor("w.bias", Stored::F32, &[8]),
        tensor("norm.scale", Stored::F32, &[8]),
        tensor("embeddings.position_ids", Stored::I64, &[1, 512]),
        tensor("mask", Stored::BOOL, &[8, 8]),
    ];
    mark(&mut tensors, None);
    let what: Vec<_> = tensors.iter().map(|t| t.packed.map(|p| (p.scheme, p.what))).collect();
    assert_eq!(what[..3], [None; 3]);
    assert_eq!(what[3], Some((None, "whole numbers, not weights")));
    assert_eq!(what[4], Some((None, "true or false, not weights")));
    // The configuration knows of scales that are in another shard.
    mark(&mut tensors, Some("fp8"));
    assert_eq!(tensors[0].packed.and_then(|p| p.scheme), Some("FP8 with scales"));
    assert_eq!(tensors[1].packed, None);
}
