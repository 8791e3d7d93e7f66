use quantscope::engine::control::Control;
use quantscope::engine::random::Random;
use quantscope::signal::jpeg::cells::{CELLS, SIDE};
use quantscope::signal::jpeg::plane::*;

/// Of a photo that is one block.
fn frequencies_of(block: &[f32; CELLS]) -> [f32; CELLS] {
    let plane = Plane::new((SIDE, SIDE), false, false, |i| block[i], &Control::unwatched()).unwrap();
    plane.frequencies_of(0, 0)
}

#[test]
fn the_transform_keeps_energy_and_comes_back() {
    let mut random = Random::seeded(4);
    let block: [f32; CELLS] = std::array::from_fn(|_| 255.0 * random.next_f32() - 128.0);
    let there = frequencies_of(&block);
    let energy = |b: &[f32; CELLS]| b.iter().map(|&x| f64::from(x * x)).sum::<f64>();
    assert!((energy(&there) / energy(&block) - 1.0).abs() < 1e-5);
    assert!(block.iter().zip(pixels_of(&there)).all(|(a, b)| (a - b).abs() < 1e-3));
    let flat = frequencies_of(&[10.0; CELLS]);
    assert!((flat[0] - 80.0).abs() < 1e-3 && flat[1..].iter().all(|x| x.abs() < 1e-3));
}

#[test]
fn the_waves_are_the_cosines_of_the_standard() {
    // Frequency 3 across and 2 down, at column 5 and row 1.
    let cosine = |k: f64, n: f64| (0.25f64).sqrt() * (std::f64::consts::PI * k * (2.0 * n + 1.0) / 16.0).cos();
    let expected = cosine(3.0, 5.0) * cosine(2.0, 1.0);
    assert!((f64::from(wave(2 * SIDE + 3)[SIDE + 5]) - expected).abs() < 1e-6);
}

#[test]
fn a_half_channel_of_a_smooth_slope_comes_back_nearly_whole() {
    let size = (37, 21);
    let slope = |i: usize| (i % 37) as f32 + 2.0 * (i / 37) as f32;
    let control = Control::unwatched();
    let plane = Plane::new(size, true, true, slope, &control).unwrap();
    assert_eq!((plane.across, plane.down), (3, 2));
    let back = plane.pixels(&plane.rounded(&[1; CELLS]), &control).unwrap();
    // Away from the edges, where there is no neighbour to lean on.
    let inside = |i: &usize| (2..34).contains(&(i % 37)) && (2..18).contains(&(i / 37));
    for i in (0..37 * 21).filter(inside) {
        assert!((back[i] - slope(i)).abs() < 1.5, "{i}: {} {}", back[i], slope(i));
    }
}
