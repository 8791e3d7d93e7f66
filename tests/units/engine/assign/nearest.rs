use quantscope::engine::assign::nearest::{codes, squared_error};
use quantscope::engine::codebook::Codebook;
use quantscope::engine::quantized::Affine;
use quantscope::engine::random::Random;

#[test]
fn the_arithmetic_of_integer_levels_agrees_with_the_search_ties_included() {
    let mut random = Random::seeded(11);
    for levels in [2usize, 3, 7, 15, 16, 255, 256] {
        let first = -((levels / 2) as f32);
        let integers = Codebook::new((0..levels).map(|k| [first + k as f32]).collect());
        assert_eq!(integers.first_integer(), Some(first));
        for scale in [1.0f32, 0.25, 0.037] {
            let affine = Affine { scale, offset: [scale * 3.0] };
            // Quarter steps make one sample in four an exact tie where the scale is a power of two.
            let values: Vec<[f32; 1]> =
                (0..4001).map(|_| [(random.next_gaussian() * levels as f32).round() * 0.25 * scale]).collect();
            let mut fast = vec![0; values.len()];
            codes(&values, &affine, &integers, &mut fast);
            for (x, code) in values.iter().zip(fast) {
                assert_eq!(code, integers.nearest(affine.invert(*x)), "{levels} {scale} {x:?}");
            }
        }
    }
}

#[test]
fn the_fast_error_agrees_with_decoding() {
    let mut random = Random::seeded(5);
    let book = Codebook::new((0..15).map(|k| [k as f32 - 7.0]).collect());
    let affine = Affine { scale: 0.11, offset: [0.02] };
    let values: Vec<[f32; 1]> = (0..1003).map(|_| [random.next_gaussian()]).collect();
    let mut k = vec![0; values.len()];
    codes(&values, &affine, &book, &mut k);
    let slow: f64 = values
        .iter()
        .zip(k)
        .map(|(x, k)| f64::from(x[0] - affine.apply(book.points()[usize::from(k)])[0]).powi(2))
        .sum();
    let fast = squared_error(&values, None, &affine, &book);
    assert!((fast / slow - 1.0).abs() < 1e-5, "{fast} {slow}");
    let ones = vec![1.0; values.len()];
    assert!((squared_error(&values, Some(&ones), &affine, &book) / slow - 1.0).abs() < 1e-5);
}
