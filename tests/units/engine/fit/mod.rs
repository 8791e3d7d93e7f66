mod exact;
mod flat;
mod octree;
mod runs;
mod uniform;

use quantscope::engine::codebook::{Codebook, distance_squared};
use quantscope::engine::control::Control;
use quantscope::engine::fit::{Goal, Method, fit};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

fn exact<const D: usize>(p: [f32; D]) -> [f32; D] {
    p
}

fn whole<const D: usize>(p: [f32; D]) -> [f32; D] {
    p.map(f32::round)
}

fn cloud<const D: usize>(n: usize) -> Vec<[f32; D]> {
    let mut random = Random::seeded(7);
    (0..n).map(|_| std::array::from_fn(|c| random.next_gaussian() * (1.0 + c as f32))).collect()
}

fn error<const D: usize>(points: &[[f32; D]], book: &Codebook<D>) -> f64 {
    points.iter().map(|&x| f64::from(distance_squared(x, book.points()[usize::from(book.nearest(x))]))).sum()
}

fn fitted<const D: usize>(method: Method, points: &[[f32; D]], count: usize) -> Codebook<D> {
    fit(Goal { method, count, kept: &[], stored: exact, exact: None }, Samples::new(points, 1), &Control::unwatched())
        .unwrap()
}

fn every_method_in<const D: usize>() {
    let points = cloud::<D>(3000);
    for method in Method::ALL {
        let errors: Vec<f64> = [1, 2, 4, 16, 64].iter().map(|&n| error(&points, &fitted(method, &points, n))).collect();
        // A uniform grid has no entry at the dense middle when its cells are even in number.
        let falls = method.row().is_grid || errors.windows(2).all(|e| e[1] < e[0]);
        assert!(falls && (D > 3 || errors[4] < errors[0]), "{method:?} in R^{D}: {errors:?}");
        if !method.row().is_grid {
            assert_eq!(fitted(method, &points, 37).len(), 37, "{method:?} in R^{D}");
        }
    }
    let [kmeans, wu] = [Method::KMeans, Method::Wu].map(|m| error(&points, &fitted(m, &points, 16)));
    assert!(kmeans <= wu, "Lloyd's rounds never raise the error of their start: {kmeans} {wu}");
    let [lloyd, cut] = [Method::Lloyd, Method::MedianCut].map(|m| error(&points, &fitted(m, &points, 16)));
    assert!(kmeans <= lloyd && lloyd <= cut, "nor do those that stop where they first settle: {lloyd} {cut}");
}

#[test]
fn more_levels_lower_the_error_in_every_dimension_and_by_every_method() {
    every_method_in::<1>();
    every_method_in::<2>();
    every_method_in::<3>();
    every_method_in::<4>();
    every_method_in::<8>();
}

#[test]
fn every_method_is_read_by_its_name_and_says_what_it_is() {
    for method in Method::ALL {
        let row = method.row();
        assert_eq!((row.name.parse(), serde_json::to_value(method).unwrap()), (Ok(method), row.name.into()));
        let lines = [row.palette_label, row.levels_label, row.hint, row.source];
        assert!(lines.iter().all(|line| !line.is_empty() && !line.contains('\n')), "{method}");
    }
}

#[test]
fn few_distinct_values_are_kept_exactly() {
    let points: Vec<[f32; 3]> = (0..500).map(|i| [(i % 3) as f32, (i % 2) as f32, 7.0]).collect();
    for method in Method::ALL {
        let book = fitted(method, &points, 6);
        assert_eq!((book.len(), error(&points, &book)), (6, 0.0), "{method:?}");
    }
}

#[test]
fn exactly_n_entries_come_out_even_when_rounding_makes_some_coincide() {
    let mut random = Random::seeded(3);
    let points: Vec<[f32; 3]> =
        (0..4000).map(|_| std::array::from_fn(|_| (random.next_gaussian() * 2.0).round())).collect();
    for method in Method::ALL.into_iter().filter(|method| !method.row().is_grid) {
        let goal = Goal { method, count: 200, kept: &[], stored: whole, exact: None };
        let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
        assert_eq!(book.len(), 200, "{method:?}");
    }
}

#[test]
fn median_cut_in_one_dimension_is_equal_count_coding() {
    let points = cloud::<1>(4096);
    let book = fitted(Method::MedianCut, &points, 16);
    let mut sorted: Vec<f32> = points.iter().map(|p| p[0]).collect();
    sorted.sort_by(f32::total_cmp);
    for (level, run) in book.points().iter().zip(sorted.chunks(256)) {
        let mean = run.iter().map(|&x| f64::from(x)).sum::<f64>() / 256.0;
        assert!((f64::from(level[0]) - mean).abs() < 1e-4, "{level:?} {mean}");
    }
}

#[test]
fn kmeans_on_a_gaussian_reaches_the_lloyd_max_figures() {
    // Max 1960: MSE .3634, .1175, .03455, .00950 at 1, 2, 3, 4 bits.
    let points = cloud::<1>(200_000);
    let power: f64 = points.iter().map(|p| f64::from(p[0] * p[0])).sum();
    for (bits, expected) in [(1, 0.3634), (2, 0.1175), (3, 0.03455), (4, 0.00950)] {
        let mse = error(&points, &fitted(Method::KMeans, &points, 1 << bits)) / power;
        assert!((mse / expected - 1.0).abs() < 0.03, "{bits} bits: {mse} against {expected}");
    }
}

#[test]
fn a_point_of_weight_zero_is_nobodys() {
    let points: Vec<[f32; 1]> = (0..100).map(|i| [i as f32]).collect();
    let mut weights = vec![1.0; 100];
    weights[99] = 0.0;
    let samples = Samples { weights: Some(&weights), ..Samples::new(&points, 100) };
    let goal = Goal { method: Method::Uniform, count: 2, kept: &[], stored: exact, exact: None };
    let book = fit(goal, samples, &Control::unwatched()).unwrap();
    assert_eq!(book.points(), [[24.5], [73.5]]);
}

fn kept_in<const D: usize>() {
    let points = cloud::<D>(3000);
    // Where no fit would put them: far out, and twice in the middle.
    let kept: [[f32; D]; 3] = [[40.0; D], [0.25; D], [-0.25; D]];
    for method in Method::ALL {
        for count in [1, 3, 4, 16, 64] {
            let goal = Goal { method, count, kept: &kept, stored: exact, exact: None };
            let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
            for entry in kept {
                assert!(book.points().contains(&entry), "{method:?} in R^{D} of {count}: {entry:?} is gone");
            }
            let exactly = !method.row().is_grid || count <= 3;
            assert!(!exactly || book.len() == count.max(3), "{method:?} in R^{D} of {count}: {}", book.len());
        }
    }
}

#[test]
fn entries_that_are_given_come_out_as_they_are_in_every_dimension_and_by_every_method() {
    kept_in::<1>();
    kept_in::<2>();
    kept_in::<3>();
    kept_in::<4>();
    kept_in::<8>();
}

/// Every free entry of k-means beside given ones stands at the mean of its points, as Lloyd's rounds
/// leave it, and these serve the rest better than entries fitted as if nothing were given.
fn the_rest_is_served_in<const D: usize>() {
    let points = cloud::<D>(3000);
    let kept: Vec<[f32; D]> = fitted(Method::KMeans, &points, 6).points()[..3].to_vec();
    let goal = Goal { method: Method::KMeans, count: 12, kept: &kept, stored: exact, exact: None };
    let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
    let mut blind = [kept.as_slice(), fitted(Method::KMeans, &points, 9).points()].concat();
    blind.sort_by(|a, b| a.partial_cmp(b).unwrap());
    blind.dedup();
    let (beside, blind) = (error(&points, &book), error(&points, &Codebook::new(blind)));
    assert!(beside < blind, "R^{D}: {beside} {blind}");
    let mut sums = vec![(0.0, [0.0f64; D]); book.len()];
    for p in &points {
        let (weight, sum) = &mut sums[usize::from(book.nearest(*p))];
        *weight += 1.0;
        sum.iter_mut().zip(p).for_each(|(sum, x)| *sum += f64::from(*x));
    }
    for (entry, (weight, sum)) in book.points().iter().zip(sums).filter(|(e, _)| !kept.contains(e)) {
        let mean: [f32; D] = std::array::from_fn(|c| (sum[c] / weight) as f32);
        assert!(distance_squared(*entry, mean) < 0.02, "R^{D}: {entry:?} is not at {mean:?}");
    }
}

#[test]
fn free_entries_serve_what_the_given_ones_do_not() {
    the_rest_is_served_in::<1>();
    the_rest_is_served_in::<2>();
    the_rest_is_served_in::<3>();
    the_rest_is_served_in::<4>();
}

#[test]
fn given_entries_that_the_samples_have_anyway_take_no_second_place() {
    let points: Vec<[f32; 3]> = (0..500).map(|i| [(i % 3) as f32, (i % 2) as f32, 7.0]).collect();
    for method in Method::ALL {
        let goal = Goal { method, count: 7, kept: &[[1.0, 1.0, 7.0], [9.0; 3]], stored: whole, exact: None };
        let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
        assert_eq!((book.len(), error(&points, &book)), (7, 0.0), "{method:?}");
    }
}
