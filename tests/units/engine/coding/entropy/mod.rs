mod rans;

use quantscope::engine::coding::{Coded, named};
use quantscope::engine::control::Control;
use quantscope::engine::metric::ScalarError;
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

/// A tensor coded at so many hundredths of bits a weight.
fn whole((centibits, by_row, trellis): (u16, bool, bool), values: &[f32], row_len: usize) -> Coded {
    let (row, trellis) = (if by_row { "-row" } else { "" }, if trellis { "-trellis" } else { "" });
    let (_, coding) = named(&format!("ec{}{row}{trellis}", f64::from(centibits) / 100.0)).unwrap();
    coding.encode(Samples::new(values.as_chunks().0, row_len), &Control::unwatched()).unwrap()
}

#[test]
fn the_rate_is_the_one_that_was_asked_for_and_never_more() {
    let mut random = Random::seeded(1);
    let gaussian: Vec<f32> = (0..200_000).map(|_| random.next_gaussian() * 0.03).collect();
    let peaked: Vec<f32> = gaussian.iter().map(|x| x * x * x * 1e4).collect();
    for values in [&gaussian, &peaked] {
        for (centibits, by_row, trellis) in [(120, false, false), (250, true, true), (440, false, true)] {
            let rate = whole((centibits, by_row, trellis), values, 400).rate.bits_per_sample();
            let asked = f64::from(centibits) / 100.0;
            assert!(rate <= asked && rate > asked - 0.05, "{asked}: {rate}");
        }
    }
}

#[test]
fn a_sample_that_misleads_does_not_break_the_promise() {
    let mut random = Random::seeded(11);
    // a third of the rows is wide: whole groups of rows are picked, and may see more or fewer of them.
    let values: Vec<f32> =
        (0..(1 << 20) + 4096).map(|i| random.next_gaussian() * if i / 1024 % 3 == 1 { 1.0 } else { 0.2 }).collect();
    for trellis in [false, true] {
        let coded = whole((250, false, trellis), &values, 1024);
        assert!(coded.rate.bits_per_sample() <= 2.5, "{}", coded.rate.bits_per_sample());
        assert!(ScalarError::measure(&values, &coded.decoded).sqnr_db() > 10.0);
    }
}

#[test]
fn a_small_tensor_keeps_the_promise_once_its_bits_are_twice_what_a_plan_takes() {
    let mut random = Random::seeded(12);
    for len in [210usize, 384, 700, 1536, 5000, 20_000] {
        let values: Vec<f32> = (0..len).map(|_| random.next_gaussian()).collect();
        for (by_row, trellis) in [(false, false), (false, true), (true, true)] {
            for centibits in [250, 440, 800] {
                let coded = whole((centibits, by_row, trellis), &values, 64);
                let (rate, asked) = (coded.rate.bits_per_sample(), f64::from(centibits) / 100.0);
                assert!(rate <= asked, "{len} {trellis}: {rate} for {asked}");
                assert!(ScalarError::measure(&values, &coded.decoded).sqnr_db() > 0.0, "{len} {asked}");
            }
        }
    }
}

#[test]
fn on_a_gaussian_source_the_steps_are_as_near_to_shannon_as_theory_has_it() {
    let mut random = Random::seeded(2);
    let values: Vec<f32> = (0..1 << 17).map(|_| random.next_gaussian()).collect();
    for (trellis, short_of) in [(false, 1.45..1.62), (true, 0.4..0.65)] {
        for centibits in [200, 300, 400] {
            let coded = whole((centibits, false, trellis), &values, 4096);
            let shannon = 20.0 * 2f64.log10() * coded.rate.bits_per_sample();
            let short = shannon - ScalarError::measure(&values, &coded.decoded).sqnr_db();
            assert!(short_of.contains(&short), "{centibits} {trellis}: {short} dB");
        }
    }
}

#[test]
fn steps_that_follow_the_rows_treat_small_rows_like_large_ones() {
    let mut random = Random::seeded(3);
    let values: Vec<f32> =
        (0..1 << 17).map(|i| random.next_gaussian() * if i / 512 % 2 == 0 { 1.0 } else { 0.1 }).collect();
    let small_rows = |x: &[f32]| -> Vec<f32> { x.chunks(512).skip(1).step_by(2).flatten().copied().collect() };
    let [one, each] = [false, true].map(|by_row| {
        let coded = whole((300, by_row, false), &values, 512);
        let all = ScalarError::measure(&values, &coded.decoded).sqnr_db();
        (all, ScalarError::measure(&small_rows(&values), &small_rows(&coded.decoded)).sqnr_db())
    });
    assert!(each.1 > one.1 + 6.0 && one.0 > each.0 + 3.0, "{one:?} {each:?}");
}
