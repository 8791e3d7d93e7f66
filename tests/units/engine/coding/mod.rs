mod bits;
mod classes;
mod entropy;
mod rotation;
mod trellis;
mod unit;
mod weighed;

use quantscope::engine::coding::{Coded, Coding, ROWS, groups, named};
use quantscope::engine::control::Control;
use quantscope::engine::metric::{ScalarError, WeighedError};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

fn coding(name: &str) -> Box<dyn Coding> {
    named(name).unwrap_or_else(|| panic!("{name}")).1
}

fn offered() -> impl Iterator<Item = Box<dyn Coding>> {
    ROWS.iter().flat_map(|row| row.offered).map(|name| coding(name))
}

#[test]
fn every_coding_that_is_offered_is_written_as_its_name_and_read_by_its_own_row() {
    for row in ROWS {
        assert!([row.purpose, row.layout, row.source].iter().all(|line| !line.is_empty() && !line.contains('\n')));
        for name in row.offered {
            assert_eq!(coding(name).name(), *name);
            assert!((row.parse)(name).is_some(), "{name}");
        }
    }
}

#[test]
fn names_that_mean_nothing_are_refused() {
    let names = "  learned learned0 learned7 learned04 vq3-b8 vq2-b13 hqq4 had-int4-g0 trellis5 ec ec9 ec1e0 ec-row";
    for name in names.split(' ').chain(["ec3-trellis-row"]) {
        assert!(named(name).is_none(), "{name}");
    }
}

fn encoded(coding: &dyn Coding, values: &[f32], row_len: usize) -> Coded {
    coding.encode(Samples::new(values.as_chunks().0, row_len), &Control::unwatched()).unwrap()
}

fn gaussian(len: usize, seed: u64) -> Vec<f32> {
    let mut random = Random::seeded(seed);
    (0..len).map(|_| random.next_gaussian() * 0.05).collect()
}

#[test]
fn the_bytes_are_all_there_is_decode_gives_the_values_and_every_bit_is_in_the_receipt() {
    for coding in offered() {
        let name = coding.name();
        for (len, row_len) in [(0, 1), (1, 1), (7, 3), (64, 64), (1000, 100), (4096, 384), (3000, 3000)] {
            let values = gaussian(len, 5);
            let coded = encoded(&*coding, &values, row_len);
            assert_eq!(coded.decoded.len(), len, "{name} {len}");
            assert_eq!(coding.decode(&coded.bytes, len, row_len).as_ref(), Ok(&coded.decoded), "{name} {len}");
            assert_eq!(coded.rate.total_bits(), coded.bytes.len() as u64 * 8, "{name} {len}");
            assert_eq!(coded.rate.samples, len as u64);
        }
    }
}

#[test]
fn a_large_tensor_takes_the_bits_that_the_coding_promises() {
    let values = gaussian(1 << 18, 6);
    for coding in offered().filter(|coding| !coding.name().starts_with("vq")) {
        let name = coding.name();
        let coded = encoded(&*coding, &values, 1 << 12);
        let bits = coded.rate.bits_per_sample();
        assert!((bits - coding.bits_per_weight()).abs() < 0.02, "{name} {bits}");
    }
}

#[test]
fn no_input_is_too_odd() {
    let mut odd = gaussian(1000, 7);
    (odd[3], odd[500], odd[999]) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
    let cases: Vec<Vec<f32>> = vec![
        vec![0.0; 500],
        vec![0.37; 500],
        vec![-1e-45; 300],
        vec![f32::MAX, f32::MIN, 1.0, 0.0],
        vec![f32::NAN; 40],
        (0..400).map(|i| if i == 200 { 1e30 } else { 1e-30 }).collect(),
        odd,
    ];
    for coding in offered() {
        let name = coding.name();
        for values in &cases {
            let coded = encoded(&*coding, values, 50);
            assert!(coded.decoded.iter().all(|x| x.is_finite()), "{name} {:?}", &values[..2]);
            assert_eq!(coding.decode(&coded.bytes, values.len(), 50).as_ref(), Ok(&coded.decoded));
        }
    }
}

#[test]
fn damaged_bytes_are_refused_or_decode_to_something_but_never_panic() {
    let values = gaussian(600, 8);
    let mut random = Random::seeded(9);
    for coding in offered() {
        let name = coding.name();
        let coded = encoded(&*coding, &values, 100);
        assert!(coding.decode(&coded.bytes[..coded.bytes.len() / 2], 600, 100).is_err(), "{name}");
        assert!(coding.decode(&[], 600, 100).is_err(), "{name}");
        for _ in 0..50 {
            let mut bytes = coded.bytes.clone();
            let at = random.next_u64() as usize % bytes.len();
            bytes[at] ^= 1 << (random.next_u64() % 8);
            let _ = coding.decode(&bytes, 600, 100);
        }
    }
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let values = gaussian(40_000, 10);
    for coding in offered() {
        let name = coding.name();
        let [one, three] = [1, 3].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| encoded(&*coding, &values, 400).bytes)
        });
        assert!(one == three, "{name}");
    }
}

#[test]
fn weights_that_matter_more_are_kept_better() {
    let values = gaussian(20_000, 11);
    let importance: Vec<f32> = (0..values.len()).map(|i| if i % 2 == 0 { 10.0 } else { 1.0 }).collect();
    for (row, coding) in ["learned3", "vq2-b8", "vq4-b8", "vq8-b8"].map(|name| named(name).unwrap()) {
        let name = coding.name();
        assert!(row.takes_importance);
        let [plain, weighted] = [None, Some(importance.as_slice())].map(|importance| {
            let coded = coding
                .encode(
                    Samples { weights: importance, ..Samples::new(values.as_chunks().0, 100) },
                    &Control::unwatched(),
                )
                .unwrap();
            let squared = |i: usize| f64::from(coded.decoded[i] - values[i]).powi(2);
            (0..values.len()).step_by(2).map(squared).sum::<f64>()
        });
        assert!(weighted < plain * 0.95, "{name} {weighted} {plain}");
    }
}

/// Without a trellis only what is nearly a tie can be moved: little at many bits.
#[test]
fn codes_of_unequal_length_spend_their_bits_on_the_weights_that_matter_more() {
    let values = gaussian(20_000, 11);
    let importance: Vec<f32> = (0..values.len()).map(|i| if i % 2 == 0 { 10.0 } else { 1.0 }).collect();
    for (name, most) in
        [("ec2", 0.92), ("ec3", 0.98), ("ec3-row", 0.98), ("ec3-trellis", 0.75), ("ec3-row-trellis", 0.75)]
    {
        let coding = coding(name);
        let [plain, weighted] = [None, Some(importance.as_slice())].map(|given| {
            let coded = coding
                .encode(Samples { weights: given, ..Samples::new(values.as_chunks().0, 100) }, &Control::unwatched())
                .unwrap();
            assert!(coded.rate.bits_per_sample() <= coding.bits_per_weight(), "{name}");
            WeighedError::measure(&values, &coded.decoded, &importance).sum_e2
        });
        assert!(weighted < plain * most, "{name}: {weighted} of {plain}");
    }
}

#[test]
fn one_more_bit_buys_about_six_decibels() {
    let values = gaussian(50_000, 12);
    let sqnr = |bits: u32| {
        let coding = coding(&format!("learned{bits}"));
        ScalarError::measure(&values, &encoded(&*coding, &values, 500).decoded).sqnr_db()
    };
    for bits in 2..5 {
        let gain = sqnr(bits + 1) - sqnr(bits);
        assert!((4.5..7.0).contains(&gain), "{bits} {gain}");
    }
}

#[test]
fn groups_cover_the_weights_once_whatever_the_rows() {
    for (len, row_len) in [(0, 1), (5, 1), (1000, 3), (1000, 100), (1000, 256), (10_000, 384), (10_000, 9000)] {
        let mut next = 0;
        for group in groups::row_groups(len, row_len) {
            assert!(group.start == next && group.len() <= 4096);
            next = group.end;
        }
        assert_eq!(next, len);
    }
}
