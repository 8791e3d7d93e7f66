use quantscope::engine::random::Random;
use quantscope::engine::theory::frontier::{Point, frontier, step};

fn points(of: &[(f64, f64)]) -> Vec<Point> {
    of.iter().map(|&(bits, db)| Point { bits, db }).collect()
}

fn beats(a: Point, b: Point) -> bool {
    a.bits <= b.bits && a.db >= b.db && a != b
}

#[test]
fn a_case_worked_by_hand() {
    let all = points(&[(4.5, 20.0), (4.5, 22.0), (4.0, 18.0), (5.0, 21.0), (8.5, 50.0), (2.0, 9.0)]);
    assert_eq!(frontier(&all), [5, 2, 1, 4]);
}

#[test]
fn nobody_on_the_frontier_is_beaten_and_everybody_off_it_is() {
    for seed in 0..40 {
        let mut random = Random::seeded(seed);
        let mut number = |n: u64| (random.next_u64() % n) as f64;
        let all: Vec<Point> = (0..60).map(|_| Point { bits: number(20), db: number(30) }).collect();
        let front = frontier(&all);
        assert!(front.windows(2).all(|w| all[w[0]].bits < all[w[1]].bits && all[w[0]].db < all[w[1]].db));
        for (i, &point) in all.iter().enumerate() {
            let is_beaten = all.iter().any(|&other| beats(other, point));
            let stands = front.iter().any(|&f| all[f] == point);
            assert_eq!(is_beaten, !stands, "seed {seed}, point {i}: {point:?}");
        }
    }
}

#[test]
fn what_is_exact_or_no_number_lies_on_no_frontier() {
    let all = points(&[(16.0, f64::INFINITY), (f64::NAN, 3.0), (4.0, f64::NAN), (4.0, 20.0)]);
    assert_eq!(frontier(&all), [3]);
    assert!(frontier(&[]).is_empty());
}

#[test]
fn steps_walk_the_frontier_and_stop_at_its_ends() {
    let all = points(&[(2.0, 9.0), (4.0, 18.0), (4.2, 10.0), (8.0, 40.0)]);
    let front = frontier(&all);
    assert_eq!(front, [0, 1, 3]);
    let from = |i: usize| Some(all[i]);
    assert_eq!(step(&all, &front, None, 1), Some(0));
    assert_eq!(step(&all, &front, from(0), 1), Some(1));
    assert_eq!(step(&all, &front, from(1), -1), Some(0));
    assert_eq!(step(&all, &front, from(0), -1), Some(0));
    assert_eq!(step(&all, &front, from(3), 1), Some(3));
    // From a point off the frontier to its neighbours on it.
    assert_eq!((step(&all, &front, from(2), 1), step(&all, &front, from(2), -1)), (Some(3), Some(1)));
    assert_eq!(step(&all, &[], from(0), 1), None);
}
