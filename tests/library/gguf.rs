//! GGUF files read against what the reference library makes of them.
//!
//! `every_type.gguf` holds two rows of 256 of each type; `every_type.f32` what the `gguf` Python package
//! (0.19) dequantizes them to, one tensor after another in the order of the file.

use std::path::{Path, PathBuf};

use quantscope::engine::block::GridKind;
use quantscope::source::model::{Container, Model};
use quantscope::source::open::{Source, open_path};
use quantscope::source::tensor::Dtype;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn open(path: &Path) -> std::sync::Arc<Model> {
    match open_path(path) {
        Ok(Source::Model(model)) => model,
        Ok(_) => panic!("not a model"),
        Err(e) => panic!("{e}"),
    }
}

fn reference() -> Vec<f32> {
    floats("every_type.f32")
}

fn floats(name: &str) -> Vec<f32> {
    let bytes = std::fs::read(fixture(name)).unwrap();
    bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

#[test]
fn every_type_decodes_to_the_floats_of_the_reference() {
    let model = open(&fixture("every_type.gguf"));
    let expected = reference();
    assert_eq!(expected.len(), model.tensors.len() * 512);
    for (t, expected) in expected.chunks(512).enumerate() {
        assert_eq!(model.tensors[t].shape, [2, 256]);
        let mut values = Vec::new();
        model.read(t, 0..512, &mut values);
        let same = values.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits() || a == b);
        assert!(same && values.len() == 512, "{}", model.tensors[t].name);
    }
}

/// `grids.gguf` has four blocks of each type that is read and not written; `tests/e2e/make_grids.py` made it.
#[test]
fn blocks_of_grids_decode_to_the_floats_of_the_reference() {
    let model = open(&fixture("grids.gguf"));
    let expected = floats("grids.f32");
    assert_eq!((model.tensors.len(), expected.len()), (GridKind::ALL.len(), GridKind::ALL.len() * 1024));
    for (t, expected) in expected.chunks(1024).enumerate() {
        let info = &model.tensors[t];
        assert!(matches!(info.dtype, Dtype::Grid(kind) if kind.name() == info.name), "{}", info.name);
        let mut values = Vec::new();
        model.read(t, 0..1024, &mut values);
        let same = values.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same && values.len() == 1024, "{}", info.name);
        let mut part = Vec::new();
        model.read(t, 250..777, &mut part);
        assert_eq!(part, expected[250..777], "{}", info.name);
    }
}

#[test]
fn any_range_of_a_blocked_tensor_reads_as_that_part_of_the_whole() {
    let model = open(&fixture("every_type.gguf"));
    for t in 0..model.tensors.len() {
        let mut whole = vec![-1.0];
        model.read(t, 0..512, &mut whole);
        for range in [0..0, 0..1, 1..2, 31..33, 100..300, 255..257, 511..512, 500..900, 512..600] {
            let mut part = vec![-1.0];
            model.read(t, range.clone(), &mut part);
            let expected = range.start.min(512)..range.end.min(512);
            assert_eq!(part[1..], whole[1..][expected], "{} {range:?}", model.tensors[t].name);
        }
    }
}

#[test]
fn the_metadata_is_kept_in_words_and_as_it_is_written() {
    let model = open(&fixture("every_type.gguf"));
    assert_eq!(model.metadata["general.architecture"], "bert");
    assert_eq!(model.metadata["test.u32"], "7");
    assert_eq!(model.metadata["test.arr"], "[1, 2, 3]");
    assert_eq!(model.metadata["test.utf8"], "größe ≤ 4 bit");
    let Container::Gguf { entries } = &model.container else { panic!("not a GGUF") };
    assert_eq!(entries.len(), model.metadata.len());
    for entry in entries {
        let bytes = model.entry_bytes(entry);
        assert_eq!(&bytes[8..8 + entry.key.len()], entry.key.as_bytes());
    }
}
