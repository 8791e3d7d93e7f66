use std::sync::Arc;

use quantscope::engine::control::Control;
use quantscope::run::microscope::*;
use quantscope::run::tensor;
use quantscope::source::model::Model;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::one_tensor;

fn model_of(columns: usize, values: &[f32]) -> Arc<Model> {
    let file = one_tensor("w", &[values.len() / columns, columns], values).unwrap();
    let Ok(Source::Model(model)) = open_bytes("w.safetensors", file) else { panic!("opens") };
    model
}

fn look_at(model: &Model, index: usize) -> Vec<Lens> {
    let found = std::cell::RefCell::new(Vec::new());
    let emit = |lens: Lens| found.borrow_mut().push(lens);
    look(model, (0, index), &Prepared::default(), &emit, &Control::unwatched()).unwrap();
    found.into_inner()
}

fn found(lenses: &[Lens], name: &str, index: usize) -> f32 {
    lenses.iter().find(|lens| lens.name == name).and_then(|lens| lens.read(index)).unwrap().decoded
}

/// 0.847291736 in every format, where 1 is the largest of its block.
#[test]
fn one_number_in_every_format_is_what_the_books_say() {
    let mut values = vec![0.1f32; 128];
    values[0] = 1.0;
    values[5] = 0.847_291_7;
    let lenses = look_at(&model_of(64, &values), 5);
    for (name, expected) in [
        ("f32", 0.847_291_7),
        ("f16", 0.847_168),
        ("bf16", 0.847_656_25),
        ("int8-tensor", 108.0 / 127.0),
        ("int4-tensor", 6.0 / 7.0),
        ("fp8_e4m3", 0.875),
        ("fp8_e5m2", 0.875),
        ("nf4", 0.722_956_8),
    ] {
        let found = found(&lenses, name, 5);
        assert!((found - expected).abs() < 2e-7, "{name}: {found}");
    }
    // As its block's largest.
    values[0] = 0.1;
    let lenses = look_at(&model_of(64, &values), 5);
    assert_eq!(found(&lenses, "mxfp4", 5), 0.75);
}

/// Rows that do not look alike, of every length that divides nothing.
#[test]
fn the_microscope_says_what_a_pane_says_of_every_weight() {
    for columns in [256usize, 96, 50] {
        let values: Vec<f32> =
            (0..columns * 20).map(|i| (i as f32 * 0.73).sin() * (1.0 + (i / columns) as f32)).collect();
        let model = model_of(columns, &values);
        let original = tensor::original(&model, 0, &Control::unwatched()).unwrap();
        for index in [0, columns * 7 + 3, columns * 20 - 1] {
            for lens in look_at(&model, index).iter().filter(|lens| lens.family.is_some()) {
                let format = lens.name.parse().unwrap();
                let stage = quantscope::spec::Stage::Full;
                let pane = tensor::reduce(&model, &original, format, stage, &Control::unwatched());
                let pane = pane.unwrap().unwrap();
                let reading = lens.read(index).unwrap_or_else(|| panic!("{} {columns}", lens.name));
                assert_eq!(reading.decoded, pane.decoded[index], "{} {columns} {index}", lens.name);
                assert_eq!(reading.code, pane.quantized.codes.get(index).copied(), "{} {columns}", lens.name);
            }
        }
    }
}

#[test]
fn a_weight_outside_the_stretch_is_not_told() {
    let model = model_of(32, &[0.5; 32 * 40]);
    let lenses = look_at(&model, 40);
    let of_row = lenses.iter().find(|lens| lens.name == "int4-g32").unwrap();
    assert_eq!((of_row.range.clone(), of_row.read(0)), (32..64, None));
    assert!(of_row.read(33).is_some());
}
