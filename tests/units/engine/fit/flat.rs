use quantscope::engine::control::Control;
use quantscope::engine::fit::{Goal, Method, fit};
use quantscope::engine::random::Random;
use quantscope::engine::samples::Samples;

fn whole<const D: usize>(p: [f32; D]) -> [f32; D] {
    p.map(f32::round)
}

/// Noise over the whole range, and values that fill `share` of all each.
fn noise_and<const D: usize>(values: &[[f32; D]], share: f64, n: usize) -> Vec<[f32; D]> {
    let mut random = Random::seeded(4);
    let flat = (share * n as f64) as usize;
    let mut points: Vec<[f32; D]> = values.iter().flat_map(|v| std::iter::repeat_n(*v, flat)).collect();
    points.extend((points.len()..n).map(|_| std::array::from_fn(|_| (random.next_f32() * 255.0).round())));
    points
}

fn keeps_flats<const D: usize>(shares: &[f64]) {
    let flats: Vec<[f32; D]> =
        [13.0, 20.0, 90.0, 201.0].iter().map(|&v: &f32| std::array::from_fn(|c| v + 3.0 * c as f32)).collect();
    for &share in shares {
        let points = noise_and(&flats, share, 20_000);
        // A grid has few cells to give away.
        for method in Method::ALL.into_iter().filter(|&m| m != Method::Uniform || share > 0.1) {
            let goal = Goal { method, count: 32, kept: &[], stored: whole, exact: Some(0.01) };
            let book = fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap();
            for flat in &flats {
                assert!(book.points().contains(flat), "{method:?} in R^{D}, {share}: {flat:?}");
            }
            assert!(book.len() == 32 || method == Method::Uniform, "{method:?} in R^{D}: {}", book.len());
        }
    }
}

#[test]
fn a_value_of_more_than_the_share_is_an_entry_exactly_by_every_method() {
    // On a line, what fills 1.5 % is no more than the noise around it.
    keeps_flats::<1>(&[0.05, 0.2]);
    keeps_flats::<3>(&[0.015, 0.05, 0.2]);
    keeps_flats::<4>(&[0.015, 0.05, 0.2]);
}

#[test]
fn a_slope_of_many_equal_values_is_fitted_as_it_would_be_without() {
    // 64 steps of 1.6 % each, none of which stands alone.
    let points: Vec<[f32; 1]> = (0..64_000).map(|i| [(i / 1000 * 4) as f32]).collect();
    let with = |exact| {
        let goal = Goal { method: Method::KMeans, count: 12, kept: &[], stored: whole, exact };
        fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap()
    };
    assert_eq!(with(Some(0.01)).points(), with(None).points());
}

#[test]
fn where_there_is_no_room_the_fit_stays_as_it_is() {
    let points = noise_and(&[[250.0, 250.0, 4.0]], 0.015, 20_000);
    let with = |exact| {
        let goal = Goal { method: Method::KMeans, count: 2, kept: &[], stored: whole, exact };
        fit(goal, Samples::new(&points, 1), &Control::unwatched()).unwrap()
    };
    assert_eq!(with(Some(0.01)).points(), with(None).points());
}
