//! Every row of the table of formats on every kind of tensor: a sensible result or a sentence, no panic.

use std::sync::Arc;

use quantscope::engine::block::{Kind, decode_row, encode_row};
use quantscope::engine::control::Control;
use quantscope::engine::format::{Format, table};
use quantscope::engine::random::Random;
use quantscope::run::error::RunError;
use quantscope::run::tensor;
use quantscope::source::open::{Source, open_bytes};
use quantscope::source::safetensors::{Model, one_tensor};
use quantscope::spec::{Stage, TensorSpec};

fn model(shape: &[usize], values: &[f32]) -> Arc<Model> {
    let file = one_tensor("t", shape, values).unwrap();
    let Ok(Source::Model(model)) = open_bytes("t.safetensors", file) else { panic!("not opened") };
    model
}

fn gaussian(n: usize) -> Vec<f32> {
    let mut random = Random::seeded(n as u64);
    (0..n).map(|_| random.next_gaussian() * 0.02).collect()
}

fn report(model: &Model, format: Format) -> quantscope::run::report::TensorReport {
    let original = tensor::original(model, 0, &Control::unwatched()).unwrap();
    tensor::reduce(model, &original, format, Stage::Full, &Control::unwatched()).unwrap().unwrap()
}

#[test]
fn every_format_takes_every_kind_of_tensor() {
    let spoiled = |at: usize, x: f32| {
        let mut values = gaussian(512);
        values[at] = x;
        values
    };
    let tensors: Vec<(&str, Vec<usize>, Vec<f32>)> = vec![
        ("no dimensions", vec![], vec![0.5]),
        ("a vector", vec![300], gaussian(300)),
        ("five dimensions", vec![2, 1, 3, 2, 50], gaussian(600)),
        ("rows of 172", vec![4, 172], gaussian(688)),
        ("constant", vec![2, 256], vec![0.25; 512]),
        ("all zero", vec![2, 256], vec![0.0; 512]),
        ("not a number", vec![2, 256], spoiled(3, f32::NAN)),
        ("infinite", vec![2, 256], spoiled(300, f32::NEG_INFINITY)),
        ("beyond f16", vec![2, 256], spoiled(7, 1e30)),
        ("denormal", vec![2, 256], (0..512).map(|i| i as f32 * 1e-42).collect()),
        ("nothing finite", vec![1, 32], vec![f32::NAN; 32]),
        ("a single value", vec![1, 1], vec![-3.5]),
        ("a single column", vec![40, 1], gaussian(40)),
        ("infinite upwards", vec![2, 256], spoiled(5, f32::INFINITY)),
        ("scales that vanish in f16", vec![2, 256], gaussian(512).iter().map(|x| x * 1e-9).collect()),
        ("scales that overflow f16", vec![2, 256], gaussian(512).iter().map(|x| x * 1e9).collect()),
        ("the greatest and the least", vec![1, 256], [f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1e-45].repeat(64)),
    ];
    for (what, shape, values) in tensors {
        let model = model(&shape, &values);
        for row in table() {
            let spec = TensorSpec { tensor: 0, format: row.format };
            let (error, rate) = tensor::measure(&model, spec, &Control::unwatched()).unwrap();
            assert_eq!(error.values + error.nan + error.infinite, values.len() as u64, "{what}: {}", row.name);
            assert!(!error.sum_e2.is_nan() && !error.sqnr_db().is_nan(), "{what}: {}", row.name);
            assert!(rate.samples == values.len() as u64 && rate.bits_per_sample() > 0.0, "{what}: {}", row.name);
            if what == "all zero" {
                assert_eq!(error.sum_e2, 0.0, "{}", row.name);
            }
            let report = report(&model, row.format);
            assert_eq!(report.decoded.len(), values.len(), "{what}: {}", row.name);
            // An infinite error leaves some sums undefined: these are the ones that are told.
            let told = (report.error.sqnr_db(), report.error.max_abs, report.rate);
            assert_eq!(told, (error.sqnr_db(), error.max_abs, rate), "{what}: {}", row.name);
        }
    }
}

#[test]
fn formats_that_promise_a_rate_take_no_more_bits_than_that() {
    let formats: Vec<Format> = ["ec2.5", "ec3.5-trellis", "ec4.4-row-trellis"].map(|n| n.parse().unwrap()).into();
    for shape in [[1, 384], [3, 300], [100, 384], [700, 200]] {
        let values = gaussian(shape[0] * shape[1]);
        // Rows of different spread, as a model's are.
        let rows = values.chunks(shape[1]).enumerate();
        let values: Vec<f32> = rows.flat_map(|(r, x)| x.iter().map(move |x| x * (1.0 + (r % 7) as f32))).collect();
        let model = model(&shape, &values);
        for format in &formats {
            let spec = TensorSpec { tensor: 0, format: *format };
            let (_, rate) = tensor::measure(&model, spec, &Control::unwatched()).unwrap();
            let asked: f64 = format.to_string()[2..5].parse().unwrap();
            assert!(rate.bits_per_sample() <= asked, "{format} {shape:?}: {}", rate.bits_per_sample());
            assert!(rate.bits_per_sample() > asked - 0.1, "{format} {shape:?}: {}", rate.bits_per_sample());
        }
    }
}

#[test]
fn an_empty_tensor_is_said_to_be_one() {
    let model = model(&[0, 5], &[]);
    for row in table() {
        let spec = TensorSpec { tensor: 0, format: row.format };
        assert_eq!(tensor::measure(&model, spec, &Control::unwatched()), Err(RunError::NoValues));
    }
}

#[test]
fn block_formats_are_drawn_as_what_their_bytes_decode_to() {
    let values = gaussian(3 * 512);
    let model = model(&[3, 512], &values);
    for kind in Kind::ALL {
        let (mut bytes, mut decoded) = (Vec::new(), Vec::new());
        encode_row(kind, &values, &mut bytes).unwrap();
        decode_row(kind, &bytes, &mut decoded).unwrap();
        let report = report(&model, Format::block(kind));
        assert_eq!(report.decoded.to_vec(), decoded, "{kind:?}");
        assert_eq!(report.rate.total_bits(), bytes.len() as u64 * 8, "{kind:?}");
        assert_eq!(report.rate.padding_bits, 0);
        assert_eq!(report.levels.counts.iter().sum::<u64>(), values.len() as u64, "{kind:?}");
        assert_eq!(report.histogram.counts.iter().sum::<u64>(), values.len() as u64, "{kind:?}");
        // One unit of the largest level: codes and scales tell what the bytes decode to.
        for (i, y) in decoded.iter().enumerate() {
            let back = report.quantized.decode_one(i)[0];
            assert!((back - y).abs() <= 1e-6, "{kind:?} weight {i}: {back} for {y}");
        }
    }
}

#[test]
fn rows_that_fit_no_block_are_stored_as_converters_store_them_and_it_is_said() {
    let values = gaussian(4 * 96);
    let model = model(&[4, 96], &values);
    for (asked, stored, bits) in [("q4_k", "q5_0", 5.5), ("q6_k", "q8_0", 8.5), ("q2_k", "iq4_nl", 4.5)] {
        let [asked, stored] = [asked, stored].map(|name| report(&model, name.parse().unwrap()));
        assert_eq!((asked.rate.bits_per_sample(), asked.error), (bits, stored.error));
        assert!(asked.note.unwrap().contains("as converters do") && stored.note.is_none());
    }
    // A vocabulary of rows that no block fits: padded or in 16 bits, with the bits counted.
    let model = self::model(&[4, 172], &gaussian(4 * 172));
    let padded = report(&model, "mxfp4".parse().unwrap());
    assert_eq!(padded.rate.total_bits(), 4 * 6 * 17 * 8);
    assert_eq!(padded.rate.padding_bits, 4 * 20 * 4);
    assert_eq!(report(&model, "q4_k".parse().unwrap()).rate.bits_per_sample(), 16.0);
}

#[test]
fn a_scale_that_overflows_is_an_infinite_error_with_a_word_about_it() {
    let mut values = gaussian(256);
    values[7] = 1e30;
    let model = model(&[1, 256], &values);
    let spec = TensorSpec { tensor: 0, format: "q8_0".parse().unwrap() };
    let (error, _) = tensor::measure(&model, spec, &Control::unwatched()).unwrap();
    assert!(error.sum_e2.is_infinite() && tensor::overflow_note(&error).is_some());
}
