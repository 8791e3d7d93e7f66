//! Which of many ways to store the same thing are worth having: those that none beats in both bits and
//! error.
//!
//! A point is beaten by one that takes no more bits for no less SQNR, and is better in one of the two. What
//! is left, by rising bits, rises in SQNR too (the Pareto front). Cost: a sort.

/// A way to store something: its bits a sample and its SQNR in dB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Bits a sample.
    pub bits: f64,
    /// SQNR in dB.
    pub db: f64,
}

/// The places of the points that none beats, by rising bits. Of equal points the first stands for all; what is
/// no number, or exact, lies on no frontier.
pub fn frontier(points: &[Point]) -> Vec<usize> {
    let drawn = |&i: &usize| points[i].bits.is_finite() && points[i].db.is_finite();
    let mut order: Vec<usize> = (0..points.len()).filter(drawn).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (points[a], points[b]);
        a.bits.total_cmp(&b.bits).then(b.db.total_cmp(&a.db))
    });
    let mut best = f64::NEG_INFINITY;
    order.retain(|&i| {
        let better = points[i].db > best;
        best = best.max(points[i].db);
        better
    });
    order
}

/// The place on the frontier that is `step` places after the one with these bits: to the right for a positive
/// step. `None` as a start is the left end.
pub fn step(points: &[Point], frontier: &[usize], from: Option<Point>, step: i32) -> Option<usize> {
    let Some(from) = from else { return frontier.first().copied() };
    // Between two places: the next one on either side is one step away.
    let before = frontier.partition_point(|&i| points[i].bits < from.bits);
    let at = frontier[before..].first().is_some_and(|&i| points[i].bits == from.bits);
    let next = match step {
        0.. => before as i64 + i64::from(step) - i64::from(!at),
        _ => before as i64 + i64::from(step),
    };
    let last = frontier.len() as i64 - 1;
    frontier.get(next.clamp(0, last.max(0)) as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

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
}
