use std::f64::consts::PI;

use quantscope::engine::random::Random;
use quantscope::signal::sound::mdct::*;

fn noise(n: usize) -> Vec<f32> {
    let mut random = Random::seeded(11);
    (0..n).map(|_| random.next_gaussian()).collect()
}

#[test]
fn a_frame_is_the_sum_of_the_definition() {
    let n = 8;
    let x = noise(3 * n);
    let found = Mdct::new(n).forward(&x);
    // Frame 1 spans samples 0 to 2N.
    for k in 0..n {
        let term = |i: usize| {
            let window = (PI * (i as f64 + 0.5) / (2 * n) as f64).sin();
            let phase = PI / n as f64 * (i as f64 + 0.5 + n as f64 / 2.0) * (k as f64 + 0.5);
            window * f64::from(x[i]) * phase.cos()
        };
        let expected = (2.0 / n as f64).sqrt() * (0..2 * n).map(term).sum::<f64>();
        assert!((f64::from(found[n + k]) - expected).abs() < 1e-5, "{k}: {} {expected}", found[n + k]);
    }
}

#[test]
fn every_sound_comes_back_whole_whatever_its_length() {
    for (lines, length) in [(8, 0), (8, 1), (8, 8), (8, 61), (512, 5000)] {
        let (mdct, x) = (Mdct::new(lines), noise(length));
        let frequencies = mdct.forward(&x);
        assert_eq!(frequencies.len(), mdct.frames(length) * lines);
        let back = mdct.back(&frequencies, length);
        assert_eq!(back.len(), length);
        assert!(x.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-5), "{lines} {length}");
    }
}

#[test]
fn energy_is_kept_and_so_is_the_energy_of_an_error() {
    let (mdct, x) = (Mdct::new(64), noise(2000));
    let energy = |x: &[f32]| x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
    let frequencies = mdct.forward(&x);
    assert!((energy(&frequencies) / energy(&x) - 1.0).abs() < 1e-5);
    let rounded: Vec<f32> = frequencies.iter().map(|x| x.round()).collect();
    let back = mdct.back(&rounded, 2000);
    let of_samples: Vec<f32> = x.iter().zip(&back).map(|(a, b)| a - b).collect();
    let of_lines: Vec<f32> = frequencies.iter().zip(&rounded).map(|(a, b)| a - b).collect();
    // Errors in the two half frames at the ends reach samples that are not there.
    assert!((energy(&of_samples) / energy(&of_lines) - 1.0).abs() < 0.05);
}
