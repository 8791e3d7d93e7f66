//! Bad files: each is refused with one line that names the file and the cause, or is opened when it
//! is valid after all; nothing panics.

use std::path::{Path, PathBuf};

use quantscope::engine::control::Control;
use quantscope::engine::random::Random;
use quantscope::run::tensor;
use quantscope::source::open::{Source, open_bytes, open_path};
use quantscope::spec::{TensorSpec, WeightSettings};

/// Fixture → number of tensors, or words of the refusal.
const SAFETENSORS: &[(&str, Result<usize, &str>)] = &[
    ("00_valid_control", Ok(2)),
    ("01_empty", Err("empty")),
    ("02_short_len", Err("too short")),
    ("03_truncated_header", Err("cut short")),
    ("04_header_len_2p63", Err("header longer")),
    ("05_header_len_max", Err("header longer")),
    ("06_header_len_1TB", Err("header longer")),
    ("07_header_len_zero", Err("header cannot be read")),
    ("08_overlap", Err("overlaps another's")),
    ("09_past_end", Err("do not cover the file")),
    ("10_reversed", Err("'a' overlaps")),
    ("11_duplicate_keys", Err("tensor 'a'")),
    ("12_non_utf8", Err("not UTF-8")),
    ("13_bad_json", Err("header cannot be read")),
    ("14_wrong_size", Err("do not fit the bytes")),
    ("15_unknown_dtype", Err("F33")),
    ("16_zero_size", Ok(2)),
    ("17_nan_inf", Ok(1)),
    ("18_zero_dim", Ok(1)),
    ("19_hole", Err("leaves a gap")),
    ("20_trailing", Err("bytes left over")),
    ("21_shape_overflow", Err("impossibly large")),
    ("22_negative", Err("header cannot be read")),
    ("23_header_array", Err("header cannot be read")),
    ("24_metadata_nonstring", Err("header cannot be read")),
    ("25_leading_space", Ok(1)),
    ("26_missing_dtype", Err("dtype")),
    ("27_missing_offsets", Err("data_offsets")),
    ("28_float_offsets", Err("header cannot be read")),
    ("29_three_offsets", Err("header cannot be read")),
    ("30_deep_json", Err("recursion")),
    ("31_shared_region", Err("overlaps another's")),
    ("32_hostile_name", Ok(1)),
    ("43_wrapping_offsets", Err("impossibly large")),
    ("33_huge_offset", Err("'a' overlaps")),
    ("34_offset_gt_u64", Err("header cannot be read")),
    ("35_bom", Err("header cannot be read")),
    ("36_unaligned_header", Ok(1)),
    ("37_int_dtypes", Ok(7)),
    ("38_empty_header", Ok(0)),
    ("39_only_metadata", Ok(0)),
    ("40_rank_9", Ok(1)),
    ("41_huge_1dim_zero", Ok(1)),
];

const GGUF: &[(&str, Result<usize, &str>)] = &[
    ("80_valid", Ok(1)),
    ("81_magic", Err("does not begin with GGUF")),
    ("82_version_1", Err("version 1 cannot be read")),
    ("83_version_99", Err("version 99 cannot be read")),
    ("84_big_endian", Err("big-endian")),
    ("85_nt_huge", Err("1152921504606846976 tensors, more than fit")),
    ("86_nkv_huge", Err("metadata entries, more than fit")),
    ("87_strlen_2p63", Err("9223372036854775808 bytes")),
    ("88_bad_kv_type", Err("unknown type 77")),
    ("89_array_huge", Err("more than fit")),
    ("90_array_nested", Err("nested too deeply")),
    ("91_ndims_9", Ok(1)),
    ("92_type_999", Ok(1)),
    ("93_dims_overflow", Err("impossibly large")),
    ("94_not_block_multiple", Err("rows of 40")),
    ("95_offset_unaligned", Err("no multiple of 32")),
    ("96_offset_past_end", Err("past the end")),
    ("97_truncated_data", Err("cut short")),
    ("98_align_zero", Err("alignment of 0")),
    ("99_align_3", Err("alignment of 3")),
    ("a0_dup_names", Err("two tensors are called 't'")),
    ("a1_zero_dim", Ok(1)),
    ("a2_removed_type", Ok(1)),
    ("a3_nonutf8_key", Err("not UTF-8")),
    ("a4_truncated_kv", Err("cut short")),
    ("a5_align_2p31", Err("cut short")),
];

const INDEXES: &[(&str, Result<usize, &str>)] = &[
    ("70_missing_shard", Err("is missing")),
    ("71_path_traversal", Err("own folder")),
    ("72_absolute", Err("own folder")),
    ("73_wrong_shard", Err("is not in '00_valid_control.safetensors'")),
    ("74_no_weight_map", Err("weight_map")),
    ("75_bad_json", Err("cannot be read")),
    ("76_total_size_lie", Ok(1)),
];

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad").join(name)
}

fn hold(cases: &[(&str, Result<usize, &str>)], extension: &str) {
    for (name, expected) in cases {
        let outcome = open_path(&beside(&format!("{name}.{extension}")));
        match (expected, outcome) {
            (Ok(tensors), Ok(source)) => assert_eq!(use_all(&source), *tensors, "{name}"),
            (Ok(_), Err(e)) => panic!("{name}: {e}"),
            (Err(words), outcome) => {
                let message = refusal(outcome, name);
                assert!(message.contains(words), "{name}: '{words}' in '{message}'");
            }
        }
    }
}

#[test]
fn broken_gguf_files_and_indexes_are_refused_and_valid_ones_opened() {
    hold(GGUF, "gguf");
    hold(INDEXES, "index.json");
}

#[test]
fn no_prefix_and_no_flipped_byte_of_a_gguf_makes_it_panic() {
    let valid = std::fs::read(beside("80_valid.gguf")).unwrap();
    for end in 0..valid.len() {
        let _ = open_bytes("cut.gguf", valid[..end].to_vec());
    }
    let mut random = Random::seeded(43);
    for _ in 0..4000 {
        let mut bytes = valid.clone();
        for _ in 0..1 + random.next_u64() % 3 {
            let at = random.next_u64() as usize % bytes.len();
            bytes[at] = random.next_u64() as u8;
        }
        if let Ok(source @ Source::Model(_)) = open_bytes("flipped.gguf", bytes) {
            use_all(&source);
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad").join(format!("{name}.safetensors"))
}

fn refusal(outcome: Result<Source, impl std::fmt::Display>, name: &str) -> String {
    let message = match outcome {
        Ok(_) => panic!("{name} was opened"),
        Err(e) => e.to_string(),
    };
    assert!(message.contains(name), "the message names the file: {message}");
    assert!(!message.contains(['\n', '\r']), "the message is one line: {message}");
    message
}

/// Every value can be read and every tensor measured, or said why not.
fn use_all(source: &Source) -> usize {
    let Source::Model(model) = source else { panic!("not a model") };
    for t in 0..model.tensors.len() {
        let mut values = Vec::new();
        model.read(t, 0..model.tensors[t].values, &mut values);
        for format in [8, 4, 2, 1].map(|bits| WeightSettings::default().format(bits)) {
            match tensor::measure(model, TensorSpec { tensor: t, format }, &Control::unwatched()) {
                Ok((error, rate)) => {
                    assert_eq!(error.values + error.nan + error.infinite, model.tensors[t].values as u64);
                    assert!(!error.rmse().is_nan() && rate.bits_per_sample() > 0.0);
                }
                Err(quantscope::run::error::RunError::Stopped) => panic!("nobody stopped it"),
                Err(why) => assert!(!why.to_string().is_empty()),
            }
        }
    }
    model.tensors.len()
}

#[test]
fn broken_safetensors_files_are_refused_and_valid_ones_opened() {
    for (name, expected) in SAFETENSORS {
        let outcome = open_path(&fixture(name));
        match expected {
            Ok(tensors) => match outcome {
                Ok(source) => assert_eq!(use_all(&source), *tensors, "{name}"),
                Err(e) => panic!("{name}: {e}"),
            },
            Err(words) => {
                let message = refusal(outcome, name);
                assert!(message.contains(words), "{name}: '{words}' in '{message}'");
            }
        }
    }
}

#[test]
fn nan_and_infinity_are_counted_and_left_out() {
    let Ok(Source::Model(model)) = open_path(&fixture("17_nan_inf")) else { panic!() };
    let spec = TensorSpec { tensor: 0, format: "int8-tensor".parse().unwrap() };
    let (error, _) = tensor::measure(&model, spec, &Control::unwatched()).unwrap();
    let mut values = Vec::new();
    model.read(0, 0..model.tensors[0].values, &mut values);
    assert_eq!(error.nan, values.iter().filter(|x| x.is_nan()).count() as u64);
    assert_eq!(error.infinite, values.iter().filter(|x| x.is_infinite()).count() as u64);
    assert!(error.nan > 0 && error.infinite > 0 && error.rmse().is_finite());
}

#[test]
fn no_prefix_and_no_flipped_byte_makes_it_panic() {
    let valid = std::fs::read(fixture("00_valid_control")).unwrap();
    for end in 0..valid.len() {
        let _ = open_bytes("cut.safetensors", valid[..end].to_vec());
    }
    let mut random = Random::seeded(42);
    for _ in 0..2000 {
        let mut bytes = valid.clone();
        let at = random.next_u64() as usize % bytes.len();
        bytes[at] = random.next_u64() as u8;
        if let Ok(source) = open_bytes("flipped.safetensors", bytes) {
            use_all(&source);
        }
    }
}

fn sample_png() -> Vec<u8> {
    let palette = [[0, 0, 0, 255], [255, 255, 255, 255]];
    let codes: Vec<u8> = (0..64 * 48).map(|i| (i / 3 % 2) as u8).collect();
    quantscope::picture::png::indexed_png(64, 48, &codes, &palette, &Control::unwatched()).unwrap()
}

/// A PNG whose header, with a right checksum, claims a size.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = sample_png();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = bytes[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 })
    });
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bytes
}

#[test]
fn broken_pictures_are_refused_with_the_cause() {
    let png = sample_png();
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("cut.png", png[..png.len() / 2].to_vec(), "PNG"),
        ("header only.png", png[..20].to_vec(), "PNG"),
        ("vast.png", png_claiming(100_000, 100_000), "100000 × 100000"),
        ("empty.png", Vec::new(), "empty"),
        ("text.png", b"this is no picture at all".to_vec(), "neither a photo"),
        ("model.gguf", b"GGUF\x03\0\0\0and so on".to_vec(), "cut short"),
        ("model.pt", b"PK\x03\x04and so on".to_vec(), "zip"),
        ("noise.jpg", b"\xff\xd8\xff\xe0garbage".to_vec(), "JPEG"),
    ];
    for (name, bytes, words) in cases {
        let message = refusal(open_bytes(name, bytes), name);
        assert!(message.contains(words), "'{words}' in '{message}'");
    }
}

#[test]
fn what_a_file_is_comes_from_its_content() {
    assert!(matches!(open_bytes("photo.safetensors", sample_png()), Ok(Source::Photo(_))));
    let model = std::fs::read(fixture("00_valid_control")).unwrap();
    assert!(matches!(open_bytes("model.png", model), Ok(Source::Model(_))));
}

#[test]
fn paths_that_are_no_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().display().to_string();
    assert!(refusal(open_path(folder.path()), &name).contains("this is a folder"));
    let missing = folder.path().join("not here.png");
    assert!(refusal(open_path(&missing), "not here.png").contains("no such file"));
    let empty = folder.path().join("nothing.png");
    std::fs::write(&empty, b"").unwrap();
    assert!(refusal(open_path(&empty), "nothing.png").contains("empty"));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_said_to_be_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.png");
    std::fs::write(&path, sample_png()).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read everything, and then there is nothing to refuse.
    if std::fs::File::open(&path).is_err() {
        assert!(refusal(open_path(&path), "secret.png").contains("no permission"));
    }
}
