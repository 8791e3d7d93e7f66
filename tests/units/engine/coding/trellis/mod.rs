mod path;
mod values;

use quantscope::engine::coding::{Coding, named};
use quantscope::engine::control::Control;
use quantscope::engine::metric::ScalarError;
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

fn trellis(bits: u32) -> Box<dyn Coding> {
    named(&format!("trellis{bits}")).unwrap().1
}

#[test]
fn on_a_gaussian_source_it_is_within_a_decibel_of_shannon() {
    let mut random = Random::seeded(31);
    for bits in 2..=4 {
        let values: Vec<f32> = (0..1 << 15).map(|_| random.next_gaussian()).collect();
        let coded = trellis(bits).encode(Samples::new(values.as_chunks().0, 4096), &Control::unwatched()).unwrap();
        let shannon = 20.0 * 2f64.log10() * coded.rate.bits_per_sample();
        let short = shannon - ScalarError::measure(&values, &coded.decoded).sqnr_db();
        assert!((0.3..1.0).contains(&short), "{bits} bits: {short} dB");
    }
}

#[test]
fn stopping_ends_the_search() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let control = Control::new(&stop, &|_| {});
    assert!(trellis(4).encode(Samples::new(&[[1.0]; 5000], 5000), &control).is_err());
}
