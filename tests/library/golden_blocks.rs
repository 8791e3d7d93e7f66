//! Every block format against what its reference implementation wrote and read, byte for byte.

use std::collections::HashMap;
use std::path::Path;

use quantscope::engine::block::{Kind, decode_row, encode_row, encode_row_plus};
use serde_json::Value;

const CASES: [&str; 9] =
    ["gauss", "laplace", "large", "mixed", "positive", "ties", "tiny_f16_scale", "weights", "zeros"];
const UNDEFINED: [&str; 2] = ["ub_f16_overflow", "ub_subnormal"];

struct Case {
    name: &'static str,
    input: Vec<f32>,
    encoded: HashMap<Kind, Vec<u8>>,
    /// The FP8 casts come without decoded values; every code of theirs is tested in the module.
    decoded: HashMap<Kind, Vec<f32>>,
}

impl Case {
    fn read(name: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/golden/{name}.json"));
        let json: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let each = |key: &str| -> Vec<(Kind, Vec<u8>)> {
            let entries = json.get(key).and_then(Value::as_object).into_iter().flatten();
            entries.map(|(kind, text)| (kind.parse().unwrap(), base64(text.as_str().unwrap()))).collect()
        };
        Self {
            name,
            input: floats(&base64(json["input"].as_str().unwrap())),
            encoded: each("encoded").into_iter().collect(),
            decoded: each("decoded").into_iter().map(|(kind, bytes)| (kind, floats(&bytes))).collect(),
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{c} is no base64"),
    };
    let text = text.trim_end_matches('=').as_bytes();
    let group = |four: &[u8]| {
        let bits = four.iter().fold(0, |bits, &c| bits << 6 | digit(c)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    text.chunks(4).flat_map(group).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

#[test]
fn encoders_write_the_bytes_of_the_references() {
    let mut wrong = Vec::new();
    for case in CASES.map(Case::read) {
        assert!(case.input.len() == 1024 && case.encoded.len() >= 24);
        for (&kind, expected) in &case.encoded {
            let mut bytes = Vec::new();
            encode_row(kind, &case.input, &mut bytes).unwrap();
            assert_eq!(bytes.len(), expected.len());
            let differing = bytes.iter().zip(expected).filter(|(a, b)| a != b).count();
            if let Some(first) = bytes.iter().zip(expected).position(|(a, b)| a != b) {
                let (block, byte) = (first / kind.block_bytes(), first % kind.block_bytes());
                let (kind, case) = (kind.name(), case.name);
                wrong.push(format!("{case} {kind}: {differing} bytes, first byte {byte} of block {block}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn decoders_read_the_bytes_of_the_references() {
    let mut wrong = Vec::new();
    for case in CASES.map(Case::read) {
        assert!(case.decoded.len() >= 22);
        for (&kind, expected) in &case.decoded {
            let mut back = Vec::new();
            decode_row(kind, &case.encoded[&kind], &mut back).unwrap();
            assert_eq!(back.len(), expected.len());
            if let Some(i) = back.iter().zip(expected).position(|(a, b)| a.to_bits() != b.to_bits()) {
                let (kind, case) = (kind.name(), case.name);
                wrong.push(format!("{case} {kind}: weight {i} is {:?}, not {:?}", back[i], expected[i]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn values_the_references_leave_undefined_do_not_panic() {
    for case in UNDEFINED.map(Case::read) {
        assert_eq!(case.input.len(), 1024);
        for kind in Kind::ALL {
            let (mut bytes, mut back) = (Vec::new(), Vec::new());
            encode_row(kind, &case.input, &mut bytes).unwrap();
            decode_row(kind, &bytes, &mut back).unwrap();
            assert_eq!(back.len(), case.input.len());
            encode_row_plus(kind, &case.input, None, &mut bytes).unwrap();
        }
    }
}

/// Block by block against the references' own bytes.
#[test]
fn plus_never_has_more_error_than_the_references() {
    let (mut better, mut all) = (0, 0);
    for case in CASES.map(Case::read) {
        for (&kind, of_reference) in &case.encoded {
            let (mut bytes, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
            encode_row_plus(kind, &case.input, None, &mut bytes).unwrap();
            decode_row(kind, &bytes, &mut ours).unwrap();
            decode_row(kind, of_reference, &mut theirs).unwrap();
            let len = kind.block_len();
            for ((x, ours), theirs) in case.input.chunks(len).zip(ours.chunks(len)).zip(theirs.chunks(len)) {
                let error =
                    |y: &[f32]| -> f64 { x.iter().zip(y).map(|(x, y)| (f64::from(*x) - f64::from(*y)).powi(2)).sum() };
                assert!(error(ours) <= error(theirs), "{} {}", case.name, kind.name());
                if kind.has_plus() {
                    better += u32::from(error(ours) < error(theirs));
                    all += 1;
                }
            }
        }
    }
    assert!(better * 2 > all, "better in {better} of {all} blocks");
}
