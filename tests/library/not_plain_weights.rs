//! Models that are not plain weights, or not whole: what they are is said, and nothing of them is measured or written as
//! if they were.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::export::convert::{Conversion, Target, convert};
use quantscope::export::safetensors::FloatType;
use quantscope::run::error::RunError;
use quantscope::run::mix::{Duty, Plan, stands_in};
use quantscope::run::model::runnable::RunnableModel;
use quantscope::run::statistics::statistics;
use quantscope::run::tensor;
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_bytes, open_path};
use quantscope::spec::TensorSpec;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad").join(name)
}

fn open(path: &Path) -> Arc<Model> {
    match open_path(path) {
        Ok(Source::Model(model)) => model,
        Ok(_) => panic!("not a model"),
        Err(e) => panic!("{e}"),
    }
}

/// A .safetensors of these tensors: name, type, shape, bytes.
fn safetensors(tensors: &[(&str, &str, &[usize], Vec<u8>)]) -> Vec<u8> {
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for (name, dtype, shape, bytes) in tensors {
        let (start, end) = (data.len(), data.len() + bytes.len());
        entries.push(format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{start},{end}]}}"#));
        data.extend(bytes);
    }
    let header = format!("{{{}}}", entries.join(","));
    [(header.len() as u64).to_le_bytes().as_slice(), header.as_bytes(), &data].concat()
}

fn floats(count: usize) -> Vec<u8> {
    (0..count).flat_map(|i| ((i as f32 * 0.37).sin() * 0.05).to_le_bytes()).collect()
}

fn model_of(tensors: &[(&str, &str, &[usize], Vec<u8>)]) -> Arc<Model> {
    match open_bytes("m.safetensors", safetensors(tensors)) {
        Ok(Source::Model(model)) => model,
        _ => panic!("not opened"),
    }
}

/// One part of a split GGUF, with one tensor of 4 × 32 floats.
fn part(number: u16, count: u16) -> Vec<u8> {
    let text = |text: &str| [(text.len() as u64).to_le_bytes().as_slice(), text.as_bytes()].concat();
    let u16_entry = |key: &str, value: u16| [text(key), 2u32.to_le_bytes().into(), value.to_le_bytes().into()].concat();
    let mut out = b"GGUF\x03\0\0\0".to_vec();
    out.extend(1u64.to_le_bytes());
    let mut entries = vec![u16_entry("split.no", number - 1), u16_entry("split.count", count)];
    if number == 1 {
        entries.push([text("general.architecture"), 8u32.to_le_bytes().into(), text("llama")].concat());
    }
    out.extend((entries.len() as u64).to_le_bytes());
    out.extend(entries.concat());
    out.extend(text(&format!("blk.{}.attn_q.weight", number - 1)));
    out.extend(2u32.to_le_bytes());
    out.extend([32u64, 4].iter().flat_map(|side| side.to_le_bytes()));
    out.extend(0u32.to_le_bytes());
    out.extend(0u64.to_le_bytes());
    out.resize(out.len().next_multiple_of(32), 0);
    out.extend((0..128).flat_map(|i| (f32::from(number) + i as f32 / 128.0).to_le_bytes()));
    out
}

fn write(model: &Model, target: Target, path: &Path) -> Result<(), String> {
    let format: Format = "q8_0".parse().unwrap();
    let formats: Vec<Option<Format>> =
        model.tensors.iter().map(|t| t.kept_because().is_none().then_some(format)).collect();
    let what = Conversion { model, formats: &formats, importance: None };
    convert(target, path, what, &Control::unwatched()).map(|_| ()).map_err(|e| e.to_string())
}

#[test]
fn packed_codes_are_listed_with_what_they_are_and_have_no_figures() {
    for (file, scheme, what) in [
        ("s12_gptq.safetensors", "GPTQ", ["GPTQ codes, not weights", "scales of GPTQ"]),
        ("s13_fp8.safetensors", "FP8 with scales", ["FP8 codes, weights only times their scales", "scales of FP8"]),
    ] {
        let model = open(&fixture(file));
        assert_eq!(model.schemes(), [scheme]);
        assert_eq!((model.total_values(), model.total_bytes()), (0, 0), "no place in totals");
        let output = model.caveats.packed.as_deref().unwrap();
        assert!(output.contains(scheme) && output.contains("not measured"), "{output}");
        let told: Vec<&str> = model.tensors.iter().filter_map(|t| t.unreadable()).collect();
        assert_eq!(told.len(), model.tensors.len());
        assert!(what.iter().all(|what| told.contains(what)), "{told:?}");
        let control = Control::unwatched();
        for (t, told) in told.iter().enumerate() {
            let spec = TensorSpec { tensor: t, format: "q8_0".parse().unwrap() };
            let why = RunError::Unreadable(told);
            assert_eq!(tensor::measure(&model, spec, &control).unwrap_err(), why);
            assert_eq!(tensor::original(&model, t, &control).map(|_| ()).unwrap_err(), why);
            assert_eq!(statistics(&model, t, &control).unwrap_err(), why);
        }
        let plan = Plan::new(&model, &["q8_0".parse().unwrap()], &[]).unwrap();
        assert!(plan.duties.iter().all(|duty| matches!(duty, Duty::Kept(_))));
    }
}

#[test]
fn packed_codes_go_through_a_conversion_unchanged_or_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (gguf, copy) = (folder.path().join("out.gguf"), folder.path().join("out.safetensors"));
    let safetensors_target = Target::Safetensors(FloatType::F32);
    let gptq = open(&fixture("s12_gptq.safetensors"));
    assert!(write(&gptq, Target::Gguf, &gguf).unwrap_err().contains("packed by GPTQ"));
    assert!(write(&gptq, safetensors_target, &copy).unwrap_err().contains("nothing else in it to quantize"));
    assert!(!gguf.exists() && !copy.exists());
    let codes: Vec<u8> = (0..=255).cycle().take(64 * 32 * 4).collect();
    let model = model_of(&[
        ("model.embed_tokens.weight", "F32", &[64, 64], floats(64 * 64)),
        ("model.layers.0.mlp.up_proj.weight", "U32", &[64, 32], codes.clone()),
        ("model.layers.0.mlp.up_proj.scales", "F32", &[64, 4], floats(64 * 4)),
        ("model.layers.0.mlp.up_proj.biases", "F32", &[64, 4], floats(64 * 4)),
    ]);
    assert_eq!(model.schemes(), ["MLX"]);
    write(&model, safetensors_target, &copy).unwrap();
    let back = open(&copy);
    for (at, tensor) in model.tensors.iter().enumerate() {
        let found = back.tensors.iter().position(|t| t.name == tensor.name).unwrap();
        let same = back.tensor_bytes(found) == model.tensor_bytes(at);
        assert_eq!(same, tensor.name != "model.embed_tokens.weight", "{}", tensor.name);
    }
}

#[test]
fn a_part_of_a_split_model_opens_with_the_others_or_says_that_they_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.gguf");
    let alone = open(&fixture("split-00001-of-00003.gguf"));
    let output = alone.caveats.missing_parts.as_deref().unwrap();
    assert!(output.contains("part 1 of 3") && output.contains("split-00002-of-00003.gguf"), "{output}");
    assert!(write(&alone, Target::Gguf, &out).unwrap_err().contains("a part of a model is not written"));
    assert!(!out.exists());
    let path = |number: u16| folder.path().join(format!("m-{number:05}-of-00003.gguf"));
    (1..=3).for_each(|number| std::fs::write(path(number), part(number, 3)).unwrap());
    for number in 1..=3 {
        let whole = open(&path(number));
        assert_eq!(whole.caveats.missing_parts, None);
        assert_eq!((whole.name.as_str(), whole.path.as_ref()), ("m.gguf", Some(&path(number))));
        let names: Vec<&str> = whole.tensors.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["blk.0.attn_q.weight", "blk.1.attn_q.weight", "blk.2.attn_q.weight"]);
        let mut first = Vec::new();
        (0..3).for_each(|t| whole.read(t, 0..1, &mut first));
        assert_eq!(first, [1.0, 2.0, 3.0]);
        assert_eq!(whole.metadata.get("general.architecture").map(String::as_str), Some("llama"));
    }
    write(&open(&path(2)), Target::Gguf, &out).unwrap();
    assert_eq!(open(&out).tensors.len(), 3);
    std::fs::write(path(3), b"GGUF and no more").unwrap();
    let broken = open(&path(1));
    assert!(broken.caveats.missing_parts.as_deref().unwrap().contains("'m-00003-of-00003.gguf' cannot be opened"));
}

#[test]
fn a_shard_of_safetensors_is_no_model_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("model-{number:05}-of-00002.safetensors"));
    let shard = |name: &str| safetensors(&[(name, "F32", &[4, 8], floats(32))]);
    std::fs::write(path(2), shard("b.weight")).unwrap();
    assert!(open(&path(2)).caveats.missing_parts.as_deref().unwrap().contains("part 2 of 2"));
    std::fs::write(path(1), shard("a.weight")).unwrap();
    let whole = open(&path(2));
    assert_eq!((whole.tensors.len(), &whole.caveats.missing_parts), (2, &None));
    std::fs::write(path(1), shard("b.weight")).unwrap();
    assert!(open(&path(2)).caveats.missing_parts.as_deref().unwrap().contains("two of them have a tensor 'b.weight'"));
}

#[test]
fn what_stands_where_a_file_should_be_is_named() {
    for (name, words) in [("s10_lfs.safetensors", "git lfs pull"), ("s10_page.safetensors", "a web page")] {
        let message = open_path(&fixture(name)).unwrap_err().to_string();
        assert!(message.contains(name) && message.contains(words), "{message}");
    }
    let page = std::fs::read(fixture("s10_page.safetensors")).unwrap();
    for name in ["photo.jpg", "model.gguf", "x"] {
        assert!(open_bytes(name, page.clone()).unwrap_err().to_string().contains("a web page"));
    }
}

#[test]
fn a_folder_is_refused_with_the_name_of_what_to_open_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let message = || open_path(folder.path()).unwrap_err().to_string();
    assert!(message().ends_with("this is a folder; open a file in it"));
    std::fs::write(folder.path().join("picture.png"), b"x").unwrap();
    assert!(message().contains("open 'picture.png' in it"));
    let snapshot = folder.path().join("snapshots").join("0f1e");
    std::fs::create_dir_all(&snapshot).unwrap();
    for name in ["model-00001-of-00002.safetensors", "model.safetensors.index.json", "config.json"] {
        std::fs::write(snapshot.join(name), b"x").unwrap();
    }
    let inside = Path::new("snapshots").join("0f1e").join("model.safetensors.index.json");
    assert!(message().contains(&format!("open '{}' in it", inside.display())), "{}", message());
}

#[test]
fn scales_that_another_file_has_are_known_from_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    std::fs::write(&path, safetensors(&[("a.weight", "F8_E4M3", &[8, 8], vec![0x38; 64])])).unwrap();
    assert_eq!(open(&path).tensors[0].unreadable(), None, "plain FP8 is a number type like any other");
    std::fs::write(folder.path().join("config.json"), r#"{"quantization_config": {"quant_method": "fp8"}}"#).unwrap();
    assert_eq!((open(&path).schemes(), open(&path).caveats.unread_config.clone()), (vec!["FP8 with scales"], None));
    std::fs::write(folder.path().join("config.json"), r#"{"quantization_config": {"#).unwrap();
    let told = open(&path).caveats.unread_config.clone().unwrap();
    assert!(told.contains("config.json") && told.contains("cannot be read"), "{told}");
}

#[test]
fn a_row_of_a_convolution_is_one_output_and_blocks_of_a_gguf_lie_along_the_last_dimension() {
    let control = Control::unwatched();
    let model = model_of(&[
        ("conv.weight", "F32", &[8, 32, 3, 3], floats(8 * 32 * 9)),
        ("experts.weight", "F32", &[4, 8, 64], floats(4 * 8 * 64)),
        ("conv1d.weight", "F32", &[8, 1, 4], floats(32)),
    ]);
    let at = |name: &str| model.tensors.iter().position(|t| t.name == name).unwrap();
    let bits = |tensor: usize, format: &str| {
        let spec = TensorSpec { tensor, format: format.parse().unwrap() };
        tensor::measure(&model, spec, &control).unwrap().1.bits_per_sample()
    };
    let conv = at("conv.weight");
    assert_eq!(model.tensors[conv].row_len(), 288);
    assert_eq!(bits(conv, "int8-row"), 8.0 + 16.0 / 288.0);
    assert_eq!(bits(conv, "int4-g32"), 4.5);
    assert_eq!(tensor::original(&model, conv, &control).unwrap().picture_width, 288);
    // As llama.cpp stores it: rows of three fit no block.
    assert_eq!(bits(conv, "q8_0"), 16.0);
    assert_eq!(tensor::stored_type(&model.tensors[conv], "q8_0".parse().unwrap()), "f16");
    assert!(stands_in(&model.tensors[conv], "q4_k".parse().unwrap()));
    assert_eq!(bits(conv, "nf4"), 4.5);
    assert_eq!(model.tensors[at("experts.weight")].row_len(), 64, "a stack of experts is no convolution");
    assert_eq!(model.tensors[at("conv1d.weight")].row_len(), 4);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.gguf");
    write(&model, Target::Gguf, &path).unwrap();
    let back = open(&path);
    let written = back.tensors.iter().find(|t| t.name == "conv.weight").unwrap();
    assert_eq!((written.dtype.name().as_str(), written.shape.as_slice()), ("F16", [8, 32, 3, 3].as_slice()));
}

#[test]
fn a_model_that_is_itself_quantized_says_so_and_few_bits_without_error_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.gguf");
    let plain = model_of(&[("blk.0.ffn_up.weight", "F32", &[16, 64], floats(1024))]);
    assert_eq!(plain.caveats.requantized, None);
    write(&plain, Target::Gguf, &path).unwrap();
    let model = open(&path);
    let output = model.caveats.requantized.as_deref().unwrap();
    assert!(output.contains("itself quantized (Q8_0)") && output.contains("re-quantizing"), "{output}");
    let format: Format = "q8_0".parse().unwrap();
    let (error, rate) = tensor::measure(&model, TensorSpec { tensor: 0, format }, &Control::unwatched()).unwrap();
    assert_eq!(error.sum_e2, 0.0);
    let remark = tensor::remarks(&model.tensors[0], format, &error, &rate).unwrap();
    assert!(remark.contains("on the format's grid already"), "{remark}");
}

#[test]
fn the_reason_why_a_model_does_not_run_is_the_true_one() {
    let why = |model: &Model| match RunnableModel::new(model, &Control::unwatched()) {
        Err(why) => why.to_string(),
        Ok(_) => panic!("it runs"),
    };
    let gguf = open(&fixture("split-00001-of-00003.gguf"));
    assert!(why(&gguf).contains("a GGUF is not run here (this one: architecture llama"), "{}", why(&gguf));
    assert!(why(&open(&fixture("s12_gptq.safetensors"))).contains("packed by GPTQ"));
    let llama = |rows: usize| {
        model_of(&[
            ("model.embed_tokens.weight", "F32", &[rows, 8], floats(rows * 8)),
            ("model.layers.0.self_attn.q_proj.weight", "F32", &[8, 8], floats(64)),
        ])
    };
    assert!(why(&llama(1000)).contains("a vocabulary of 1000 tokens, and the only one known here has 512"));
    assert!(why(&llama(512)).contains("no configuration in its notes"));
    let bert = model_of(&[("encoder.layer.0.attention.self.query.weight", "F32", &[8, 8], floats(64))]);
    assert!(why(&bert).contains("the architecture bert"));
}
