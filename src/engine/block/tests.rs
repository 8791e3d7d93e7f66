use super::*;
use crate::engine::random::Random;
use std::collections::HashSet;

fn gaussian(n: usize) -> Vec<f32> {
    let mut random = Random::seeded(7);
    (0..n).map(|_| random.next_gaussian()).collect()
}

fn through(kind: Kind, row: &[f32]) -> Vec<f32> {
    let (mut bytes, mut back) = (Vec::new(), Vec::new());
    encode_row(kind, row, &mut bytes).unwrap();
    assert_eq!(bytes.len(), row.len() / kind.block_len() * kind.block_bytes(), "{}", kind.name());
    decode_row(kind, &bytes, &mut back).unwrap();
    assert_eq!(back.len(), row.len(), "{}", kind.name());
    back
}

#[test]
fn every_kind_is_listed_once_and_found_by_its_name() {
    let names: HashSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    for (place, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, place);
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
        assert_eq!(kind.name(), kind.name().to_lowercase());
        for line in [kind.purpose(), kind.layout(), kind.source()] {
            assert!(!line.is_empty() && !line.contains('\n'));
        }
    }
    assert_eq!(Kind::from_name("q4_9"), None);
}

#[test]
fn bits_per_weight_are_the_published_ones() {
    let published = [
        (Kind::Q8_0, 8.5),
        (Kind::Q5_1, 6.0),
        (Kind::Q5_0, 5.5),
        (Kind::Q4_1, 5.0),
        (Kind::Q4_0, 4.5),
        (Kind::Q6K, 6.5625),
        (Kind::Q5K, 5.5),
        (Kind::Q4K, 4.5),
        (Kind::Q3K, 3.4375),
        (Kind::Q2K, 2.625),
        (Kind::Iq4Nl, 4.5),
        (Kind::Iq4Xs, 4.25),
        (Kind::Tq2_0, 2.0625),
        (Kind::Tq1_0, 1.6875),
        (Kind::Nvfp4, 4.5),
        (Kind::Mxfp4, 4.25),
        (Kind::Nf4, 4.5),
        (Kind::Mxfp6E2m3, 6.25),
        (Kind::Mxfp8E4m3, 8.25),
        (Kind::Fp8E4m3, 8.0),
    ];
    for (kind, bits) in published {
        assert_eq!(kind.bits_per_weight(), bits, "{}", kind.name());
    }
}

/// Signal to noise on normal weights, in dB: too low a figure is a wrong code somewhere, too high a one
/// a wrong test.
#[test]
fn the_error_on_normal_weights_is_what_the_bits_allow() {
    let row = gaussian(1 << 15);
    let expected = [
        (Kind::Q8_0, 44.9),
        (Kind::Q6K, 35.1),
        (Kind::Q5K, 29.0),
        (Kind::Q4K, 23.0),
        (Kind::Q4_0, 21.1),
        (Kind::Iq4Nl, 22.4),
        (Kind::Q3K, 16.4),
        (Kind::Q2K, 10.5),
        (Kind::Nf4, 20.6),
        (Kind::Mxfp4, 18.6),
        (Kind::Nvfp4, 20.5),
        (Kind::Mxfp6E2m3, 30.7),
        (Kind::Mxfp8E4m3, 30.7),
        (Kind::Fp8E4m3, 31.5),
        (Kind::Fp8E5m2, 25.5),
    ];
    for (kind, db) in expected {
        let noise: f64 = through(kind, &row).iter().zip(&row).map(|(a, b)| f64::from(a - b).powi(2)).sum();
        let signal: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
        let reached = 10.0 * (signal / noise).log10();
        assert!((reached - db).abs() < 0.5, "{} reaches {reached:.2} dB, not {db}", kind.name());
    }
}

#[test]
fn zeros_stay_zeros() {
    for kind in Kind::ALL {
        assert!(through(kind, &[0.0; 512]).iter().all(|x| *x == 0.0), "{}", kind.name());
    }
}

/// Blocks do not see each other: a row of three blocks is three rows of one, also where several are
/// searched at once.
#[test]
fn a_row_is_its_blocks() {
    let row = gaussian(7 * 256);
    for kind in Kind::ALL {
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        encode_row(kind, &row, &mut whole).unwrap();
        for block in row.chunks(kind.block_len()) {
            encode_row(kind, block, &mut parts).unwrap();
        }
        assert_eq!(whole, parts, "{}", kind.name());
    }
}

#[test]
fn a_length_that_is_no_whole_block_is_refused_with_the_reason() {
    let (mut bytes, mut back) = (Vec::new(), Vec::new());
    let refused = encode_row(Kind::Q4K, &[1.0; 300], &mut bytes).unwrap_err();
    assert_eq!(refused.to_string(), "q4_k needs a multiple of 256 weights, not 300");
    let refused = decode_row(Kind::Q4K, &[0; 145], &mut back).unwrap_err();
    assert_eq!(refused.to_string(), "q4_k needs a multiple of 144 bytes, not 145");
    assert!(bytes.is_empty() && back.is_empty());
    assert!(encode_row(Kind::Q4K, &[], &mut bytes).is_ok() && bytes.is_empty());
}

#[test]
fn no_input_panics() {
    let mut random = Random::seeded(3);
    let special = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE,
        -1e-42,
        1e-45,
        -0.0,
        65520.0,
        1e-38,
    ];
    let mut rows: Vec<Vec<f32>> = special.iter().map(|&x| vec![x; 256]).collect();
    rows.extend(special.iter().map(|&x| (0..256).map(|i| if i % 9 == 0 { x } else { i as f32 }).collect()));
    rows.extend((0..200).map(|_| (0..256).map(|_| f32::from_bits(random.next_u64() as u32)).collect()));
    rows.extend((0..50).map(|_| (0..256).map(|_| f32::from_bits(random.next_u64() as u32 & 0x807F_FFFF)).collect()));
    rows.extend((0..200).map(|_| {
        let pick = |random: &mut Random| special[random.next_u64() as usize % special.len()];
        (0..256).map(|_| pick(&mut random)).collect()
    }));
    for kind in Kind::ALL {
        for row in &rows {
            through(kind, row);
        }
        let mut back = Vec::new();
        for _ in 0..200 {
            let bytes: Vec<u8> = (0..kind.block_bytes()).map(|_| random.next_u64() as u8).collect();
            decode_row(kind, &bytes, &mut back).unwrap();
        }
    }
}
