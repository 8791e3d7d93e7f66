//! Model files written by the program, read back: GGUF of the quantized bytes, .safetensors of what they
//! decode to. `tests/e2e/check_files.py` does the same with the packages of Python.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use quantscope::engine::block::Kind;
use quantscope::engine::control::Control;
use quantscope::engine::format::Format;
use quantscope::export::ExportError;
use quantscope::export::convert::{Conversion, Target, Written, convert};
use quantscope::export::safetensors::FloatType;
use quantscope::run::error::RunError;
use quantscope::run::tensor::decode_in_parts;
use quantscope::source::gguf::type_number;
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_path};
use quantscope::source::tensor::Dtype;
use quantscope::spec::TensorSpec;

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn open(path: &Path) -> Arc<Model> {
    match open_path(path) {
        Ok(Source::Model(model)) => model,
        Ok(_) => panic!("not a model"),
        Err(e) => panic!("{e}"),
    }
}

fn sample() -> Arc<Model> {
    open(&root("assets/stories260K.safetensors"))
}

/// Two rows of 256 of every type.
fn every_type() -> Arc<Model> {
    open(&root("tests/fixtures/every_type.gguf"))
}

fn values(model: &Model, tensor: usize) -> Vec<f32> {
    let mut out = Vec::new();
    model.read(tensor, 0..model.tensors[tensor].values, &mut out);
    out
}

fn decoded(model: &Model, tensor: usize, format: Format) -> Vec<f32> {
    let mut out = Vec::new();
    let mut each = |part: &[f32]| {
        out.extend_from_slice(part);
        Ok(())
    };
    decode_in_parts::<RunError>(model, TensorSpec { tensor, format }, None, &mut each, &Control::unwatched()).unwrap();
    out
}

/// One format for all that converters quantize.
fn uniform(model: &Model, name: &str) -> Vec<Option<Format>> {
    let format = name.parse().unwrap();
    model.tensors.iter().map(|t| t.kept_because().is_none().then_some(format)).collect()
}

fn write(model: &Model, formats: &[Option<Format>], target: Target, path: &Path) -> Result<Written, ExportError> {
    convert(target, path, Conversion { model, formats, importance: None }, &Control::unwatched())
}

/// By name, as a file may order its tensors in its own way.
fn same_tensors(a: &Model, b: &Model) -> Vec<(usize, usize)> {
    assert_eq!(a.tensors.len(), b.tensors.len());
    let find = |name: &str| b.tensors.iter().position(|t| t.name == name).unwrap_or_else(|| panic!("{name}"));
    let pairs: Vec<(usize, usize)> = a.tensors.iter().enumerate().map(|(i, t)| (i, find(&t.name))).collect();
    pairs.iter().for_each(|&(i, j)| assert_eq!(a.tensors[i].shape, b.tensors[j].shape));
    pairs
}

#[test]
fn a_gguf_of_any_type_reads_back_as_the_floats_that_were_measured() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.gguf");
    let kinds = Kind::ALL.into_iter().filter(|kind| type_number(Dtype::Block(*kind)).is_some());
    let names = kinds.flat_map(|kind| [kind.name().to_owned(), format!("{}+", kind.name())]);
    for model in [sample(), every_type()] {
        for name in names.clone() {
            let formats = uniform(&model, &name);
            let written = write(&model, &formats, Target::Gguf, &path).unwrap();
            assert_eq!(written.file_bytes, std::fs::metadata(&path).unwrap().len());
            let back = open(&path);
            for (i, j) in same_tensors(&model, &back) {
                let expected = match formats[i] {
                    Some(format) => decoded(&model, i, format),
                    None => values(&model, i),
                };
                let tensor = &back.tensors[j];
                // Another type only where rows fit no block.
                let asked = Kind::from_name(name.trim_end_matches('+')).map(Dtype::Block);
                let fits = asked.is_some_and(|_| {
                    tensor
                        .row_len()
                        .is_multiple_of(Kind::from_name(name.trim_end_matches('+')).map_or(1, Kind::block_len))
                });
                assert_eq!(
                    formats[i].is_some() && fits,
                    formats[i].is_some() && Some(tensor.dtype) == asked,
                    "{name} {}",
                    tensor.name
                );
                // What a file cannot hold padded stands as f16, and that is not what the padded format decodes to.
                if tensor.dtype == Dtype::Plain(safetensors::Dtype::F16) && formats[i].is_some() {
                    let halves: Vec<f32> = values(&model, i).iter().map(|&x| half::f16::from_f32(x).to_f32()).collect();
                    assert!(halves == values(&back, j), "{name} {}", tensor.name);
                    continue;
                }
                assert!(expected == values(&back, j), "{name} {}", tensor.name);
            }
        }
    }
}

#[test]
fn the_metadata_of_a_gguf_is_carried_over_and_the_type_of_the_old_file_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.gguf");
    let model = every_type();
    write(&model, &uniform(&model, "q4_k"), Target::Gguf, &path).unwrap();
    let mut expected = model.metadata.clone();
    // Most of its matrices are Q4_K now.
    expected.insert("general.file_type".to_owned(), "15".to_owned());
    expected.insert("general.quantization_version".to_owned(), "2".to_owned());
    assert_eq!(open(&path).metadata, expected);
    let model = sample();
    write(&model, &uniform(&model, "q8_0"), Target::Gguf, &path).unwrap();
    let metadata = &open(&path).metadata;
    assert_eq!(
        (metadata["general.architecture"].as_str(), metadata["general.quantization_version"].as_str()),
        ("llama", "2")
    );
    assert_eq!(metadata["general.file_type"], "7", "mostly Q8_0");
}

/// A GGUF of one matrix of four rows of 256, with numbers and texts as metadata.
fn gguf_of_one(numbers: &[(&str, u32)], texts: &[(&str, &str)]) -> Vec<u8> {
    fn string(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }
    let mut out = b"GGUF\x03\0\0\0".to_vec();
    out.extend(1u64.to_le_bytes());
    out.extend(((numbers.len() + texts.len()) as u64).to_le_bytes());
    for (key, value) in numbers {
        string(&mut out, key);
        out.extend(4u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    for (key, value) in texts {
        string(&mut out, key);
        out.extend(8u32.to_le_bytes());
        string(&mut out, value);
    }
    string(&mut out, "blk.0.attn_q.weight");
    out.extend(2u32.to_le_bytes());
    out.extend([256u64, 4].map(u64::to_le_bytes).as_flattened());
    out.extend(0u32.to_le_bytes());
    out.extend(0u64.to_le_bytes());
    out.resize(out.len().next_multiple_of(32), 0);
    out.extend((0..1024).flat_map(|i| (i as f32 * 0.7).sin().to_le_bytes()));
    out
}

#[test]
fn what_was_true_of_the_old_file_only_is_not_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.gguf"), folder.path().join("new.gguf"));
    let numbers = [
        ("general.file_type", 1),
        ("general.quantization_version", 1),
        ("split.no", 0),
        ("split.count", 1),
        ("split.tensors.count", 1),
        ("quantize.imatrix.entries_count", 7),
        ("llama.block_count", 1),
    ];
    let texts = [("general.architecture", "llama"), ("quantize.imatrix.file", "theirs.dat")];
    std::fs::write(&old, gguf_of_one(&numbers, &texts)).unwrap();
    let model = open(&old);
    write(&model, &[Some("q6_k".parse().unwrap())], Target::Gguf, &new).unwrap();
    let metadata = &open(&new).metadata;
    let keys: Vec<&str> = metadata.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["general.architecture", "general.file_type", "general.quantization_version", "llama.block_count"]
    );
    assert_eq!((&*metadata["general.file_type"], &*metadata["general.quantization_version"]), ("18", "2"));
}

#[test]
fn a_part_of_a_split_model_is_not_written_as_a_model() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.gguf"), folder.path().join("new.gguf"));
    let numbers = [("split.no", 1), ("split.count", 3), ("split.tensors.count", 5)];
    std::fs::write(&old, gguf_of_one(&numbers, &[])).unwrap();
    // Where its other parts are missing it may already not open; what opens is not written.
    if let Ok(Source::Model(model)) = open_path(&old) {
        let why = write(&model, &[Some("q6_k".parse().unwrap())], Target::Gguf, &new).unwrap_err().to_string();
        assert!(why.contains("part 2 of 3") && why.contains("a part of a model is not written"), "{why}");
    }
    assert!(!new.exists());
}

#[test]
fn the_error_that_is_told_is_that_of_the_written_file() {
    let folder = tempfile::tempdir().unwrap();
    let model = sample();
    for (name, target, file) in [
        ("q4_0", Target::Gguf, "a.gguf"),
        ("q2_k", Target::Gguf, "b.gguf"),
        ("nf4", Target::Safetensors(FloatType::F32), "a.safetensors"),
        ("q8_0", Target::Safetensors(FloatType::Bf16), "b.safetensors"),
    ] {
        let path = folder.path().join(file);
        let formats = uniform(&model, name);
        let written = write(&model, &formats, target, &path).unwrap();
        let back = open(&path);
        let (mut signal, mut noise) = (0.0f64, 0.0f64);
        for (i, j) in same_tensors(&model, &back).into_iter().filter(|(i, _)| formats[*i].is_some()) {
            for (x, y) in values(&model, i).iter().zip(values(&back, j)) {
                signal += f64::from(*x).powi(2);
                noise += (f64::from(*x) - f64::from(y)).powi(2);
            }
        }
        let expected = 10.0 * (signal / noise).log10();
        assert!((written.error.sqnr_db() - expected).abs() < 1e-6, "{name}: {} {expected}", written.error.sqnr_db());
    }
}

#[test]
fn a_safetensors_holds_what_any_format_decodes_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.safetensors");
    for model in [sample(), every_type()] {
        for (name, float) in [
            ("int4-g32", FloatType::F32),
            ("nf4", FloatType::Bf16),
            ("q4_k", FloatType::F16),
            ("learned4", FloatType::F32),
        ] {
            let formats = uniform(&model, name);
            let written = write(&model, &formats, Target::Safetensors(float), &path).unwrap();
            assert!(written.error.sqnr_db() > 5.0 && written.quantized > 0);
            let back = open(&path);
            for (i, j) in same_tensors(&model, &back) {
                let exact = formats[i].map_or_else(|| values(&model, i), |format| decoded(&model, i, format));
                let stored =
                    |x: f32| match (formats[i].is_some() || matches!(model.tensors[i].dtype, Dtype::Block(_)), float) {
                        (true, FloatType::F16) => half::f16::from_f32(x).to_f32(),
                        (true, FloatType::Bf16) => half::bf16::from_f32(x).to_f32(),
                        _ => x,
                    };
                let expected: Vec<f32> = exact.into_iter().map(stored).collect();
                assert!(expected == values(&back, j), "{name} {}", model.tensors[i].name);
            }
        }
    }
    let model = sample();
    write(&model, &uniform(&model, "q8_0"), Target::Safetensors(FloatType::F32), &path).unwrap();
    let notes = &open(&path).metadata;
    assert!(notes["format"] == "pt" && notes["config"] == model.metadata["config"]);
}

#[test]
fn what_cannot_be_written_is_told_in_words_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let model = sample();
    let refused =
        |name: &str, target, path: &Path| write(&model, &uniform(&model, name), target, path).unwrap_err().to_string();
    let out = folder.path().join("out.gguf");
    let why = refused("int4-g32", Target::Gguf, &out);
    assert!(why.contains("no type for int4-g32") && why.contains(".safetensors"), "{why}");
    let why = refused("q8_0", Target::Gguf, &folder.path().join("no/such/out.gguf"));
    assert!(why.contains("the folder does not exist"), "{why}");
    assert!(refused("q8_0", Target::Gguf, folder.path()).contains("folder"));
    assert!(
        Target::of(Path::new("model.bin"), FloatType::F32).unwrap_err().to_string().contains(".gguf or .safetensors")
    );
    #[cfg(target_os = "linux")]
    for target in [Target::Gguf, Target::Safetensors(FloatType::F32)] {
        assert_eq!(refused("q8_0", target, Path::new("/dev/full")), "cannot write /dev/full: the disk is full");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_cancel_in_the_middle_leaves_the_old_file_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.gguf");
    std::fs::write(&path, b"old").unwrap();
    let model = sample();
    let formats = uniform(&model, "q4_0");
    for target in [Target::Gguf, Target::Safetensors(FloatType::F32)] {
        let stop = AtomicBool::new(false);
        let progress = |done: f32| {
            if done > 0.4 {
                stop.store(true, Ordering::Relaxed);
            }
        };
        let what = Conversion { model: &model, formats: &formats, importance: None };
        let outcome = convert(target, &path, what, &Control::new(&stop, &progress));
        assert_eq!(outcome.unwrap_err(), ExportError::Stopped);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
