mod affine_search;
mod e2m1;
mod grid;
mod iq4;
mod levels;
mod minifloat;
mod number;
mod symmetric_search;

use std::collections::HashSet;

use quantscope::engine::block::{Kind, decode_row, encode_row, encode_row_plus};
use quantscope::engine::random::Random;

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
    for kind in Kind::ALL {
        let row = kind.row();
        assert_eq!((kind.name().parse(), kind.name().to_lowercase()), (Ok(kind), row.name.to_owned()));
        for line in [row.purpose, row.layout, row.source] {
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
            through_plus(kind, row, None);
        }
        let mut back = Vec::new();
        for _ in 0..200 {
            let bytes: Vec<u8> = (0..kind.block_bytes()).map(|_| random.next_u64() as u8).collect();
            decode_row(kind, &bytes, &mut back).unwrap();
        }
    }
}

/// Gaussian, heavy-tailed, one-sided, with outliers, coarse, tiny, huge and constant blocks.
fn rows_of_all_sorts() -> Vec<Vec<f32>> {
    let mut random = Random::seeded(29);
    (0..24)
        .map(|round| {
            (0..512)
                .map(|i| {
                    let x = random.next_gaussian();
                    match round % 12 {
                        0 => x,
                        1 => x * x * x * 0.02,
                        2 => x.abs() + 0.5,
                        3 if i % 61 == 0 => x * 30.0,
                        4 => (x * 2.0).round() / 2.0,
                        5 => x * 1e-7,
                        6 => x * 1e7,
                        7 => x * 1e-39,
                        8 => [0.0, 3.0, -3.0, 0.25][i / 128],
                        9 => x * [1e-3, 1.0, 0.1, 0.0][i / 16 % 4],
                        10 => -x.abs(),
                        _ => x * 0.05,
                    }
                })
                .collect()
        })
        .collect()
}

fn weighted_error(row: &[f32], importance: &[f32], decoded: &[f32]) -> f64 {
    let terms = row.iter().zip(decoded).zip(importance);
    terms.map(|((x, y), w)| f64::from(*w) * (f64::from(*x) - f64::from(*y)).powi(2)).sum()
}

fn through_plus(kind: Kind, row: &[f32], importance: Option<&[f32]>) -> Vec<f32> {
    let (mut bytes, mut back) = (Vec::new(), Vec::new());
    encode_row_plus(kind, row, importance, &mut bytes).unwrap();
    decode_row(kind, &bytes, &mut back).unwrap();
    assert_eq!(back.len(), row.len(), "{}", kind.name());
    back
}

#[test]
fn no_block_has_more_error_under_plus() {
    let mut random = Random::seeded(31);
    for row in rows_of_all_sorts() {
        let drawn: Vec<f32> = row.iter().map(|_| random.next_gaussian().powi(2)).collect();
        for kind in Kind::ALL {
            for importance in [None, Some(&drawn)] {
                let plus = through_plus(kind, &row, importance.map(Vec::as_slice));
                let plain = through(kind, &row);
                let ones = vec![1.0; row.len()];
                let weights = importance.unwrap_or(&ones);
                for part in (0..row.len()).step_by(kind.block_len()).map(|k| k..k + kind.block_len()) {
                    let error =
                        |back: &[f32]| weighted_error(&row[part.clone()], &weights[part.clone()], &back[part.clone()]);
                    let (plus, plain) = (error(&plus), error(&plain));
                    assert!(plus <= plain || !plain.is_finite(), "{} {part:?}", kind.name());
                }
            }
        }
    }
}

/// The search itself, not only the reference that stands behind it.
#[test]
fn plus_wins_on_normal_weights_what_it_should() {
    let row = gaussian(1 << 15);
    let least_gains = [
        (Kind::Q8_0, 0.9),
        (Kind::Q5_1, 0.8),
        (Kind::Q5_0, 0.45),
        (Kind::Q4_1, 0.8),
        (Kind::Q4_0, 0.4),
        (Kind::Q6K, 0.6),
        (Kind::Q5K, 0.45),
        (Kind::Q4K, 0.2),
        (Kind::Q3K, 0.35),
        (Kind::Q2K, 1.0),
        (Kind::Iq4Nl, 0.25),
        (Kind::Iq4Xs, 0.25),
        (Kind::Tq2_0, 4.0),
        (Kind::Tq1_0, 4.0),
        (Kind::Nvfp4, 1.0),
        (Kind::Mxfp4, 0.2),
        (Kind::Nf4, 0.7),
        (Kind::Fp4, 0.5),
        (Kind::Mxfp6E2m3, 0.02),
        (Kind::Mxfp6E3m2, 0.1),
        (Kind::Mxfp8E4m3, 0.8),
        (Kind::Mxfp8E5m2, 0.1),
    ];
    let ones = vec![1.0; row.len()];
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_plus()) {
        let least = least_gains.iter().find(|(known, _)| *known == kind).map_or(0.01, |(_, least)| *least);
        let error = |back: &[f32]| weighted_error(&row, &ones, back);
        let gain = 10.0 * (error(&through(kind, &row)) / error(&through_plus(kind, &row, None))).log10();
        assert!(gain >= least, "{} wins {gain:.3} dB, not {least}", kind.name());
    }
}

#[test]
fn importance_moves_the_error_to_where_it_matters_less() {
    let row = gaussian(1 << 13);
    let importance: Vec<f32> = (0..row.len()).map(|i| if i % 4 == 0 { 20.0 } else { 0.2 }).collect();
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_plus()) {
        let error = |back: &[f32]| weighted_error(&row, &importance, back);
        let (blind, seeing) = (through_plus(kind, &row, None), through_plus(kind, &row, Some(&importance)));
        let (seeing, blind) = (error(&seeing), error(&blind));
        // Where the step grows with the value the scale hardly matters: there is nothing to move.
        let free = matches!(kind, Kind::Mxfp6E2m3 | Kind::Mxfp6E3m2 | Kind::Mxfp8E4m3 | Kind::Mxfp8E5m2);
        assert!(seeing < blind || free && seeing <= blind, "{}", kind.name());
    }
}

#[test]
fn plus_sees_one_block_at_a_time_and_takes_any_importance() {
    let row = gaussian(7 * 256);
    for kind in Kind::ALL {
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        encode_row_plus(kind, &row, None, &mut whole).unwrap();
        for block in row.chunks(kind.block_len()) {
            encode_row_plus(kind, block, None, &mut parts).unwrap();
        }
        assert_eq!(whole, parts, "{}", kind.name());
        // None at all counts like all the same; and nothing that is no importance spoils the search.
        let odd = [0.0, f32::NAN, f32::INFINITY, -1.0, 1e-45, f32::MAX];
        let importance: Vec<f32> = (0..row.len()).map(|i| odd[i % odd.len()]).collect();
        through_plus(kind, &row, Some(&importance));
        through_plus(kind, &row, Some(&vec![0.0; row.len()]));
    }
    let refused = encode_row_plus(Kind::Q4K, &row, Some(&[1.0; 3]), &mut Vec::new()).unwrap_err();
    assert_eq!((refused.length, refused.block), (3, row.len()));
    assert!(encode_row_plus(Kind::Q4K, &row[1..], None, &mut Vec::new()).is_err());
}
