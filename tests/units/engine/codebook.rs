use quantscope::engine::assign::nearest;
use quantscope::engine::codebook::Codebook;
use quantscope::engine::quantized::Affine;
use quantscope::engine::random::Random;

fn naive<const D: usize>(points: &[[f32; D]], x: [f32; D]) -> u16 {
    let mut best = 0;
    for k in 1..points.len() {
        let (d, least) = (distance_f64(points[k], x), distance_f64(points[best], x));
        if d < least {
            best = k;
        }
    }
    best as u16
}

fn distance_f64<const D: usize>(a: [f32; D], b: [f32; D]) -> f64 {
    (0..D).map(|c| (f64::from(a[c]) - f64::from(b[c])).powi(2)).sum()
}

#[test]
fn integers_too_large_for_arithmetic_are_searched() {
    for first in [-3.0, 65_000.0, 5e6, 1e12] {
        let book = Codebook::new(vec![[first]]);
        assert_eq!(book.first_integer(), (first < 1e6).then_some(first));
        let mut codes = [9; 2];
        nearest::codes(&[[0.0], [9e13]], &Affine { scale: 0.5, offset: [1.0] }, &book, &mut codes);
        assert_eq!(codes, [0; 2], "{first}");
    }
}

fn agrees_with_naive<const D: usize>(count: usize) {
    let mut random = Random::seeded(count as u64 + D as u64);
    // Coordinates on a coarse grid make exact ties common.
    let mut point = || std::array::from_fn(|_| (random.next_f32() * 16.0).round() / 4.0);
    let mut points: Vec<[f32; D]> = (0..count).map(|_| point()).collect();
    points.sort_by(|a, b| a.partial_cmp(b).unwrap());
    points.dedup();
    let book = Codebook::new(points);
    for _ in 0..2000 {
        let x = point();
        assert_eq!(book.nearest(x), naive(book.points(), x), "{D} {count} {x:?}");
    }
    let values: Vec<[f32; D]> = (0..1000).map(|_| point()).collect();
    let mut codes = vec![9; values.len()];
    book.nearest_each(&values, &mut codes);
    for (x, code) in values.iter().zip(codes) {
        assert_eq!(code, book.nearest(*x));
        if D > 1 && book.len() > 1 {
            let mut distances: Vec<f64> = book.points().iter().map(|p| distance_f64(*p, *x)).collect();
            distances.sort_by(f64::total_cmp);
            let two = book.nearest_two(*x);
            assert_eq!((f64::from(two.squared), f64::from(two.second_squared)), (distances[0], distances[1]));
        }
    }
}

#[test]
fn the_fast_search_agrees_with_the_naive_one_ties_included() {
    for count in [1, 2, 7, 8, 9, 16, 17, 33, 100, 256] {
        agrees_with_naive::<1>(count);
        agrees_with_naive::<2>(count);
        agrees_with_naive::<3>(count);
        agrees_with_naive::<4>(count);
    }
}

#[test]
fn a_value_exactly_between_two_levels_takes_the_lower_one() {
    let book = Codebook::new(vec![[3.0], [1.0], [2.0]]);
    assert_eq!(book.points(), [[1.0], [2.0], [3.0]]);
    assert_eq!(book.nearest([1.5]), 0);
    assert_eq!(book.nearest([1.5f32.next_up()]), 1);
    assert_eq!(book.nearest([-9.0]), 0);
    assert_eq!(book.nearest([9.0]), 2);
}
