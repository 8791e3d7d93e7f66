use quantscope::engine::assign::tries::{block_sums, block_sums_anywhere, integer_correlations};
use quantscope::engine::random::Random;

#[test]
fn the_written_out_version_gives_the_same_bits() {
    let mut random = Random::seeded(3);
    for n in [0, 1, 2, 31, 32, 255] {
        // Quarter steps make ties common.
        let values: Vec<[f32; 1]> = (0..n).map(|_| [(random.next_gaussian() * 8.0).round() / 4.0]).collect();
        let inverses = std::array::from_fn(|i| if i == 7 { 0.0 } else { 2.0 - i as f32 * 0.5 });
        let bounds = (-8.0, 7.0);
        assert_eq!(block_sums(&values, inverses, bounds), block_sums_anywhere(&values, inverses, bounds), "{n}");
    }
}

#[test]
fn sums_are_those_of_the_nearest_integers() {
    let values: Vec<[f32; 1]> = (0..1000).map(|i| [(i as f32 * 0.37).sin() * 3.0]).collect();
    let inverses = std::array::from_fn(|i| 1.0 + i as f32 * 0.1);
    let found = integer_correlations(&values, inverses, (-4.0, 3.0));
    for (inverse, (xq, qq)) in inverses.into_iter().zip(found) {
        let level = |x: f32| f64::from((x * inverse).clamp(-4.0, 3.0).round_ties_even());
        let expected: f64 = values.iter().map(|x| f64::from(x[0]) * level(x[0])).sum();
        let squares: f64 = values.iter().map(|x| level(x[0]).powi(2)).sum();
        assert!((xq - expected).abs() < 1e-3 && (qq - squares).abs() < 1e-6, "{inverse}");
    }
}
