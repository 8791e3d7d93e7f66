use quantscope::engine::control::Control;
use quantscope::engine::format::double::STEPS;
use quantscope::engine::format::{Coded, Format, LevelRule};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

fn encode(values: &[[f32; 1]], width: usize) -> Coded {
    let LevelRule::Coded(coder) = "nf4-dq".parse::<Format>().unwrap().rule else { panic!("it has a coder of its own") };
    coder.encode_part(None, Samples::new(values, width), &Control::unwatched()).unwrap()
}

#[test]
fn it_takes_4_127_bits_and_loses_little_to_exact_scales() {
    let mut random = Random::seeded(9);
    let values: Vec<[f32; 1]> = (0..1 << 18).map(|_| [random.next_gaussian() * 0.02]).collect();
    let coded = encode(&values, 1 << 9);
    assert!((coded.rate.bits_per_sample() - 4.127).abs() < 0.001, "{}", coded.rate.bits_per_sample());
    let error: f64 = values.iter().zip(&coded.values).map(|(x, y)| f64::from(x[0] - y).powi(2)).sum();
    let power: f64 = values.iter().map(|x| f64::from(x[0]).powi(2)).sum();
    let sqnr = 10.0 * (power / error).log10();
    // NF4 with f32 scales: 20.6 dB on a Gaussian.
    assert!(sqnr > 20.3, "{sqnr}");
}

#[test]
fn the_code_of_scales_has_256_different_steps_from_minus_one_to_one() {
    let points: Vec<f32> = STEPS.points().iter().map(|p| p[0]).collect();
    assert!(points.len() == 256 && points.windows(2).all(|w| w[0] < w[1]));
    assert!(points[255] == 1.0 && points.contains(&0.0) && points[0] > -1.0);
}

#[test]
fn nothing_and_all_zeros_are_themselves() {
    for n in [0, 1, 100] {
        let zeros = vec![[0.0]; n];
        let coded = encode(&zeros, 10);
        assert!(coded.values.len() == n && coded.values.iter().all(|&x| x == 0.0));
    }
}
