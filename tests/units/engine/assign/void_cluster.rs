use quantscope::engine::assign::void_cluster::{FALL, Field, HEIGHT, REACH, SIDE, ranks};
use quantscope::engine::random::Random;

const PLACES: usize = SIDE * SIDE;

#[test]
fn every_rank_comes_once_and_the_seed_decides_which_where() {
    let found = ranks(1);
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert!(sorted.iter().enumerate().all(|(i, &rank)| i == usize::from(rank)));
    assert_eq!(found, ranks(1));
    assert_ne!(found, ranks(2));
}

#[test]
fn the_bell_is_ulichneys_and_ends_within_its_reach() {
    assert!((FALL - (-1.0f64 / 4.5).exp()).abs() < 1e-15);
    let next = HEIGHT * FALL.powi(((REACH + 1) * (REACH + 1)) as i32);
    assert!(next < 1.0, "{next}");
}

#[test]
fn flipping_back_leaves_no_trace() {
    let mut field = Field::new(&mut Random::seeded(3));
    let before = field.density().to_vec();
    for place in [0, 63, 4095, 2000] {
        field.flip(place);
    }
    for place in [2000, 63, 0, 4095] {
        field.flip(place);
    }
    assert_eq!(field.density(), before);
}

#[test]
fn the_first_places_keep_their_distance_while_they_are_few() {
    let found = ranks(1);
    for count in [16, 64, 256] {
        let set: Vec<usize> = (0..PLACES).filter(|&i| usize::from(found[i]) < count).collect();
        let apart = |a: usize, b: usize| {
            let along = |a: usize, b: usize| a.abs_diff(b).min(SIDE - a.abs_diff(b)) as f64;
            along(a / SIDE, b / SIDE).hypot(along(a % SIDE, b % SIDE))
        };
        let nearest = |&a: &usize| set.iter().filter(|&&b| b != a).map(|&b| apart(a, b)).fold(f64::MAX, f64::min);
        let least = set.iter().map(nearest).fold(f64::MAX, f64::min);
        // The densest packing's distance, of which evenly spread noise keeps a good part.
        let packed = (PLACES as f64 / count as f64 * 2.0 / 3f64.sqrt()).sqrt();
        assert!(least > 0.5 * packed, "{count}: {least} of {packed}");
    }
}
